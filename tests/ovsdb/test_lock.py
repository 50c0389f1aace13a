"""Locks have one owner and a line."""

from __future__ import annotations

from pyovn.ovsdb.lock import Locks


def test_one_owner_then_the_next_in_line() -> None:
    locks = Locks()
    assert locks.request("l", "a") is None
    assert locks.request("l", "b") is None
    assert locks.request("l", "c") is None
    assert locks.owner("l") == "a"
    assert locks.release("l", "b") is None
    assert locks.release("l", "a") == "c"
    assert locks.release("l", "c") is None
    assert (locks.owner("l"), locks.lines) == (None, {})


def test_a_thief_goes_to_the_head() -> None:
    locks = Locks()
    locks.request("l", "a")
    locks.request("l", "b")
    assert locks.request("l", "c", steal=True) == "a"
    assert locks.lines["l"] == ["c", "a", "b"]


def test_a_session_that_ends_leaves_every_line() -> None:
    locks = Locks()
    for name, session in [("l", "a"), ("l", "b"), ("m", "b"), ("m", "a"), ("n", "a")]:
        locks.request(name, session)
    assert locks.forget("a") == [("l", "b")]
    assert locks.lines == {"l": ["b"], "m": ["b"]}
