"""HA_Chassis_Group: the chassis among which a port moves, the one of the highest priority that lives first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyovn.northd import topology
from pyovn.northd.southbound.port_options import chassis_called
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.northd.southbound.watchers import watchers
from pyovn.query import Engine, some
from pyovn.schemas import nb, sb

EXTERNAL_PORTS = some(nb.LogicalSwitchPort, lambda row: row.type == "external")
"""The switch ports that a group may have."""


def group_of_external_port(db: Engine, ref: str) -> Iterator[Wanted]:
    """The group of an external port and its members: only groups that a port uses are the chassis' concern."""
    port = topology.switch_port(db, ref)
    group = db.get(nb.HAChassisGroup, port.ha_chassis_group or "") if port and port.type == "external" else None
    if group is not None:
        yield from _named_group(db, group)


def group_of_gateway_port(db: Engine, ref: str) -> Iterator[Wanted]:
    """The group of a distributed gateway port: one that it names, or its own chassis under its own name."""
    port, row = topology.router_port(db, ref), db.get(nb.LogicalRouterPort, ref)
    if port is None or row is None or not port.redirect:
        return
    group = db.get(nb.HAChassisGroup, row.ha_chassis_group or "")
    if group is not None:
        yield from _named_group(db, group)
    else:
        members = (db.get(nb.GatewayChassis, member) for member in row.gateway_chassis)
        yield from _group(db, row.name, [member for member in members if member])


def _named_group(db: Engine, group: nb.HAChassisGroup) -> Iterator[Wanted]:
    members = (db.get(nb.HAChassis, member) for member in group.ha_chassis)
    yield from _group(db, group.name, [member for member in members if member])


def _group(db: Engine, name: str, members: Iterable[nb.HAChassis | nb.GatewayChassis]) -> Iterator[Wanted]:
    keys = []
    for member in members:
        key = (name, member.chassis_name, member.priority)
        keys.append(Key(sb.HAChassis, key))
        ids = {"chassis-name": member.chassis_name}
        yield wanted(sb.HAChassis, key, chassis=chassis_called(db, member.chassis_name), priority=member.priority, external_ids=ids)
    # One member alone is active, whoever looks.
    watching = watchers(db, name) if len(keys) > 1 else ()
    yield wanted(sb.HAChassisGroup, name, name=name, ha_chassis=tuple(keys), ref_chassis=watching, external_ids={})
