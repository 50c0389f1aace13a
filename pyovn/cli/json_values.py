"""JSON for command lines: the standard library's C scanner and encoder without the import of `json`, whose regular expressions cost
a third of a short command's time.

Rule: they are private to CPython, so where one is not as expected the public module does the work.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

COMPACT = (":", ",")
SPACED = (": ", ", ")


class _How:
    """What the scanner makes of numbers and objects: as `json.loads` does."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float


def _scanner() -> Callable[[str, int], tuple[Any, int]]:
    try:
        from _json import make_scanner

        scan: Callable[[str, int], tuple[Any, int]] = make_scanner(_How)  # type: ignore[arg-type]
        scan("[0]", 0)
    except (ImportError, AttributeError, TypeError):
        from json import JSONDecoder

        return JSONDecoder().raw_decode
    return scan


def _encoder(separators: tuple[str, str], sort_keys: bool) -> Callable[[Any, int], Any]:
    try:
        from _json import encode_basestring, make_encoder

        encode: Callable[[Any, int], Any] = make_encoder(None, _refuse, encode_basestring, None, *separators, sort_keys, False, True)
        encode([0], 0)
    except (ImportError, TypeError):
        from json import JSONEncoder

        encoder = JSONEncoder(ensure_ascii=False, sort_keys=sort_keys, separators=(separators[1], separators[0]))
        return lambda value, _: encoder.encode(value)
    return encode


def _refuse(value: object) -> object:
    raise TypeError(f"{type(value).__name__} is not a JSON value")


_scan = _scanner()
_compact = _encoder(COMPACT, False)


def text_of(value: Any, *, spaced: bool = False, sort_keys: bool = False) -> str:
    """A value as JSON in one line; characters beyond ASCII stand for themselves."""
    encode = _encoder(SPACED if spaced else COMPACT, sort_keys) if spaced or sort_keys else _compact
    return "".join(encode(value, 0))


def value_at(text: str, start: int = 0) -> tuple[Any, int]:
    """The value that begins exactly at `start`, and where it ends; `ValueError` if there is none or not all of it."""
    try:
        return _scan(text, start)
    except StopIteration as end:
        raise ValueError(f"no JSON value at {end.value}") from None
    except SystemError:
        # The scanner finds its own error only in a process that has imported `json`.
        raise ValueError(f"no JSON value at {start}") from None
    except RecursionError:
        raise ValueError("JSON nested too deep") from None


def value_of(text: str) -> Any:
    """The value that a text is, blanks around it aside; `ValueError` if it is not one."""
    stripped = text.strip(" \t\n\r")
    value, end = value_at(stripped)
    if end != len(stripped):
        raise ValueError(f"more after the JSON value at {end}")
    return value
