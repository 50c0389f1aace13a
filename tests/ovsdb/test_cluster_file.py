"""Files of clustered databases: what tools make of them and find in them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pyovn.ovsdb.cluster_file import create_cluster, join_cluster, read_header, standalone_file
from pyovn.ovsdb.database_file import World
from pyovn.ovsdb.declare import schema_of
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.log import CLUSTER_MAGIC, decode, encode, records
from pyovn.schemas import nb
from tests.ovsdb.memory_storage import MemoryStorage
from tests.ovsdb.wires import uuids

SCHEMA = schema_of(nb).to_json()
ROW = "00000000-0000-4000-8000-0000000000aa"


def world() -> tuple[World, MemoryStorage]:
    storage = MemoryStorage()
    return World(storage, uuids(), lambda: 1), storage


def switch(name: str) -> dict[str, Any]:
    """A transaction that names the row."""
    return {"_date": 1, "Logical_Switch": {ROW: {"name": name}}}


def entry(index: int, name: str, schema: Any = None) -> bytes:
    return encode({"term": 1, "index": index, "eid": ROW, "data": [schema, switch(name)]}, CLUSTER_MAGIC)


def first(storage: MemoryStorage, made: World, transaction: Any) -> bytes:
    create_cluster(made, "c", (SCHEMA, transaction), "tcp:1.2.3.4:5")
    return storage.read("c")


def test_a_first_server_begins_with_the_database() -> None:
    made, storage = world()
    header = read_header(first(storage, made, switch("a")), "c")
    assert header["name"] == nb.SCHEMA and header["local_address"] == "tcp:1.2.3.4:5"
    assert header["prev_servers"] == {header["server_id"]: "tcp:1.2.3.4:5"} and header["cluster_id"] != header["server_id"]
    assert header["prev_data"][1] == switch("a") and (header["prev_term"], header["prev_index"]) == (1, 1)


def test_of_a_cluster_nothing_is_forgotten_and_its_elections_are_held_when_wanted() -> None:
    made, storage = world()
    columns = {"lasting": {"type": "string"}, "passing": {"type": "string", "ephemeral": True}}
    schema = {"name": "s", "tables": {"t": {"columns": columns}}}
    create_cluster(made, "c", (schema, {}), "unix:x", election_ms=2000)
    header, timer = (record for record, _ in records(storage.read("c"), "c", magic=CLUSTER_MAGIC))
    assert header["prev_data"][0]["tables"]["t"]["columns"] == {"lasting": {"type": "string"}, "passing": {"type": "string"}}
    assert timer == {"term": 1, "index": 2, "election_timer": 2000}


@pytest.mark.parametrize("cluster", ["", ROW])
def test_a_server_that_joins_knows_whom_to_ask(cluster: str) -> None:
    made, storage = world()
    join_cluster(made, "j", nb.SCHEMA, "unix:y", remotes=["unix:x", "unix:z"], cluster=cluster)
    header = read_header(storage.read("j"), "j")
    assert header["remote_addresses"] == ["unix:x", "unix:z"] and header.get("cluster_id", "") == cluster
    with pytest.raises(OvsdbError, match="has not joined"):
        standalone_file(made, storage.read("j"), "j")


def names(data: bytes) -> list[str]:
    """The names that the row is given, record by record."""
    _, *records = decode(data, "x").records
    return [record["Logical_Switch"][ROW]["name"] for record in records]


CHANGED = msgspec.json.decode(msgspec.json.encode(SCHEMA))
CHANGED["version"] = "99.0.0"
LOGS: list[tuple[list[bytes], list[str]]] = [
    ([], ["a"]),
    ([entry(2, "b"), entry(3, "c")], ["a", "b", "c"]),
    ([entry(2, "b"), entry(3, "c"), entry(2, "d")], ["a", "d"]),
    ([encode({"term": 2, "vote": ROW}, CLUSTER_MAGIC), entry(2, "b")], ["a", "b"]),
    ([entry(2, "b"), entry(3, "c", CHANGED)], ["b", "c"]),
    ([entry(2, "b"), entry(3, "c")[:-5]], ["a", "b"]),
]  # fmt: skip


@pytest.mark.parametrize(("more", "expected"), LOGS)
def test_a_standalone_file_has_what_the_log_comes_to(more: list[bytes], expected: list[str]) -> None:
    made, storage = world()
    data = standalone_file(made, first(storage, made, switch("a")) + b"".join(more), "c")
    assert names(data) == expected
    assert decode(data, "x").records[0]["version"] == (CHANGED if "c" in expected and len(expected) == 2 else SCHEMA)["version"]


def test_damage_is_refused() -> None:
    made, storage = world()
    data = first(storage, made, switch("a"))
    with pytest.raises(OvsdbError, match="SHA-1"):
        standalone_file(made, data.replace(b'"a"', b'"b"') + entry(2, "c"), "c")
