"""Finding rows without looking at each."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.ovsdb.operation import Condition, Insert
from pyovn.ovsdb.tabledata import TableData
from tests.ovsdb.sample import Guest, House, check_integrity, sample_database

COUNT = 100


def houses() -> TableData:
    """A hundred houses, and a guest for none of them."""
    database = sample_database()
    outcome = database.transact([Insert(House, {"name": f"h{i}", "height": i % 10, "options": {f"k{i % 4}": "v"}}) for i in range(COUNT)])
    assert outcome is not None and outcome.error is None
    check_integrity(database)
    return database.tables["House"]


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ([], COUNT),
        ([Condition("name", "==", "h7")], 1),
        ([Condition("name", "==", "none")], 0),
        ([Condition("name", "==", "h7"), Condition("height", "<", 5.0)], 0),
        ([Condition("height", "==", 3.0)], 10),
        ([Condition("height", "==", 3.0), Condition("name", "!=", "h3")], 9),
        ([Condition("options", "includes", {"k1": "v"})], 25),
        ([Condition("options", "includes", {"k1": "w"})], 0),
        ([Condition("rooms", "includes", ())], COUNT),
        ([Condition("_uuid", "==", "none")], 0),
    ],
)
def test_matching(where: list[Any], count: int) -> None:
    data = houses()
    assert len(data.matching(where)) == count
    assert len(data.matching(where)) == count


def test_an_index_made_on_demand_stays_true() -> None:
    database = sample_database()
    data = database.tables["House"]
    assert data.find("height", 1.0) == ()
    database.transact([Insert(House, {"name": "a", "height": 1.0, "options": {"k": "v"}})])
    (uuid,) = data.rows
    assert data.find("height", 1.0) == data.find_holding("options", "k") == (uuid,)
    check_integrity(database)


def test_a_schema_index_of_several_columns() -> None:
    database = sample_database()
    database.transact([Insert(House, {"name": "a"}, "h", "00000000-0000-0000-0000-00000000000a")])
    must = ("00000000-0000-0000-0000-00000000000a",)
    database.transact([Insert(Guest, {"first": "f", "last": last, "must": must}) for last in "xy"])
    (uuid,) = database.tables["Guest"].unique["first", "last"].find(("f", "y"))
    assert database.tables["Guest"].rows[uuid].last == "y"  # type: ignore[attr-defined]
