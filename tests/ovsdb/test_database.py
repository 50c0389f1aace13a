"""Transactions as a whole: results, roll-back, commits told to journal and listeners, waiting."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.ovsdb.database import Committed, Database
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import Assert, Comment, Commit, Delete, Insert, Named, Update, Wait, by_uuid
from pyovn.ovsdb.wire import transact_json
from tests.ovsdb.sample import House, Room, check_integrity, contents, run, sample_database


def test_a_failed_transaction_changes_nothing_and_nulls_what_did_not_run() -> None:
    database = sample_database()
    run(database, {"op": "insert", "table": "House", "row": {"name": "a"}})
    before = contents(database)
    results = run(
        database,
        {"op": "insert", "table": "House", "row": {"name": "b"}},
        {"op": "update", "table": "House", "where": [], "row": {"height": 3}},
        {"op": "delete", "table": "House", "where": [["name", "==", "a"]]},
        {"op": "insert", "table": "House", "row": {"name": 3}},
        {"op": "comment", "comment": "never"},
    )
    assert results[1:] == [{"count": 2}, {"count": 1}, {"error": "syntax error", "details": "expected string", "syntax": "3"}, None]
    assert contents(database) == before
    check_integrity(database)


def test_an_error_at_commit_is_one_element_more() -> None:
    database = sample_database()
    mill = {"op": "insert", "table": "House", "row": {"name": "mill"}}
    results = run(database, mill, mill)
    assert [set(result) for result in results] == [{"uuid"}, {"uuid"}, {"error", "details"}]
    assert contents(database) == {"House": {}, "Room": {}, "Guest": {}}


def test_a_commit_is_journalled_then_told() -> None:
    database = sample_database()
    heard: list[tuple[str, Committed]] = []
    database.journal = lambda committed: heard.append(("journal", committed))
    database.listeners.append(lambda committed: heard.append(("listener", committed)))
    outcome = database.transact([Insert(House, {"name": "a"}), Comment("one"), Comment("two"), Commit(durable=True)])
    assert outcome is not None and outcome.error is None
    assert [who for who, _ in heard] == ["journal", "listener"]
    committed = heard[0][1]
    assert (committed.comment, committed.durable, len(committed.changes)) == ("one\ntwo", True, 1)
    assert database.last_transaction_id == committed.transaction_id
    heard.clear()
    database.transact([Update(House, [], {"name": "a"})])
    assert not heard


def test_a_journal_that_fails_undoes_the_transaction() -> None:
    database = sample_database()
    told: list[Committed] = []
    database.listeners.append(told.append)

    def fail(committed: Committed) -> None:
        raise OvsdbError("I/O error", "disk: write failed", io_error="No space left on device")

    database.journal = fail
    outcome = database.transact([Insert(House, {"name": "a"})])
    assert outcome is not None and outcome.error is not None and outcome.error.tag == "I/O error"
    assert not told
    assert not database.tables["House"].rows


def test_commits_made_while_told_of_one_are_told_in_order() -> None:
    database = sample_database()
    first: list[str] = []
    second: list[str] = []

    def echo(committed: Committed) -> None:
        name = committed.changes[0].new.name  # type: ignore[union-attr]
        first.append(name)
        if len(name) < 3:
            database.transact([Insert(House, {"name": name + "x"})])

    database.listeners.append(echo)
    database.listeners.append(lambda committed: second.append(committed.changes[0].new.name))  # type: ignore[union-attr]
    database.transact([Insert(House, {"name": "a"})])
    assert first == second == ["a", "ax", "axx"]


@pytest.mark.parametrize(
    ("timeout_ms", "elapsed_ms", "waits", "details"),
    [
        (None, 1e9, True, ""),
        (100, 50, True, ""),
        (100, 101.5, False, '"wait" timed out after 101 ms'),
        (100, float("inf"), False, '"wait" timed out after 100 ms'),
        (0, 0, False, '"where" clause test failed'),
    ],
)
def test_wait(timeout_ms: int | None, elapsed_ms: float, waits: bool, details: str) -> None:
    database = sample_database()
    wait = Wait(House, [], ["name"], [{"name": "a"}], "==", timeout_ms)
    outcome = database.transact([Insert(House, {"name": "b"}), wait], elapsed_ms=elapsed_ms)
    assert (outcome is None) == waits
    assert not database.tables["House"].rows
    if outcome is not None:
        assert outcome.error is not None
        assert (outcome.error.tag, outcome.error.details) == ("timed out", details)


def test_assert_asks_who_holds_the_lock() -> None:
    database = sample_database()
    outcome = database.transact([Assert("l")])
    assert outcome is not None and outcome.error is not None
    assert str(outcome.error) == "not owner: Asserted lock l not held."
    held = database.transact([Assert("l")], holds_lock=lambda name: name == "l")
    assert held is not None and held.error is None


def test_apply_refuses_what_has_no_integrity() -> None:
    database = sample_database()
    data = database.tables["House"]
    with pytest.raises(OvsdbError, match="references nonexistent row"):
        database.apply([(data, "u", House("u", rooms=("nowhere",)))])
    assert not data.rows


def test_names_may_be_used_before_their_row_is_inserted() -> None:
    database = sample_database()
    outcome = database.transact([Insert(House, {"name": "a", "rooms": (Named("r"),)}), Insert(Room, {"number": 1}, uuid_name="r")])
    assert outcome is not None and outcome.error is None
    (house,) = database.tables["House"].rows.values()
    assert getattr(house, "rooms") == (outcome.results[1].uuid,)  # noqa: B009
    database.transact([Delete(House, by_uuid(house.uuid))])
    assert not database.tables["Room"].rows


# Random transactions: integrity always holds, what fails changes nothing.

NAMES = st.sampled_from(["a", "b", "c"])


def sets(atoms: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[Any]:
    """The JSON of sets of at most so many atoms."""
    return st.lists(atoms, max_size=most, unique_by=str).map(lambda held: ["set", held])


def row_strategies(ref: st.SearchStrategy[Any]) -> dict[str, dict[str, st.SearchStrategy[Any]]]:
    """What a row of each table may say, given references."""
    by_floor = st.dictionaries(st.integers(0, 2), ref, max_size=2)
    return {
        "House": {
            "name": NAMES,
            "rooms": sets(ref, 3),
            "best": sets(ref, 1),
            "friends": sets(ref, 3),
            "by_floor": by_floor.map(lambda held: ["map", [list(pair) for pair in held.items()]]),
        },
        "Room": {"next": sets(ref, 1), "ports": st.just(["set", [1, 2]])},
        "Guest": {"first": NAMES, "last": NAMES, "host": sets(ref, 1), "must": ref},
    }


@st.composite
def operations(draw: st.DrawFn) -> dict[str, Any]:
    """An operation on the sample schema, with references to rows that are there, were there, or come in the same transaction."""
    uuid = st.integers(1, 30).map(lambda number: ["uuid", f"00000000-0000-0000-0000-{number:012x}"])
    ref = uuid | NAMES.map(lambda name: ["named-uuid", name])
    refs = sets(ref, 3)
    table = draw(st.sampled_from(["House", "Room", "Guest"]))
    row = draw(st.fixed_dictionaries({}, optional=row_strategies(ref)[table]))
    where = draw(st.sampled_from([[], [["_uuid", "==", draw(uuid)]], [["_uuid", "!=", draw(uuid)]]]))
    kind = draw(st.sampled_from(["insert", "insert", "insert", "update", "delete", "mutate"]))
    if kind == "insert":
        return {"op": "insert", "table": table, "row": row, "uuid-name": draw(NAMES)}
    if kind == "update":
        return {"op": "update", "table": table, "where": where, "row": row}
    if kind == "delete":
        return {"op": "delete", "table": table, "where": where}
    mutator = draw(st.sampled_from(["insert", "delete"]))
    return {"op": "mutate", "table": "House", "where": where, "mutations": [["rooms", mutator, draw(refs)]]}


@settings(deadline=None, max_examples=150)
@given(st.lists(st.lists(operations(), min_size=1, max_size=4), max_size=6))
def test_integrity_holds_whatever_comes(transactions: list[list[dict[str, Any]]]) -> None:
    database = sample_database()
    database.tables["House"].find("height", 0.0)
    for transaction in transactions:
        check_transaction(database, transaction)


def check_transaction(database: Database, transaction: list[dict[str, Any]]) -> None:
    """Run it: afterwards integrity holds, the changes told are the difference, and a failure changed nothing."""
    before = contents(database)
    told: list[Committed] = []
    database.listeners[:] = [told.append]
    results = transact_json(database, transaction)
    assert results is not None
    after = contents(database)
    check_integrity(database)
    if any(result is None or "error" in result for result in results):
        assert after == before
        assert not told
    different = {
        uuid for name in before for uuid in before[name].keys() | after[name].keys() if before[name].get(uuid) != after[name].get(uuid)
    }
    assert {change.uuid for committed in told for change in committed.changes} == different
