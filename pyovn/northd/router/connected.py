"""Routes to the networks that a router's own ports are in, and what later stages know of those networks."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.addresses import Network
from pyovn.northd.bfd import PORT, is_run
from pyovn.northd.flow import ALWAYS, DROP, NEXT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import ECMP_GROUP, IS_IPV4_NEXT_HOP, NEXT_HOP_IPV4, NEXT_HOP_IPV6, ROUTE_TABLE, SOURCE_IPV4, SOURCE_IPV6
from pyovn.northd.topology import Router, RouterPort
from pyovn.query import Engine

ROUTING = Stage.LR_IN_IP_ROUTING
NETWORK_ID = Stage.LR_IN_NETWORK_ID

STATIC_SOURCE, LEARNED, STATIC, CONNECTED = 0, 2, 4, 6
"""Among routes of one prefix length: by source, learned, by destination, and the router's own networks, the last preferred."""

MAX_NETWORK_ID = 15
"""As many networks of a port as the register can number; those after it count as the first."""


def priority(prefix_length: int, origin: int) -> int:
    """The longest prefix wins; among equals, the origin."""
    return prefix_length * 8 + origin


def to_next_hop(next_hop: str | None, source: Network | None, port: RouterPort, *, ipv6: bool) -> str:
    """Registers of a route: where to (None: the destination itself), from which address (None: the port has none) and by which port."""
    register, source_register, field = (NEXT_HOP_IPV6, SOURCE_IPV6, "ip6.dst") if ipv6 else (NEXT_HOP_IPV4, SOURCE_IPV4, "ip4.dst")
    own = f"{source_register} = {source.address}; " if source else ""
    return f"{register} = {next_hop or field}; {own}eth.src = {port.mac}; outport = {port.json}; "


def scoped(port: RouterPort, network: str, match: str) -> str:
    """Every port has the link-local network, so the one that the packet came by is meant."""
    return f"inport == {port.json} && {match}" if network.startswith("fe80:") else match


def routing(db: Engine, router: Router) -> Iterator[Flow]:
    """What holds for every routing decision."""
    yield Flow(Stage.LR_IN_IP_ROUTING_PRE, 0, ALWAYS, f"{ROUTE_TABLE} = 0; {NEXT}")
    # Solicitations for routers are for this one.
    yield Flow(ROUTING, 10550, "nd_rs || nd_ra", DROP)
    # Without a group the next hop has been chosen; without a policy the route stands.
    yield Flow(Stage.LR_IN_IP_ROUTING_ECMP, 150, f"{ECMP_GROUP} == 0", NEXT)
    yield Flow(Stage.LR_IN_POLICY, 0, ALWAYS, f"{ECMP_GROUP} = 0; {NEXT}")
    yield Flow(Stage.LR_IN_POLICY_ECMP, 150, f"{ECMP_GROUP} == 0", NEXT)
    # A next hop outside the port's networks counts as in the first.
    yield Flow(NETWORK_ID, 105, ALWAYS, f"flags.network_id = 0; {NEXT}")


def connected(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """Who is in a network of a port is reached by that port, directly."""
    for network in port.ipv4 + port.ipv6:
        match = scoped(port, network.network, f"ip{6 if network.is_ipv6 else 4}.dst == {network.cidr}")
        registers = to_next_hop(None, network, port, ipv6=network.is_ipv6)
        chosen = f"{registers}flags.loopback = 1; {IS_IPV4_NEXT_HOP} = {int(not network.is_ipv6)}; "
        yield from forwarding(db, port, match, priority(network.prefix, CONNECTED), chosen, hint=port.uuid)


def forwarding(db: Engine, port: RouterPort, match: str, priority: int, chosen: str, *, hint: str) -> Iterator[Flow]:
    """A route by a port; `chosen` are the actions that name the next hop."""
    actions = f"{ECMP_GROUP} = 0; {chosen}{NEXT}"
    yield Flow(ROUTING, priority, match, f"ip.ttl--; {actions}", hint=hint)
    if is_run(db, port.name):
        # A packet of a session tells by its age that no router has passed it on (RFC 5881 5).
        yield Flow(ROUTING, priority + 1, f"{match} && udp.dst == {PORT}", actions, hint=hint)


def network_numbers(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """Which of the port's networks the next hop is in: later translations take their address from it."""
    for version, register, networks in ((4, NEXT_HOP_IPV4, port.ipv4), (6, NEXT_HOP_IPV6, port.given_ipv6)):
        for number, network in enumerate(networks):
            match = f"outport == {port.json} && ip{version} && {register} == {network.address}/{network.prefix}"
            yield Flow(NETWORK_ID, 110, match, f"flags.network_id = {number if number <= MAX_NETWORK_ID else 0}; {NEXT}")
