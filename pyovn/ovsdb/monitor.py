"""What a client watches, and how changes are told to it: `update` of RFC 7047 4.1.6, `update2` and `update3` of ovsdb-server(7).

A view is what is watched, apart from who watches: clients that ask for the same share one view, and with it each encoded update.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as with_fields
from operator import attrgetter
from typing import Any, Literal

import msgspec

from pyovn.ovsdb.atom import syntax_error
from pyovn.ovsdb.bulk import BULK, collector_at_rest
from pyovn.ovsdb.change import Change
from pyovn.ovsdb.condition import ATTRIBUTE, UUID_COLUMN, VERSION_COLUMN, condition_from_json, test_of
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.declare import default_of
from pyovn.ovsdb.difference import difference
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.jsonrpc import encode_json
from pyovn.ovsdb.operation import Condition
from pyovn.ovsdb.row import Table
from pyovn.ovsdb.schema import Type
from pyovn.ovsdb.tabledata import TableData
from pyovn.ovsdb.value import writer

Form = Literal["update", "update2", "update3"]
Match = Callable[[Table], bool]
Row2 = Callable[[Table], dict[str, Any]]

EVENTS = ("initial", "insert", "delete", "modify")
CACHED_UPDATES = 4

sorted_json = msgspec.json.Encoder(order="sorted").encode
"""JSON by which equal requests are recognised."""


@dataclass(frozen=True, slots=True)
class WatchedColumn:
    """One column of a view: how to read, write and compare it, and at which events it is told."""

    name: str
    attribute: str
    type: Type
    write: Callable[[Any], Any]
    default: Any
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class WatchedTable:
    """One table of a view; `matches` is None where every row is meant."""

    data: TableData
    columns: tuple[WatchedColumn, ...]
    events: frozenset[str]
    matches: Match | None
    told: Mapping[str, Row2]
    """How a new row is told, by event."""


@dataclass(slots=True, eq=False, weakref_slot=True)
class View:
    """A database seen through a client's choice of tables, columns and rows, told in one of the three forms."""

    database: Database
    form: Form
    tables: Mapping[str, WatchedTable]
    updates: dict[str, bytes] = field(default_factory=dict)

    def initial(self) -> bytes:
        """The rows that a new watcher starts from, as JSON."""
        rows = sum(len(table.data.rows) for table in self.tables.values())
        with collector_at_rest(rows > BULK):
            return self._initial()

    def _initial(self) -> bytes:
        tables = ((table, (Change(table.data.table, row.uuid, None, row) for row in _rows(table))) for table in self.tables.values())
        return encode_json(self._compose(((table, change) for table, rows in tables for change in rows), initial=True))

    def update(self, transaction_id: str, changes: Iterable[Change]) -> bytes:
        """A commit's changes as JSON, b"" if the view shows none of them; made once for all who share the view."""
        known = self.updates.get(transaction_id)
        if known is None:
            if len(self.updates) >= CACHED_UPDATES:
                del self.updates[next(iter(self.updates))]
            known = self.updates[transaction_id] = self.compose(changes)
        return known

    def compose(self, changes: Iterable[Change]) -> bytes:
        """Changes as JSON, b"" if the view shows none of them."""
        tables = self.tables
        told = self._compose(
            ((table, change) for change in changes if (table := tables.get(change.table.__table__)) is not None), initial=False
        )
        return encode_json(told) if told else b""

    def _compose(self, changes: Iterable[tuple[WatchedTable, Change]], *, initial: bool) -> dict[str, dict[str, Any]]:
        tell = _tell if self.form == "update" else _tell2
        told: dict[str, dict[str, Any]] = {}
        for table, change in changes:
            old, new = _seen(table, change.old), _seen(table, change.new)
            event = "initial" if initial and new is not None else _event(old, new)
            if event in table.events and (said := tell(table, event, old, new)) is not None:
                told.setdefault(table.data.schema.name, {})[change.uuid] = said
        return told


def view_of(database: Database, form: Form, requests: Any, syntax: Any) -> View:
    """The view that a monitor request asks for; `OvsdbError` in the reference's words if it cannot be."""
    if type(requests) is not dict:
        raise OvsdbError("syntax error", "<monitor-requests> must be object", syntax=_text(syntax))
    tables = {}
    for name, request in requests.items():
        data = database.tables.get(name)
        if data is None:
            raise OvsdbError("syntax error", f"no table named {name}")
        tables[name] = _watched(data, request if type(request) is list else [request], conditional=form != "update")
    return View(database, form, tables)


def view_with_conditions(view: View, requests: Any) -> View:
    """The same view, with the conditions of a `monitor_cond_change` request."""
    if type(requests) is not dict:
        raise OvsdbError("syntax error", "<monitor-cond-change-requests> must be object", syntax=_text(requests))
    tables = dict(view.tables)
    for name, request in requests.items():
        table = tables.get(name)
        if table is None:
            raise OvsdbError("syntax error", f"no table named {name} in monitor session")
        where: list[Any] = []
        for each in request if type(request) is list else [request]:
            where += _member(each, "where", list, f"table {name}", ("columns", "where")) or []
        conditions = [condition_from_json(table.data.table, given) for given in where]
        tables[name] = with_fields(table, matches=any_of(table.data, conditions))
    return View(view.database, view.form, tables)


def changes_between(old: View, new: View) -> bytes:
    """What a watcher must hear to come from one view's rows to another's, as JSON; b"" if nothing."""
    told: dict[str, dict[str, Any]] = {}
    for name, table in new.tables.items():
        before = old.tables[name]
        if before is table:
            continue
        for row in table.data.rows.values():
            was, is_ = _seen(before, row), _seen(table, row)
            if (was is None) != (is_ is None):
                said = _tell2(table, "delete" if is_ is None else "insert", was, is_)
                told.setdefault(name, {})[row.uuid] = said
    return encode_json(told) if told else b""


def any_of(data: TableData, conditions: list[Condition]) -> Match | None:
    """A test for rows that meet at least one of the conditions; None (every row) for no conditions.

    Conditions `column == value`, of which an agent sends thousands, are looked up rather than tried.
    """
    if not conditions:
        return None
    wanted: dict[str, set[Any]] = {}
    tests: list[Match] = []
    for condition in conditions:
        if condition.function == "==" and not isinstance(condition.value, dict):
            wanted.setdefault(ATTRIBUTE.get(condition.column, condition.column), set()).add(condition.value)
        else:
            tests.append(test_of(data.table, condition))
    pairs = tuple(wanted.items())

    def matches(row: Table) -> bool:
        return any(getattr(row, attribute) in values for attribute, values in pairs) or any(test(row) for test in tests)

    return matches


def _watched(data: TableData, requests: list[Any], *, conditional: bool) -> WatchedTable:
    """One table's <monitor-request>s, of which there may be several with columns of their own."""
    columns: dict[str, WatchedColumn] = {}
    conditions: list[Condition] = []
    where = f"table {data.schema.name}"
    allowed = ("columns", "where", "select") if conditional else ("columns", "select")
    told: frozenset[str] = frozenset()
    for request in requests:
        events = _events(_member(request, "select", dict, where, allowed), where)
        told |= events
        names = _member(request, "columns", list, where, allowed)
        for name in _all_columns(data) if names is None else _checked(data, names):
            if name in columns:
                raise syntax_error(names, "column name mentioned more than once")
            columns[name] = _column(data, name, events)
        conditions += [condition_from_json(data.table, given) for given in _member(request, "where", list, where, allowed) or []]
    watched = tuple(columns.values())
    return WatchedTable(data, watched, told, any_of(data, conditions), {event: _row2(watched, event) for event in ("initial", "insert")})


def _member(request: Any, name: str, kind: type, where: str, allowed: tuple[str, ...]) -> Any:
    if type(request) is not dict:
        raise OvsdbError("syntax error", f"Parsing {where} failed: Object expected.")
    for given in request:
        if given not in allowed:
            raise syntax_error(request, f"Parsing {where} failed: Member '{given}' is present but not allowed here.")
    if name in request and type(request[name]) is not kind:
        raise syntax_error(request, f"Parsing {where} failed: Type mismatch for member '{name}'.")
    return request.get(name)


def _events(select: dict[str, Any] | None, where: str) -> frozenset[str]:
    for name, value in (select or {}).items():
        if name not in EVENTS:
            raise syntax_error(select, f"Parsing {where} select failed: Member '{name}' is present but not allowed here.")
        if type(value) is not bool:
            raise syntax_error(select, f"Parsing {where} select failed: Type mismatch for member '{name}'.")
    return frozenset(event for event in EVENTS if (select or {}).get(event, True))


def _all_columns(data: TableData) -> list[str]:
    return [*data.schema.columns, "_version"]


def _checked(data: TableData, names: list[Any]) -> list[str]:
    for name in names:
        if type(name) is not str:
            raise syntax_error(names, "array of column names expected")
        if name not in data.schema.columns and name not in ATTRIBUTE:
            raise syntax_error(names, f"{name} is not a valid column name")
    if len(set(names)) != len(names):
        raise syntax_error(names, "column name mentioned more than once")
    return names


def _column(data: TableData, name: str, events: frozenset[str]) -> WatchedColumn:
    column = data.schema.columns.get(name) or (UUID_COLUMN if name == "_uuid" else VERSION_COLUMN)
    write = data.writers.get(name) or writer(column.type)
    return WatchedColumn(name, ATTRIBUTE.get(name, name), column.type, write, default_of(column.type), events)


def _rows(table: WatchedTable) -> Iterable[Table]:
    return table.data.rows.values()


def _seen(table: WatchedTable, row: Table | None) -> Table | None:
    """The row, if the view shows it."""
    return row if row is None or table.matches is None or table.matches(row) else None


def _event(old: Table | None, new: Table | None) -> str:
    if old is None:
        return "insert" if new is not None else "nothing"
    return "delete" if new is None else "modify"


def _tell(table: WatchedTable, event: str, old: Table | None, new: Table | None) -> dict[str, Any] | None:
    """A <row-update> (RFC 7047 4.1.6): the whole row, and of an old one what differed."""
    columns = [column for column in table.columns if event in column.events]
    said: dict[str, Any] = {}
    if old is not None:
        differing = columns if new is None else [each for each in columns if getattr(old, each.attribute) != getattr(new, each.attribute)]
        if new is not None and not differing:
            return None
        said["old"] = {column.name: column.write(getattr(old, column.attribute)) for column in differing}
    if new is not None:
        said["new"] = {column.name: column.write(getattr(new, column.attribute)) for column in columns}
    return said


def _tell2(table: WatchedTable, event: str, old: Table | None, new: Table | None) -> dict[str, Any] | None:
    """A <row-update2> (ovsdb-server(7) 4.1.14): of a new row what is no default, of a modified one the differences."""
    if event == "delete":
        return {"delete": None}
    assert new is not None
    if event == "modify":
        assert old is not None
        return _modification(table, old, new)
    return {event: table.told[event](new)}


def _row2(columns: Iterable[WatchedColumn], event: str) -> Row2:
    """A function from a row to what `update2` tells of it when it is new: the columns that hold no default."""
    how = [(column.name, attrgetter(column.attribute), column.default, column.write) for column in columns if event in column.events]

    def tell(row: Table) -> dict[str, Any]:
        said = {}
        for name, get, default, write in how:
            value = get(row)
            if value != default:
                said[name] = write(value)
        return said

    return tell


def _modification(table: WatchedTable, old: Table, new: Table) -> dict[str, Any] | None:
    row = {}
    for column in table.columns:
        before, after = getattr(old, column.attribute), getattr(new, column.attribute)
        if before != after and "modify" in column.events:
            row[column.name] = column.write(difference(column.type, before, after))
    return {"modify": row} if row else None


def _text(value: Any) -> str:
    return sorted_json(value).decode()
