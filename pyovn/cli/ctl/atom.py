"""One value of a column as a command line writes and reads it (ovs-vsctl(8), "Database Values")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.json_values import text_of, value_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.ctl.schema import Base

    Atom = int | float | bool | str

DELIMITERS = ":=, []{}!<>"
"""What ends a word outside quotes."""

HEX = "0123456789abcdefABCDEF"
DEFAULTS: dict[str, Atom] = {"integer": 0, "real": 0.0, "boolean": False, "string": "", "uuid": "00000000-0000-0000-0000-000000000000"}
LARGEST = (1 << 63) - 1
OWN_UUID = "00000000-0000-4000-"
"""How the uuids begin that stand for new rows until the server has given them theirs."""


def is_uuid(text: str) -> bool:
    """Whether the text is a whole uuid."""
    return (
        len(text) == 36
        and text[8] == text[13] == text[18] == text[23] == "-"
        and all(c in HEX for i, c in enumerate(text) if i not in (8, 13, 18, 23))
    )


def is_bare_word(text: str) -> bool:
    """Whether a string may be printed without quotes."""
    if not text or not (text[0] == "_" or (text[0].isascii() and text[0].isalpha())):
        return False
    if not all(c in "_-." or (c.isascii() and c.isalnum()) for c in text):
        return False
    return text not in ("true", "false") and not is_uuid(text)


def quote(text: str) -> str:
    """A JSON string."""
    return text_of(text)


def number_text(value: float) -> str:
    """A real with 15 significant digits, as C's %.15g writes it."""
    return f"{value:.15g}"


def atom_text(value: Atom, kind: str) -> str:
    """An atom as it can be read back."""
    if kind == "string":
        assert isinstance(value, str)
        return value if is_bare_word(value) else quote(value)
    return bare_text(value, kind)


def bare_text(value: Atom, kind: str) -> str:
    """An atom without quotes."""
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "real":
        assert not isinstance(value, str)
        return number_text(value)
    return str(value)


def token_end(text: str, start: int) -> int:
    """Where the word that begins at `start` ends: at a delimiter outside quotes."""
    quoted = False
    at = start
    while at < len(text):
        c = text[at]
        if c == "\\":
            if at + 1 == len(text):
                raise CommandError(f"{text[start:]}: backslash at end of argument")
            at += 2
            continue
        if not quoted and c in DELIMITERS:
            break
        if c == '"':
            quoted = not quoted
        at += 1
    if quoted:
        raise CommandError(f"{text[start:]}: quoted string extends past end of argument")
    return at


def unescape(word: str) -> str:
    """A word with its backslashes resolved: each gives the character after it, but within quotes JSON reads them."""
    if "\\" not in word:
        return word
    out = []
    quoted = False
    at = 0
    while at < len(word):
        if word[at] == "\\":
            out.append(word[at : at + 2] if quoted else word[at + 1])
            at += 2
            continue
        quoted ^= word[at] == '"'
        out.append(word[at])
        at += 1
    return "".join(out)


def parse_integer(text: str) -> int:
    """A decimal integer of 64 bits."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if digits.isascii() and digits.isdigit():
        value = int(text)
        if -LARGEST - 1 <= value <= LARGEST:
            return value
    raise CommandError(f'"{text}" is not a valid integer or range')


def parse_real(text: str) -> float:
    """A real number."""
    try:
        return float(text)
    except ValueError:
        raise CommandError(f'"{text}" is not a valid real number') from None


def parse_boolean(text: str) -> bool:
    """A truth value, in any of the words for it."""
    if text in ("true", "yes", "on", "1"):
        return True
    if text in ("false", "no", "off", "0"):
        return False
    raise CommandError(f'"{text}" is not a valid boolean (use "true" or "false")')


def parse_string(text: str) -> str:
    """A string: quoted as in JSON, or bare."""
    if not text:
        raise CommandError('An empty string is not valid as input; use "" to represent the empty string')
    if text[0] != '"':
        return text
    if len(text) < 2 or text[-1] != '"':
        raise CommandError(f'{text}: missing quote at end of quoted string')
    try:
        value = value_of(text)
    except ValueError:
        raise CommandError(f"{text}: invalid quoted string") from None
    if not isinstance(value, str):
        raise CommandError(f"{text}: quoted string may not include unescaped \"")
    return value


def parse_uuid(text: str, symbols: dict[str, str]) -> str:
    """A uuid, or what a symbol such as @port stands for: a row that this command line makes, before or later."""
    if text.startswith("@"):
        return symbols.setdefault(text, f"{OWN_UUID}9000-{len(symbols) + 1:012x}")
    if not is_uuid(text):
        raise CommandError(f'"{text}" is not a valid UUID')
    return text.lower()


def parse_atom(text: str, base: Base, symbols: dict[str, str]) -> Atom:
    """An atom of this type, within its constraints."""
    value: Atom
    if base.type == "integer":
        value = parse_integer(text)
    elif base.type == "real":
        value = parse_real(text)
    elif base.type == "boolean":
        value = parse_boolean(text)
    elif base.type == "string":
        value = parse_string(text)
    else:
        value = parse_uuid(text, symbols)
    check(value, base)
    return value


def check(value: Any, base: Base) -> None:
    """Refuse what the column's constraints do not allow."""
    if base.choices is not None:
        if value not in base.choices:
            allowed = ", ".join(atom_text(choice, base.type) for choice in base.choices)
            raise CommandError(f"constraint violation: {atom_text(value, base.type)} is not one of the allowed values ([{allowed}])")
        return
    if base.type in ("integer", "real") and (base.low is not None or base.high is not None):
        low, high = base.low, base.high
        shown = atom_text(value, base.type)
        if low is not None and high is not None and not low <= value <= high:
            raise CommandError(f"constraint violation: {shown} is not in the valid range {bare(low)} to {bare(high)} (inclusive)")
        if low is not None and value < low:
            raise CommandError(f"constraint violation: {shown} is less than minimum allowed value {bare(low)}")
        if high is not None and value > high:
            raise CommandError(f"constraint violation: {shown} is greater than maximum allowed value {bare(high)}")
    if base.type == "string":
        check_length(value, base)


def check_length(value: str, base: Base) -> None:
    """Refuse a string that is too short or too long."""
    if len(value) < base.min_length:
        raise CommandError(f'constraint violation: "{value}" length {len(value)} is less than minimum allowed length {base.min_length}')
    if len(value) > base.max_length:
        raise CommandError(f'constraint violation: "{value}" length {len(value)} is greater than maximum allowed length {base.max_length}')


def bare(bound: float) -> str:
    """A limit as the schema gives it."""
    return str(bound) if isinstance(bound, int) else number_text(bound)


def leading_integer(text: str) -> int | None:
    """The decimal number that a text begins with, or None."""
    end = 1 if text[:1] in ("+", "-") else 0
    start = end
    while end < len(text) and text[end] in "0123456789":
        end += 1
    return int(text[:end]) if end > start else None
