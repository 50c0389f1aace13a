"""What the `_Server` database says about the databases that a server offers (ovsdb-server(5))."""

from __future__ import annotations

import json

from pyovn.ovsdb.database import Database
from pyovn.ovsdb.operation import Condition, Delete, Insert, Operation, Update

NAME = "_Server"


def record(own: Database, database: Database) -> None:
    """Say in `own`, the `_Server` database, that `database` is on offer, in place of what was said of that name before."""
    name = database.schema.name
    row = {
        "name": name,
        "model": "standalone",
        "connected": True,
        "leader": True,
        "schema": json.dumps(database.schema.to_json(), separators=(",", ":")),
    }
    known = any(getattr(each, "name", "") == name for each in own.tables["Database"].rows.values())
    where, table = [Condition("name", "==", name)], own.classes["Database"]
    _transact(own, [Update(table, where, row) if known else Insert(table, row)])


def forget(own: Database, name: str) -> None:
    """Say nothing of a database any more."""
    _transact(own, [Delete(own.classes["Database"], [Condition("name", "==", name)])])


def _transact(own: Database, operations: list[Operation]) -> None:
    outcome = own.transact(operations)
    assert outcome is not None and outcome.error is None, outcome
