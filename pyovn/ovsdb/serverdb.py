"""What the `_Server` database says about the databases that a server offers (ovsdb-server(5))."""

from __future__ import annotations

import json

from pyovn.ovsdb.database import Database
from pyovn.ovsdb.operation import Condition, Delete, Insert, Operation, Update
from pyovn.ovsdb.schema import DatabaseSchema

NAME = "_Server"


def record(own: Database, name: str, schema: DatabaseSchema | None, *, model: str = "standalone", connected: bool = True) -> None:
    """Say in `own`, the `_Server` database, that a database is on offer, in place of what was said of that name before.

    A relay's has no `schema` before its source told it.
    """
    row = {
        "name": name,
        "model": model,
        "connected": connected,
        "leader": model != "relay",
        "schema": None if schema is None else json.dumps(schema.to_json(), separators=(",", ":")),
    }
    known = any(getattr(each, "name", "") == name for each in own.tables["Database"].rows.values())
    where, table = [Condition("name", "==", name)], own.classes["Database"]
    _transact(own, [Update(table, where, row) if known else Insert(table, row)])


def set_connected(own: Database, name: str, connected: bool) -> None:
    """Say whether a database can be used: a relay's, whether its source is there."""
    _transact(own, [Update(own.classes["Database"], [Condition("name", "==", name)], {"connected": connected})])


def forget(own: Database, name: str) -> None:
    """Say nothing of a database any more."""
    _transact(own, [Delete(own.classes["Database"], [Condition("name", "==", name)])])


def _transact(own: Database, operations: list[Operation]) -> None:
    outcome = own.transact(operations)
    assert outcome is not None and outcome.error is None, outcome
