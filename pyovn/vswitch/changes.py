"""What has changed since a verdict was reached: a verdict holds until something that it depended on changes.

Rules are told apart by the metadata that they ask for, so that a change for one logical network leaves verdicts about the others alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from pyovn.openflow.match import Match
from pyovn.packet import slot

Dependency: TypeAlias = Hashable
"""A name of something that may change: a part of a table, a group, the ports of a bridge."""

MOST_NAMES = 20_000
"""When more things than this have changed, all verdicts are looked at afresh instead of remembering them."""

_ALL_METADATA = 0xFFFFFFFFFFFFFFFF


@dataclass(slots=True, eq=False)
class Changes:
    """When each thing last changed, counted in changes."""

    generation: int = 0
    last: dict[Dependency, int] = field(default_factory=dict)
    floor: int = 0
    """Verdicts older than this hold no more."""


def touch(changes: Changes, what: Dependency) -> None:
    """Note that `what` changed."""
    changes.generation += 1
    changes.last[what] = changes.generation
    if len(changes.last) > MOST_NAMES:
        touch_all(changes)


def touch_all(changes: Changes) -> None:
    """Note that everything may have changed."""
    changes.generation += 1
    changes.last.clear()
    changes.floor = changes.generation


def holds(changes: Changes, dependencies: Iterable[Dependency], generation: int) -> bool:
    """Has nothing of `dependencies` changed since `generation`?"""
    last = changes.last
    return generation >= changes.floor and all(last.get(what, 0) <= generation for what in dependencies)


def rule_change(bridge: str, table: int, match: Match) -> Dependency:
    """What changes when a rule with this match comes or goes."""
    for at, value, mask in match.terms:
        if at == slot.METADATA and mask == _ALL_METADATA:
            return (bridge, table, value)
    return (bridge, table)


def lookup_dependencies(bridge: str, table: int, metadata: int) -> tuple[Dependency, Dependency]:
    """What the outcome of a look-up depends on."""
    return ((bridge, table, metadata), (bridge, table))
