"""The rows of one table in memory, with all that must stay true beside them: indexes, reference counts, who refers weakly.

Everything goes through `put`, which replaces one row and adjusts the rest, or `add`, which puts in many new ones; putting the old
row back undoes it exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from pyovn.ovsdb.condition import EVERYWHERE, test_of
from pyovn.ovsdb.declare import default_of, table_schema
from pyovn.ovsdb.difference import diff_type
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.index import Index, Keys, hashable, keys_of_columns
from pyovn.ovsdb.operation import Condition
from pyovn.ovsdb.row import Table, fetcher
from pyovn.ovsdb.schema import TableSchema, Type
from pyovn.ovsdb.value import PYTHON_TYPES, Reader, is_free, settler, sharing, writer

WORTH_AN_INDEX = 32
"""Tables with fewer rows are scanned; larger ones get an index on a column when somebody first looks it up."""


@dataclass(slots=True, eq=False)
class TableData:
    """One table; `references` counts the strong references to each uuid, a row's own to itself left out.

    `kept` lists the columns that outlive a restart, `fetch_kept` gets what a row holds in them; `plain` says the Python type of
    columns where that is all there is to check. `loosened`, one for all tables, collects rows of tables that are no roots which
    lost a last reference.
    """

    table: type[Table]
    schema: TableSchema
    rows: dict[str, Table] = field(default_factory=dict)
    unique: dict[tuple[str, ...], Index] = field(default_factory=dict)
    extra: dict[tuple[str, str], Index] = field(default_factory=dict)
    indexes: list[Index] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    weak_links: list[Link] = field(default_factory=list)
    weak_sources: list[Link] = field(default_factory=list)
    references: dict[str, int] = field(default_factory=dict)
    loosened: set[tuple[TableData, str]] = field(default_factory=set)
    readers: dict[str, Reader] = field(default_factory=dict)
    settlers: dict[str, Reader] = field(default_factory=dict)
    writers: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    plain: dict[str, type] = field(default_factory=dict)
    immutable: set[str] = field(default_factory=lambda: set(EVERYWHERE))
    kept: list[KeptColumn] = field(default_factory=list)
    fetch_kept: Callable[[Table], tuple[Any, ...]] = field(default=lambda row: ())
    unfit_defaults: dict[str, OvsdbError] = field(default_factory=dict)

    def put(self, uuid: str, new: Table | None) -> Table | None:
        """Make `new` the row of that uuid (None: no row) and answer what it was before."""
        old = self.rows.get(uuid)
        if new is None:
            del self.rows[uuid]
        else:
            self.rows[uuid] = new
        for index in self.indexes:
            index.replace(old, new)
        for link in self.links:
            link.adjust(old, new)
        return old

    def add(self, made: dict[str, Table]) -> None:
        """Put rows that are new, by their uuids."""
        self.rows.update(made)
        for index in self.indexes:
            for row in made.values():
                index.add(row)
        for link in self.links:
            link.count(made.values())

    def find(self, column: str, value: Any) -> tuple[str, ...]:
        """The uuids of the rows whose column equals the value; the index is made when first asked for."""
        if (column,) in self.unique:
            return self.unique[column,].find(hashable(value))
        return self._extra(column, "equals", keys_of_columns((column,))).find(hashable(value))

    def find_holding(self, column: str, atom: Any) -> tuple[str, ...]:
        """The uuids of the rows whose column, a set or a map, has this element or key."""
        return self._extra(column, "holds", elements_of(column, self.schema.columns[column].type)).find(atom)

    def _extra(self, column: str, how: str, keys: Keys) -> Index:
        index = self.extra.get((column, how))
        if index is None:
            index = self.extra[column, how] = self._index(keys)
        return index

    def _index(self, keys: Keys) -> Index:
        index = Index(keys)
        for row in self.rows.values():
            index.add(row)
        self.indexes.append(index)
        return index

    def matching(self, where: Sequence[Condition]) -> list[Table]:
        """The rows that meet every condition; by uuid or index where one fits, else by looking at each."""
        if len(where) == 1 and where[0].column == "_uuid" and where[0].function == "==":
            row = self.rows.get(where[0].value)
            return [] if row is None else [row]
        tests = [test_of(self.table, condition) for condition in where]
        return [row for row in self._candidates(where) if all(test(row) for test in tests)]

    def _candidates(self, where: Sequence[Condition]) -> Iterable[Table]:
        equal = {condition.column: condition.value for condition in where if condition.function == "=="}
        if "_uuid" in equal:
            row = self.rows.get(equal["_uuid"])
            return () if row is None else (row,)
        if len(self.rows) < WORTH_AN_INDEX:
            return tuple(self.rows.values())
        for columns, index in self.unique.items():
            if equal.keys() >= set(columns):
                values = tuple(hashable(equal[column]) for column in columns)
                return self._rows(index.find(values[0] if len(values) == 1 else values))
        for column in equal:
            if column in self.schema.columns and self.schema.columns[column].type.max == 1:
                return self._rows(self.find(column, equal[column]))
        for condition in where:
            if condition.function == "includes" and (atoms := tuple(elements(condition.value))):
                return self._rows(self.find_holding(condition.column, atoms[0]))
        return tuple(self.rows.values())

    def _rows(self, uuids: Iterable[str]) -> tuple[Table, ...]:
        return tuple(self.rows[uuid] for uuid in uuids)


class KeptColumn(NamedTuple):
    """How a column's value, or the difference of two, is written to a file; None where JSON is the value itself."""

    name: str
    default: Any
    write: Callable[[Any], Any] | None
    type: Type
    write_difference: Callable[[Any], Any] | None


@dataclass(slots=True, eq=False)
class Link:
    """A column of `source` whose keys or values refer to rows of `target`; `index` finds who refers weakly (None: strongly).

    Where the column `is_single` a row refers to one at most.
    """

    column: str
    part: str
    source: TableData
    target: TableData
    refs: Keys
    index: Index | None
    is_single: bool

    def count(self, made: Collection[Table]) -> None:
        """Count the strong references of rows of `source` that are new."""
        if self.source is self.target:
            for row in made:
                self.adjust(None, row)
            return
        counts = self.target.references
        for uuid, times in Counter(self.targets(made)).items():
            counts[uuid] = counts.get(uuid, 0) + times

    def targets(self, rows: Iterable[Table]) -> Iterable[str]:
        """All that rows of `source` refer to, as often as they do."""
        return filter(None, map(attrgetter(self.column), rows)) if self.is_single else chain.from_iterable(map(self.refs, rows))

    def adjust(self, old: Table | None, new: Table | None) -> None:
        """Count strong references again after a row of `source` was replaced."""
        if old is not None and new is not None and getattr(old, self.column) is getattr(new, self.column):
            return
        counts = self.target.references
        itself = (new or old).uuid if self.source is self.target else None  # type: ignore[union-attr]
        if old is None and new is not None:
            for uuid in self.refs(new):
                if uuid != itself:
                    counts[uuid] = counts.get(uuid, 0) + 1
            return
        before, after = set(() if old is None else self.refs(old)), set(() if new is None else self.refs(new))
        for uuid in after - before:
            if uuid != itself:
                counts[uuid] = counts.get(uuid, 0) + 1
        for uuid in before - after:
            if uuid != itself:
                self._release(uuid)

    def _release(self, uuid: str) -> None:
        counts = self.target.references
        left = counts[uuid] - 1
        if left:
            counts[uuid] = left
        else:
            del counts[uuid]
            if not self.target.schema.is_root:
                self.target.loosened.add((self.target, uuid))


def tables_data(tables: Mapping[str, type[Table]]) -> dict[str, TableData]:
    """Empty data for these tables, linked as their columns refer to each other."""
    loosened: set[tuple[TableData, str]] = set()
    made = {name: TableData(table, table_schema(table), loosened=loosened) for name, table in tables.items()}
    for data in made.values():
        for columns in data.schema.indexes:
            data.unique[columns] = data._index(keys_of_columns(columns))
        for name, column in data.schema.columns.items():
            data.readers[name] = sharing(column.type)
            data.settlers[name] = settler(column.type)
            data.writers[name] = writer(column.type)
            _note_default(data, name, column.type)
            if column.type.is_scalar and is_free(column.type.key):
                data.plain[name] = PYTHON_TYPES[column.type.key.kind]
            if not column.mutable:
                data.immutable.add(name)
            if not column.ephemeral:
                data.kept.append(_kept(data, name, column.type))
            _link(made, data, name, column.type)
        data.fetch_kept = fetcher([each.name for each in data.kept])
    return made


def _kept(data: TableData, name: str, type_: Type) -> KeptColumn:
    as_is = type_.is_scalar and type_.key.kind in ("integer", "boolean", "string")
    write = None if as_is else data.writers[name]
    return KeptColumn(name, data.defaults[name], write, type_, write if type_.max == 1 else writer(diff_type(type_)))


def _note_default(data: TableData, name: str, type_: Type) -> None:
    """What an insertion that does not name the column stores, and why that is refused if it is."""
    default = data.defaults[name] = default_of(type_)
    try:
        data.settlers[name](default, None)
    except OvsdbError as error:
        data.unfit_defaults[name] = error


def _link(tables: dict[str, TableData], data: TableData, name: str, type_: Type) -> None:
    for part, base in (("key", type_.key), ("value", type_.value)):
        if base is None or base.ref_table is None:
            continue
        target = tables[base.ref_table]
        refs = elements_of(name, type_, part)
        link = Link(name, part, data, target, refs, data._index(refs) if base.weak else None, type_.max == 1 and not type_.is_map)
        (target.weak_sources if base.weak else data.links).append(link)
        if base.weak:
            data.weak_links.append(link)


def elements_of(column: str, type_: Type, part: str = "key") -> Keys:
    """The atoms that a row's column holds, each once, as its keys or as its values."""
    get = attrgetter(column)
    if part == "value":
        return lambda row: set(get(row).values())
    if type_.is_map or type_.is_set:
        return get
    if type_.is_optional:
        return lambda row: () if (held := get(row)) is None else (held,)
    return lambda row: (get(row),)


def elements(value: Any) -> Iterable[Any]:
    """The atoms of a value as a condition holds it."""
    if value is None:
        return ()
    return value if isinstance(value, tuple | dict) else (value,)
