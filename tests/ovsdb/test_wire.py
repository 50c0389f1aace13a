"""Operations and results as JSON, at a server's and at a client's side."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.ovsdb.declare import defaults_of
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import (
    Abort,
    Assert,
    Comment,
    Commit,
    Condition,
    Delete,
    Insert,
    InsertRows,
    Mutate,
    Mutation,
    Named,
    Operation,
    Result,
    Select,
    Update,
    Wait,
    by_uuid,
)
from pyovn.ovsdb.wire import operation_from_json, operation_to_json, operations_to_json, outcome_from_json
from tests.ovsdb.sample import House, Room, run, sample_database

ID = "550e8400-e29b-41d4-a716-446655440000"
OTHER = "550e8400-e29b-41d4-a716-446655440001"
FAILED = "Parsing ovsdb operation 1 of 1 failed: "


@pytest.mark.parametrize(
    ("json", "details"),
    [
        (3, FAILED + "Object expected."),
        ({}, FAILED + "Required 'op' member is missing."),
        ({"op": 3}, FAILED + "Type mismatch for member 'op'."),
        ({"op": "foo"}, FAILED + 'No operation "foo"'),
        ({"op": "insert", "table": "Castle", "row": {}}, FAILED + "No table named Castle."),
        ({"op": "insert", "table": "House"}, FAILED + "Required 'row' member is missing."),
        ({"op": "insert", "table": "House", "row": {}, "x": 1}, FAILED + "Member 'x' is present but not allowed here."),
        ({"op": "insert", "table": "House", "row": 3}, FAILED + "Type mismatch for member 'row'."),
        ({"op": "insert", "table": "House", "row": {}, "uuid-name": "0"}, FAILED + "Type mismatch for member 'uuid-name'."),
        ({"op": "insert", "table": "House", "row": {}, "uuid": "abc"}, "bad uuid"),
        ({"op": "insert", "table": "House", "row": {"nme": 1}}, "No column nme in table House."),
        ({"op": "insert", "table": "House", "row": {"_uuid": 1}}, 'expected ["uuid", <string>]'),
        ({"op": "select", "table": "House", "where": {}}, FAILED + "Type mismatch for member 'where'."),
        ({"op": "select", "table": "House", "where": [], "columns": ["x"]}, "x is not a valid column name"),
        ({"op": "select", "table": "House", "where": [], "columns": ["name", "name"]}, "array of distinct column names expected"),
        ({"op": "wait", "table": "House", "where": [], "until": "x", "rows": []}, '"until" must be "==" or "!="'),
        ({"op": "comment"}, FAILED + "Required 'comment' member is missing."),
        ({"op": "assert", "lock": "x y"}, FAILED + "Type mismatch for member 'lock'."),
    ],
)
def test_refused(json: Any, details: str) -> None:
    (result,) = run(sample_database(), json)
    assert result["details"] == details


OPERATIONS: list[tuple[Operation, Any]] = [
    (
        Insert(House, {"name": "a", "rooms": (ID, Named("r")), "best": None}, "h", ID),
        {
            "op": "insert",
            "table": "House",
            "row": {"name": "a", "rooms": ["set", [["uuid", ID], ["named-uuid", "r"]]], "best": ["set", []]},
            "uuid-name": "h",
            "uuid": ID,
        },
    ),
    (Select(House, by_uuid(ID)), {"op": "select", "table": "House", "where": [["_uuid", "==", ["uuid", ID]]]}),
    (
        Select(House, [Condition("rooms", "includes", (ID,))], ("name",)),
        {"op": "select", "table": "House", "where": [["rooms", "includes", ["uuid", ID]]], "columns": ["name"]},
    ),
    (
        Update(House, [], {"options": {"a": "b"}}),
        {"op": "update", "table": "House", "where": [], "row": {"options": ["map", [["a", "b"]]]}},
    ),
    (
        Mutate(House, [], [Mutation("rooms", "insert", (ID,)), Mutation("options", "delete", ("a",)), Mutation("height", "+=", 1.5)]),
        {
            "op": "mutate",
            "table": "House",
            "where": [],
            "mutations": [["rooms", "insert", ["uuid", ID]], ["options", "delete", "a"], ["height", "+=", 1.5]],
        },
    ),
    (Delete(Room, [Condition("number", ">", 3)]), {"op": "delete", "table": "Room", "where": [["number", ">", 3]]}),
    (
        Wait(House, [], ("name",), [{"name": "a"}], "!=", 5),
        {"op": "wait", "table": "House", "where": [], "until": "!=", "rows": [{"name": "a"}], "columns": ["name"], "timeout": 5},
    ),
    (Commit(True), {"op": "commit", "durable": True}),
    (Abort(), {"op": "abort"}),
    (Comment("x"), {"op": "comment", "comment": "x"}),
    (Assert("l"), {"op": "assert", "lock": "l"}),
]


def test_rows_inserted_at_once_are_written_one_by_one() -> None:
    rows = [(uuid, tuple({**defaults_of(House), "name": name}.values())) for uuid, name in ((ID, "a"), (OTHER, "b"))]
    assert operations_to_json([InsertRows(House, rows), Abort()]) == [
        {"op": "insert", "table": "House", "row": {"name": "a"}, "uuid": ID},
        {"op": "insert", "table": "House", "row": {"name": "b"}, "uuid": OTHER},
        {"op": "abort"},
    ]


def test_rows_inserted_at_once_have_a_result_each() -> None:
    rows = [(ID, tuple(defaults_of(House).values())), (OTHER, tuple(defaults_of(House).values()))]
    answer = [{"uuid": ["uuid", ID]}, {"uuid": ["uuid", OTHER]}, {"count": 3}]
    outcome = outcome_from_json([InsertRows(House, rows), Delete(House, [])], answer)
    assert outcome.results == [Result(uuid=ID), Result(uuid=OTHER), Result(count=3)]


@pytest.mark.parametrize(("operation", "json"), OPERATIONS)
def test_written_and_read(operation: Operation, json: Any) -> None:
    assert operation_to_json(operation) == json
    read = operation_from_json(sample_database().tables, json, Named, (1, 1))
    assert type(read) is type(operation)
    assert operation_to_json(read) == json


def test_values_that_users_write_loosely() -> None:
    mutate = Mutate(House, [Condition("rooms", "includes", ID)], [Mutation("rooms", "insert", ID), Mutation("options", "delete", "a")])
    assert operation_to_json(mutate) == {
        "op": "mutate",
        "table": "House",
        "where": [["rooms", "includes", ["uuid", ID]]],
        "mutations": [["rooms", "insert", ["uuid", ID]], ["options", "delete", "a"]],
    }


def test_results() -> None:
    asked: list[Operation] = [Insert(House, {}), Select(House, [], ("name", "_uuid")), Comment("x"), Delete(House, [])]
    answer = [{"uuid": ["uuid", ID]}, {"rows": [{"name": "a", "_uuid": ["uuid", ID]}]}, {}, {"error": "aborted", "details": "why"}]
    outcome = outcome_from_json(asked, answer)
    assert outcome.results == [Result(uuid=ID), Result(rows=({"name": "a", "_uuid": ID},)), Result()]
    assert isinstance(outcome.error, OvsdbError) and str(outcome.error) == "aborted: why"
    assert outcome_from_json(asked[:1], answer[:1]).error is None
