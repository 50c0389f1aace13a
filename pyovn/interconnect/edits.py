"""What is still to be done to rows of the four databases, as values.

A query compares what a row holds with what it should hold and says what is missing; once the row holds it, nothing is left to say.
Maps are written as sorted pairs, sets as tuples; a `New` stands where a reference to the row that it makes will stand.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from pyovn.ovsdb.declare import table_schema
from pyovn.ovsdb.operation import Condition, Delete, Insert, Mutate, Mutation, Named, Operation, Update, Wait, by_uuid
from pyovn.ovsdb.row import Table


@dataclass(frozen=True, slots=True)
class New:
    """A row is to be made; if another zone has made one meanwhile with the same value in a column that is to be `alone`, it is not."""

    table: type[Table]
    columns: tuple[tuple[str, Hashable], ...]
    alone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Put:
    """A column is to hold another value."""

    table: type[Table]
    row: str
    column: str
    value: Hashable


@dataclass(frozen=True, slots=True)
class PutKey:
    """A key of a map is to have another value, or (None) to go."""

    table: type[Table]
    row: str
    column: str
    key: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Join:
    """A reference is to be added to a set."""

    table: type[Table]
    row: str
    column: str
    member: str | New


@dataclass(frozen=True, slots=True)
class Part:
    """A reference is to be taken out of a set."""

    table: type[Table]
    row: str
    column: str
    member: str


@dataclass(frozen=True, slots=True)
class Remove:
    """A row is to go."""

    table: type[Table]
    row: str


Edit = New | Put | PutKey | Join | Part | Remove


def new(table: type[Table], alone: tuple[str, ...] = (), /, **columns: Any) -> New:
    """A row to be made, from plain column values."""
    return New(table, tuple((name, frozen(value)) for name, value in columns.items()), alone)


def frozen(value: Any) -> Hashable:
    """A column's value, hashable."""
    return tuple(sorted(value.items())) if isinstance(value, dict) else value


def differing(row: Any, **columns: Any) -> Iterator[Put]:
    """The columns of a row that do not hold these values yet."""
    for column, value in columns.items():
        if getattr(row, column) != value:
            yield Put(type(row), row.uuid, column, frozen(value))


def differing_key(row: Any, column: str, key: str, value: str | None) -> Iterator[PutKey]:
    """A key of a row's map, if it does not have this value yet (None: if it is there)."""
    if getattr(row, column).get(key) != value:
        yield PutKey(type(row), row.uuid, column, key, value)


def operations(edits: Iterable[Edit]) -> Iterator[Operation]:
    """The operations of one transaction that does all of this."""
    names = map("new{}".format, count())
    for edit in edits:
        if isinstance(edit, New):
            yield from _insertion(edit, next(names), names)
        elif isinstance(edit, Put):
            value, made = _value(edit.table, edit.column, edit.value, names)
            yield from made
            yield Update(edit.table, by_uuid(edit.row), {edit.column: value})
        elif isinstance(edit, Join):
            member, made = _reference(edit.member, names)
            yield from made
            yield Mutate(edit.table, by_uuid(edit.row), [Mutation(edit.column, "insert", (member,))])
        elif isinstance(edit, Part):
            yield Mutate(edit.table, by_uuid(edit.row), [Mutation(edit.column, "delete", (edit.member,))])
        elif isinstance(edit, PutKey):
            yield Mutate(edit.table, by_uuid(edit.row), list(_mutations(edit)))
        else:
            yield Delete(edit.table, by_uuid(edit.row))


def _mutations(edit: PutKey) -> Iterator[Mutation]:
    yield Mutation(edit.column, "delete", (edit.key,))
    if edit.value is not None:
        yield Mutation(edit.column, "insert", {edit.key: edit.value})


def _insertion(row: New, name: str, names: Iterator[str]) -> Iterator[Operation]:
    columns: dict[str, Any] = {}
    for column, value in row.columns:
        columns[column], made = _value(row.table, column, value, names)
        yield from made
    for column in row.alone:
        yield Wait(row.table, [Condition(column, "==", columns[column])], (column,), (), "==", 0)
    yield Insert(row.table, columns, uuid_name=name)


def _value(table: type[Table], column: str, value: Any, names: Iterator[str]) -> tuple[Any, list[Operation]]:
    """A column's value as an operation has it, and the operations that make the rows it refers to."""
    if table_schema(table).columns[column].type.is_map:
        return dict(value), []
    if isinstance(value, tuple):
        members = [_reference(member, names) for member in value]
        return tuple(member for member, _ in members), [operation for _, made in members for operation in made]
    return _reference(value, names)


def _reference(value: Any, names: Iterator[str]) -> tuple[Any, list[Operation]]:
    if not isinstance(value, New):
        return value, []
    name = next(names)
    return Named(name), list(_insertion(value, name, names))
