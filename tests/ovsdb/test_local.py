"""Users of a database in the same process."""

from __future__ import annotations

from pyovn.ovsdb.local import Local
from pyovn.ovsdb.lock import Locks
from pyovn.ovsdb.operation import Assert, Delete, Insert, Update, Wait
from pyovn.ovsdb.store import Store
from tests.ovsdb.sample import House, sample_database


def test_each_store_hears_every_change_once() -> None:
    database = sample_database()
    database.transact([Insert(House, {"name": "a"})])
    one: Store = Local(database)
    (change,) = one.take_changes()
    assert (change.old, change.new) == (None, database.tables["House"].rows[change.uuid])
    other = Local(database)
    assert other.transact([Insert(House, {"name": "b"})]).error is None
    assert [each.new.name for each in other.take_changes()] == ["a", "b"]  # type: ignore[union-attr]
    assert [each.new.name for each in one.take_changes()] == ["b"]  # type: ignore[union-attr]
    assert one.take_changes() == []


def test_rows_and_find() -> None:
    store = Local(sample_database())
    pending = store.transact([Insert(House, {"name": name, "height": 2.0}) for name in "abc"])
    assert pending.done and pending.error is None
    assert [row.name for row in store.rows(House).values()] == ["a", "b", "c"]
    assert [row.name for row in store.find(House, "name", "b")] == ["b"]
    assert [row.name for row in store.find(House, "height", 2.0)] == ["a", "b", "c"]
    store.transact([Delete(House, [])])
    assert list(store.find(House, "height", 2.0)) == []


def test_an_error_is_in_the_pending() -> None:
    pending = Local(sample_database()).transact([Insert(House, {"name": "a"}), Insert(House, {"nme": "b"})])
    assert pending.done and str(pending.error) == "unknown column: No column nme in table House."
    assert len(pending.results) == 1


def test_a_wait_is_tried_again_when_something_changes() -> None:
    database = sample_database()
    one, other = Local(database), Local(database)
    pending = one.transact([Wait(House, [], ["name"], [{"name": "a"}]), Update(House, [], {"height": 9.0})])
    assert not pending.done
    other.transact([Insert(House, {"name": "b"})])
    assert not pending.done
    other.transact([Update(House, [], {"name": "a"})])
    assert pending.done and pending.error is None
    assert [row.height for row in other.rows(House).values()] == [9.0]
    assert [len(store.take_changes()) for store in (one, other)] == [3, 3]


def test_locks_are_shared() -> None:
    database, locks = sample_database(), Locks()
    one, other = Local(database, locks, "northd"), Local(database, locks, "northd")
    assert (one.has_lock, other.has_lock, Local(database, locks).has_lock) == (True, False, True)
    assert one.transact([Assert("northd")]).error is None
    assert other.transact([Assert("northd")]).error is not None
    one.close()
    assert other.has_lock
    other.transact([Insert(House, {"name": "a"})])
    assert one.take_changes() == []
