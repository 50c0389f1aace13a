"""Which chassis must watch, by BFD, the members of a group: those with a port in any switch that the gateway port's router reaches.

Routers and switches that reach each other are an island. All islands are found at once, and by each node only its own is read: a
connection more concerns those whom it joins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyovn.northd import topology
from pyovn.query import Engine, index, query
from pyovn.schemas import nb, sb

ALL = ""
"""The one key of an index that is read whole."""


def _users(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    port, row = topology.router_port(db, ref), db.get(nb.LogicalRouterPort, ref)
    if port is not None and row is not None and port.redirect:
        yield group_name(db, row), port.router


def group_name(db: Engine, row: nb.LogicalRouterPort) -> str:
    """The group of a gateway port: one that it names, or one of its own name."""
    group = db.get(nb.HAChassisGroup, row.ha_chassis_group or "")
    return group.name if group else row.name


_USERS = index((nb.LogicalRouterPort, _users))
"""The routers with a gateway port that a group is for."""


def _links(db: Engine, ref: str) -> Iterator[tuple[str, tuple[str, str]]]:
    port = topology.router_port(db, ref)
    side = topology.switch_port(db, port.peer) if port and port.peer else None
    other = topology.router_port(db, port.peer_router_port) if port and port.peer_router_port else None
    if port is not None:
        yield from ((ALL, (port.router, end)) for end in (side.switch if side else "", other.router if other else "") if end)


_LINKS = index((nb.LogicalRouterPort, _links))
"""Which routers are connected to which switches and routers."""


def _islands(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    return islands(_LINKS(db, ALL))


def islands(links: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Every node of a graph, with one node that stands for all that it is connected with: the least."""
    leader: dict[str, str] = {}

    def find(node: str) -> str:
        while (above := leader.setdefault(node, node)) != node:
            leader[node] = node = leader[above]
        return node

    for link in links:
        first, second = sorted(map(find, link))
        leader[second] = first
    for node in leader:
        yield node, find(node)


_ISLAND = index((nb.NBGlobal, _islands))
"""The island that a router or switch is on."""


def _hosts(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    port = topology.switch_port(db, ref)
    for found in db.find(sb.PortBinding, "logical_port", port.name) if port else ():
        binding = db.get(sb.PortBinding, found)
        for chassis in (binding.chassis, *binding.additional_chassis) if binding else ():
            if chassis:
                yield from ((island, str(chassis)) for island in _ISLAND(db, port.switch if port else ""))


_HOSTS = index((nb.LogicalSwitchPort, _hosts))
"""The chassis that have ports of an island's switches, by uuid."""


@query
def watchers(db: Engine, group: str) -> tuple[str, ...]:
    """The chassis that must watch a group, by uuid."""
    reached = {island for router in _USERS(db, group) for island in _ISLAND(db, router)}
    return tuple(sorted({chassis for island in reached for chassis in _HOSTS(db, island)}))
