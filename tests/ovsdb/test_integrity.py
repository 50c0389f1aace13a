"""References, garbage, uniqueness and numbers of rows when a transaction ends."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.ovsdb.sample import check_integrity, run, sample_database


def insert(table: str, called: str, /, **row: Any) -> dict[str, Any]:
    """An insertion under a name."""
    return {"op": "insert", "table": table, "row": row, "uuid-name": called}


def update(table: str, where: list[Any], **row: Any) -> dict[str, Any]:
    """An update of the rows that match."""
    return {"op": "update", "table": table, "where": where, "row": row}


def delete(table: str, *where: list[Any]) -> dict[str, Any]:
    """A deletion of the rows that match."""
    return {"op": "delete", "table": table, "where": list(where)}


def named(name: str) -> list[str]:
    """A reference to a row of the same transaction."""
    return ["named-uuid", name]


NOWHERE = ["uuid", "99999999-9999-9999-9999-999999999999"]
EMPTY: list[Any] = ["set", []]
HELD = [insert("House", "h", name="h", rooms=named("r")), insert("Room", "r", number=1)]
GUEST = [insert("House", "h", name="h"), insert("Guest", "g", first="f", last="l", host=named("h"), must=named("h"))]


@pytest.mark.parametrize(
    ("transactions", "left"),
    [
        ([[insert("Room", "r", number=1)]], {}),
        ([HELD], {"House": 1, "Room": 1}),
        ([HELD, [update("House", [], rooms=EMPTY)]], {"House": 1}),
        ([HELD, [delete("House")]], {}),
        ([[insert("Room", "r", next=named("r"))]], {}),
        ([[insert("Room", "r", next=named("s")), insert("Room", "s", next=named("r"))]], {"Room": 2}),
        ([[insert("Room", "r", next=named("s")), insert("Room", "s", next=named("t")), insert("Room", "t")]], {}),
        ([[insert("House", "h", best=named("r")), insert("Room", "r")]], {"House": 1}),
        ([[insert("House", "h", by_floor=["map", [[1, named("r")]]]), insert("Room", "r")]], {"House": 1, "Room": 1}),
        ([[insert("House", "h", name="h", friends=["set", [named("h"), NOWHERE]])]], {"House": 1}),
    ],
)
def test_what_is_left(transactions: list[list[Any]], left: dict[str, int]) -> None:
    database = sample_database()
    for transaction in transactions:
        assert not any("error" in result for result in run(database, *transaction))
        check_integrity(database)
    assert {name: len(data.rows) for name, data in database.tables.items() if data.rows} == left


def test_weak_references_vanish_with_their_row() -> None:
    database = sample_database()
    run(database, *GUEST, insert("House", "i", name="i", friends=["set", [named("h"), named("i")]]))
    results = run(database, update("Guest", [], must=["set", []]))
    assert results[0]["details"] == "set must have 1 to 4294967295 members but 0 are present"
    assert run(database, delete("Guest"), delete("House", ["name", "==", "h"])) == [{"count": 1}, {"count": 1}]
    (house,) = database.tables["House"].rows.values()
    assert getattr(house, "friends") == (house.uuid,)  # noqa: B009


@pytest.mark.parametrize(
    ("before", "transaction", "details"),
    [
        ([], [insert("House", "h", rooms=NOWHERE)],
         r"Table House column rooms row \S{36} references nonexistent row 99999999-\S+ in table Room\."),
        ([], [insert("House", "h", rooms=named("x"))],
         r"Table House column rooms row \S{36} references nonexistent row \S{36} in table Room\."),
        (HELD, [delete("Room")], r"cannot delete Room row \S{36} because of 1 remaining reference\(s\)"),
        (GUEST, [delete("House")],
         r'Deletion of 1 weak reference\(s\) to deleted \(or never-existing\) rows from column "must" in "Guest" row \S{36} '
         r"caused this column to become empty, but constraints on this column disallow an empty column\."),
        ([], [insert("Guest", "g")],
         r'Weak reference column "must" in "Guest" row \S{36} \(inserted within this transaction\) contained all-zeros UUID .*'),
        ([], [insert("House", "h", name="a"), insert("House", "i", name="a")],
         r'Transaction causes multiple rows in "House" table to have identical values \(a\) for index on column "name"\.  First row, '
         r"with UUID \S{36}, was inserted by this transaction\.  Second row, with UUID \S{36}, was inserted by this transaction\."),
        ([insert("House", "h", name="a")], [insert("House", "i", name="a")],
         r".*First row, with UUID \S{36}, existed in the database before this transaction and was not modified by the transaction\..*"),
        ([insert("House", "h", name="a"), insert("House", "i", name="b")], [update("House", [], name="c")],
         r".*had the following index values before the transaction: [ab]\.  Second.*before the transaction: [ab]\."),
        (GUEST, [insert("Guest", "x", first="f", last="l", must=["uuid", "00000000-0000-0000-0000-000000000002"])],
         r'.*identical values \(f and l\) for index on columns "first" and "last"\..*'),
        (GUEST, [insert("Guest", name, first=name, must=["uuid", "00000000-0000-0000-0000-000000000002"]) for name in "abc"],
         r'transaction causes "Guest" table to contain 4 rows, greater than the schema-defined limit of 3 row\(s\)'),
    ],
)  # fmt: skip
def test_refused(before: list[Any], transaction: list[Any], details: str) -> None:
    database = sample_database()
    run(database, *before)
    rows = {name: dict(data.rows) for name, data in database.tables.items()}
    results = run(database, *transaction)
    assert len(results) == len(transaction) + 1
    assert re.fullmatch(details, results[-1]["details"]), results[-1]
    assert {name: dict(data.rows) for name, data in database.tables.items()} == rows
    check_integrity(database)


def test_index_values_may_move_within_a_transaction() -> None:
    database = sample_database()
    run(database, insert("House", "h", name="a", height=1), insert("House", "i", name="b", height=2))
    swap = [update("House", [["height", "==", 1]], name="b"), update("House", [["height", "==", 2]], name="a")]
    assert run(database, *swap) == [{"count": 1}, {"count": 1}]
    assert run(database, delete("House", ["name", "==", "a"]), insert("House", "j", name="a"))[0] == {"count": 1}
    check_integrity(database)


def test_a_row_that_ends_as_it_began_was_not_changed() -> None:
    database = sample_database()
    run(database, insert("House", "h", name="a"))
    (row,) = database.tables["House"].rows.values()
    run(database, update("House", [], name="b"), update("House", [], name="a"))
    assert tuple(database.tables["House"].rows.values()) == (row,)
