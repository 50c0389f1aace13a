"""The routes of a router, whoever says so: by destination or source, over one next hop or several."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import DROP, Flow
from pyovn.northd.places import Placed
from pyovn.northd.registers import IS_IPV4_NEXT_HOP, ROUTE_TABLE
from pyovn.northd.router.connected import CONNECTED, LEARNED, ROUTING, STATIC_SOURCE, forwarding, priority, scoped, to_next_hop
from pyovn.northd.router.learned_routes import learned
from pyovn.northd.router.route_tables import table_number
from pyovn.northd.router.static_routes import route
from pyovn.northd.router.ways import Destination, Route
from pyovn.query import Engine, index, query
from pyovn.schemas.nb import LogicalRouterStaticRoute
from pyovn.schemas.sb import LearnedRoute


def _stated(db: Engine, ref: str) -> Iterator[tuple[Destination, str]]:
    found = route(db, ref)
    if found is not None:
        yield found.destination, ref


def _learned(db: Engine, ref: str) -> Iterator[tuple[Destination, str]]:
    found = learned(db, ref)
    if found is not None:
        yield found.destination, ref


ROUTES_TO = index((LogicalRouterStaticRoute, _stated), (LearnedRoute, _learned))
"""The routes to a destination, by uuid; as a source, every destination that some route leads to."""


@query
def routes_to(db: Engine, destination: Destination) -> tuple[Route, ...]:
    """The routes that share a destination."""
    facts = learned if destination.origin == LEARNED else route
    found = (facts(db, ref) for ref in ROUTES_TO(db, destination))
    return tuple(route for route in found if route is not None)


def is_group(destination: Destination, routes: tuple[Route, ...]) -> bool:
    """Several ways, or one whose replies must come back the same way: another may join it."""
    return destination.origin != CONNECTED and (len(routes) > 1 or any(route.symmetric for route in routes))


def rank(destination: Destination) -> int:
    """The priority of routes to a destination."""
    length = int(destination.network.partition("/")[2])
    return priority(length, STATIC_SOURCE if destination.by_source else destination.origin)


def selects(db: Engine, destination: Destination) -> str:
    """Matches the packets for a destination."""
    field = f"ip{6 if ':' in destination.network else 4}.{'src' if destination.by_source else 'dst'}"
    number = table_number(db, destination.table)
    table = f"{ROUTE_TABLE} == {number} && " if number or destination.origin != CONNECTED else ""
    return f"{table}{field} == {destination.network}"


def destination_flows(db: Engine, destination: Destination) -> Iterator[Placed]:
    """How packets to (or from) a destination go on, by its only route or by each that stands for a network of the router."""
    routes, match = routes_to(db, destination), selects(db, destination)
    for one in routes if not is_group(destination, routes) else ():
        if one.port is None:
            yield Placed(destination.router, Flow(ROUTING, rank(destination), match, DROP, hint=one.uuid))
            continue
        chosen, here = f"{registers(one)}flags.loopback = 1; {family(one)}", scoped(one.port, destination.network, match)
        for flow in forwarding(db, one.port, here, rank(destination), chosen, hint=one.uuid):
            # A route that names a port of another router is that one's.
            yield Placed(one.port.router, flow)


def registers(route: Route) -> str:
    """The actions that choose a route's next hop."""
    assert route.port is not None
    return to_next_hop(route.next_hop, route.source, route.port, ipv6=route.is_ipv6)


def family(route: Route) -> str:
    """The action that says which register the next hop is in."""
    return f"{IS_IPV4_NEXT_HOP} = {int(not route.is_ipv6)}; "
