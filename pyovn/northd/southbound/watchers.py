"""Which chassis must watch, by BFD, the members of a group: those with a port in any switch that the gateway port's router reaches."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import topology
from pyovn.northd.router.static_routes import router_ports
from pyovn.query import Engine, index, query
from pyovn.schemas import nb, sb


def _hosts(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    port = topology.switch_port(db, ref)
    for found in db.find(sb.PortBinding, "logical_port", port.name) if port else ():
        binding = db.get(sb.PortBinding, found)
        for chassis in (binding.chassis, *binding.additional_chassis) if binding else ():
            if chassis:
                yield port.switch if port else "", str(chassis)


HOSTS = index((nb.LogicalSwitchPort, _hosts))
"""The chassis that have ports of a switch, by uuid."""


def _users(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    port, row = topology.router_port(db, ref), db.get(nb.LogicalRouterPort, ref)
    if port is not None and row is not None and port.redirect:
        yield group_name(db, row), port.router


def group_name(db: Engine, row: nb.LogicalRouterPort) -> str:
    """The group of a gateway port: one that it names, or one of its own name."""
    group = db.get(nb.HAChassisGroup, row.ha_chassis_group or "")
    return group.name if group else row.name


_USERS = index((nb.LogicalRouterPort, _users))


@query
def routers_beside(db: Engine, router: str) -> tuple[str, ...]:
    """The routers that a router is connected to, directly or by a switch."""
    direct = (topology.router_port(db, port.peer_router_port) for port in router_ports(db, router) if port.peer_router_port)
    found = {port.router: None for port in direct if port}
    for switch in switches_of(db, router):
        sides = (topology.switch_port(db, ref) for ref in topology.sides_towards_routers(db, switch))
        ends = (topology.router_port(db, side.peer) for side in sides if side and side.peer)
        found |= {end.router: None for end in ends if end}
    return tuple(found)


@query
def switches_of(db: Engine, router: str) -> tuple[str, ...]:
    """The switches that a router's ports lead to."""
    sides = (topology.switch_port(db, port.peer) for port in router_ports(db, router) if port.peer)
    return tuple(sorted({side.switch for side in sides if side}))


@query
def reached_switches(db: Engine, router: str) -> tuple[str, ...]:
    """The switches that a router reaches, by whatever other routers and switches."""
    seen, waiting = {router}, [router]
    switches: set[str] = set()
    while waiting:
        here = waiting.pop()
        switches.update(switches_of(db, here))
        fresh = [other for other in routers_beside(db, here) if other not in seen]
        seen.update(fresh)
        waiting += fresh
    return tuple(sorted(switches))


@query
def watchers(db: Engine, group: str) -> tuple[str, ...]:
    """The chassis that must watch a group, by uuid."""
    switches = {switch for router in _USERS(db, group) for switch in reached_switches(db, router)}
    return tuple(sorted({chassis for switch in switches for chassis in HOSTS(db, switch)}))
