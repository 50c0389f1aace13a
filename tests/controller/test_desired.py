"""Rules of one place: shared, or one that wins."""

from __future__ import annotations

from pyovn.controller.desired import Desired, content_of, take_changed, update
from pyovn.controller.rule import Place, Rule, place_of, resubmit
from pyovn.openflow.action import Actions, Conjunction
from pyovn.openflow.match import Match

MATCH = Match.of({"metadata": 1})
PLACE = Place(8, 100, MATCH)


def rule(*actions: object, cookie: int = 0) -> Rule:
    """A rule of the place."""
    return Rule(8, 100, MATCH, actions, cookie)  # type: ignore[arg-type]


def check(rules: list[Rule], actions: Actions, cookie: int = 0) -> None:
    """Whatever the order in which they come, this is what stands there."""
    for order in (rules, rules[::-1]):
        desired = Desired()
        update(desired, order, ())
        content = content_of(desired, PLACE)
        assert content is not None
        assert (content.actions, content.cookie) == (actions, cookie)


def test_one_rule_stands_alone() -> None:
    check([rule(resubmit(9), cookie=7)], (resubmit(9),), 7)


def test_parts_of_conjunctions_are_joined() -> None:
    first, second = Conjunction(1, 1, 2), Conjunction(2, 2, 2)
    check([rule(second), rule(first)], (first, second))


def test_a_rule_that_acts_beats_a_part() -> None:
    check([rule(Conjunction(1, 1, 2)), rule(resubmit(9), cookie=3)], (resubmit(9),), 3)


def test_of_two_that_act_the_same_one_wins_always() -> None:
    check([rule(resubmit(9), cookie=5), rule(resubmit(10), cookie=4)], (resubmit(10),), 4)


def test_what_went_is_gone() -> None:
    desired = Desired()
    one = rule(resubmit(9))
    update(desired, [one], ())
    assert take_changed(desired) == [place_of(one)]
    update(desired, (), [one])
    assert content_of(desired, PLACE) is None
    assert take_changed(desired) == [PLACE]
    assert take_changed(desired) == []
