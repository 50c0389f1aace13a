"""Routes that somebody wrote: by destination or source, in route tables."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import NamedTuple

from pyovn.northd import bfd
from pyovn.northd.addresses import parse_network, solicited_node
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import IS_IPV4_NEXT_HOP, NEXT_HOP_IPV6, ROUTE_TABLE
from pyovn.northd.router.connected import CONNECTED, STATIC
from pyovn.northd.router.route_tables import table_number
from pyovn.northd.router.ways import Destination, Route, way
from pyovn.northd.settings import flag
from pyovn.northd.topology import RouterPort
from pyovn.query import Engine, each, index, query
from pyovn.schemas.nb import LogicalRouter, LogicalRouterStaticRoute


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
    origin = CONNECTED if row.options.get("origin") == "connected" else STATIC
    destination = Destination(holders[0], row.route_table, prefix.cidr, row.policy == "src-ip", origin)
    symmetric = flag(row.options, "ecmp_symmetric_reply")
    if row.nexthop == "discard":
        return Route(ref, destination, None, None, None, symmetric, row.selection_fields)
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
    if name:
        match = f"inport == {port.json}"
        yield Flow(Stage.LR_IN_IP_ROUTING_PRE, 100, match, f"{ROUTE_TABLE} = {table_number(db, name)}; {NEXT}")
