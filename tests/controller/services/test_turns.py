"""Whose turn it is, and when."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.controller.facts import Fact
from pyovn.controller.services.turns import Turns
from pyovn.machine import NEVER
from pyovn.query import Engine, each
from pyovn.schemas import sb
from tests.controller.rows import feed, uuid


def _names(db: Engine, ref: str) -> Iterator[str]:
    row = db.get(sb.Chassis, ref)
    if row is not None:
        yield row.name


NAMES = each((sb.Chassis, _names))
A, B = uuid(1), uuid(2)
NAMED = {A: "a", B: "b"}


def turns(*refs: str) -> tuple[Engine, Turns[str]]:
    """The turns of chassis with their names."""
    db = Engine()
    for ref in refs:
        feed(db, sb.Chassis, ref, name=NAMED[ref])
    return db, Turns(db, NAMES)


def test_everybody_has_a_turn_at_once_and_no_other_unless_it_is_put_off() -> None:
    _, both = turns(A, B)
    assert sorted(both.ripe(5.0)) == [("a", 1), ("b", 1)]
    assert both.due() == NEVER
    assert list(both.ripe(99.0)) == []


def test_turns_are_counted_and_come_in_order_of_time() -> None:
    _, both = turns(A, B)
    for name, _ in both.ripe(0.0):
        both.put_off(name, 3.0 if name == "a" else 2.0)
    assert both.due() == 2.0
    assert list(both.ripe(2.5)) == [("b", 2)]
    assert both.due() == 3.0
    assert list(both.ripe(3.0)) == [("a", 2)]


def test_one_that_went_has_no_turn_and_begins_anew_when_it_comes_back() -> None:
    db, both = turns(A)
    for name, _ in both.ripe(0.0):
        both.put_off(name, 1.0)
    db.feed([Fact(sb.Chassis, A, db.get(sb.Chassis, A), None)])
    assert list(both.ripe(1.0)) == []
    assert both.due() == NEVER
    feed(db, sb.Chassis, A, name=NAMED[A])
    assert list(both.ripe(2.0)) == [("a", 1)]
