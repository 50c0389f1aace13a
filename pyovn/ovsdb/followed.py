"""A database that is kept equal to another server's, and offered on: what a relay and a backup have in the place of a client's copy.

A `Replica` feeds it; each update that it hears becomes one commit, under the id that the other server gave it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from pyovn.ovsdb.change import Change
from pyovn.ovsdb.copy import Interest, Updates
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.history import NO_TRANSACTION
from pyovn.ovsdb.operation import Condition
from pyovn.ovsdb.record import row_from_json
from pyovn.ovsdb.row import Table
from pyovn.ovsdb.schema import DatabaseSchema
from pyovn.ovsdb.tabledata import TableData

log = logging.getLogger("replication")

Accept = Callable[[DatabaseSchema], Database]
Put = tuple[TableData, str, Table | None]


class Followed:
    """See `Copying`. `accept` answers the database for a schema, or raises `OvsdbError`; tables that are excluded are left alone."""

    def __init__(self, name: str, accept: Accept, exclude: frozenset[str] = frozenset()) -> None:
        self.name = name
        self.interests: dict[str, Interest] = {}
        self.database: Database | None = None
        self._accept = accept
        self._exclude = exclude
        self._copied: tuple[str, ...] = ()

    @property
    def tables(self) -> Mapping[str, TableData]:
        """The rows, once there is a schema."""
        return {} if self.database is None else self.database.tables

    def requests(self, schema: DatabaseSchema, *, conditional: bool) -> dict[str, list[dict[str, Any]]]:
        """The <monitor-requests> for everything that both sides know."""
        self.database = self._accept(schema)
        ours = self.database.tables
        self._copied = tuple(name for name in schema.tables if name in ours and name not in self._exclude)
        return {
            name: [{"columns": [column for column in schema.tables[name].columns if column in ours[name].schema.columns]}]
            for name in self._copied
        }

    def conditions(self, name: str, where: Sequence[Condition]) -> list[Any]:
        """Everything is copied."""
        return []

    def replace_all(self, updates: Updates | msgspec.Raw, *, form: str, transaction_id: str) -> list[Change]:
        """Make the database equal to a complete set of rows."""
        if isinstance(updates, msgspec.Raw):
            updates = msgspec.json.decode(updates, type=dict[str, dict[str, Any]])
        gone = [
            (self.tables[name], uuid, None) for name in self._copied for uuid in self.tables[name].rows if uuid not in updates.get(name, {})
        ]
        return self._commit([*gone, *self._puts(updates, transaction_id, complete=True)], transaction_id)

    def apply(self, updates: Updates, *, form: str, transaction_id: str) -> list[Change]:
        """Apply an update."""
        return self._commit(list(self._puts(updates, transaction_id)), transaction_id)

    def _commit(self, puts: list[Put], transaction_id: str) -> list[Change]:
        """Listeners hear of it as of any commit; nobody else asks for the changes."""
        assert self.database is not None
        known = "" if transaction_id == NO_TRANSACTION else transaction_id
        if puts:
            self.database.apply(puts, known)
        elif known:
            self.database.last_transaction_id = known
        return []

    def _puts(self, updates: Updates, version: str, *, complete: bool = False) -> Iterator[Put]:
        for name, rows in updates.items():
            data = self.tables[name]
            for uuid, update in rows.items():
                old = data.rows.get(uuid)
                new = _row_after(data, uuid, None if complete else old, update, version)
                if new is None or old is None or not _same(old, new):
                    yield data, uuid, new


def _row_after(data: TableData, uuid: str, old: Table | None, update: Mapping[str, Any], version: str) -> Table | None:
    """The row that an update of any form leaves."""
    for event in ("new", "initial", "insert"):
        if event in update:
            return row_from_json(data, (uuid, old), update[event], is_diff=False, version=version)
    if "modify" in update:
        if old is None:
            raise OvsdbError("ovsdb error", f"row {uuid} of table {data.schema.name} is modified but was not there")
        return row_from_json(data, (uuid, old), update["modify"], is_diff=True, version=version)
    return None


def _same(one: Table, other: Table) -> bool:
    return all(getattr(one, column) == getattr(other, column) for column in type(one).__columns__)


def check_replicable(database: str, ours: DatabaseSchema, theirs: DatabaseSchema) -> None:
    """Raise unless every table and column of the other server's schema fits ours, which may have more."""
    if ours.version == theirs.version and ours.tables.keys() == theirs.tables.keys():
        return
    log.info("Schema version mismatch, checking if %s can still be replicated or not.", database)
    for table, said in theirs.tables.items():
        known = {} if table not in ours.tables else ours.tables[table].columns
        if not known or any(name not in known or known[name].type != column.type for name, column in said.columns.items()):
            log.warning("%s cannot be replicated", database)
            raise OvsdbError("ovsdb error", f"table {table} of the active server does not fit")
    log.info("%s can be replicated", database)
