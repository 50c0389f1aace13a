"""Northbound rows of routers that ask for the impossible: routes and policies to nowhere, sessions and relays of nobody.

Phrases that operators look for in the reference's log are said the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pyovn.northd import topology
from pyovn.northd.addresses import parse_network
from pyovn.northd.ageing import NEVER, parse_thresholds
from pyovn.northd.copp import PROTOCOLS
from pyovn.northd.flow import Problem
from pyovn.northd.router.advertisements import MODES
from pyovn.northd.router.policies import chain_number, hops, router_of_policy
from pyovn.northd.router.routes import ROUTES_TO, is_group, routes_to
from pyovn.northd.router.routing_daemon import daemon, protocols
from pyovn.northd.router.static_routes import stated
from pyovn.northd.router.ways import Destination
from pyovn.northd.vips import parse_endpoint
from pyovn.query import Engine
from pyovn.schemas.nb import (
    BFD,
    Copp,
    DHCPRelay,
    LogicalRouter,
    LogicalRouterPolicy,
    LogicalRouterPort,
    LogicalRouterStaticRoute,
    LogicalSwitch,
    LogicalSwitchPort,
    Meter,
    StaticMACBinding,
)

POLICY, ROUTE, ROUTER, PORT = "Logical_Router_Policy", "Logical_Router_Static_Route", "Logical_Router", "Logical_Router_Port"


def policy(db: Engine, ref: str) -> Iterator[Problem]:
    """A way to nowhere."""
    row, router = db.get(LogicalRouterPolicy, ref), router_of_policy(db, ref)
    if row is None or router is None:
        return
    name, owner = f"{row.priority} {row.match}", topology.router(db, router)
    whose = f"Logical router: {owner.name if owner else router}, policy"
    if row.nexthop:
        yield Problem(POLICY, name, f'{whose} uses deprecated column "nexthop", this column is ignored; use nexthops, or it does nothing')
    elif row.action == "reroute" and row.output_port and len(row.nexthops) != 1:
        yield Problem(POLICY, name, f"{whose}: output_port only supported on non-ECMP reroute policies; clear it or name one next hop")
    elif row.action == "reroute" and not hops(db, row, router):
        yield Problem(POLICY, name, "no port of the router leads to a next hop; set output_port")
    if row.action == "jump" and not row.jump_chain:
        yield Problem(POLICY, name, f"{whose} action 'jump' has empty target; set jump_chain")
    elif row.action == "jump" and chain_number(db, router, row.jump_chain) is None:
        yield Problem(POLICY, name, f"{whose} action 'jump' follows to non-existent chain {row.jump_chain}; add a policy to that chain")


def route(db: Engine, ref: str) -> Iterator[Problem]:
    """A prefix or next hop that is none, or to which no port leads."""
    row, holders = db.get(LogicalRouterStaticRoute, ref), db.referrers(LogicalRouter, "static_routes", ref)
    if row is None or not holders:
        return
    next_hop = parse_network(row.nexthop)
    if parse_network(row.ip_prefix) is None:
        yield Problem(ROUTE, row.ip_prefix, f"bad 'ip_prefix' {row.ip_prefix} in static route; it must be IP or IP/LENGTH")
    elif row.nexthop not in ("", "discard") and (next_hop is None or not next_hop.is_host):
        yield Problem(ROUTE, row.ip_prefix, f"bad 'nexthop' {row.nexthop} in static route; it must be an address, discard, or empty")
    elif stated(db, ref) is None:
        facts = topology.router(db, holders[0])
        where = f"No path for static route {row.ip_prefix} on router {facts.name if facts else ''}; next hop {row.nexthop}"
        yield Problem(ROUTE, row.ip_prefix, f"{where} is in no network of a port: add one, or set output_port")


def discarding(db: Engine, destination: Destination) -> Iterator[Problem]:
    """A group of routes one of which discards."""
    routes = routes_to(db, destination)
    if is_group(destination, routes) and any(one.port is None for one in routes):
        network = parse_network(destination.network)
        shown = network.address if network and network.is_host else destination.network
        fact = f'The ECMP route "{shown}" contains "discard" route, the whole group will drop traffic; delete that route or the others'
        yield Problem(ROUTE, destination.network, fact)


def session(db: Engine, ref: str) -> Iterator[Problem]:
    """A session of no port."""
    row = db.get(BFD, ref)
    named = topology.router_port_named(db, row.logical_port) if row else None
    if row is not None and (named is None or topology.router_port(db, named) is None):
        yield Problem("BFD", f"{row.logical_port} {row.dst_ip}", f'no router port is called "{row.logical_port}"; nobody runs the session')


def static_mac(db: Engine, ref: str) -> Iterator[Problem]:
    """A neighbour of no port."""
    row = db.get(StaticMACBinding, ref)
    if row is not None and topology.router_port_named(db, row.logical_port) is None:
        fact = f'no router port is called "{row.logical_port}"; the neighbour is not told to anybody'
        yield Problem("Static_MAC_Binding", f"{row.logical_port} {row.ip}", fact)


def relay(db: Engine, ref: str) -> Iterator[Problem]:
    """A server that is no address."""
    row = db.get(DHCPRelay, ref)
    if row is not None and (not row.servers or parse_endpoint(row.servers) is None):
        yield Problem("DHCP_Relay", row.name, f'servers "{row.servers or ""}" is no address; nothing is relayed')


def relaying_switch(db: Engine, ref: str) -> Iterator[Problem]:
    """A relaying port that does not exist."""
    facts = topology.switch(db, ref)
    name = facts.other_config.get("dhcp_relay_port") if facts else None
    if facts is not None and name is not None and not db.find(LogicalSwitchPort, "name", name):
        yield Problem("Logical_Switch", facts.name, f'other_config:dhcp_relay_port "{name}" is no port; its clients get no answer')


def control_plane(db: Engine, ref: str) -> Iterator[Problem]:
    """A kind of packets that there is not, or a meter that does not exist."""
    row = db.get(Copp, ref)
    for protocol, meter in row.meters.items() if row else ():
        name = row.name if row else ""
        if protocol not in PROTOCOLS:
            yield Problem("Copp", name, f'meters "{protocol}" is no kind of packets; see copp-add for those there are')
        elif not db.find(Meter, "name", meter):
            yield Problem("Copp", name, f'meter "{meter}" of {protocol} does not exist; nothing is limited until meter-add makes it')


def router(db: Engine, ref: str) -> Iterator[Problem]:
    """Thresholds that are not understood."""
    facts = topology.router(db, ref)
    text = facts.options.get("mac_binding_age_threshold", "") if facts else ""
    if facts is not None and text and parse_thresholds(text) == NEVER and text.strip("0;"):
        fact = f'options:mac_binding_age_threshold "{text}" is not SECONDS or CIDR:SECONDS, separated by ";"; nothing ages'
        yield Problem(ROUTER, facts.name, fact)


def port(db: Engine, ref: str) -> Iterator[Problem]:
    """Advertisements of no mode, a peer that does not say the same, a switch's end at a port that has a peer."""
    row = db.get(LogicalRouterPort, ref)
    facts = topology.router_port(db, ref) if row else None
    if row is None or facts is None:
        return
    mode = row.ipv6_ra_configs.get("address_mode")
    if mode is not None and mode not in MODES:
        yield Problem(PORT, row.name, f"Invalid address mode [{mode}] defined; it must be one of {', '.join(MODES)}")
    if "routing-protocol-redirect" in row.options:
        yield from _daemon(db, row.name, facts)
    if row.peer and facts.peer_router_port is None:
        yield Problem(PORT, row.name, f'peer "{row.peer}" is no router port whose peer is this one; they are not connected')
    for attached in topology.PORTS_TOWARDS(db, row.name) if row.peer else ():
        side = db.get(LogicalSwitchPort, attached)
        whose = f"The peer of the switch port '{side.name if side else ''}' (LRP peer: '{row.name}')"
        yield Problem(PORT, row.name, f"Bad configuration: {whose} has its own peer configuration: '{row.peer}'; clear one of both")


def _daemon(db: Engine, name: str, port: topology.RouterPort) -> Iterator[Problem]:
    if daemon(db, port) is None:
        who = port.options["routing-protocol-redirect"]
        fact = f'Option \'routing-protocol-redirect\' "{who}" is no port of the same switch'
        yield Problem(PORT, name, f"{fact}; nothing is redirected")
    elif not protocols(port):
        fact = "Option 'routing-protocol-redirect' is set but no known protocols were set via 'routing-protocols'"
        yield Problem(PORT, name, f"{fact}; set BGP, BFD or both")


PARTS: tuple[tuple[Any, Callable[[Engine, Any], Iterator[Problem]]], ...] = (
    (LogicalRouterPolicy, policy), (LogicalRouterStaticRoute, route), (ROUTES_TO, discarding), (BFD, session),
    (StaticMACBinding, static_mac), (DHCPRelay, relay), (LogicalSwitch, relaying_switch), (Copp, control_plane),
    (LogicalRouter, router), (LogicalRouterPort, port),
)  # fmt: skip
"""What rows of routers show by themselves: which, and how."""
