"""One atom: its constraints, its JSON (RFC 7047 5.1 <atom>) and the text in which command lines write it.

Each way in ends in the same checks, so an atom that is let in keeps what its column promises.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any

from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import Named
from pyovn.ovsdb.schema import INTEGER_RANGE, BaseType

Resolve = Callable[[str], str] | None
"""Turns the name of a row of the same transaction into its uuid; None where no names are allowed."""

UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\Z")
IDENTIFIER = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")
BARE = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.-]*\Z")
"""A string that command lines may show without quotes, unless it looks like a boolean or a uuid."""


def syntax_error(syntax: Any, details: str, tag: str = "syntax error") -> OvsdbError:
    """The refusal of a piece of JSON."""
    return OvsdbError(tag, details, syntax=compact(syntax))


def compact(value: Any) -> str:
    """JSON as errors quote it: sorted, no white space."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def violation(details: str) -> OvsdbError:
    """The refusal of a value that breaks its column's constraints."""
    return OvsdbError("constraint violation", details)


def check_atom(base: BaseType, atom: Any) -> None:
    """Raise unless the atom, of the right kind already, keeps to the enumeration, range or length of its type."""
    if base.enum is not None:
        if atom not in base.enum:
            allowed = ", ".join(format_atom(base.kind, value) for value in base.enum)
            raise violation(f"{format_atom(base.kind, atom)} is not one of the allowed values ([{allowed}])")
    elif base.low is not None or base.high is not None:
        _check_limits(base, atom)


def _check_limits(base: BaseType, atom: Any) -> None:
    is_text = base.kind == "string"
    size = len(atom) if is_text else atom
    if (base.low is None or size >= base.low) and (base.high is None or size <= base.high):
        return
    if is_text:
        less = base.low is not None and size < base.low
        word, limit = ("less than minimum", base.low) if less else ("greater than maximum", base.high)
        raise violation(f"{json.dumps(atom, ensure_ascii=False)} length {size} is {word} allowed length {limit}")
    shown, low, high = (format_atom(base.kind, value) if value is not None else "" for value in (atom, base.low, base.high))
    if low and high:
        raise violation(f"{shown} is not in the valid range {low} to {high} (inclusive)")
    raise violation(f"{shown} is less than minimum allowed value {low}" if low else f"{shown} is greater than maximum allowed value {high}")


# JSON


def atom_reader(base: BaseType) -> Callable[[Any, Resolve], Any]:
    """A function from JSON to a checked atom of this type; one a column, made once, since every value passes through it."""
    take = {"integer": _integer, "real": _real, "boolean": _boolean, "string": _string, "uuid": _uuid}[base.kind]
    if base.enum is None and base.low is None and base.high is None:
        return take

    def read(given: Any, resolve: Resolve) -> Any:
        atom = take(given, resolve)
        check_atom(base, atom)
        return atom

    return read


def _integer(given: Any, resolve: Resolve) -> int:
    if type(given) is float and given.is_integer():
        given = int(given)
    if type(given) is int and INTEGER_RANGE[0] <= given <= INTEGER_RANGE[1]:
        return given
    raise syntax_error(given, "expected integer")


def _real(given: Any, resolve: Resolve) -> float:
    if type(given) is float or type(given) is int:
        return float(given)
    raise syntax_error(given, "expected real")


def _boolean(given: Any, resolve: Resolve) -> bool:
    if type(given) is bool:
        return given
    raise syntax_error(given, "expected boolean")


def _string(given: Any, resolve: Resolve) -> str:
    if type(given) is str:
        return given
    raise syntax_error(given, "expected string")


def _uuid(given: Any, resolve: Resolve) -> str:
    if type(given) is list and len(given) == 2 and isinstance(given[1], str):
        word, text = given[0], given[1]
        if word == "uuid":
            if UUID.match(text):
                return text if text.islower() else text.lower()
            raise syntax_error(given, f'"{text}" is not a valid UUID')
        if word == "named-uuid" and resolve is not None:
            if not IDENTIFIER.match(text):
                raise syntax_error(given, "named-uuid string is not a valid <id>")
            return resolve(text)
    raise syntax_error(given, 'expected ["uuid", <string>]')


def atom_to_json(kind: str, atom: Any) -> Any:
    """The atom's JSON; a `Named` one says so."""
    if kind == "uuid":
        return ["named-uuid" if type(atom) is Named else "uuid", atom]
    if kind == "real" and atom.is_integer() and abs(atom) < 2**53:
        return int(atom)
    return atom


# Text


def format_atom(kind: str, atom: Any) -> str:
    """The atom as command lines show it: strings bare where they cannot be mistaken for anything else."""
    if kind == "string":
        return str(atom) if _may_be_bare(atom) else json.dumps(atom, ensure_ascii=False)
    if kind == "boolean":
        return "true" if atom else "false"
    if kind == "real":
        return f"{atom + 0.0:.15g}"
    return str(atom)


def _may_be_bare(text: str) -> bool:
    return bool(BARE.match(text)) and text not in ("true", "false") and not UUID.match(text)


def parse_atom(base: BaseType, text: str, resolve: Resolve = None) -> Any:
    """The atom that a command line wrote, checked; `@name` is a row that `resolve` knows. A complaint has no tag but its details."""
    atom = _parse(base.kind, text, resolve)
    check_atom(base, atom)
    return atom


def _parse(kind: str, text: str, resolve: Resolve) -> Any:
    if kind == "string":
        return _parse_string(text)
    if kind == "uuid":
        return _parse_uuid(text, resolve)
    if kind == "boolean":
        if text in ("true", "yes", "on", "1"):
            return True
        if text in ("false", "no", "off", "0"):
            return False
        raise OvsdbError("", f'"{text}" is not a valid boolean (use "true" or "false")')
    try:
        return _parse_integer(text) if kind == "integer" else _parse_real(text)
    except ValueError:
        wanted = "integer or range" if kind == "integer" else "real number"
        raise OvsdbError("", f'"{text}" is not a valid {wanted}') from None


def _parse_integer(text: str) -> int:
    if not re.match(r"[-+]?[0-9]+\Z", text):
        raise ValueError
    number = int(text)
    if not INTEGER_RANGE[0] <= number <= INTEGER_RANGE[1]:
        raise ValueError
    return number


def _parse_real(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def _parse_string(text: str) -> str:
    if not text:
        raise OvsdbError("", 'An empty string is not valid as input; use "" to represent the empty string')
    if not text.startswith('"'):
        return text
    if len(text) < 2 or not text.endswith('"'):
        raise OvsdbError("", f"{text}: missing quote at end of quoted string")
    try:
        parsed = json.loads(text, strict=False)
    except ValueError:
        inside = text[1:-1]
        fact = "end with backslash" if re.search(r'(^|[^\\])(\\\\)*\\$', inside) else 'include unescaped "'
        raise OvsdbError("", f"{text}: quoted string may not {fact}") from None
    assert isinstance(parsed, str)
    return parsed


def _parse_uuid(text: str, resolve: Resolve) -> str:
    if UUID.match(text):
        return text.lower()
    if resolve is not None and text.startswith("@"):
        return resolve(text[1:])
    raise OvsdbError("", f'"{text}" is not a valid UUID')
