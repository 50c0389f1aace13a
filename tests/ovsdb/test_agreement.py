"""Our database and the reference's say the same to the same transactions, and read each other's files."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from pyovn.ovsdb.database_file import DatabaseFile, World, create_file, open_file
from pyovn.ovsdb.wire import transact_json
from pyovn.runtime.storage import Disk
from tests.ovsdb.reference import output, program
from tests.ovsdb.sample import TABLES, counting_uuids, sample_schema

pytestmark = [pytest.mark.integration, pytest.mark.slow]

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ROUNDS = range(4)
TRANSACTIONS = 25


def new_file(folder: Path) -> DatabaseFile:
    """An empty database of ours on disk."""
    world = World(Disk(), counting_uuids(), lambda: 1_700_000_000_000, lambda schema: TABLES)
    path = str(folder / "ours.db")
    create_file(world, path, sample_schema())
    return open_file(world, path)


def uuid_of(number: int, table: str = "House") -> str:
    """A uuid that both sides are told to use.

    No two tables share one: a reference to the uuid of its own row is not followed by the reference, whatever the table.
    """
    return f"{number:08x}-{len(table):04x}-4aaa-8aaa-aaaaaaaaaaaa"


def random_row(draw: random.Random, table: str) -> dict[str, Any]:
    """Some columns, references mostly to rows that may be there."""
    numbers = {draw.randrange(12) for _ in range(draw.randrange(3))}
    rooms = [["uuid", uuid_of(number, "Room")] for number in numbers]
    houses = [["uuid", uuid_of(number, "House")] for number in numbers]
    ports = ["set", list(range(draw.randrange(5)))]
    label, height = draw.choice([["set", []], "short", "much too long"]), draw.choice([1, 0.5, "x"])
    held = {"rooms": ["set", rooms], "best": ["set", rooms[:1]], "friends": ["set", houses]}
    columns: dict[str, dict[str, Any]] = {
        "House": {"name": draw.choice("abcdef"), **held, "height": height},
        "Room": {"next": ["set", rooms[:1]], "label": label, "ports": ports},
        "Guest": {"first": draw.choice("ab"), "last": draw.choice("ab"), "must": ["set", houses], "host": ["set", houses[:1]]},
    }
    return {name: value for name, value in columns[table].items() if draw.random() < 0.6}


def random_operation(draw: random.Random) -> dict[str, Any]:
    """One operation; what it means depends on no order of rows."""
    table = draw.choice(["House", "House", "Room", "Guest"])
    uuid = ["uuid", uuid_of(draw.randrange(12), table)]
    room = ["uuid", uuid_of(draw.randrange(12), "Room")]
    where = draw.choice([[], [["_uuid", "==", uuid]], [["_uuid", "==", uuid]], [["_uuid", "!=", uuid]]])
    kind = draw.choice(["insert", "insert", "insert", "update", "mutate", "delete"])
    if kind == "insert":
        return {"op": "insert", "table": table, "row": random_row(draw, table), "uuid": uuid[1]}
    if kind == "update":
        return {"op": "update", "table": table, "where": where, "row": random_row(draw, table)}
    if kind == "mutate":
        pair = ["options", "insert", ["map", [["k", "v"]]]]
        mutation = draw.choice([["rooms", "insert", room], ["rooms", "delete", room], ["height", "*=", 3], pair])
        return {"op": "mutate", "table": "House", "where": where, "mutations": [mutation]}
    return {"op": "delete", "table": table, "where": where}


def comparable(results: Any) -> Any:
    """Results without what order decides: which of several wrongs is named, and which of two rows comes first."""
    return without_uuids(["error" if each and "error" in each else each for each in results])


def without_uuids(results: Any) -> Any:
    """Results that do not say which rows they are about."""
    return json.loads(UUID.sub("UUID", json.dumps(results)))


def dump(results: Any) -> Any:
    """The rows of a selection, whatever their order."""
    return [sorted(json.dumps(row, sort_keys=True) for row in result["rows"]) for result in results]


SELECT_ALL = [{"op": "select", "table": table, "where": [], "columns": ["_uuid", *TABLES[table].__columns__]} for table in sorted(TABLES)]


@pytest.mark.parametrize("number", ROUNDS)
def test_random_transactions(number: int, tmp_path: Path) -> None:
    tool = program("ovsdb-tool")
    ours = new_file(tmp_path)
    (tmp_path / "schema").write_text(json.dumps(sample_schema().to_json()))
    theirs = str(tmp_path / "theirs.db")
    output(tool, "create", theirs, str(tmp_path / "schema"))
    draw = random.Random(number)
    for _ in range(TRANSACTIONS):
        operations = [random_operation(draw) for _ in range(draw.randrange(1, 4))]
        expected = json.loads(output(tool, "transact", theirs, json.dumps(["sample", *operations])))
        found = transact_json(ours.database, operations, elapsed_ms=0)
        assert comparable(found) == comparable(expected), operations
    everything = json.loads(output(tool, "query", theirs, json.dumps(["sample", *SELECT_ALL])))
    held = transact_json(ours.database, SELECT_ALL, elapsed_ms=0)
    for rows in (everything, held):
        for row in rows[1]["rows"]:  # type: ignore[index]
            row["seen"] = 0
    assert dump(held) == dump(everything)
    read_by_them = json.loads(output(tool, "query", ours.path, json.dumps(["sample", *SELECT_ALL])))
    assert dump(read_by_them) == dump(held)
    ours.close()
    world = World(Disk(), counting_uuids(), lambda: 0, lambda schema: TABLES)
    read_by_us = open_file(world, theirs)
    assert dump(transact_json(read_by_us.database, SELECT_ALL, elapsed_ms=0)) == dump(everything)
    read_by_us.compact("compacted")
    assert dump(json.loads(output(tool, "query", theirs, json.dumps(["sample", *SELECT_ALL])))) == dump(everything)
    read_by_us.close()


MILL = {"op": "insert", "table": "House", "row": {"name": "mill"}, "uuid": uuid_of(1)}


@pytest.mark.parametrize(
    "operations",
    [
        [{"op": "foo"}],
        [{"op": "insert", "table": "House"}],
        [{"op": "insert", "table": "House", "row": {"nme": 1}}],
        [{"op": "insert", "table": "House", "row": {"name": 1}}],
        [{"op": "insert", "table": "House", "row": {"colour": "pink"}}],
        [{"op": "insert", "table": "House", "row": {"by_floor": ["map", [[100, ["uuid", uuid_of(1)]]]]}}],
        [{"op": "insert", "table": "Room", "row": {"label": "much too long"}}],
        [{"op": "insert", "table": "Room", "row": {"ports": ["set", [1, 2, 3, 4]]}}],
        [MILL, MILL],
        [MILL, {**MILL, "uuid": uuid_of(2)}],
        [MILL, {"op": "insert", "table": "Guest", "row": {}}],
        [MILL, {"op": "mutate", "table": "House", "where": [], "mutations": [["rooms", "insert", ["uuid", uuid_of(3)]]]}],
        [MILL, {"op": "mutate", "table": "House", "where": [], "mutations": [["height", "/=", 0]]}],
        [MILL, {"op": "mutate", "table": "House", "where": [], "mutations": [["name", "+=", 1]]}],
        [MILL, {"op": "update", "table": "House", "where": [["name", "<", "x"]], "row": {}}],
        [MILL, {"op": "wait", "timeout": 0, "table": "House", "where": [], "columns": ["name"], "until": "!=", "rows": [{"name": "mill"}]}],
        [{"op": "update", "table": "Room", "where": [], "row": {"number": 1}}],
        [{"op": "select", "table": "House", "where": [["height", "includes", "x"]]}],
        [{"op": "abort"}, {"op": "comment", "comment": "x"}],
    ],
)
def test_errors_are_worded_alike(operations: list[Any], tmp_path: Path) -> None:
    tool = program("ovsdb-tool")
    ours = new_file(tmp_path)
    expected = json.loads(output(tool, "query", ours.path, json.dumps(["sample", *operations])))
    assert without_uuids(transact_json(ours.database, operations, elapsed_ms=0)) == without_uuids(expected)
    ours.close()
