"""The text form of values: what command lines print and read (`[a, b]`, `{k=v}`; see ovs-vsctl(8), Database Values).

A string that cannot be mistaken stands bare, any other is quoted as in JSON; elements are set apart by commas or spaces.
"""

from __future__ import annotations

from typing import Any

from pyovn.ovsdb.atom import Resolve, format_atom, parse_atom, violation
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.schema import BaseType, Type, describe

SPACES = frozenset(" \t\n\r\v\f")
DELIMITERS = frozenset(":=,[]{}!<>") | SPACES
MAX_RANGE = 4096
"""How many integers one `low-high` may stand for."""


def format_text(type_: Type, value: Any) -> str:
    """The value as command lines show it."""
    kind = type_.key.kind
    if type_.value is not None:
        pairs = (f"{format_atom(kind, key)}={format_atom(type_.value.kind, item)}" for key, item in value.items())
        text = ", ".join(pairs)
        return text if value and type_.max == 1 else "{" + text + "}"
    if type_.is_optional:
        return "[]" if value is None else format_atom(kind, value)
    if type_.is_set:
        return "[" + ", ".join(format_atom(kind, atom) for atom in value) + "]"
    return format_atom(kind, value)


def parse_text(type_: Type, text: str, resolve: Resolve = None) -> Any:
    """The checked value that a command line wrote; `resolve` knows the uuids of `@name`. Complaints are `OvsdbError` without a tag."""
    if not text:
        kind, brackets = ("map", "{}") if type_.is_map else ("set", "[]")
        raise OvsdbError("", f'use "{brackets}" to specify the empty {kind}')
    return _map(type_, text, resolve) if type_.is_map else _set(type_, text, resolve)


def next_token(text: str, start: int, whole: str = "") -> tuple[str, int]:
    """The token of `text` at `start` (which may be empty) and where it ends; delimiters inside quotes do not count."""
    quoted = False
    at = start
    while at < len(text):
        char = text[at]
        if quoted:
            if char == "\\":
                at += 1
            elif char == '"':
                quoted = False
        elif char in DELIMITERS:
            break
        elif char == '"':
            quoted = True
        at += 1
    if quoted or at > len(text):
        raise OvsdbError("", f"{whole or text}: quoted string extends past end of argument")
    return text[start:at], at


def _set(type_: Type, text: str, resolve: Resolve) -> Any:
    atoms: list[Any] = []
    for token, _ in _elements(type_, text, "[]"):
        atoms += _atoms(type_.key, token, resolve)
    _check_count(type_, len(atoms), text)
    if len(set(atoms)) != len(atoms):
        raise OvsdbError("", f"{text}: set contains duplicate value")
    if type_.is_set:
        return tuple(sorted(atoms))
    return atoms[0] if atoms else None


def _map(type_: Type, text: str, resolve: Resolve) -> Any:
    assert type_.value is not None
    tokens = _elements(type_, text, "{}")
    pairs = [(parse_atom(type_.key, key, resolve), parse_atom(type_.value, value or "", resolve)) for key, value in tokens]
    _check_count(type_, len(pairs), text)
    found = dict(sorted(pairs))
    if len(found) != len(pairs):
        raise OvsdbError("", f"{text}: map contains duplicate key")
    return found


def _elements(type_: Type, text: str, brackets: str) -> list[tuple[str, str | None]]:
    """The tokens of a set, or the pairs of tokens of a map, within or without brackets."""
    opened = text[0] == brackets[0]
    at = _skip_spaces(text, 1 if opened else 0)
    found: list[tuple[str, str | None]] = []
    while at < len(text) and not (opened and text[at] == brackets[1]):
        if text[at] in DELIMITERS:
            raise OvsdbError("", f'{text}: unexpected "{text[at]}" parsing {describe(type_)}')
        token, at = next_token(text, at)
        value = None
        if type_.is_map:
            value, at = _value_after(text, at)
        found.append((token, value))
        at = _skip_separator(text, at)
    if opened:
        _check_end(text, at, brackets[1])
    return found


def _value_after(text: str, at: int) -> tuple[str, int]:
    if at >= len(text):
        raise OvsdbError("", f'{text}: syntax error at "')
    if text[at] != "=":
        raise OvsdbError("", f'{text}: syntax error at "{text[at]}" expecting "="')
    return next_token(text, _skip_spaces(text, at + 1))


def _skip_spaces(text: str, at: int) -> int:
    while at < len(text) and text[at] in SPACES:
        at += 1
    return at


def _skip_separator(text: str, at: int) -> int:
    """Past spaces and at most one comma."""
    at = _skip_spaces(text, at)
    return _skip_spaces(text, at + 1) if at < len(text) and text[at] == "," else at


def _check_end(text: str, at: int, closing: str) -> None:
    if at >= len(text):
        raise OvsdbError("", f'{text}: missing "{closing}" at end of data')
    if _skip_spaces(text, at + 1) < len(text):
        raise OvsdbError("", f'{text}: trailing garbage after "{closing}"')


def _check_count(type_: Type, count: int, text: str) -> None:
    if count < type_.min:
        raise OvsdbError("", f"{text}: {count} value(s) specified but the minimum number is {type_.min}")
    if type_.max is not None and count > type_.max:
        raise OvsdbError("", f"{text}: {count} value(s) specified but the maximum number is {type_.max}")


def _atoms(base: BaseType, token: str, resolve: Resolve) -> list[Any]:
    """The atom that a token stands for, or the integers of a range."""
    dash = token.find("-", 1)
    if base.kind != "integer" or dash < 0:
        return [parse_atom(base, token, resolve)]
    any_integer = BaseType("integer")
    try:
        low, high = parse_atom(any_integer, token[:dash]), parse_atom(any_integer, token[dash + 1 :])
    except OvsdbError:
        raise OvsdbError("", f'"{token}" is not a valid integer or range') from None
    if high < low:
        raise OvsdbError("", f'"{token}" is not a valid range. Range end cannot be before start.')
    if high - low >= MAX_RANGE:
        raise violation(f'Range "{token}" is too big. Maximum allowed size is {MAX_RANGE}.')
    return [parse_atom(base, str(number)) for number in range(low, high + 1)]
