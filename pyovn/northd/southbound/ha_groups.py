"""HA_Chassis_Group: the chassis among which a port moves, the one of the highest priority that lives first."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import topology
from pyovn.northd.southbound.ports import chassis_called
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.query import Engine
from pyovn.schemas import nb, sb


def group_of_external_port(db: Engine, ref: str) -> Iterator[Wanted]:
    """The group of an external port and its members: only groups that a port uses are the chassis' concern."""
    port = topology.switch_port(db, ref)
    group = db.get(nb.HAChassisGroup, port.ha_chassis_group or "") if port and port.type == "external" else None
    if group is None:
        return
    members = []
    for member in group.ha_chassis:
        row = db.get(nb.HAChassis, member)
        if row is None:
            continue
        key = (group.name, row.chassis_name)
        members.append(Key(sb.HAChassis, key))
        ids = {"chassis-name": row.chassis_name}
        yield wanted(sb.HAChassis, key, chassis=chassis_called(db, row.chassis_name), priority=row.priority, external_ids=ids)
    yield wanted(sb.HAChassisGroup, group.name, name=group.name, ha_chassis=tuple(members), external_ids=group.external_ids)

