"""Routes that somebody wrote: by destination or source, in route tables, over one next hop or several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import NamedTuple

from pyovn.northd.addresses import Network, parse_network, solicited_node
from pyovn.northd.allotted import PortKey
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import DROP, NEXT, Flow, quoted
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import ECMP_GROUP, ECMP_MEMBER, ECMP_SYMMETRIC, IS_IPV4_NEXT_HOP, NEXT_HOP_IPV6, ROUTE_TABLE
from pyovn.northd.router.connected import STATIC, STATIC_SOURCE, priority, to_next_hop
from pyovn.northd.topology import RouterPort, router_port, router_port_named
from pyovn.query import Engine, each, index, query
from pyovn.schemas.nb import LogicalRouter, LogicalRouterPort, LogicalRouterStaticRoute

ROUTING = Stage.LR_IN_IP_ROUTING
MAIN_TABLES = ("", "main")


class Destination(NamedTuple):
    """What routes that share traffic have in common."""

    router: str
    table: str
    """The route table's name, empty for the main one."""
    network: str
    """`NETWORK/LEN`."""
    by_source: bool


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


@query
def router_ports(db: Engine, router: str) -> tuple[RouterPort, ...]:
    """The ports of a router, by name."""
    row = db.get(LogicalRouter, router)
    found = (router_port(db, ref) for ref in (row.ports if row else ()))
    return tuple(sorted((port for port in found if port is not None), key=lambda port: port.name))


@query
def route(db: Engine, ref: str) -> Route | None:
    """The facts about a static route; None if it leads nowhere."""
    row = db.get(LogicalRouterStaticRoute, ref)
    holders = db.referrers(LogicalRouter, "static_routes", ref)
    prefix = parse_network(row.ip_prefix) if row else None
    if row is None or not holders or prefix is None:
        return None
    table = "" if row.route_table in MAIN_TABLES else row.route_table
    destination = Destination(holders[0], table, prefix.cidr, row.policy == "src-ip")
    if row.nexthop == "discard":
        return Route(ref, destination, None, None, None, False)
    next_hop = parse_network(row.nexthop) if row.nexthop else None
    if row.nexthop and next_hop is None:
        return None
    address = next_hop.address if next_hop else None
    towards = way(db, holders[0], row.output_port, address, prefix.is_ipv6)
    symmetric = row.options.get("ecmp_symmetric_reply") == "true"
    return Route(ref, destination, address, *towards, symmetric) if towards else None


def way(db: Engine, router: str, output_port: str | None, next_hop: str | None, ipv6: bool) -> tuple[RouterPort, Network] | None:
    """By which port, and from which of its addresses, a next hop is reached."""
    if output_port:
        ref = router_port_named(db, output_port)
        port = router_port(db, ref) if ref else None
        networks = _networks(port, next_hop, ipv6) if port else ()
        return (port, _member(networks, next_hop) or networks[0]) if port and networks else None
    for port in router_ports(db, router):
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


def in_network(address: str, network: Network) -> bool:
    """Whether an address is in a network; of another family it never is."""
    if (":" in address) is not network.is_ipv6:
        return False
    bits = 128 if network.is_ipv6 else 32
    shift = bits - network.prefix
    return int(ip_address(address)) >> shift == int(ip_address(network.address)) >> shift


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


def _shared(db: Engine, destination: Destination) -> tuple[Route, ...]:
    found = (route(db, ref) for ref in ROUTES_TO(db, destination))
    return tuple(route for route in found if route is not None)


def _needs_group(routes: tuple[Route, ...]) -> bool:
    """Several ways, or one whose replies must come back the same way."""
    return not any(route.port is None for route in routes) and (len(routes) > 1 or any(route.symmetric for route in routes))


def _by_group(db: Engine, destination: Destination) -> Iterator[tuple[str, Destination]]:
    if _needs_group(_shared(db, destination)):
        yield destination.router, destination


GROUPS = index((DESTINATIONS, _by_group))
"""The destinations of a router that are reached over groups."""


@query
def group_number(db: Engine, destination: Destination) -> int:
    """The number of a destination's group among those of its router, from 1."""
    return 1 + GROUPS(db, destination.router).index(destination)


def destination_flows(db: Engine, destination: Destination) -> Iterator[Flow]:
    """How packets to (or from) a destination go on."""
    routes = _shared(db, destination)
    length = int(destination.network.partition("/")[2])
    rank = priority(length, STATIC_SOURCE if destination.by_source else STATIC)
    match = f"{ROUTE_TABLE} == {table_number(db, destination.table)} && {_selects(destination)}"
    if _needs_group(routes):
        yield from _group(db, destination, routes, match, rank)
        return
    for one in routes[:1] if any(one.port is None for one in routes) else routes:
        if one.port is None:
            yield Flow(ROUTING, rank, match, DROP, hint=one.uuid)
        else:
            actions = f"ip.ttl--; {ECMP_GROUP} = 0; {_registers(one)}flags.loopback = 1; {_family(one)}{NEXT}"
            yield Flow(ROUTING, rank, match, actions, hint=one.uuid)


def _selects(destination: Destination) -> str:
    field = f"ip{6 if ':' in destination.network else 4}.{'src' if destination.by_source else 'dst'}"
    return f"{field} == {destination.network}"


def _is_ipv6(route: Route) -> bool:
    assert route.source is not None
    return route.source.is_ipv6


def _registers(route: Route) -> str:
    assert route.port is not None and route.source is not None
    return to_next_hop(route.next_hop, route.source, route.port, ipv6=_is_ipv6(route))


def _family(route: Route) -> str:
    return f"{IS_IPV4_NEXT_HOP} = {int(not _is_ipv6(route))}; "


def _group(db: Engine, destination: Destination, routes: tuple[Route, ...], match: str, rank: int) -> Iterator[Flow]:
    """The connection's hash picks a member; the next stage turns the member into a next hop."""
    number = group_number(db, destination)
    members = range(1, len(routes) + 1)
    chosen = f"select({', '.join(map(str, members))});" if len(routes) > 1 else f"1; {NEXT}"
    picks = f"ip.ttl--; flags.loopback = 1; {ECMP_GROUP} = {number}; {ECMP_MEMBER} = {chosen}"
    yield Flow(ROUTING, rank, match, picks)
    for member, one in zip(members, routes):
        symmetric = f"{ECMP_SYMMETRIC} = 1; " if one.symmetric else ""
        picked = f"{ECMP_GROUP} == {number} && {ECMP_MEMBER} == {member}"
        actions = f"{_registers(one)}{_family(one)}{symmetric}{NEXT}"
        yield Flow(Stage.LR_IN_IP_ROUTING_ECMP, 100, picked, actions, hint=one.uuid)


class NextHop(NamedTuple):
    """An IPv6 next hop of some route of a router."""

    router: str
    address: str


def _next_hop(db: Engine, ref: str) -> Iterator[NextHop]:
    found = route(db, ref)
    if found is not None and found.next_hop is not None and ":" in found.next_hop:
        yield NextHop(found.destination.router, found.next_hop)


def _by_next_hop(db: Engine, ref: str) -> Iterator[tuple[NextHop, str]]:
    for hop in _next_hop(db, ref):
        yield hop, ref


NEXT_HOPS = each((LogicalRouterStaticRoute, _next_hop))
"""The IPv6 next hops of static routes."""

_ROUTES_BY = index((LogicalRouterStaticRoute, _by_next_hop))


def solicitation(db: Engine, hop: NextHop) -> Iterator[Flow]:
    """An IPv6 next hop is known beforehand, so its solicitation goes to its own group and not to everybody's."""
    group = solicited_node(hop.address)
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


def symmetric_replies(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """A connection that began behind such a route remembers the neighbour and the port it must come back by."""
    for name in (port.name, port.redirect):
        allotted = db.get(PortKey, name) if name else None
        if name and allotted is not None:
            match = f"{ECMP_SYMMETRIC} == 1 && ip && outport == {quoted(name)}"
            commit = f"ct_commit {{ ct_label.ecmp_reply_eth = eth.dst; ct_mark.ecmp_reply_port = {allotted.key};}}; output;"
            yield Flow(Stage.LR_IN_ECMP_STATEFUL_EGR, 100, match, commit)

