"""The rows of a replica: a server's updates in, the changes they make out.

Columns that are not watched, or that the server does not know, hold their defaults.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_fields
from typing import Any, Protocol

import msgspec

from pyovn.ovsdb.change import Change
from pyovn.ovsdb.condition import VERSION_COLUMN
from pyovn.ovsdb.difference import diff_type, patched
from pyovn.ovsdb.initial import InitialColumn, InitialRows
from pyovn.ovsdb.operation import Condition
from pyovn.ovsdb.row import Table, columns_of, make, replaced
from pyovn.ovsdb.schema import BaseType, DatabaseSchema, Type
from pyovn.ovsdb.tabledata import TableData, tables_data
from pyovn.ovsdb.value import PYTHON_TYPES, Reader, from_json, reader, sharing
from pyovn.ovsdb.wire import condition_to_json


@dataclass(frozen=True, slots=True)
class Interest:
    """What is wanted of a table: these columns (None: all), the rows that meet any of these conditions (None: all)."""

    columns: tuple[str, ...] | None = None
    where: tuple[Condition, ...] | None = None


EVERYTHING = Interest()


@dataclass(frozen=True, slots=True)
class CopiedColumn:
    """How a column is read from an update, and how a difference is applied; what is `plain` needs no reading."""

    type: Type
    plain: Any
    read: Reader
    read_difference: Reader


Updates = Mapping[str, Mapping[str, Any]]
"""What is told of rows, by table and uuid."""


class Copying(Protocol):
    """What a replica copies a database into: a client's `Copy`, or a database that is offered on."""

    name: str
    interests: dict[str, Interest]

    @property
    def tables(self) -> Mapping[str, TableData]:
        """The rows."""

    def requests(self, schema: DatabaseSchema, *, conditional: bool) -> dict[str, list[dict[str, Any]]]:
        """The <monitor-requests> for what is wanted and the server's schema has."""

    def conditions(self, name: str, where: Sequence[Condition]) -> list[Any]:
        """Conditions as JSON."""

    def replace_all(self, updates: Updates | msgspec.Raw, *, form: str, transaction_id: str) -> list[Change]:
        """Make the copy equal to a complete set of initial rows, whose JSON may not be decoded yet."""

    def apply(self, updates: Updates, *, form: str, transaction_id: str) -> list[Change]:
        """Apply an update of a form."""


ReadRow = Callable[[str, Mapping[str, Any]], Table]
"""From a row's uuid and what an update tells of it to the row."""


class Copy:
    """The tables that a replica holds; `seen` names what an update has told, so that what it leaves out can be dropped."""

    def __init__(self, name: str, classes: Mapping[str, type[Table]], interests: Mapping[str, Interest]) -> None:
        self.name = name
        self.tables: dict[str, TableData] = tables_data(classes)
        self.interests = dict(interests)
        self._columns: dict[str, dict[str, CopiedColumn]] = {}
        self._read_row: dict[str, ReadRow] = {}
        for name, data in self.tables.items():
            # Integrity is the server's business: nothing is counted here, and only the schema's indexes are kept from the start.
            data.links.clear()
            data.indexes[:] = data.unique.values()
            columns = self._columns[name] = {column.name: _copied(column.type) for column in data.schema.columns.values()}
            self._read_row[name] = _row_reader(data, columns)

    def requests(self, schema: DatabaseSchema, *, conditional: bool) -> dict[str, list[dict[str, Any]]]:
        """The <monitor-requests> for what is wanted and the server's schema has."""
        requests = {}
        for name, interest in self.interests.items():
            theirs = schema.tables.get(name)
            if theirs is None:
                continue
            ours = self.tables[name].schema.columns if interest.columns is None else interest.columns
            request: dict[str, Any] = {"columns": [column for column in ours if column in theirs.columns]}
            if conditional and interest.where is not None:
                request["where"] = self.conditions(name, interest.where)
            requests[name] = [request]
        return requests

    def conditions(self, name: str, where: Sequence[Condition]) -> list[Any]:
        """Conditions as JSON; none at all means no row."""
        table = self.tables[name].table
        return [condition_to_json(table, condition) for condition in where] or [False]

    def replace_all(self, updates: Updates | msgspec.Raw, *, form: str, transaction_id: str = "") -> list[Change]:
        """Make the copy equal to a complete set of initial rows; what it had already is kept, so that only differences are changes."""
        changes: list[Change] = []
        tables = _of_tables(updates) if isinstance(updates, msgspec.Raw) else updates
        for name, data in self.tables.items():
            told, rows = self._told(name, tables.get(name, {}), "new" if form == "update" else "initial")
            for uuid in [uuid for uuid in data.rows if uuid not in told]:
                changes.append(_put(data, uuid, None))
            for uuid, row in rows:
                known = data.rows.get(uuid)
                if known is None or columns_of(known) != columns_of(row):
                    changes.append(_put(data, uuid, row))
        return changes

    def _told(self, name: str, told: Any, event: str) -> tuple[Mapping[str, Any], Iterable[tuple[str, Table]]]:
        """What is told of a table's rows by uuid, and the rows that it makes; JSON that is unlike others' is read like what is decoded."""
        if isinstance(told, msgspec.Raw) and event == "initial":
            with contextlib.suppress(msgspec.DecodeError):
                initial = self._initial_rows(name)
                decoded = initial.decode(told)
                return decoded, initial.rows(decoded)
        updates: Mapping[str, Any] = msgspec.json.decode(told) if isinstance(told, msgspec.Raw) else told
        read_row = self._read_row[name]
        return updates, ((uuid, read_row(uuid, update[event])) for uuid, update in updates.items())

    def _initial_rows(self, name: str) -> InitialRows:
        data, columns = self.tables[name], self._columns[name]
        how = [InitialColumn(each, columns[each].plain, columns[each].read, default) for each, default in data.defaults.items()]
        return InitialRows(data.table, how)

    def apply(self, updates: Updates, *, form: str, transaction_id: str = "") -> list[Change]:
        """Apply an `update` or `update2`; what contradicts the copy is taken as the server says."""
        one = self._old_form if form == "update" else self._new_form
        changes: list[Change] = []
        for name, rows in updates.items():
            if name in self.tables:
                for uuid, update in rows.items():
                    changes.extend(one(name, uuid, update))
        return changes

    def _old_form(self, name: str, uuid: str, update: Mapping[str, Any]) -> Iterable[Change]:
        data = self.tables[name]
        new = update.get("new")
        if new is None:
            return () if uuid not in data.rows else (_put(data, uuid, None),)
        known = data.rows.get(uuid)
        if known is None:
            return (_put(data, uuid, self._read_row[name](uuid, new)),)
        columns = self._columns[name]
        values = {column: columns[column].read(value, None) for column, value in new.items() if column in columns}
        return (_put(data, uuid, replaced(known, values, known.version)),)

    def _new_form(self, name: str, uuid: str, update: Mapping[str, Any]) -> Iterable[Change]:
        data = self.tables[name]
        known = data.rows.get(uuid)
        if "delete" in update:
            return () if known is None else (_put(data, uuid, None),)
        if "modify" in update:
            return () if known is None else (_put(data, uuid, self._modified(name, known, update["modify"])),)
        row = update["insert"] if "insert" in update else update["initial"]
        return (_put(data, uuid, self._read_row[name](uuid, row)),)

    def _modified(self, name: str, known: Table, told: Mapping[str, Any]) -> Table:
        columns = self._columns[name]
        values = {}
        for column, difference in told.items():
            if column in columns:
                how = columns[column]
                values[column] = patched(how.type, getattr(known, column), how.read_difference(difference, None))
        return replaced(known, values, _version(told) or known.version)


def _of_tables(updates: msgspec.Raw) -> dict[str, msgspec.Raw]:
    return msgspec.json.decode(updates, type=dict[str, msgspec.Raw])


def _copied(type_: Type) -> CopiedColumn:
    """Ranges and enumerations are the server's business: a newer one may allow more than we know of."""
    value = None if type_.value is None else BaseType(type_.value.kind)
    free = with_fields(type_, key=BaseType(type_.key.kind), value=value, min=min(type_.min, 1))
    is_as_is = type_.is_scalar and type_.key.kind in AS_IS and type_.key.enum is None
    return CopiedColumn(type_, PYTHON_TYPES[type_.key.kind] if is_as_is else None, sharing(free), reader(diff_type(free)))


AS_IS = ("string", "integer", "boolean")
"""Kinds of atoms that JSON says as Python holds them (a JSON integer is within 64 bits, or it was decoded as a float)."""

REMEMBERED = 1024


def _row_reader(data: TableData, columns: Mapping[str, CopiedColumn]) -> ReadRow:
    """How the rows of a table are read. What columns are told is found out once for all rows that are told alike."""
    table, defaults = data.table, tuple(data.defaults.values())
    places = {name: place for place, name in enumerate(data.defaults)}
    nowhere = (len(defaults), None, lambda value, resolve: None)
    plans: dict[tuple[str, ...], list[Any]] = {}

    def plan(names: tuple[str, ...]) -> list[Any]:
        made = [(places[name], columns[name].plain, columns[name].read) if name in places else nowhere for name in names]
        if len(plans) < REMEMBERED:
            plans[names] = made
        return made

    def read(uuid: str, told: Mapping[str, Any]) -> Table:
        names = tuple(told)
        values = [*defaults, None]
        for (place, plain, read_value), value in zip(plans.get(names) or plan(names), told.values()):
            values[place] = value if type(value) is plain else read_value(value, None)
        del values[-1]
        return make(table, uuid, values, _version(told))

    return read


def _put(data: TableData, uuid: str, row: Table | None) -> Change:
    return Change(data.table, uuid, data.put(uuid, row), row)


def _version(told: Mapping[str, Any]) -> str:
    return str(from_json(VERSION_COLUMN.type, told["_version"])) if "_version" in told else ""
