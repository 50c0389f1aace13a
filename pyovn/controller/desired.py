"""The rules wanted, by place: where several rows want the same place, they share it if they can, and one wins if they cannot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from pyovn.controller.rule import Place, Rule, place_of
from pyovn.openflow.action import Action, Actions, Conjunction


class Content(NamedTuple):
    """What stands in a place."""

    actions: Actions
    cookie: int


@dataclass(slots=True)
class Desired:
    """All rules wanted, and the places that changed since last asked."""

    rules: dict[Place, dict[Rule, None]] = field(default_factory=dict)
    changed: dict[Place, None] = field(default_factory=dict)


def update(desired: Desired, gained: Iterable[Rule], lost: Iterable[Rule]) -> None:
    """Take a difference."""
    for rule in lost:
        place = place_of(rule)
        wanted = desired.rules[place]
        del wanted[rule]
        if not wanted:
            del desired.rules[place]
        desired.changed[place] = None
    for rule in gained:
        place = place_of(rule)
        desired.rules.setdefault(place, {})[rule] = None
        desired.changed[place] = None


def take_changed(desired: Desired) -> list[Place]:
    """The places that changed since last asked."""
    changed, desired.changed = desired.changed, {}
    return list(changed)


def content_of(desired: Desired, place: Place) -> Content | None:
    """What should stand in a place; None: nothing."""
    wanted = desired.rules.get(place)
    return combine(wanted) if wanted else None


def combine(rules: Iterable[Rule]) -> Content:
    """One content for rules of one place: parts of conjunctions are joined; a rule that acts beats one that is only a part."""
    held = list(rules)
    parts: set[Conjunction] = {action for rule in held for action in rule.actions if isinstance(action, Conjunction)}
    whole = [rule for rule in held if not any(isinstance(action, Conjunction) for action in rule.actions)]
    if whole:
        # Which one does not matter to the network, but must not depend on the order of arrival.
        first = min(whole, key=lambda rule: (rule.cookie, repr(rule.actions) if len(whole) > 1 else ""))
        return Content(first.actions, first.cookie)
    return Content(tuple(sorted(parts, key=_clause)), min(rule.cookie for rule in held))


def _clause(part: Action) -> tuple[int, int]:
    assert isinstance(part, Conjunction)
    return part.conj_id, part.clause
