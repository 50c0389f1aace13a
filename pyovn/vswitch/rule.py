"""A rule of a flow table: what it asks, what it does, and what it has seen."""

from __future__ import annotations

from dataclasses import dataclass

from pyovn.openflow.action import Actions, Conjunction
from pyovn.openflow.match import Match


@dataclass(slots=True, eq=False)
class Rule:
    """One entry of a flow table; times in seconds of the switch's clock, time-outs in seconds with 0 for never."""

    table: int
    match: Match
    priority: int
    actions: Actions
    cookie: int = 0
    idle_timeout: int = 0
    hard_timeout: int = 0
    flags: int = 0
    importance: int = 0
    created: float = 0.0
    modified: float = 0.0
    used: float = 0.0
    packets: int = 0
    bytes: int = 0
    removed: bool = False
    """Set when the rule leaves its table, so that verdicts which hit it know."""
    conjunctions: tuple[Conjunction, ...] = ()
    """The clauses that this rule is part of; such a rule never matches by itself."""


def conjunctions_of(actions: Actions) -> tuple[Conjunction, ...]:
    """The conjunctions among `actions`; OpenFlow agents refuse to mix them with anything but notes."""
    return tuple(action for action in actions if isinstance(action, Conjunction))
