"""An OpenFlow rule as the agent wants it: the unit of everything that is compiled, compared and sent."""

from __future__ import annotations

from typing import NamedTuple

from pyovn.openflow import action
from pyovn.openflow.action import Action, Actions
from pyovn.openflow.fields import FIELDS, Subfield, whole
from pyovn.openflow.match import Match


class Rule(NamedTuple):
    """What packets that fit `match` undergo in `table`; among those that fit, the highest priority decides."""

    table: int
    priority: int
    match: Match
    actions: Actions
    cookie: int = 0
    """The first 32 bits of the uuid of the row that the rule comes from, by which traces find it."""


class Place(NamedTuple):
    """What tells one rule from another in a switch: no two rules may have the same."""

    table: int
    priority: int
    match: Match


def place_of(rule: Rule) -> Place:
    """Where the rule stands."""
    return Place(rule.table, rule.priority, rule.match)


def cookie_of(uuid: str) -> int:
    """The first 32 bits of a row's uuid."""
    return int(uuid[:8], 16)


def resubmit(table: int) -> Action:
    """Go on in `table`."""
    return action.Resubmit(table=table)


def put(field: str, value: int, mask: int | None = None) -> Action:
    """Set a field, or its bits under `mask`."""
    return action.set_field(field, value, mask)


def bits(field: str, offset: int, count: int) -> Subfield:
    """Some bits of a field."""
    return Subfield(FIELDS[field], offset, count)


def move(source: Subfield | str, target: Subfield | str) -> Action:
    """Copy a field, or some bits of one."""
    return action.Move(
        whole(source) if isinstance(source, str) else source,
        whole(target) if isinstance(target, str) else target,
    )
