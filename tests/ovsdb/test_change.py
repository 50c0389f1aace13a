"""What changed in a row."""

from __future__ import annotations

from pyovn.ovsdb.change import Change, changed_columns
from pyovn.ovsdb.row import replace
from tests.ovsdb.sample import Room


def test_changed_columns() -> None:
    old = Room("u", number=1, ports=(1, 2))
    new = replace(old, ports=(1,), label="x")
    assert changed_columns(Change(Room, "u", old, new)) == ("label", "ports")
    assert changed_columns(Change(Room, "u", old, replace(old, number=1))) == ()
    assert changed_columns(Change(Room, "u", None, new)) == ("number", "label", "ports", "next")
    assert changed_columns(Change(Room, "u", old, None)) == ("number", "label", "ports", "next")
