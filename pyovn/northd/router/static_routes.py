"""Routes that somebody wrote: by destination or source, in route tables, over one next hop or several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import NamedTuple

from pyovn.northd import bfd
from pyovn.northd.addresses import Network, parse_network, solicited_node
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import DROP, NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import IS_IPV4_NEXT_HOP, NEXT_HOP_IPV6, ROUTE_TABLE
from pyovn.northd.router.connected import CONNECTED, STATIC, STATIC_SOURCE, forwarding, priority, to_next_hop
from pyovn.northd.router.networks import in_network, ports_towards
from pyovn.northd.topology import RouterPort, router_port, router_port_named
from pyovn.query import Engine, each, index, query
from pyovn.schemas.nb import LogicalRouter, LogicalRouterPort, LogicalRouterStaticRoute

ROUTING = Stage.LR_IN_IP_ROUTING
MAIN_TABLES = ("", "main")


class Destination(NamedTuple):
    """What routes that share traffic have in common: several of one destination are a group."""

    router: str
    table: str
    """The route table's name, empty for the main one."""
    network: str
    """`NETWORK/LEN`."""
    by_source: bool
    is_connected: bool
    """The route stands for a network of the router itself (`origin`), and is no member of a group."""


@dataclass(frozen=True, slots=True)
class Route:
    """A static route that leads somewhere."""

    uuid: str
    destination: Destination
    next_hop: str | None
    """None: the packet is discarded, or its own destination is the next hop."""
    port: RouterPort | None
    """None: discarded."""
    source: Network | None
    """The router's address towards the next hop."""
    symmetric: bool
    """Answers to who came by this way go back by it."""
    selection_fields: tuple[str, ...]
    """What of a packet chooses among several ways."""
    session: bfd.Session | None
    """Who watches the next hop."""


@query
def router_ports(db: Engine, router: str) -> tuple[RouterPort, ...]:
    """The ports of a router, by name."""
    row = db.get(LogicalRouter, router)
    found = (router_port(db, ref) for ref in (row.ports if row else ()))
    return tuple(sorted((port for port in found if port is not None), key=lambda port: port.name))


@query
def route(db: Engine, ref: str) -> Route | None:
    """The facts about a static route that can be used; None if it leads nowhere, or its next hop is watched and does not answer."""
    found = stated(db, ref)
    return found if found and (found.session is None or bfd.answers(db, found.session)) else None


@query
def stated(db: Engine, ref: str) -> Route | None:
    """The facts about a static route, whether its next hop answers or not; None if it leads nowhere."""
    row = db.get(LogicalRouterStaticRoute, ref)
    holders = db.referrers(LogicalRouter, "static_routes", ref)
    prefix = parse_network(row.ip_prefix) if row else None
    if row is None or not holders or prefix is None:
        return None
    table = "" if row.route_table in MAIN_TABLES else row.route_table
    is_connected = row.options.get("origin") == "connected"
    destination = Destination(holders[0], table, prefix.cidr, row.policy == "src-ip", is_connected)
    symmetric = row.options.get("ecmp_symmetric_reply") == "true"
    if row.nexthop == "discard":
        return Route(ref, destination, None, None, None, symmetric, row.selection_fields, None)
    next_hop = parse_network(row.nexthop) if row.nexthop else None
    if row.nexthop and (next_hop is None or not next_hop.is_host):
        return None
    address = next_hop.address if next_hop else None
    towards = way(db, holders[0], row.output_port, address, prefix.is_ipv6)
    if towards is None:
        return None
    session = bfd.session(db, row.bfd) if row.bfd else None
    watched = session if session and session.dst_ip == row.nexthop else None
    return Route(ref, destination, address, *towards, symmetric, row.selection_fields, watched)


def way(db: Engine, router: str, output_port: str | None, next_hop: str | None, ipv6: bool) -> tuple[RouterPort, Network] | None:
    """By which port, and from which of its addresses, a next hop is reached."""
    if output_port:
        ref = router_port_named(db, output_port)
        port = router_port(db, ref) if ref else None
        networks = _networks(port, next_hop, ipv6) if port else ()
        return (port, _member(networks, next_hop) or networks[0]) if port and networks else None
    for port in ports_towards(db, router, next_hop) if next_hop else ():
        source = _member(_networks(port, next_hop, ipv6), next_hop)
        if source:
            return port, source
    return None


def _networks(port: RouterPort, next_hop: str | None, ipv6: bool) -> tuple[Network, ...]:
    """The port's networks of the next hop's family."""
    return port.ipv6 if (":" in next_hop if next_hop else ipv6) else port.ipv4


def _member(networks: tuple[Network, ...], next_hop: str | None) -> Network | None:
    """The network that the next hop is in."""
    return next((network for network in networks if next_hop and in_network(next_hop, network)), None)


def _destination(db: Engine, ref: str) -> Iterator[Destination]:
    found = route(db, ref)
    if found is not None:
        yield found.destination


def _by_destination(db: Engine, ref: str) -> Iterator[tuple[Destination, str]]:
    found = route(db, ref)
    if found is not None:
        yield found.destination, ref


def _table_name(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    """Names of route tables, of routes and of the ports that choose one."""
    row = db.get(LogicalRouterStaticRoute, ref)
    if row is not None and row.route_table not in MAIN_TABLES:
        yield "", row.route_table


def _port_table_name(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    row = db.get(LogicalRouterPort, ref)
    name = row.options.get("route_table", "") if row else ""
    if name not in MAIN_TABLES:
        yield "", name


ROUTES_TO = index((LogicalRouterStaticRoute, _by_destination))
"""The routes to a destination, by uuid."""

DESTINATIONS = each((LogicalRouterStaticRoute, _destination))
"""Every destination that some static route leads to."""

_TABLE_NAMES = index((LogicalRouterStaticRoute, _table_name), (LogicalRouterPort, _port_table_name))


@query
def table_number(db: Engine, name: str) -> int:
    """The number of a route table in registers: 0 for the main one."""
    return 0 if name in MAIN_TABLES else 1 + _TABLE_NAMES(db, "").index(name)


@query
def routes_to(db: Engine, destination: Destination) -> tuple[Route, ...]:
    """The routes that share a destination."""
    found = (route(db, ref) for ref in ROUTES_TO(db, destination))
    return tuple(route for route in found if route is not None)


def is_group(destination: Destination, routes: tuple[Route, ...]) -> bool:
    """Several ways, or one whose replies must come back the same way: another may join it."""
    return not destination.is_connected and (len(routes) > 1 or any(route.symmetric for route in routes))


def rank(destination: Destination) -> int:
    """The priority of routes to a destination."""
    length = int(destination.network.partition("/")[2])
    if destination.by_source:
        return priority(length, STATIC_SOURCE)
    return priority(length, CONNECTED if destination.is_connected else STATIC)


def selects(db: Engine, destination: Destination) -> str:
    """Matches the packets for a destination."""
    field = f"ip{6 if ':' in destination.network else 4}.{'src' if destination.by_source else 'dst'}"
    number = table_number(db, destination.table)
    table = f"{ROUTE_TABLE} == {number} && " if number or not destination.is_connected else ""
    return f"{table}{field} == {destination.network}"


def destination_flows(db: Engine, destination: Destination) -> Iterator[Flow]:
    """How packets to (or from) a destination go on, by its only route or by each that stands for a network of the router."""
    routes, match = routes_to(db, destination), selects(db, destination)
    for one in routes if not is_group(destination, routes) else ():
        if one.port is None:
            yield Flow(ROUTING, rank(destination), match, DROP, hint=one.uuid)
        else:
            chosen = f"{registers(one)}flags.loopback = 1; {family(one)}"
            yield from forwarding(db, one.port, match, rank(destination), chosen, hint=one.uuid)


def registers(route: Route) -> str:
    """The actions that choose a route's next hop."""
    assert route.port is not None and route.source is not None
    return to_next_hop(route.next_hop, route.source, route.port, ipv6=route.source.is_ipv6)


def family(route: Route) -> str:
    """The action that says which register the next hop is in."""
    assert route.source is not None
    return f"{IS_IPV4_NEXT_HOP} = {int(not route.source.is_ipv6)}; "


class NextHop(NamedTuple):
    """An IPv6 next hop of some route of a router, as it is written there."""

    router: str
    address: str


def _next_hop(db: Engine, ref: str) -> Iterator[NextHop]:
    row, holders = db.get(LogicalRouterStaticRoute, ref), db.referrers(LogicalRouter, "static_routes", ref)
    address = parse_network(row.nexthop) if row else None
    if row is not None and address is not None and address.is_ipv6 and address.is_host and holders:
        yield NextHop(holders[0], row.nexthop)


def _by_next_hop(db: Engine, ref: str) -> Iterator[tuple[NextHop, str]]:
    for hop in _next_hop(db, ref):
        yield hop, ref


NEXT_HOPS = each((LogicalRouterStaticRoute, _next_hop))
"""The IPv6 next hops of static routes."""

_ROUTES_BY = index((LogicalRouterStaticRoute, _by_next_hop))


def solicitation(db: Engine, hop: NextHop) -> Iterator[Flow]:
    """An IPv6 next hop is known beforehand, so its solicitation goes to its own group and not to everybody's."""
    group = solicited_node(hop.address.partition("/")[0])
    mac = "33:33:" + ":".join(f"{octet:02x}" for octet in ip_address(group).packed[-4:])
    match = f"eth.dst == 00:00:00:00:00:00 && {IS_IPV4_NEXT_HOP} == 0 && {NEXT_HOP_IPV6} == {hop.address}"
    actions = f"nd_ns {{ eth.dst = {mac}; ip6.dst = {group}; nd.target = {hop.address}; output; }}; {NEXT}"
    meter = controller_meter(db, hop.router, "nd-ns-resolve")
    yield Flow(Stage.LR_IN_ARP_REQUEST, 200, match, actions, hint=_ROUTES_BY(db, hop)[0], meter=meter)


def port_route_table(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """What comes in by a port that has chosen a route table is looked up in that one."""
    name = port.options.get("route_table", "")
    if name not in MAIN_TABLES:
        match = f"inport == {port.json}"
        yield Flow(Stage.LR_IN_IP_ROUTING_PRE, 100, match, f"{ROUTE_TABLE} = {table_number(db, name)}; {NEXT}")
