"""On which switches a port group has members: what is said of the group is done there, once for each."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import topology
from pyovn.query import Engine, index, projection
from pyovn.schemas import nb


def _group_members(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    port = topology.switch_port(db, ref)
    for group in db.referrers(nb.PortGroup, "ports", ref) if port else ():
        yield (group, port.switch if port else ""), port.name if port else ""


GROUPS_ON_SWITCHES = index((nb.LogicalSwitchPort, _group_members))
"""Which port groups have members on which switches, and the members' names, by (group, switch)."""


@projection
def group_name(db: Engine, ref: str) -> str | None:
    """The name of a port group, which matches and chassis know it by."""
    row = db.get(nb.PortGroup, ref)
    return row.name if row else None
