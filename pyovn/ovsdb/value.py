"""Values of columns: between their JSON (RFC 7047 5.1 <value>), the typed values of rows, and the text of command lines.

What comes in is checked against the column's type, sets sorted, maps sorted by key; doubles are refused.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from pyovn.ovsdb.atom import Resolve, atom_reader, atom_to_json, check_atom, syntax_error, violation
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import Named
from pyovn.ovsdb.schema import BaseType, Type, describe
from pyovn.ovsdb.text import format_text, parse_text

__all__ = [
    "Reader", "Resolve", "atoms_of", "check_size", "describe", "format_text",
    "from_json", "parse_text", "reader", "settler", "to_json", "writer",
]  # fmt: skip

Reader = Callable[[Any, Resolve], Any]

NO_LIMIT = 2**32 - 1
"""How ovsdb-server writes "unlimited" in its errors."""

REMEMBERED = 1024
"""How many values of a column are remembered to be shared."""

PYTHON_TYPES: dict[str, type] = {"integer": int, "real": float, "boolean": bool, "string": str, "uuid": str}


def reader(type_: Type) -> Reader:
    """A function from JSON to a checked value of this type; `resolve` gives names of the transaction their uuids."""
    read_key = atom_reader(type_.key)
    if type_.value is not None:
        return _map_reader(type_, read_key, atom_reader(type_.value))
    if not type_.is_scalar:
        return _set_reader(type_, read_key)

    def read(given: Any, resolve: Resolve) -> Any:
        if type(given) is list and given[:1] == ["set"]:
            (only,) = _members(type_, "set", given)
            return read_key(only, resolve)
        return read_key(given, resolve)

    return read


def _set_reader(type_: Type, read_key: Reader) -> Reader:
    optional = type_.max == 1

    def read(given: Any, resolve: Resolve) -> Any:
        if type(given) is not list or given[:1] != ["set"]:
            atom = read_key(given, resolve)
            return atom if optional else (atom,)
        atoms = [read_key(member, resolve) for member in _members(type_, "set", given)]
        if optional:
            return atoms[0] if atoms else None
        if len(atoms) < 2:
            return tuple(atoms)
        if len(set(atoms)) != len(atoms):
            raise OvsdbError("ovsdb error", "set contains duplicate")
        return tuple(sorted(atoms))

    return read


def _map_reader(type_: Type, read_key: Reader, read_value: Reader) -> Reader:
    if type_.key == type_.value == BaseType("string") and type_.min == 0 and type_.max is None:
        return _read_strings
    # The same few keys stand in every row of a table: they are kept once.
    keep: Callable[[Any], Any] = sys.intern if type_.key.kind == "string" else lambda key: key

    def read(given: Any, resolve: Resolve) -> Any:
        found: dict[Any, Any] = {}
        members = _members(type_, "map", given)
        for member in members:
            if type(member) is not list or len(member) != 2:
                raise syntax_error(member, "expected 2-element array")
            found[keep(read_key(member[0], resolve))] = read_value(member[1], resolve)
        if len(found) != len(members):
            raise OvsdbError("ovsdb error", "map contains duplicate key")
        return dict(sorted(found.items())) if len(found) > 1 else found

    return read


def _read_strings(given: Any, resolve: Resolve) -> dict[str, str]:
    """A map of any number of strings to strings, which most maps are: taken as it is where nothing is wrong with it."""
    members = _members(_ANY_STRINGS, "map", given)
    taken: dict[str, str] = {}
    for member in members:
        if type(member) is not list or len(member) != 2 or type(member[0]) is not str or type(member[1]) is not str:
            return _read_odd_strings(members)
        taken[_intern(member[0])] = member[1]
    if len(taken) != len(members):
        return _read_odd_strings(members)
    return taken if len(taken) < 2 or list(taken) == sorted(taken) else dict(sorted(taken.items()))


def _read_odd_strings(members: list[Any]) -> dict[str, str]:
    """The same with a look at everything, so that it can be said what is wrong."""
    found: dict[str, str] = {}
    for member in members:
        if type(member) is not list or len(member) != 2:
            raise syntax_error(member, "expected 2-element array")
        key, value = member
        if not (type(key) is str is type(value)):
            raise syntax_error(value if type(key) is str else key, "expected string")
        found[_intern(key)] = value
    if len(found) != len(members):
        raise OvsdbError("ovsdb error", "map contains duplicate key")
    return dict(sorted(found.items()))


_intern = sys.intern
_ANY_STRINGS = Type(BaseType("string"), BaseType("string"), 0, None)


def _members(type_: Type, word: str, given: Any) -> list[Any]:
    """The elements of `["set", […]]` or `["map", […]]`, as many as the type allows."""
    if type(given) is not list or len(given) != 2 or given[0] != word or type(given[1]) is not list:
        raise syntax_error(given, f'expected ["{word}", <array>]')
    count = len(given[1])
    if count < type_.min or (type_.max is not None and count > type_.max):
        raise syntax_error(given, f"{word} must have {_how_many(type_)} but {count} are present")
    members: list[Any] = given[1]
    return members


def _how_many(type_: Type) -> str:
    """How many elements a type allows, as ovsdb-server words it."""
    if type_.min == 1 and type_.max == 1:
        return "exactly one member"
    return f"{type_.min} to {NO_LIMIT if type_.max is None else type_.max} members"


def sharing(type_: Type) -> Reader:
    """As `reader`, but JSON that says the same gives mostly the same object: of the many rows of a table, most hold what others hold.

    What is remembered is bounded, and forgotten all at once, so that it is always what came lately.
    """
    read = reader(type_)
    if type_ == _ANY_STRINGS:
        return _sharing_maps(read)
    if type_.value is None and type_.max == 1 and type_.key.kind == "string":
        return _sharing_texts(read)
    if type_.value is None and type_.max == 1 and type_.key.kind == "uuid":
        return _sharing_uuids(read)
    return read


def _sharing_texts(read: Reader) -> Reader:
    known: dict[str, Any] = {}

    def read_text(given: Any, resolve: Resolve) -> Any:
        if type(given) is not str:
            return read(given, resolve)
        found = known.get(given)
        return _remember(known, given, read(given, resolve)) if found is None else found

    return read_text


def _sharing_uuids(read: Reader) -> Reader:
    known: dict[str, Any] = {}

    def read_uuid(given: Any, resolve: Resolve) -> Any:
        # The name of a row of the same transaction means another row each time.
        if type(given) is not list or len(given) != 2 or given[0] != "uuid" or type(given[1]) is not str:
            return read(given, resolve)
        found = known.get(given[1])
        return _remember(known, given[1], read(given, resolve)) if found is None else found

    return read_uuid


def _sharing_maps(read: Reader) -> Reader:
    known: dict[tuple[Any, ...], Any] = {}

    def read_map(given: Any, resolve: Resolve) -> Any:
        taken = read(given, resolve)
        key = tuple(taken.items())
        found = known.get(key)
        return _remember(known, key, taken) if found is None else found

    return read_map


def _remember(known: dict[Any, Any], key: Any, value: Any) -> Any:
    if len(known) >= REMEMBERED:
        known.clear()
    known[key] = value
    return value


def from_json(type_: Type, given: Any, resolve: Resolve = None) -> Any:
    """The typed value of this JSON; for many values of one type, keep its `reader`."""
    return reader(type_)(given, resolve)


def writer(type_: Type) -> Callable[[Any], Any]:
    """A function from a typed value to its JSON."""
    kind = type_.key.kind
    as_is = kind in ("integer", "boolean", "string")
    if type_.value is not None:
        value_kind = type_.value.kind
        return lambda pairs: ["map", [[atom_to_json(kind, key), atom_to_json(value_kind, value)] for key, value in pairs.items()]]
    if type_.is_scalar:
        return (lambda atom: atom) if as_is else (lambda atom: atom_to_json(kind, atom))
    if type_.is_optional:
        return lambda atom: ["set", []] if atom is None else atom_to_json(kind, atom)

    def write(atoms: tuple[Any, ...]) -> Any:
        if len(atoms) == 1:
            return atom_to_json(kind, atoms[0])
        return ["set", list(atoms) if as_is else [atom_to_json(kind, atom) for atom in atoms]]

    return write


def to_json(type_: Type, value: Any) -> Any:
    """The JSON of a typed value: a set of one is its element alone (RFC 7047 5.1)."""
    return writer(type_)(value)


def settler(type_: Type) -> Reader:
    """A function that takes a typed value from a user of this process as a column may hold it: names resolved, sorted, checked."""
    atom = _atom_settler(type_.key, type_)
    if type_.value is not None:
        return _map_settler(type_, type_.value, atom)
    if type_.is_scalar:
        return atom
    if type_.is_optional:
        return lambda given, resolve: None if given is None else atom(given, resolve)

    def settle_set(given: Any, resolve: Resolve) -> Any:
        _must_be(isinstance(given, tuple | list | set | frozenset), given, type_)
        atoms = tuple(sorted({atom(member, resolve) for member in given}))
        check_size(type_, len(atoms))
        return atoms

    return settle_set


def _map_settler(type_: Type, value_base: BaseType, key: Reader) -> Reader:
    value = _atom_settler(value_base, Type(value_base))
    texts_only = type_.key == value_base == BaseType("string")

    def settle_map(given: Any, resolve: Resolve) -> Any:
        _must_be(isinstance(given, dict), given, type_)
        check_size(type_, len(given))
        if not (texts_only and {*map(type, given), *map(type, given.values())} <= {str}):
            given = {key(name, resolve): value(item, resolve) for name, item in given.items()}
        names = list(given)
        return given if names == sorted(names) else dict(sorted(given.items()))

    return settle_map


def is_free(base: BaseType) -> bool:
    """True where any atom of the kind will do."""
    return base.enum is None and base.low is None and base.high is None


def _atom_settler(base: BaseType, type_: Type) -> Reader:
    """What is of the right Python type and within simple limits passes at once: nearly everything that a program writes."""
    wanted: Any = PYTHON_TYPES[base.kind]
    free, enum = is_free(base), base.enum or ()
    ranged = base.enum is None and base.kind in ("integer", "real")
    low = float("-inf") if base.low is None else base.low
    high = float("inf") if base.high is None else base.high

    def settle(given: Any, resolve: Resolve) -> Any:
        if type(given) is wanted and (free or (low <= given <= high if ranged else given in enum)):
            return given
        if type(given) is not wanted:
            given = _convert(base.kind, given, resolve, type_)
        check_atom(base, given)
        return given

    return settle


def _convert(kind: str, given: Any, resolve: Resolve, type_: Type) -> Any:
    """What is not of the plain type yet may stand for it: a name for a uuid, an int for a real, a subclass of str."""
    if kind == "uuid" and isinstance(given, Named) and resolve is not None:
        return resolve(given)
    if kind == "real" and type(given) is int:
        return float(given)
    _must_be(kind in ("string", "uuid") and isinstance(given, str), given, type_)
    return str(given)


def _must_be(fits: bool, given: Any, type_: Type) -> None:
    if not fits:
        raise syntax_error(repr(given), f"expected {describe(type_)}")


def check_size(type_: Type, count: int) -> None:
    """Raise unless the type allows so many elements."""
    if count < type_.min or (type_.max is not None and count > type_.max):
        raise violation(f"Attempted to store {count} elements in {describe(type_)}.")


def atoms_of(type_: Type, value: Any) -> Iterable[Any]:
    """The keys that a value holds, whatever its shape."""
    if type_.is_optional:
        return () if value is None else (value,)
    if type_.is_scalar:
        return (value,)
    keys: Iterable[Any] = value
    return keys
