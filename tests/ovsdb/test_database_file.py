"""A database on disk is the database in memory, whatever was committed, cut or compacted."""

from __future__ import annotations

import errno
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.ovsdb.database import Database
from pyovn.ovsdb.database_file import World, converted, create_file, load, open_file
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.log import encode
from pyovn.ovsdb.schema_json import schema_from_json
from pyovn.ovsdb.wire import transact_json
from tests.ovsdb.memory_storage import MemoryStorage
from tests.ovsdb.sample import TABLES, contents, counting_uuids, run, sample_schema
from tests.ovsdb.test_database import operations

HOUSE = {"op": "insert", "table": "House", "row": {"name": "mill", "options": ["map", [["a", "1"], ["b", "2"]]], "seen": 7}}


def new_world() -> tuple[World, MemoryStorage]:
    """A world with one empty database called `db`."""
    storage = MemoryStorage()
    world = World(storage, counting_uuids(), lambda: 1_700_000_000_000, lambda schema: TABLES)
    create_file(world, "db", sample_schema())
    return world, storage


def records(storage: MemoryStorage) -> list[Any]:
    """The JSON of the file's records."""
    return [json.loads(line) for line in bytes(storage.files["db"]).split(b"\n")[1::2]]


def kept(database: Database) -> dict[str, Any]:
    """Every row without what a restart forgets."""
    held = contents(database)
    for row in held["House"].values():
        row["seen"] = 0
    return held


def test_what_is_written() -> None:
    world, storage = new_world()
    file = open_file(world, "db")
    run(file.database, HOUSE, {"op": "comment", "comment": "build"})
    run(file.database, {"op": "mutate", "table": "House", "where": [], "mutations": [["options", "delete", ["set", ["a"]]]]})
    run(file.database, {"op": "update", "table": "House", "where": [], "row": {"seen": 8}})
    run(file.database, {"op": "comment", "comment": "nothing"})
    run(file.database, {"op": "delete", "table": "House", "where": []})
    (uuid,) = records(storage)[1]["House"]
    stamp = {"_date": 1_700_000_000_000, "_is_diff": True}
    assert records(storage)[1:] == [
        {**stamp, "_comment": "build", "House": {uuid: {"name": "mill", "options": ["map", [["a", "1"], ["b", "2"]]]}}},
        {**stamp, "House": {uuid: {"options": ["map", [["a", "1"]]]}}},
        {**stamp, "House": {uuid: None}},
    ]


def test_a_record_begins_with_its_stamps() -> None:
    world, storage = new_world()
    file = open_file(world, "db")
    before = len(storage.files["db"])
    run(file.database, HOUSE)
    file.close()
    body = bytes(storage.files["db"][before:]).partition(b"\n")[2]
    assert body.startswith(b'{"_date":1700000000000,"_is_diff":true,"')


def test_files_of_old_write_whole_values() -> None:
    world, storage = new_world()
    uuid = "00000000-0000-0000-0000-0000000000aa"
    storage.files["db"] += encode({"House": {uuid: {"name": "a", "options": ["map", [["a", "1"]]]}}})
    storage.files["db"] += encode({"House": {uuid: {"options": ["map", [["b", "2"]]]}}})
    database, _ = load(world, "db")
    assert contents(database)["House"][uuid]["options"] == {"b": "2"}


def test_a_torn_record_is_dropped_and_the_next_one_takes_its_place() -> None:
    world, storage = new_world()
    file = open_file(world, "db")
    run(file.database, HOUSE)
    whole = bytes(storage.files["db"])
    run(file.database, {"op": "update", "table": "House", "where": [], "row": {"name": "barn"}})
    file.close()
    del storage.files["db"][len(whole) + 30 :]
    file = open_file(world, "db")
    assert file.warning is not None
    assert [row["name"] for row in contents(file.database)["House"].values()] == ["mill"]
    run(file.database, {"op": "update", "table": "House", "where": [], "row": {"name": "hut"}})
    file.close()
    database, contents_ = load(world, "db")
    assert contents_.warning is None
    assert [row["name"] for row in contents(database)["House"].values()] == ["hut"]


def test_a_last_record_that_no_server_can_have_acknowledged_is_dropped_likewise() -> None:
    world, storage = new_world()
    file = open_file(world, "db")
    run(file.database, HOUSE)
    file.close()
    whole = len(storage.files["db"])
    storage.files["db"] += encode({"Castle": {}})
    file = open_file(world, "db")
    what = 'syntax "{"Castle":{}}": unknown table: No table named Castle.'
    assert file.warning == f"db: {what}; dropping the last record, at offset {whole}"
    run(file.database, {"op": "update", "table": "House", "where": [], "row": {"name": "hut"}})
    file.close()
    database, contents_ = load(world, "db")
    assert (contents_.warning, [row["name"] for row in contents(database)["House"].values()]) == (None, ["hut"])


def test_a_record_of_no_table_that_others_follow_is_refused() -> None:
    world, storage = new_world()
    storage.files["db"] += encode({"Castle": {}}) + encode({"House": {}})
    with pytest.raises(OvsdbError, match=r"syntax error: db: record 1: unknown table: No table named Castle\."):
        load(world, "db")


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ({"_weird": 1}, "syntax error: db: record 1: syntax error: unknown member _weird"),
        ({"House": {"x": {}}}, 'syntax error: db: record 1: syntax error: "x" is not a valid UUID'),
        ({"House": {"00000000-0000-0000-0000-0000000000aa": None}}, "syntax error: db: record 1: .* is deleted but was not there"),
        ({"House": {"00000000-0000-0000-0000-0000000000aa": {"nme": 1}}}, "syntax error: db: record 1: unknown column: .*"),
        ({"House": {"00000000-0000-0000-0000-0000000000aa": {"name": 1}}}, 'syntax error: db: record 1: syntax "1": syntax error: .*'),
        (
            {"House": {"00000000-0000-0000-0000-0000000000aa": {"rooms": ["uuid", "00000000-0000-0000-0000-0000000000bb"]}}},
            "referential integrity violation: .*",
        ),
    ],
)
def test_refused_records(record: Any, complaint: str) -> None:
    world, storage = new_world()
    storage.files["db"] += encode(record)
    before = bytes(storage.files["db"])
    with pytest.raises(OvsdbError, match=complaint):
        open_file(world, "db")
    assert storage.files["db"] == before
    assert not storage.locked


def test_a_file_has_one_writer() -> None:
    world, _ = new_world()
    file = open_file(world, "db")
    with pytest.raises(OvsdbError, match=r"I/O error: db: failed to lock lockfile \(Resource temporarily unavailable\)"):
        open_file(world, "db")
    load(world, "db")
    file.close()
    open_file(world, "db").close()


def test_errors_of_the_file_system() -> None:
    world, _ = new_world()
    with pytest.raises(OvsdbError, match=r"I/O error: db: create failed \(File exists\)"):
        create_file(world, "db", sample_schema())
    with pytest.raises(OvsdbError, match=r"I/O error: none: open failed \(No such file or directory\)"):
        open_file(world, "none")


def test_compaction() -> None:
    world, storage = new_world()
    file = open_file(world, "db")
    for name in "abc":
        run(file.database, {"op": "insert", "table": "House", "row": {"name": name}})
        run(file.database, {"op": "update", "table": "House", "where": [["name", "==", name]], "row": {"height": 2}})
    before = kept(file.database)
    file.compact("small")
    assert len(records(storage)) == 2
    assert kept(load(world, "db")[0]) == before
    run(file.database, {"op": "delete", "table": "House", "where": [["name", "==", "a"]]})
    assert kept(load(world, "db")[0]) == kept(file.database) != before


@pytest.mark.parametrize("failure", ["fail_append", "fail_sync", "fail_replace"])
def test_a_compaction_that_fails_leaves_the_file_in_use(failure: str) -> None:
    world, storage = new_world()
    file = open_file(world, "db")
    run(file.database, HOUSE)
    error = OSError(errno.ENOSPC, "No space left on device")
    setattr(storage, failure, (10, error) if failure == "fail_append" else error)
    with pytest.raises(OvsdbError, match="No space left on device"):
        file.compact("small")
    setattr(storage, failure, None)
    run(file.database, {"op": "update", "table": "House", "where": [], "row": {"name": "barn"}})
    assert kept(load(world, "db")[0]) == kept(file.database)


def test_conversion_keeps_what_fits() -> None:
    world, _ = new_world()
    file = open_file(world, "db")
    run(file.database, HOUSE)
    json_ = sample_schema().to_json()
    json_["tables"] = {"House": {"columns": {"name": {"type": "string"}, "extra": {"type": "integer"}}}, "New": json_["tables"]["Room"]}
    json_["tables"]["New"]["columns"].pop("next")
    target = converted(file.database, schema_from_json(json_), World(world.storage, world.new_uuid, world.now_ms))
    assert list(contents(target)["House"].values()) == [{"name": "mill", "extra": 0}]
    json_["tables"]["House"]["columns"]["name"]["type"] = {"key": {"type": "string", "maxLength": 2}}
    with pytest.raises(OvsdbError, match='"mill" length 4 is greater than maximum allowed length 2'):
        converted(file.database, schema_from_json(json_), World(world.storage, world.new_uuid, world.now_ms))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(operations(), min_size=1, max_size=4), max_size=6))
def test_replaying_the_log_gives_what_is_in_memory(transactions: list[list[dict[str, Any]]]) -> None:
    world, _ = new_world()
    file = open_file(world, "db")
    for transaction in transactions:
        transact_json(file.database, transaction)
    assert kept(load(world, "db")[0]) == kept(file.database)
    file.compact("small")
    assert kept(load(world, "db")[0]) == kept(file.database)


def test_a_full_disk_refuses_the_transaction_and_loses_nothing() -> None:
    world, storage = new_world()
    file = open_file(world, "db")
    run(file.database, HOUSE)
    before, data = contents(file.database), bytes(storage.files["db"])
    storage.fail_append = (25, OSError(errno.ENOSPC, "No space left on device"))
    results = run(file.database, {"op": "update", "table": "House", "where": [], "row": {"name": "barn"}})
    assert results[-1] == {"error": "I/O error", "details": "db: write failed", "io-error": "No space left on device"}
    assert (contents(file.database), bytes(storage.files["db"])) == (before, data)
    storage.fail_append = None
    assert run(file.database, {"op": "update", "table": "House", "where": [], "row": {"name": "hut"}}) == [{"count": 1}]
    assert kept(load(world, "db")[0]) == kept(file.database)
