"""Which rows a condition means."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.ovsdb import condition as conditions
from pyovn.ovsdb.condition import ALWAYS, NEVER, condition_from_json, settle_condition
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import Condition
from tests.ovsdb.sample import House, Room

A, B = "aaaaaaaa-0000-0000-0000-000000000001", "bbbbbbbb-0000-0000-0000-000000000001"
HOUSE = House(A, name="mill", height=2.5, rooms=(A, B), best=A, options={"k": "v", "x": "y"}, seen=7)
ROOM = Room(B, number=3, label=None, ports=(1, 2))


@pytest.mark.parametrize(
    ("row", "json", "holds"),
    [
        (HOUSE, True, True),
        (HOUSE, False, False),
        (HOUSE, ["_uuid", "==", ["uuid", A]], True),
        (HOUSE, ["_uuid", "!=", ["uuid", A]], False),
        (HOUSE, ["name", "==", "mill"], True),
        (HOUSE, ["name", "!=", "mill"], False),
        (HOUSE, ["name", "includes", "mill"], True),
        (HOUSE, ["name", "excludes", "mill"], False),
        (HOUSE, ["height", "<", 3], True),
        (HOUSE, ["height", ">=", 2.5], True),
        (HOUSE, ["height", ">", 2.5], False),
        (HOUSE, ["rooms", "==", ["set", [["uuid", B], ["uuid", A]]]], True),
        (HOUSE, ["rooms", "includes", ["uuid", B]], True),
        (HOUSE, ["rooms", "includes", ["set", []]], True),
        (HOUSE, ["rooms", "excludes", ["uuid", B]], False),
        (HOUSE, ["best", "includes", ["uuid", A]], True),
        (HOUSE, ["best", "includes", ["set", []]], True),
        (HOUSE, ["best", "excludes", ["set", [["uuid", A], ["uuid", B]]]], False),
        (HOUSE, ["options", "includes", ["map", [["k", "v"]]]], True),
        (HOUSE, ["options", "includes", ["map", [["k", "w"]]]], False),
        (HOUSE, ["options", "excludes", ["map", [["k", "w"]]]], True),
        (HOUSE, ["options", "excludes", ["map", [["k", "v"]]]], False),
        (ROOM, ["label", "==", ["set", []]], True),
        (ROOM, ["label", "excludes", "x"], True),
        (ROOM, ["ports", "excludes", ["set", [3, 4]]], True),
    ],
)
def test_a_row_meets_it_or_not(row: Any, json: Any, holds: bool) -> None:
    assert conditions.test_of(type(row), condition_from_json(type(row), json))(row) is holds


@pytest.mark.parametrize(
    ("json", "complaint"),
    [
        (["name", "=="], 'syntax "["name","=="]": syntax error: Parse error in condition.'),
        (3, 'syntax "3": syntax error: Parse error in condition.'),
        (["nme", "==", 1], 'syntax "["nme","==",1]": unknown column: No column nme in table House.'),
        (["name", "=~", 1], "unknown function: No function named =~."),
        (["name", "==", 3], 'syntax "3": syntax error: expected string'),
        (
            ["name", "<", "a"],
            'syntax "["name","<","a"]": syntax error: Type mismatch: "<" operator may not be applied to column name of type string.',
        ),
        (
            ["rooms", "<", 1],
            'syntax "["rooms","<",1]": syntax error: Type mismatch: "<" operator may not be applied to column rooms of type set of uuids.',
        ),
    ],
)
def test_refused(json: Any, complaint: str) -> None:
    with pytest.raises(OvsdbError) as refusal:
        condition_from_json(House, json)
    assert str(refusal.value) == complaint


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Condition("rooms", "includes", A), True),
        (Condition("rooms", "==", [B, A]), True),
        (Condition("options", "includes", {"k": "v"}), True),
        (Condition("best", "==", None), False),
        (Condition("height", "<=", 3), True),
        (ALWAYS, True),
        (NEVER, False),
    ],
)
def test_conditions_of_this_process_are_settled(condition: Condition, holds: bool) -> None:
    assert conditions.test_of(House, settle_condition(House, condition, None))(HOUSE) is holds


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(OvsdbError, match="No column nme in table House"):
        settle_condition(House, Condition("nme", "==", 1), None)
