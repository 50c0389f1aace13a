"""A database that follows another server's: equal to it after every commit, under the same ids."""

from __future__ import annotations

import pytest

from pyovn.ovsdb.database import Database
from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.followed import Followed, check_replicable
from pyovn.ovsdb.operation import EVERY, Delete, Insert, Named, Operation, Update
from pyovn.ovsdb.replica import Replica
from pyovn.ovsdb.schema_json import schema_from_json
from pyovn.schemas import nb
from tests.ovsdb.wires import Wire, empty_database, new_server

SWITCH = nb.LogicalSwitch


def contents(database: Database) -> dict[str, dict[str, str]]:
    """Every row, by table and uuid."""
    return {name: {uuid: repr(row) for uuid, row in data.rows.items()} for name, data in database.tables.items() if data.rows}


def wired(source: Database, copy: Database, *, exclude: frozenset[str] = frozenset()) -> Wire:
    followed = Followed(nb.SCHEMA, lambda schema: copy, exclude)
    return Wire(Replica(followed, ["unix:a"], not_server="another"), {"unix:a": new_server(source, remembers=True)})


STEPS: list[list[Operation]] = [
    [Insert(SWITCH, {"name": "a", "external_ids": {"k": "v"}})],
    [Insert(nb.LogicalSwitchPort, {"name": "p", "tag": 7}, uuid_name="p"), Update(SWITCH, EVERY, {"ports": (Named("p"),)})],
    [Update(SWITCH, EVERY, {"external_ids": {"k": "w", "l": "x"}}), Update(nb.LogicalSwitchPort, EVERY, {"tag": None})],
    [Update(SWITCH, EVERY, {"ports": ()})],
    [Delete(SWITCH, EVERY), Insert(SWITCH, {"name": "b"})],
]


def test_each_commit_is_followed_under_its_id() -> None:
    source, copy = empty_database(), empty_database()
    copy.transact([Insert(SWITCH, {"name": "of old"})])
    wire = wired(source, copy)
    wire.run()
    for step in STEPS:
        outcome = source.transact(step)
        assert outcome is not None and outcome.error is None
        wire.run()
        assert contents(copy) == contents(source)
        assert copy.last_transaction_id == source.last_transaction_id


def test_what_was_missed_is_followed_after_a_break() -> None:
    source, copy = empty_database(), empty_database()
    source.transact(STEPS[0])
    wire = wired(source, copy)
    wire.run()
    heard: list[int] = []
    copy.listeners.append(lambda committed: heard.append(len(committed.changes)))
    wire.cut()
    source.transact(STEPS[1])
    source.transact(STEPS[2])
    wire.run(20)
    assert contents(copy) == contents(source)
    assert heard == [2]


def test_tables_left_out_stay_as_they_are() -> None:
    source, copy = empty_database(), empty_database()
    copy.transact([Insert(nb.AddressSet, {"name": "own"})])
    source.transact([Insert(nb.AddressSet, {"name": "other"}), *STEPS[0]])
    wired(source, copy, exclude=frozenset({"Address_Set"})).run()
    assert [getattr(row, "name", "") for row in copy.tables["Address_Set"].rows.values()] == ["own"]
    assert copy.tables["Logical_Switch"].rows.keys() == source.tables["Logical_Switch"].rows.keys()


def test_a_server_does_not_follow_itself() -> None:
    source, copy = empty_database(), empty_database()
    server = new_server(source)
    wire = Wire(Replica(Followed(nb.SCHEMA, lambda schema: copy), ["unix:a"], not_server=server.server_id), {"unix:a": server})
    source.transact(STEPS[0])
    wire.run()
    assert wire.replica.refusal == "Self replicating is not allowed"
    assert not contents(copy)


def test_another_schema_is_followed_if_it_has_no_more() -> None:
    ours, said = schema_of(nb), schema_of(nb).to_json()
    del said["tables"]["Mirror"], said["tables"]["Logical_Switch"]["columns"]["copp"]
    said["tables"]["Logical_Switch_Port"]["columns"].pop("mirror_rules")
    said["version"] = "1.0.0"
    less = schema_from_json(said)
    check_replicable(nb.SCHEMA, ours, less)
    with pytest.raises(OvsdbError, match="does not fit"):
        check_replicable(nb.SCHEMA, less, ours)


def test_a_source_with_more_is_refused() -> None:
    said = schema_of(nb).to_json()
    said["tables"]["Logical_Switch"]["columns"]["more"] = {"type": "string"}
    said["version"] = "99.0.0"
    schema = schema_from_json(said)
    source, copy = Database(schema, tables_of(nb), empty_database().new_uuid), empty_database()

    def accept(theirs: object) -> Database:
        check_replicable(nb.SCHEMA, copy.schema, schema)
        return copy

    wire = Wire(Replica(Followed(nb.SCHEMA, accept), ["unix:a"]), {"unix:a": new_server(source)})
    wire.run()
    assert "does not fit" in wire.replica.refusal and not wire.replica.connected
