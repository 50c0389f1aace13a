"""A small schema to try the database on: strong and weak references, indexes, constraints, an immutable and an ephemeral column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Annotated, Any

from pyovn.ovsdb.database import Database
from pyovn.ovsdb.declare import EPHEMERAL, IMMUTABLE, WEAK, Length, OneOf, Range, Size, table_schema
from pyovn.ovsdb.index import Index
from pyovn.ovsdb.row import Ref, Table
from pyovn.ovsdb.schema import DatabaseSchema
from pyovn.ovsdb.tabledata import TableData
from pyovn.ovsdb.wire import transact_json

SCHEMA = "sample"
VERSION = "1.2.3"
CKSUM = "1 2"


class House(Table, table="House", indexes=(("name",),), root=True):
    """A root."""

    name: str
    rooms: tuple[Ref[Room], ...]
    best: Annotated[Ref[Room], WEAK] | None
    by_floor: dict[Annotated[int, Range(0, 99)], Ref[Room]]
    friends: tuple[Annotated[Ref[House], WEAK], ...]
    colour: Annotated[str, OneOf("red", "green", "blue")] | None
    options: dict[str, str]
    height: float
    seen: Annotated[int, EPHEMERAL]


class Room(Table, table="Room"):
    """Lives while a house holds it."""

    number: Annotated[int, IMMUTABLE]
    label: Annotated[str, Length(0, 8)] | None
    ports: Annotated[tuple[int, ...], Size(0, 3)]
    next: Ref[Room] | None


class Guest(Table, table="Guest", indexes=(("first", "last"),), root=True, max_rows=3):
    """Needs a host."""

    first: str
    last: str
    host: Annotated[Ref[House], WEAK] | None
    must: Annotated[tuple[Annotated[Ref[House], WEAK], ...], Size(1, None)]


TABLES: dict[str, type[Table]] = {"House": House, "Room": Room, "Guest": Guest}


def sample_schema() -> DatabaseSchema:
    """The schema of the classes above."""
    return DatabaseSchema(SCHEMA, VERSION, CKSUM, {name: table_schema(table) for name, table in TABLES.items()})


def counting_uuids() -> Callable[[], str]:
    """Uuids in order, so that results can be foretold."""
    numbers = count(1)
    return lambda: f"00000000-0000-0000-0000-{next(numbers):012x}"


def sample_database() -> Database:
    """An empty database."""
    return Database(sample_schema(), TABLES, counting_uuids())


def run(database: Database, *operations: Any) -> list[Any]:
    """The JSON results of a transaction that may not wait."""
    results = transact_json(database, operations, elapsed_ms=0)
    assert results is not None
    return results


def contents(database: Database) -> dict[str, dict[str, dict[str, Any]]]:
    """Every row's columns, by table and uuid."""
    return {
        name: {uuid: {column: getattr(row, column) for column in data.schema.columns} for uuid, row in data.rows.items()}
        for name, data in database.tables.items()
    }


def check_integrity(database: Database) -> None:
    """Everything that the tables keep beside their rows is what the rows say, and references lead somewhere."""
    for data in database.tables.values():
        assert data.references == _references_to(database, data)
        assert data.schema.is_root or all(uuid in data.references for uuid in data.rows)
        assert not data.loosened
        for link in (*data.links, *data.weak_links):
            assert all(ref in link.target.rows for row in data.rows.values() for ref in link.refs(row))
        for index in data.indexes:
            assert {key: set(index.find(key)) for key in index.buckets} == _found_by(index, data)
        assert all(len(index.find(key)) == 1 for index in data.unique.values() for key in index.buckets)


def _references_to(database: Database, target: TableData) -> dict[str, int]:
    """How often each row of a table is referred to strongly, by others than itself."""
    links = [link for data in database.tables.values() for link in data.links if link.target is target]
    refs = [(link, uuid, ref) for link in links for uuid, row in link.source.rows.items() for ref in link.refs(row)]
    return dict(Counter(ref for link, uuid, ref in refs if ref != uuid or link.source is not target))


def _found_by(index: Index, data: TableData) -> dict[Any, set[str]]:
    """What an index of the rows should hold."""
    found: dict[Any, set[str]] = {}
    for key, uuid in ((key, uuid) for uuid, row in data.rows.items() for key in index.keys(row)):
        found.setdefault(key, set()).add(uuid)
    return found
