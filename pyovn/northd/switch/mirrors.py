"""Mirrors to ports: what a port sends or receives is copied to another, all of it or what rules choose.

The copies leave by a port of their own in the switch of the port that is mirrored, called after the switch and the target.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.flow import NEXT, Flow, quoted
from pyovn.northd.pipeline import Stage
from pyovn.northd.topology import SwitchPort, router_port, router_port_named, switch, switch_port
from pyovn.query import Engine, query
from pyovn.schemas.nb import LogicalSwitch, LogicalSwitchPort, Mirror, MirrorRule

ALL = 100
"""The priority of copying everything; rules stand above it."""

SIDES = (
    ("from-lport", "inport", Stage.LS_IN_MIRROR),
    ("to-lport", "outport", Stage.LS_OUT_MIRROR),
)


class Target(NamedTuple):
    """Where a mirror's copies leave a switch."""

    mirror: str
    """The mirror's uuid."""
    exit: str
    """The port by which copies leave, by name."""
    sink: str
    """The port that gets them, by name."""


@query
def is_port(db: Engine, name: str) -> bool:
    """Some switch or router has a port of that name."""
    routers = router_port_named(db, name)
    return any(switch_port(db, ref) for ref in db.find(LogicalSwitchPort, "name", name)) or (
        routers is not None and router_port(db, routers) is not None
    )


def targets(db: Engine, port: SwitchPort) -> Iterator[Target]:
    """Where the copies of a port's packets go, if that is a port."""
    holder = switch(db, port.switch) if port.mirrors else None
    # The port that copies leave by has its switch's name in its own: of two switches of one name the first has it.
    is_first = holder is not None and db.find(LogicalSwitch, "name", holder.name)[:1] == (port.switch,)
    for ref in port.mirrors if is_first else ():
        row = db.get(Mirror, ref)
        if row is not None and holder is not None and row.type == "lport" and is_port(db, row.sink):
            yield Target(ref, f"mp-{holder.name}-{row.sink}", row.sink)


def copies(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Copy what a port sends or receives."""
    for target in targets(db, port):
        row = db.get(Mirror, target.mirror)
        for side in SIDES:
            if row is not None and row.filter in (side[0], "both"):
                yield from _one_way(db, port, row, target, side)


def _one_way(db: Engine, port: SwitchPort, row: Mirror, target: Target, side: tuple[str, str, Stage]) -> Iterator[Flow]:
    _, field, stage = side
    here, copied = f"{field} == {port.json}", f"mirror({quoted(target.exit)}); "
    yield Flow(stage, ALL, here, copied + NEXT)
    # Connections of copies are nobody's.
    leave = f"next(pipeline=egress, table={Stage.LS_OUT_APPLY_PORT_SEC.number});"
    yield Flow(Stage.LS_OUT_PRE_ACL, 65535, f"outport == {quoted(target.exit)}", leave)
    for ref in row.mirror_rules:
        rule = db.get(MirrorRule, ref)
        if rule is not None:
            action = copied if rule.action == "mirror" else ""
            yield Flow(stage, ALL + rule.priority, f"{here} && ({rule.match})", action + NEXT)
