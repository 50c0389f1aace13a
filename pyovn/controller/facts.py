"""What the agent itself knows and no database says, fed to its queries as rows: who runs it, which numbers it has given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pyovn.controller.numbers import Numbers
from pyovn.logical.actions.environment import GroupSpec
from pyovn.query import Engine


class Fact(NamedTuple):
    """A fact that came, changed or went; the same shape as a database's change."""

    table: type[Any]
    uuid: str
    old: Any
    new: Any


class Process(NamedTuple):
    """What the command line and the machine say."""

    chassis_name: str
    """Given on the command line; empty: the database says."""
    hostname: str
    startup_ms: int
    """Wall-clock time at which the agent began."""
    bridge_mac: str
    """The address of an integration bridge that the agent makes."""


PROCESS = "process"


class Zone(NamedTuple):
    """The connection tracking zone given to a port or a router; its reference is the name."""

    name: str
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Allocators:
    """Numbers given on demand; what has one keeps it, so that asking changes no answer."""

    groups: Numbers[GroupSpec] = field(default_factory=Numbers)
    meters: Numbers[str] = field(default_factory=Numbers)


ALLOCATORS = "allocators"


class Ready(NamedTuple):
    """The rules of a local interface are in the switch; its reference is the interface's."""

    since_ms: int


def process(db: Engine) -> Process:
    """The process's facts, fed before anything else."""
    found = db.get(Process, PROCESS)
    assert found is not None
    return found


def zone_number(db: Engine, name: str) -> int | None:
    """The zone given to `name`, or None while it has none."""
    zone = db.get(Zone, name)
    return zone.number if zone else None


def allocators(db: Engine) -> Allocators:
    """Who gives numbers, fed before anything else."""
    found = db.get(Allocators, ALLOCATORS)
    assert found is not None
    return found
