"""A replica against our server, bytes handed across: what it holds, what it hears, how it comes back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.ovsdb.copy import Interest
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.operation import EVERY, Condition, Delete, Insert, Mutate, Mutation, Named, Operation, Update, by_uuid
from pyovn.ovsdb.replica import Replica
from pyovn.ovsdb.row import Table, values_of
from pyovn.schemas import nb, sb
from tests.ovsdb.wires import Wire, empty_database, new_server

SWITCH, PORT = nb.LogicalSwitch, nb.LogicalSwitchPort


def pair(database: Database, *, remembers: bool = False, **how: Any) -> Wire:
    """A replica of the database, connected and synced."""
    wire = Wire(Replica(nb, ["unix:a"], **how), {"unix:a": new_server(database, remembers=remembers)})
    wire.run()
    return wire


def commit(database: Database, *operations: Operation) -> None:
    outcome = database.transact(list(operations))
    assert outcome is not None and outcome.error is None, outcome


def switch_with_port(name: str) -> list[Operation]:
    return [
        Insert(PORT, {"name": f"{name}-1", "addresses": ("unknown",), "options": {"a": "1", "b": "2"}}, uuid_name="p"),
        Insert(SWITCH, {"name": name, "ports": (Named("p"),)}),
    ]


def same(replica: Replica, database: Database) -> bool:
    """Whether the copy is the database."""
    for table in (SWITCH, PORT, nb.NBGlobal):
        copied = {uuid: values_of(row) for uuid, row in replica.rows(table).items()}
        if copied != {uuid: values_of(row) for uuid, row in database.tables[table.__table__].rows.items()}:
            return False
    return True


def test_the_first_changes_are_every_row_as_new() -> None:
    database = empty_database()
    commit(database, *switch_with_port("a"))
    wire = pair(database)
    changes = wire.replica.take_changes()
    assert wire.replica.synced
    assert {(change.table, change.old) for change in changes} == {(SWITCH, None), (PORT, None)}
    assert wire.replica.take_changes() == []
    assert same(wire.replica, database)


def test_a_commit_arrives_as_the_change_that_it_was() -> None:
    database = empty_database()
    wire = pair(database)
    commit(database, *switch_with_port("a"))
    wire.run()
    (port,) = wire.replica.rows(PORT).values()
    wire.replica.take_changes()
    commit(database, Mutate(PORT, EVERY, [Mutation("options", "delete", ("a",)), Mutation("options", "insert", {"c": "3"})]))
    wire.run()
    (change,) = wire.replica.take_changes()
    assert (change.table, change.uuid, change.old) == (PORT, port.uuid, port)
    assert change.new is not None and change.new.options == {"b": "2", "c": "3"}  # type: ignore[attr-defined]


def test_a_transaction_of_the_replica_is_answered_after_its_changes() -> None:
    database = empty_database()
    wire = pair(database)
    pending = wire.replica.transact(switch_with_port("a"))
    assert not pending.done
    wire.run()
    assert pending.done and pending.error is None
    assert [result.uuid for result in pending.results] == [*wire.replica.rows(PORT), *wire.replica.rows(SWITCH)]


def test_a_refused_transaction_says_why() -> None:
    database = empty_database()
    wire = pair(database)
    pending = wire.replica.transact([Insert(nb.NBGlobal, {}), Insert(nb.NBGlobal, {})])
    wire.run()
    assert pending.done and pending.error is not None and pending.error.tag == "constraint violation"


def test_find_goes_by_value() -> None:
    database = empty_database()
    commit(database, *switch_with_port("a"), *[Insert(SWITCH, {"name": "b"})])
    wire = pair(database)
    assert [row.name for row in wire.replica.find(SWITCH, "name", "b")] == ["b"]
    assert list(wire.replica.find(PORT, "name", "none")) == []


@pytest.mark.parametrize("remembers", [True, False])
@pytest.mark.parametrize("meanwhile", [0, 1, 3])
def test_after_a_break_only_what_was_missed_is_heard(meanwhile: int, remembers: bool) -> None:
    database = empty_database()
    commit(database, *switch_with_port("a"))
    wire = pair(database, remembers=remembers)
    wire.replica.take_changes()
    before = dict(wire.replica.rows(SWITCH))
    wire.cut()
    assert wire.replica.synced and not wire.replica.connected
    for number in range(meanwhile):
        commit(database, Insert(SWITCH, {"name": f"new{number}"}))
    wire.run(seconds=20)
    assert wire.replica.connected and same(wire.replica, database)
    assert len(wire.replica.take_changes()) == meanwhile
    # Rows that stayed are the very same rows.
    assert all(wire.replica.rows(SWITCH)[uuid] is row for uuid, row in before.items())


def test_another_server_with_another_history_is_compared_row_by_row() -> None:
    one, two = empty_database(), empty_database()
    for database in (one, two):
        commit(database, *switch_with_port("a"))
    wire = pair(one)
    wire.replica.take_changes()
    commit(two, Insert(SWITCH, {"name": "extra"}))
    wire.servers["unix:a"] = new_server(two)
    wire.cut()
    wire.run(seconds=20)
    assert same(wire.replica, two)
    assert [getattr(change.new, "name", None) for change in wire.replica.take_changes()] == ["extra"]


def test_the_next_remote_is_tried_when_one_is_dead() -> None:
    wire = Wire(Replica(nb, ["unix:dead", "unix:a"]), {"unix:a": new_server(empty_database())})
    wire.run()
    assert wire.replica.connected


def test_without_a_connection_a_transaction_has_failed_at_once() -> None:
    replica = Replica(nb, ["unix:dead"])
    pending = replica.transact([Insert(SWITCH, {"name": "x"})])
    assert pending.done and pending.error is not None


def test_a_transaction_under_way_fails_with_the_connection() -> None:
    wire = pair(empty_database())
    pending = wire.replica.transact([Insert(SWITCH, {"name": "x"})])
    wire.cut()
    assert pending.done and pending.error is not None and pending.error.tag == "disconnected"


def test_a_lock_has_one_owner_and_guards_transactions() -> None:
    database = empty_database()
    server = new_server(database)
    first = Wire(Replica(nb, ["unix:a"], lock="ovn_northd"), {"unix:a": server})
    first.run()
    second = Wire(Replica(nb, ["unix:a"], lock="ovn_northd"), {"unix:a": server}, port=2000)
    second.run()
    assert (first.replica.has_lock, second.replica.has_lock) == (True, False)
    refused = second.replica.transact([Insert(SWITCH, {"name": "x"})])
    second.run()
    assert refused.error is not None and refused.error.tag == "not owner"
    first.cut()
    second.run()
    assert second.replica.has_lock and not first.replica.has_lock
    allowed = second.replica.transact([Insert(SWITCH, {"name": "x"})])
    second.run()
    assert allowed.error is None and len(allowed.results) == 1


def test_a_lock_is_given_back_and_asked_for_again_on_the_same_connection() -> None:
    server = new_server(empty_database())
    first = Wire(Replica(nb, ["unix:a"], lock="ovn_northd"), {"unix:a": server})
    second = Wire(Replica(nb, ["unix:a"], lock="ovn_northd"), {"unix:a": server}, port=2000)
    for wire in (first, second):
        wire.run()
    first.replica.want_lock(None)
    for data in first.replica.take():
        server.receive(first.port, data, 0.0)
    second.run()
    assert second.replica.has_lock
    first.replica.want_lock("ovn_northd")
    first.run()
    assert not first.replica.has_lock
    second.cut()
    first.run()
    assert first.replica.has_lock and first.replica.epoch == 1


def test_a_guarded_transaction_is_understood_after_its_lock_was_given_back() -> None:
    wire = pair(empty_database(), lock="ovn_northd")
    pending = wire.replica.transact([Insert(SWITCH, {"name": "x"})])
    wire.replica.want_lock(None)
    wire.run()
    assert pending.error is None and len(pending.results) == 1


def test_conditions_choose_rows_and_may_change() -> None:
    database = empty_database()
    for name in ("a", "b", "c"):
        commit(database, Insert(SWITCH, {"name": name}))
    wire = pair(database, tables={SWITCH: Interest(where=(Condition("name", "==", "a"),))})
    assert [row.name for row in wire.replica.rows(SWITCH).values()] == ["a"]
    wire.replica.set_conditions(SWITCH, [Condition("name", "==", "b"), Condition("name", "==", "c")])
    assert not wire.replica.conditions_applied
    wire.run()
    assert wire.replica.conditions_applied
    assert sorted(row.name for row in wire.replica.rows(SWITCH).values()) == ["b", "c"]
    wire.replica.set_conditions(SWITCH, [])
    wire.run()
    assert not wire.replica.rows(SWITCH)
    wire.replica.set_conditions(SWITCH, None)
    wire.run()
    assert len(wire.replica.rows(SWITCH)) == 3


def test_conditions_that_change_while_away_hold_on_return() -> None:
    database = empty_database()
    for name in ("a", "b"):
        commit(database, Insert(SWITCH, {"name": name}))
    wire = pair(database, tables={SWITCH: Interest(where=(Condition("name", "==", "a"),))})
    wire.replica.set_conditions(SWITCH, [Condition("name", "==", "b")])
    wire.cut()
    wire.run(seconds=20)
    assert [row.name for row in wire.replica.rows(SWITCH).values()] == ["b"]


def test_columns_not_asked_for_hold_their_defaults() -> None:
    database = empty_database()
    commit(database, *switch_with_port("a"))
    wire = pair(database, tables={PORT: Interest(columns=("name",))})
    (port,) = wire.replica.rows(PORT).values()
    assert (port.name, port.options, port.addresses) == ("a-1", {}, ())
    assert not wire.replica.rows(SWITCH)


def test_leaders_only() -> None:
    server, bystander = new_server(empty_database()), empty_database(sb)
    wire = Wire(Replica(nb, ["unix:a"], leader_only=True), {"unix:a": server})
    wire.run()
    assert wire.replica.connected
    server.add_database(bystander)
    wire.run()
    assert wire.replica.connected and wire.replica.epoch == 1
    own = server.databases["_Server"].database
    commit(own, Update(own.classes["Database"], [Condition("name", "==", "OVN_Northbound")], {"leader": False}))
    wire.run()
    assert not wire.replica.connected


@pytest.mark.parametrize(
    ("said", "stays"), [({"leader": False}, True), ({"connected": False}, False), ({"index": 8}, True), ({"index": 6}, False)]
)
def test_a_server_that_lags_or_is_cut_off_is_left(said: dict[str, Any], stays: bool) -> None:
    server = new_server(empty_database())
    own = server.databases["_Server"].database
    where = [Condition("name", "==", "OVN_Northbound")]
    commit(own, Update(own.classes["Database"], where, {"index": 7}))
    wire = Wire(Replica(nb, ["unix:a"]), {"unix:a": server})
    wire.run()
    assert wire.replica.connected
    commit(own, Update(own.classes["Database"], where, said))
    wire.run()
    assert wire.replica.connected is stays


def test_a_silent_server_is_left() -> None:
    wire = pair(empty_database())
    wire.servers.clear()
    wire.run(seconds=9.9)
    assert wire.replica.connected
    wire.run(seconds=0.2)
    assert not wire.replica.connected


STEP = st.one_of(
    st.tuples(st.just("insert"), st.sampled_from("abc")),
    st.tuples(st.just("delete"), st.sampled_from("abc")),
    st.tuples(st.just("options"), st.dictionaries(st.sampled_from("xyz"), st.sampled_from("12"), max_size=3)),
    st.tuples(st.just("addresses"), st.sets(st.sampled_from(["a", "b", "c"]))),
    st.tuples(st.just("tag"), st.none() | st.integers(1, 9)),
    st.tuples(st.just("cut"), st.none()),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, max_size=12))
def test_the_copy_is_the_database_whatever_happens(steps: list[tuple[str, Any]]) -> None:
    database = empty_database()
    wire = pair(database)
    copy: dict[str, Table] = {}
    for what, value in steps:
        if what == "insert":
            # Refused where the name is taken.
            database.transact(switch_with_port(value))
        elif what == "delete":
            commit(database, Delete(SWITCH, [Condition("name", "==", value)]))
        elif what == "cut":
            wire.cut()
            continue
        else:
            given_value = tuple(sorted(value)) if isinstance(value, set) else value
            commit(database, *[Update(PORT, by_uuid(uuid), {what: given_value}) for uuid in database.tables["Logical_Switch_Port"].rows])
        wire.run()
    wire.run(seconds=20)
    assert same(wire.replica, database)
    for change in wire.replica.take_changes():
        assert copy.get(change.uuid) is change.old
        if change.new is None:
            del copy[change.uuid]
        else:
            copy[change.uuid] = change.new
    assert copy.keys() == wire.replica.rows(SWITCH).keys() | wire.replica.rows(PORT).keys()
