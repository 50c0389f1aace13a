"""What a JSON object must and may hold: one check for operations, schemas and requests, worded as ovsdb-server words it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pyovn.ovsdb.atom import IDENTIFIER, syntax_error
from pyovn.ovsdb.errors import OvsdbError

FITS: dict[str, Callable[[Any], bool]] = {
    "id": lambda value: type(value) is str and bool(IDENTIFIER.match(value)),
    "object": lambda value: type(value) is dict,
    "array": lambda value: type(value) is list,
    "string": lambda value: type(value) is str,
    "boolean": lambda value: type(value) is bool,
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) in (int, float),
    "type": lambda value: type(value) in (str, dict),
    "any": lambda value: True,
}
"""The types that a member may be said to have."""

Members = Mapping[str, str]


def check_members(given: Any, what: str, required: Members, optional: Members) -> None:
    """Raise unless `given` is an object with all of `required`, maybe some of `optional`, of those types, and no more."""
    if type(given) is not dict:
        raise OvsdbError("syntax error", f"Parsing {what} failed: Object expected.")
    for name, type_ in (*required.items(), *optional.items()):
        if name not in given:
            if name in required:
                raise refused(given, what, f"Required '{name}' member is missing.")
        elif not FITS[type_](given[name]):
            raise refused(given, what, f"Type mismatch for member '{name}'.")
    for name in given:
        if name not in required and name not in optional:
            raise refused(given, what, f"Member '{name}' is present but not allowed here.")


def refused(given: Any, what: str, details: str) -> OvsdbError:
    """The refusal of an object."""
    return syntax_error(given, f"Parsing {what} failed: {details}")
