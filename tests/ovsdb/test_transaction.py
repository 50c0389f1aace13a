"""Each operation of RFC 7047 5.2, one at a time."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.ovsdb.declare import defaults_of
from pyovn.ovsdb.operation import InsertRows
from pyovn.ovsdb.row import columns_of
from tests.ovsdb.sample import House, run, sample_database

ID = "550e8400-e29b-41d4-a716-446655440000"
OTHER = "550e8400-e29b-41d4-a716-446655440001"
FIRST, SECOND = ("00000000-0000-0000-0000-000000000002", "00000000-0000-0000-0000-000000000003")
MILL = {"op": "insert", "table": "House", "row": {"name": "mill", "options": ["map", [["a", "1"]]]}}
BARN = {"op": "insert", "table": "House", "row": {"name": "barn", "height": 2}}
SELECT = {"op": "select", "table": "House", "where": [], "columns": ["name"]}
DUPLICATE = "This UUID would duplicate a UUID already present within the table or deleted within the same transaction."


@pytest.mark.parametrize(
    ("operations", "results"),
    [
        ([MILL], [{"uuid": ["uuid", FIRST]}]),
        ([{**MILL, "uuid": ID.upper()}], [{"uuid": ["uuid", ID]}]),
        ([{**MILL, "uuid": ID, "uuid-name": "x"}, {"op": "delete", "table": "House", "where": [["_uuid", "==", ["named-uuid", "x"]]]}],
         [{"uuid": ["uuid", ID]}, {"count": 1}]),
        ([{**MILL, "uuid": ID}, {**BARN, "uuid": ID}],
         [{"uuid": ["uuid", ID]}, {"error": "duplicate uuid", "details": DUPLICATE, "syntax": f'"{ID}"'}]),
        ([{**MILL, "uuid": ID}, {"op": "delete", "table": "House", "where": []}, {**BARN, "uuid": ID}],
         [{"uuid": ["uuid", ID]}, {"count": 1}, {"error": "duplicate uuid", "details": DUPLICATE, "syntax": f'"{ID}"'}]),
        ([{**MILL, "uuid-name": "x"}, {**BARN, "uuid-name": "x"}],
         [{"uuid": ["uuid", FIRST]}, {"error": "duplicate uuid-name", "syntax": '"x"',
                                      "details": 'This "uuid-name" appeared on an earlier "insert" operation.'}]),
        ([MILL, BARN, SELECT], [{"uuid": ["uuid", FIRST]}, {"uuid": ["uuid", SECOND]}, {"rows": [{"name": "mill"}, {"name": "barn"}]}]),
        ([MILL, {**SELECT, "where": [["name", "==", "barn"]]}], [{"uuid": ["uuid", FIRST]}, {"rows": []}]),
        ([MILL, {**SELECT, "columns": ["_uuid", "_version"]}],
         [{"uuid": ["uuid", FIRST]}, {"rows": [{"_uuid": ["uuid", FIRST], "_version": ["uuid", "00000000-0000-4000-8000-000000000003"]}]}]),
        ([MILL, {"op": "update", "table": "House", "where": [], "row": {"name": "hut"}}, SELECT],
         [{"uuid": ["uuid", FIRST]}, {"count": 1}, {"rows": [{"name": "hut"}]}]),
        ([MILL, {"op": "mutate", "table": "House", "where": [], "mutations": [["height", "+=", 2], ["height", "*=", 3]]},
          {**SELECT, "columns": ["height"]}], [{"uuid": ["uuid", FIRST]}, {"count": 1}, {"rows": [{"height": 6}]}]),
        ([MILL, {"op": "mutate", "table": "House", "where": [], "mutations": []}], [{"uuid": ["uuid", FIRST]}, {"count": 1}]),
        ([MILL, {"op": "delete", "table": "House", "where": []}, SELECT], [{"uuid": ["uuid", FIRST]}, {"count": 1}, {"rows": []}]),
        ([MILL, {"op": "abort"}, SELECT], [{"uuid": ["uuid", FIRST]}, {"error": "aborted", "details": "aborted by request"}, None]),
        ([{"op": "comment", "comment": "x"}, {"op": "commit", "durable": True}], [{}, {}]),
        ([{"op": "assert", "lock": "x"}], [{"error": "not owner", "details": "Asserted lock x not held."}]),
        ([{"op": "update", "table": "Room", "where": [], "row": {"number": 1}}],
         [{"error": "constraint violation", "details": "Cannot update immutable column number in table Room.",
           "syntax": '{"op":"update","row":{"number":1},"table":"Room","where":[]}'}]),
    ],
)  # fmt: skip
def test_operations(operations: list[Any], results: list[Any]) -> None:
    assert run(sample_database(), *operations) == results


WAIT = {"op": "wait", "table": "House", "where": [], "timeout": 0}
FAILED = {"error": "timed out", "details": '"where" clause test failed'}


@pytest.mark.parametrize(
    ("columns", "until", "rows", "answer"),
    [
        (["name"], "==", [{"name": "barn"}, {"name": "mill"}], {}),
        (["name"], "==", [{"name": "mill"}], FAILED),
        (["name"], "==", [{"name": "mill"}, {"name": "barn"}, {"name": "hut"}], FAILED),
        (["name"], "!=", [{"name": "mill"}], {}),
        (["name"], "!=", [{"name": "barn"}, {"name": "mill"}], FAILED),
        (["height"], "==", [{"height": 2}, {}], {}),
        (None, "!=", [{"name": "mill"}, {"name": "barn"}], {}),
        (["_uuid"], "==", [{"_uuid": ["uuid", FIRST]}, {"_uuid": ["uuid", SECOND]}], {}),
    ],
)
def test_wait(columns: list[str] | None, until: str, rows: list[Any], answer: Any) -> None:
    wait = {**WAIT, "until": until, "rows": rows} | ({} if columns is None else {"columns": columns})
    assert run(sample_database(), MILL, BARN, wait)[2] == answer


def test_a_selection_may_be_sorted() -> None:
    database = sample_database()
    for name, height, colour in (("b", 1.0, "red"), ("a", 2.0, "red"), ("c", 0.5, None)):
        run(database, {"op": "insert", "table": "House", "row": {"name": name, "height": height, **({"colour": colour} if colour else {})}})
    select = {"op": "select", "table": "House", "where": [], "columns": ["name"]}
    for sort, order in ((["name"], "abc"), (["height"], "cba"), (["colour", "name"], "cab"), ([], "bac")):
        ((answer,)) = run(database, {**select, "sort": sort})
        assert [row["name"] for row in answer["rows"]] == list(order)
    assert "error" in run(database, {**select, "sort": ["nonsense"]})[0]


def test_every_row_of_a_commit_has_a_version_of_its_own_which_changes_with_it() -> None:
    database = sample_database()
    run(database, *({"op": "insert", "table": "House", "row": {"name": name}} for name in "ab"))
    select = {"op": "select", "table": "House", "where": [], "columns": ["_version"]}
    seen = set()
    for _ in range(2):
        (answer,) = run(database, select)
        seen |= {row["_version"][1] for row in answer["rows"]}
        run(database, {"op": "update", "table": "House", "where": [["name", "==", "a"]], "row": {"height": 1.0}})
    assert len(seen) == 3
    (answer,) = run(database, {**select, "where": [["name", "==", "b"]]})
    assert run(database, {**select, "where": [["_version", "==", answer["rows"][0]["_version"]]]}) == [answer]


def test_finished_rows_are_taken_as_they_are_but_not_twice() -> None:
    database = sample_database()
    values = tuple({**defaults_of(House), "name": "mill", "options": {"a": "1"}}.values())
    outcome = database.transact([InsertRows(House, [(ID, values)])])
    assert outcome is not None and outcome.error is None
    row = database.tables["House"].rows[ID]
    assert columns_of(row) == values and row.version == database.last_transaction_id
    outcome = database.transact([InsertRows(House, [(OTHER, values), (ID, values)])])
    assert outcome is not None and outcome.error is not None and outcome.error.tag == "duplicate uuid"
    assert [*database.tables["House"].rows] == [ID]


def test_a_finished_row_may_refer_to_no_row_that_is_not_there() -> None:
    database = sample_database()
    outcome = database.transact([InsertRows(House, [(ID, tuple({**defaults_of(House), "name": "mill", "rooms": (SECOND,)}.values()))])])
    assert outcome is not None and outcome.error is not None and outcome.error.tag == "referential integrity violation"
    assert not database.tables["House"].rows
