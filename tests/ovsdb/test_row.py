"""Rows are immutable, cheap, and compared by identity."""

from __future__ import annotations

import pytest

from pyovn.ovsdb.row import NO_UUID, Ref, make, replace, values_of
from tests.ovsdb.sample import House, Room


def test_columns_that_are_not_named_hold_their_defaults() -> None:
    house = House("u1", name="old mill")
    assert (house.uuid, house.name, house.rooms, house.best, house.options, house.height) == ("u1", "old mill", (), None, {}, 0.0)
    assert Room().uuid == NO_UUID


def test_a_row_cannot_be_edited() -> None:
    house = House("u1", name="a")
    with pytest.raises(AttributeError, match="immutable"):
        house.name = "b"
    with pytest.raises(AttributeError):
        del house.name
    with pytest.raises(TypeError, match="House has no column colr"):
        House("u1", colr="red")


def test_replace_makes_another_row_of_the_same_uuid() -> None:
    old = House("u1", name="a", options={"x": "y"})
    new = replace(old, name="b")
    assert (new.uuid, new.name, new.options) == ("u1", "b", {"x": "y"})
    assert old.name == "a"
    assert new.options is old.options


def test_rows_are_equal_only_to_themselves() -> None:
    one, other = House("u1", name="a"), House("u1", name="a")
    assert one != other
    assert len({one, other, one}) == 2
    assert not hasattr(one, "__dict__")


def test_make_takes_values_in_the_order_of_the_class() -> None:
    room = make(Room, "u2", (7, None, (1, 2), None), "v")
    assert values_of(room) == {"number": 7, "label": None, "ports": (1, 2), "next": None}
    assert room.version == "v"
    assert repr(room) == "Room('u2', number=7, label=None, ports=(1, 2), next=None)"


def test_a_reference_is_a_plain_string() -> None:
    assert type(Ref[Room]("abc")) is str
