"""What mutations make of columns."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.mutation import mutated, mutation_from_json, settle_mutation
from pyovn.ovsdb.operation import Mutation
from pyovn.ovsdb.schema import BaseType, Type
from tests.ovsdb.sample import House, Room

INTEGER, REAL = Type(BaseType("integer")), Type(BaseType("real"))
SMALL = Type(BaseType("integer", low=0, high=2))
SET = Type(BaseType("integer"), min=1, max=3)
MAYBE = Type(BaseType("integer"), min=0)
MAP = Type(BaseType("string"), BaseType("string"), 0, None)
HIGHEST, LOWEST = 2**63 - 1, -(2**63)


@pytest.mark.parametrize(
    ("type_", "held", "mutator", "operand", "result"),
    [
        (INTEGER, 1, "+=", 2, 3),
        (INTEGER, 1, "-=", 2, -1),
        (INTEGER, -7, "/=", 2, -3),
        (INTEGER, -7, "%=", 2, -1),
        (INTEGER, 7, "%=", -2, 1),
        (INTEGER, 3, "*=", 3, 9),
        (REAL, 1.5, "/=", 0.5, 3.0),
        (SET, (1, 2), "+=", 1, (2, 3)),
        (SET, (1, 2), "insert", (0,), (0, 1, 2)),
        (SET, (1, 2), "delete", (2, 9), (1,)),
        (MAYBE, None, "insert", (4,), 4),
        (MAYBE, 4, "delete", (4,), None),
        (MAYBE, None, "+=", 1, None),
        (MAP, {"b": "1"}, "insert", {"a": "2", "b": "9"}, {"a": "2", "b": "1"}),
        (MAP, {"a": "2", "b": "1"}, "delete", ("a", "x"), {"b": "1"}),
        (MAP, {"a": "2", "b": "1"}, "delete", {"a": "2", "b": "9"}, {"b": "1"}),
    ],
)
def test_mutated(type_: Type, held: Any, mutator: str, operand: Any, result: Any) -> None:
    after = mutated(type_, held, Mutation("c", mutator, operand))
    assert after == result
    assert type(after) is type(result)


@pytest.mark.parametrize(
    ("type_", "held", "mutator", "operand", "complaint"),
    [
        (INTEGER, HIGHEST, "+=", 1, 'range error: Result of "+=" operation is out of range.'),
        (INTEGER, LOWEST, "/=", -1, 'range error: Result of "/=" operation is out of range.'),
        (INTEGER, 1, "/=", 0, "domain error: Division by zero."),
        (INTEGER, 1, "%=", 0, "domain error: Division by zero."),
        (REAL, 1.0, "/=", 0.0, "domain error: Division by zero."),
        (REAL, 1e308, "*=", 1e308, 'range error: Result of "*=" operation is out of range.'),
        (SMALL, 2, "+=", 1, "constraint violation: 3 is not in the valid range 0 to 2 (inclusive)"),
        (SET, (1, 2), "/=", 3, 'constraint violation: Result of "/=" operation contains duplicates.'),
        (SET, (1,), "delete", (1,), "constraint violation: Attempted to store 0 elements in set of 1 to 3 integers."),
        (SET, (1, 2, 3), "insert", (4,), "constraint violation: Attempted to store 4 elements in set of 1 to 3 integers."),
        (MAYBE, 1, "insert", (2,), "constraint violation: Attempted to store 2 elements in set of up to 1 integers."),
    ],
)
def test_refused(type_: Type, held: Any, mutator: str, operand: Any, complaint: str) -> None:
    with pytest.raises(OvsdbError) as refusal:
        mutated(type_, held, Mutation("c", mutator, operand))
    assert str(refusal.value) == complaint


@pytest.mark.parametrize(
    ("json", "mutation"),
    [
        (["height", "+=", 1], Mutation("height", "+=", 1.0)),
        (["options", "insert", ["map", [["a", "b"]]]], Mutation("options", "insert", {"a": "b"})),
        (["options", "delete", ["map", [["a", "b"]]]], Mutation("options", "delete", {"a": "b"})),
        (["options", "delete", ["set", ["b", "a"]]], Mutation("options", "delete", ("a", "b"))),
        (["options", "delete", "a"], Mutation("options", "delete", ("a",))),
    ],
)
def test_from_json(json: Any, mutation: Mutation) -> None:
    assert mutation_from_json(House, json) == mutation


@pytest.mark.parametrize(
    ("json", "complaint"),
    [
        (3, 'syntax "3": syntax error: Parse error in mutation.'),
        (["nme", "+=", 1], 'syntax "["nme","+=",1]": unknown column: No column nme in table Room.'),
        (["ports", "=>", 1], "unknown mutator: No mutator named =>."),
        (["number", "+=", 1], 'syntax "["number","+=",1]": constraint violation: Cannot mutate immutable column number in table Room.'),
        (
            ["label", "+=", "a"],
            'syntax "["label","+=","a"]": syntax error: Type mismatch: "+=" operator may not be applied '
            "to column label of type set of up to 1 strings.",
        ),
    ],
)
def test_refused_json(json: Any, complaint: str) -> None:
    with pytest.raises(OvsdbError) as refusal:
        mutation_from_json(Room, json)
    assert str(refusal.value) == complaint


@pytest.mark.parametrize(
    ("mutation", "settled"),
    [
        (Mutation("ports", "insert", 3), Mutation("ports", "insert", (3,))),
        (Mutation("ports", "insert", [3, 1]), Mutation("ports", "insert", (1, 3))),
        (Mutation("ports", "+=", 3), Mutation("ports", "+=", 3)),
    ],
)
def test_mutations_of_this_process_are_settled(mutation: Mutation, settled: Mutation) -> None:
    assert settle_mutation(Room, mutation, None) == settled


def test_pairs_to_delete() -> None:
    assert settle_mutation(House, Mutation("options", "delete", {"b": "1"}), None).value == {"b": "1"}
