"""Advertised_Route: what the ports of a router that takes part in dynamic routing announce, by way of their chassis.

A route to a single address may have a port that is tracked: the chassis that has it is where the address is best reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.addresses import Network, parse_network
from pyovn.northd.allotted import PortKey
from pyovn.northd.bindings import virtual_parent
from pyovn.northd.load_balancers import balancer, held
from pyovn.northd.router import connected
from pyovn.northd.router.announcers import ANNOUNCERS
from pyovn.northd.router.dynamic_routing import AS_HOST, CONNECTED, LB, NAT, PORTS, ROUTERS, STATIC, announced, is_dynamic, redistributed
from pyovn.northd.router.nat import Nat, nat
from pyovn.northd.router.static_routes import route
from pyovn.northd.southbound.datapaths import datapath
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.northd.topology import (
    GATEWAY_PORTS,
    SwitchPort,
    gateway_chassis,
    router_port,
    switch_of,
    switch_port,
    switch_port_named,
)
from pyovn.query import Engine, each, index
from pyovn.schemas import nb, sb


class Announcement(NamedTuple):
    """A route as a port announces it."""

    router: str
    """The router's uuid."""
    port: str
    """The port's name."""
    prefix: str
    """`ADDRESS`, or `NETWORK/LEN`."""


class Claim(NamedTuple):
    """A reason to announce a route."""

    announcement: Announcement
    tracked: str
    """The port that is tracked, by name; empty if none is."""


def _prefix(network: Network) -> str:
    return network.network if network.is_host else network.cidr


def _is_link_local(network: Network) -> bool:
    return network.network.startswith("fe80:" if network.is_ipv6 else "169.254.")


def _of_port(db: Engine, ref: str) -> Iterator[Claim]:
    """The networks of a port, or the addresses at its other end."""
    port, kinds = router_port(db, ref), announced(db, ref)
    if port is None or CONNECTED not in kinds:
        return
    if AS_HOST in kinds:
        other = router_port(db, port.peer_router_port) if port.peer_router_port else None
        for address in _outside(other.ipv4 + other.ipv6) if other else ():
            yield Claim(Announcement(port.router, port.name, address), other.name if other else "")
        return
    for network in port.ipv4 + port.ipv6:
        if not _is_link_local(network):
            yield Claim(Announcement(port.router, port.name, _prefix(network)), "")


def _outside(networks: tuple[Network, ...]) -> Iterator[str]:
    """Addresses that mean something beyond the link."""
    return (network.address for network in networks if not network.address.startswith("fe80:"))


class Host(NamedTuple):
    """A switch's port, by uuid, whose addresses a router port announces one by one."""

    router: str
    port: str
    side: str


def _hosts(db: Engine, ref: str) -> Iterator[Host]:
    port = router_port(db, ref)
    switch = switch_of(db, port.peer) if port and port.peer and AS_HOST in announced(db, ref) else None
    row = db.get(nb.LogicalSwitch, switch) if switch else None
    if port is not None and row is not None:
        yield from (Host(port.router, port.name, side) for side in row.ports)


HOSTS = each((PORTS, _hosts))
"""The neighbours that are announced one by one."""


def _of_host(db: Engine, host: Host) -> Iterator[Claim]:
    side = switch_port(db, host.side)
    for tracked, networks in _lives(db, side) if side else ():
        for address in _outside(networks):
            yield Claim(Announcement(host.router, host.port, address), tracked)


def _lives(db: Engine, side: SwitchPort) -> Iterator[tuple[str, tuple[Network, ...]]]:
    """Who lives at a switch's port: the router at its other end, the machine that has taken a virtual address, or its own."""
    peer = router_port(db, side.peer) if side.peer else None
    if peer is not None:
        yield peer.name, peer.ipv4 + peer.ipv6
        return
    where = side.name if side.type != "virtual" else virtual_parent(db, side.name)
    if where and switch_port_named(db, where):
        yield from ((where, lives.ipv4 + lives.ipv6) for lives in side.addresses)


def _routes(db: Engine, ref: str) -> Iterator[str]:
    row = db.get(nb.LogicalRouter, ref)
    yield from row.static_routes if row else ()


STATED = each((ROUTERS, _routes))
"""The routes that somebody wrote, by uuid, where they may be announced."""


def _of_route(db: Engine, ref: str) -> Iterator[Claim]:
    """A route that somebody wrote."""
    found, row = route(db, ref), db.get(nb.LogicalRouterStaticRoute, ref)
    network = parse_network(row.ip_prefix) if row else None
    if found is None or found.port is None or network is None or not is_dynamic(db, found.destination.router):
        return
    kinds = redistributed(db, found.port.uuid)
    is_own = found.destination.origin == connected.CONNECTED
    if not _is_link_local(network) and (CONNECTED in kinds and AS_HOST not in kinds if is_own else STATIC in kinds):
        yield Claim(Announcement(found.destination.router, found.port.name, _prefix(network)), "")


def _translated(db: Engine, key: tuple[str, str]) -> Iterator[str]:
    router, kind = key
    row = db.get(nb.LogicalRouter, router) if kind == NAT else None
    yield from row.nat if row else ()


TRANSLATED = each((ANNOUNCERS, _translated))
"""The translations, by uuid, whose addresses are announced."""


def _of_translation(db: Engine, ref: str) -> Iterator[Claim]:
    """The outside address of a translation."""
    rule, row = nat(db, ref), db.get(nb.NAT, ref)
    for announcer in ANNOUNCERS(db, (rule.router, NAT)) if rule else ():
        if rule is not None and row is not None:
            yield Claim(Announcement(announcer.router, announcer.port, row.external_ip), _place(db, rule))


def _place(db: Engine, rule: Nat) -> str:
    """The port where a translation is carried out; a gateway router's are all in one place."""
    if rule.mac and rule.logical_port:
        return rule.logical_port if switch_port_named(db, rule.logical_port) else ""
    return rule.port.name if rule.port else ""


def _balanced(db: Engine, key: tuple[str, str]) -> Iterator[tuple[str, str]]:
    router, kind = key
    if kind != LB:
        return
    has = held(db, router)
    yield from ((router, balancer) for balancer in has.load_balancer)
    for group in has.load_balancer_group:
        row = db.get(nb.LoadBalancerGroup, group)
        yield from ((router, balancer) for balancer in (row.load_balancer if row else ()))


BALANCED = each((ANNOUNCERS, _balanced))
"""Routers and their load balancers, where the VIPs are announced, by uuid."""


def _of_balancer(db: Engine, pair: tuple[str, str]) -> Iterator[Claim]:
    """The VIPs of a router's load balancer."""
    router, ref = pair
    found = balancer(db, ref)
    addresses = dict.fromkeys(vip.seen.address for vip in found.vips) if found else {}
    for announcer in ANNOUNCERS(db, (router, LB)):
        for tracked in (announcer.via,) if announcer.via else _places(db, router):
            yield from (Claim(Announcement(announcer.router, announcer.port, address), tracked) for address in addresses)


def _places(db: Engine, router: str) -> tuple[str, ...]:
    """Where a router balances: it has one place, or those of its gateway ports."""
    if gateway_chassis(db, router):
        return ("",)
    ports = (router_port(db, ref) for ref in GATEWAY_PORTS(db, router))
    return tuple(port.name for port in ports if port)


CLAIMS = each(
    (PORTS, _of_port),
    (HOSTS, _of_host),
    (STATED, _of_route),
    (TRANSLATED, _of_translation),
    (BALANCED, _of_balancer),
)
"""Every reason to announce a route."""

_TRACKED = index((CLAIMS, lambda db, claim: (claim,)))
"""The ports that are tracked for a route, by announcement."""


def advertised_route(db: Engine, claim: Claim) -> Iterator[Wanted]:
    """The row of a route; who tracks no port gives way to who does."""
    announcement, tracked = claim
    if not tracked and len(_TRACKED(db, announcement)) > 1:
        return
    if all(db.get(PortKey, name) for name in (announcement.port, tracked) if name):
        yield wanted(
            sb.AdvertisedRoute, (*announcement, tracked), datapath=datapath(announcement.router),
            logical_port=Key(sb.PortBinding, announcement.port), ip_prefix=announcement.prefix,
            tracked_port=Key(sb.PortBinding, tracked) if tracked else None,
        )  # fmt: skip
