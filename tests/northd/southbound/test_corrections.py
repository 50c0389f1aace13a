"""What is said of a row that differs: sets whole, or what comes and goes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.northd.southbound.corrections import LARGE, corrections
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.operation import Insert, Mutate, Mutation, Operation, Update, by_uuid
from pyovn.schemas import sb

ROW = "00000000-0000-4000-8000-000000000001"
MANY = tuple(f"10.0.0.{number}" for number in range(10, 10 + LARGE))


def said(before: dict[str, Any], wanted: dict[str, Any]) -> list[Operation]:
    """The corrections of an address set."""
    return list(corrections(sb.AddressSet, ROW, before, wanted))


@pytest.mark.parametrize(
    ("before", "wanted", "whole", "mutations"),
    [
        ((), MANY, MANY, []),
        (MANY, MANY[1:], MANY[1:], []),
        (MANY, (*MANY, "2.0.0.1"), None, [Mutation("addresses", "insert", ("2.0.0.1",))]),
        ((*MANY, "2.0.0.1"), MANY, None, [Mutation("addresses", "delete", ("2.0.0.1",))]),
        (
            (*MANY, "2.0.0.1"), (*MANY, "2.0.0.2"), None,
            [Mutation("addresses", "delete", ("2.0.0.1",)), Mutation("addresses", "insert", ("2.0.0.2",))],
        ),
    ],
    ids=["most comes", "a small set", "one comes", "one goes", "one comes for another"],
)  # fmt: skip
def test_sets(before: tuple[str, ...], wanted: tuple[str, ...], whole: object, mutations: list[Mutation]) -> None:
    update = [] if whole is None else [Update(sb.AddressSet, by_uuid(ROW), {"addresses": whole})]
    assert said({"addresses": before}, {"addresses": wanted}) == update + (
        [Mutate(sb.AddressSet, by_uuid(ROW), mutations)] if mutations else []
    )


def test_of_several_columns_each_is_said_in_its_way() -> None:
    found = said({"name": "a", "addresses": MANY}, {"name": "b", "addresses": (*MANY, "2.0.0.1")})
    assert [type(operation) for operation in found] == [Update, Mutate]


def test_what_does_not_differ_is_not_said() -> None:
    assert said({}, {}) == []


addresses = st.sets(st.integers(1, 60).map(lambda number: f"10.0.0.{number}")).map(lambda found: tuple(sorted(found)))


@given(before=addresses, wanted=addresses)
def test_the_row_is_what_is_wanted(before: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    database = Database(schema_of(sb), tables_of(sb), lambda: ROW)
    database.transact([Insert(sb.AddressSet, {"name": "a", "addresses": before}, uuid=ROW)])
    database.transact(said({"addresses": before}, {"addresses": wanted}))
    row = database.tables["Address_Set"].rows[ROW]
    assert isinstance(row, sb.AddressSet)
    assert row.addresses == wanted
