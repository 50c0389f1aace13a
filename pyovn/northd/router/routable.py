"""Outside addresses that other routers on a network have routes to (`add_route`): they are in no network of a port.

What a router translates or balances for is reached by the port that speaks for it; the other routers of that port's
switch send there directly, and those on one chassis know the MAC.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.addresses import Network, parse_network
from pyovn.northd.flow import NEXT, Flow
from pyovn.northd.load_balancers import balancer, holders
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import IS_IPV4_NEXT_HOP, NEXT_HOP_IPV4, SOURCE_IPV4, SOURCE_IPV6
from pyovn.northd.router.connected import CONNECTED, forwarding, priority
from pyovn.northd.router.nat import OWN, any_port_speaks, nat
from pyovn.northd.router.resolve import ATTACHED, learns_neighbours
from pyovn.northd.topology import RouterPort, gateway_chassis, router_port, switch_port
from pyovn.query import Engine, index
from pyovn.schemas.nb import NAT, LoadBalancer, LogicalRouter


def _of_translations(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    found = nat(db, ref)
    if found is not None and found.routable and found.translates_destinations and not found.external.is_ipv6:
        yield found.router, ref
        if found.port is not None:
            yield found.port.uuid, ref


_TRANSLATIONS = index((NAT, _of_translations))
"""The translations of a router, or at a port, that others have routes to, by uuid."""


def _vips(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    found = balancer(db, ref)
    for vip in found.vips if found and found.has("add_route") else ():
        if not vip.seen.is_ipv6:
            yield from ((router, vip.seen.address) for router in holders(db, ref, LogicalRouter))


_VIPS = index((LoadBalancer, _vips))
"""The IPv4 VIPs of a router that others have routes to."""


class Reached(NamedTuple):
    """Addresses at one MAC."""

    mac: str
    addresses: tuple[str, ...]


def _reached(db: Engine, port: RouterPort) -> Iterator[Reached]:
    """What is reached by a port: translations carried out elsewhere by themselves, the others and VIPs together."""
    central = []
    for rule in (nat(db, ref) for ref in _TRANSLATIONS(db, port.router if any_port_speaks(db, port.router) else port.uuid)):
        if rule is None:
            continue
        if rule.mac:
            yield Reached(rule.mac, (rule.external.address,))
        elif port.uuid not in OWN(db, (rule.router, rule.external.address)):
            central.append(rule.external.address)
    central += _VIPS(db, port.router)
    if central:
        yield Reached(port.mac, tuple(central))


def routes(db: Engine, port: RouterPort) -> Iterator[tuple[str, Flow]]:
    """What a port teaches the other routers of its switch; yields the router with each flow."""
    side = switch_port(db, port.peer) if port.peer else None
    for reached in _reached(db, port) if side else ():
        for ref in ATTACHED(db, side.switch) if side else ():
            other = router_port(db, ref)
            if other is not None and other.uuid != port.uuid:
                yield from ((other.router, flow) for flow in _taught(db, port, other, reached))


def _taught(db: Engine, port: RouterPort, other: RouterPort, reached: Reached) -> Iterator[Flow]:
    source = next(iter(other.ipv4), None) or next((own for own in other.ipv6 if own.address.startswith("fe80:")), None)
    if source is None:
        return
    if port.redirect or gateway_chassis(db, port.router):
        for address in reached.addresses:
            yield from _route(db, other, source, address)
    if not learns_neighbours(db, other) and (other.redirect or gateway_chassis(db, other.router)):
        match = f"outport == {other.json} && {NEXT_HOP_IPV4} == {{{', '.join(reached.addresses)}}}"
        yield Flow(Stage.LR_IN_ARP_RESOLVE, 100, match, f"eth.dst = {reached.mac}; {NEXT}")


def _route(db: Engine, other: RouterPort, source: Network, address: str) -> Iterator[Flow]:
    network = parse_network(address)
    assert network is not None
    register = SOURCE_IPV6 if source.is_ipv6 else SOURCE_IPV4
    chosen = (
        f"{NEXT_HOP_IPV4} = ip4.dst; {register} = {source.address}; eth.src = {other.mac}; outport = {other.json}; "
        f"flags.loopback = 1; {IS_IPV4_NEXT_HOP} = {int(not source.is_ipv6)}; "
    )
    yield from forwarding(db, other, f"ip4.dst == {network.cidr}", priority(network.prefix, CONNECTED), chosen, hint=other.uuid)
