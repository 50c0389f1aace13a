"""On which switches a port group has members: what is said of the group is done there, once for each."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import topology
from pyovn.query import Engine, each, projection
from pyovn.schemas import nb


def _groups_on_switches(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    port = topology.switch_port(db, ref)
    for group in db.referrers(nb.PortGroup, "ports", ref) if port else ():
        yield group, port.switch if port else ""


@projection
def group_name(db: Engine, ref: str) -> str | None:
    """The name of a port group, which matches and chassis know it by."""
    row = db.get(nb.PortGroup, ref)
    return row.name if row else None


GROUPS_ON_SWITCHES = each((nb.LogicalSwitchPort, _groups_on_switches))
"""Which port groups have members on which switches: (group, switch)."""
