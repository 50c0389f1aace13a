"""What `_Server` says of databases."""

from __future__ import annotations

import json

from pyovn.ovsdb.declare import schema_of
from pyovn.ovsdb.serverdb import forget, record
from pyovn.schemas import nb, server
from tests.ovsdb.wires import empty_database


def test_a_database_is_said_once_and_forgotten() -> None:
    own = empty_database(server)
    for _ in range(2):
        record(own, nb.SCHEMA, empty_database(nb).schema)
    (row,) = own.tables["Database"].rows.values()
    assert isinstance(row, server.Database)
    assert (row.name, row.model, row.connected, row.leader) == (nb.SCHEMA, "standalone", True, True)
    assert row.schema is not None and json.loads(row.schema) == schema_of(nb).to_json()
    forget(own, nb.SCHEMA)
    assert not own.tables["Database"].rows
