"""The router as a host: it answers for its own addresses, refuses what is not for a router, and says when a packet is too old."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.addresses import Network, any_of
from pyovn.northd.copp import controller_meter
from pyovn.northd.flow import DROP, NEXT, Flow
from pyovn.northd.load_balancers import is_vip
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import EGRESS_LOOPBACK, PORT_MAC
from pyovn.northd.router.force_snat import uses_port_addresses
from pyovn.northd.router.gateway import spokesman, where_central
from pyovn.northd.router.nat import is_source
from pyovn.northd.topology import Router, RouterPort, gateway_chassis, has_gateway_port
from pyovn.query import Engine

INPUT = Stage.LR_IN_IP_INPUT
OUTSIDERS = (
    "ip4.src_mcast ||ip4.src == 255.255.255.255 || ip4.src == 127.0.0.0/8 || ip4.dst == 127.0.0.0/8 || "
    "ip4.src == 0.0.0.0/8 || ip4.dst == 0.0.0.0/8"
)
"""Addresses that never cross a router (RFC 1812 4.2.2.11, 5.3.7)."""
EXPIRED = "ip.ttl == {0, 1} && !ip.later_frag"
SEND_BACK = "outport = inport; flags.loopback = 1; output;"
TIME_EXCEEDED = ("/* Time exceeded */", "/* TTL exceeded in transit */")


def sanity(db: Engine, router: Router) -> Iterator[Flow]:
    """What a router does not forward, whatever its ports."""
    yield Flow(INPUT, 100, OUTSIDERS, DROP)
    # Neighbour talk that no port has answered ends here; solicitations for routers go on to their own stage.
    yield Flow(INPUT, 85, "arp || nd", DROP)
    yield Flow(INPUT, 84, "nd_rs || nd_ra", NEXT)
    yield Flow(INPUT, 83, "ip6.mcast_rsvd", DROP)
    yield Flow(INPUT, 50, "eth.bcast", DROP)
    # Nobody is told that a packet to a group was too old,
    yield Flow(INPUT, 32, f"{EXPIRED} && (ip4.mcast || ip6.mcast)", DROP)
    # nor where no port has an address to tell it from.
    yield Flow(INPUT, 29, "ip.ttl == {0, 1}", DROP)
    yield Flow(Stage.LR_OUT_SNAT, 120, "nd_ns", NEXT)


def spoofed(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """Nobody else sends from the router's own addresses, or from a network's broadcast address."""
    if port.ipv4:
        sources = (text for network in port.ipv4 for text in (network.address, network.broadcast) if text)
        yield Flow(INPUT, 100, f"ip4.src == {{{', '.join(sources)}}} && {EGRESS_LOOPBACK} == 0", DROP, hint=port.uuid)


def answers(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """Requests for the port's addresses are answered: ARP, neighbour discovery, echo."""
    for network in port.ipv4:
        yield Flow(INPUT, 90, _asks(port, network) + spokesman(db, port), arp_reply(PORT_MAC), hint=port.uuid)
    for network in port.ipv6:
        groups = f"{{{network.address}, {network.solicited_node}}}"
        match = f"inport == {port.json} && ip6.dst == {groups} && nd_ns && nd.target == {network.address}{where_central(db, port)}"
        advert = f"eth.src = {PORT_MAC}; ip6.src = nd.target; nd.tll = {PORT_MAC}; {SEND_BACK}"
        meter = controller_meter(db, port.router, "nd-na")
        yield Flow(INPUT, 90, match, f"nd_na_router {{ {advert} }};", hint=port.uuid, meter=meter)
    for version, networks, request, reply in ((4, port.ipv4, 8, 0), (6, port.ipv6, 128, 129)):
        if networks:
            icmp = f"icmp{version}"
            match = f"ip{version}.dst == {any_of(networks)} && {icmp}.type == {request} && {icmp}.code == 0"
            swap = f"ip{version}.dst <-> ip{version}.src; ip.ttl = 255; {icmp}.type = {reply}; flags.loopback = 1; next; "
            yield Flow(INPUT, 90, match, swap, hint=port.uuid)


def _asks(port: RouterPort, network: Network) -> str:
    """An ARP request for an address of the port, from a neighbour of that network."""
    return f"inport == {port.json} && arp.op == 1 && arp.tpa == {network.address} && arp.spa == {network.cidr}"


def arp_reply(mac: str) -> str:
    """Turn an ARP request into the reply that the address is at `mac`."""
    return (
        f"eth.dst = eth.src; eth.src = {mac}; arp.op = 2; /* ARP reply */ arp.tha = arp.sha; arp.sha = {mac}; "
        f"arp.tpa <-> arp.spa; {SEND_BACK}"
    )


def unreachable(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """A router has no services: what else is sent to its addresses is refused, so that nobody waits for an answer.

    A router with a gateway says nothing: NAT and load balancers listen on its addresses.
    """
    speaks = gateway_chassis(db, port.router) is None and not has_gateway_port(db, port.router)
    for version, networks, kind, no_port, no_protocol in ((4, port.ipv4, 3, 3, 2), (6, port.ipv6, 1, 4, 3)):
        for network in networks if speaks else ():
            yield from _refusals(db, port, network, version, (kind, no_port, no_protocol))
        yield from _dropped(db, port, version, networks)


def _dropped(db: Engine, port: RouterPort, version: int, networks: tuple[Network, ...]) -> Iterator[Flow]:
    """Packets to the port's addresses end here; where they may be replies to translated sources, only if they would leave again."""
    shared = [network.address for network in networks if _is_listened_on(db, port.router, network.address)]
    every = uses_port_addresses(db, port.router)
    others = [network.address for network in networks if network.address not in shared and not every]
    for stage, priority, addresses in ((INPUT, 60, others), (Stage.LR_IN_ARP_RESOLVE, 2, shared)):
        if addresses:
            yield Flow(stage, priority, f"ip{version}.dst == {{{', '.join(addresses)}}}", DROP, hint=port.uuid)


def _refusals(db: Engine, port: RouterPort, network: Network, version: int, codes: tuple[int, int, int]) -> Iterator[Flow]:
    kind, no_port, no_protocol = codes
    reset, refused = (controller_meter(db, port.router, protocol) for protocol in ("tcp-reset", f"icmp{version}-error"))
    ip, icmp = f"ip{version}", f"icmp{version}"
    match = f"{ip} && {ip}.dst == {network.address} && !ip.later_frag"
    swap = f"eth.dst <-> eth.src; {ip}.dst <-> {ip}.src; "

    def error(code: int) -> str:
        return f"{icmp} {{{swap}ip.ttl = 255; {icmp}.type = {kind}; {icmp}.code = {code}; next; }};"

    yield Flow(INPUT, 80, f"{match} && udp", error(no_port), hint=port.uuid, meter=refused)
    yield Flow(INPUT, 80, f"{match} && tcp", f"tcp_reset {{{swap}next; }};", hint=port.uuid, meter=reset)
    yield Flow(INPUT, 80, f"{match} && sctp", f"sctp_abort {{{swap}next; }};", hint=port.uuid, meter=reset)
    yield Flow(INPUT, 70, match, error(no_protocol), hint=port.uuid, meter=refused)


def too_old(db: Engine, port: RouterPort) -> Iterator[Flow]:
    """Whose packet has come too far is told so, from the address that it knows the router by if there is one."""
    for network in port.ipv4:
        yield _expired(db, port, 31, f"ip4 && ip4.src == {network.cidr}", _exceeded_v4(port, _teller(port, 4, network)))
    if port.ipv4:
        yield _expired(db, port, 30, "ip4", _exceeded_v4(port, f"ip4.dst = ip4.src; ip4.src = {port.ipv4[0].address}"))
    for network in port.given_ipv6:
        yield _expired(db, port, 31, f"ip6 && ip6.src == {network.cidr}", _exceeded_v6(port, _teller(port, 6, network)))
    if port.ipv6:
        yield _expired(db, port, 30, "ip6", _exceeded_v6(port, f"ip6.dst = ip6.src; ip6.src = {port.ipv6[0].address}"))


def _teller(port: RouterPort, version: int, network: Network) -> str:
    """Who says so: the port; or on a gateway port, whose packets may have been translated, whom the packet was for."""
    ip = f"ip{version}"
    return f"{ip}.dst <-> {ip}.src " if port.redirect else f"{ip}.dst = {ip}.src; {ip}.src = {network.address} "


def _expired(db: Engine, port: RouterPort, priority: int, who: str, actions: str) -> Flow:
    meter = controller_meter(db, port.router, "icmp4-error" if who.startswith("ip4") else "icmp6-error")
    return Flow(INPUT, priority, f"inport == {port.json} && {who} && {EXPIRED}", actions, hint=port.uuid, meter=meter)


def _exceeded_v4(port: RouterPort, teller: str) -> str:
    exceeded, in_transit = TIME_EXCEEDED
    return (
        f"icmp4 {{eth.dst <-> eth.src; icmp4.type = 11; {exceeded} icmp4.code = 0; {in_transit} {teller}; "
        f"ip.ttl = 254; outport = {port.json}; flags.loopback = 1; output; }};"
    )


def _exceeded_v6(port: RouterPort, teller: str) -> str:
    exceeded, in_transit = TIME_EXCEEDED
    return (
        f"icmp6 {{eth.dst <-> eth.src; {teller}; ip.ttl = 254; icmp6.type = 3; {exceeded} icmp6.code = 0; "
        f"{in_transit} outport = {port.json}; flags.loopback = 1; output; }};"
    )


def _is_listened_on(db: Engine, router: str, address: str) -> bool:
    """Conntrack may yet turn the address into somebody inside."""
    return is_source(db, router, address) or is_vip(db, router, address)
