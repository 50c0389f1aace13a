"""Forwarding: the destination MAC becomes a port or a group of ports."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import DROP, OUTPUT, Flow, quoted
from pyovn.northd.registers import FROM_NETWORK_FUNCTION
from pyovn.northd.router.gateway import resident, spokesman
from pyovn.northd.router.nat import EXTERNAL_MACS
from pyovn.northd.router.sides import facing
from pyovn.northd.settings import flag
from pyovn.northd.switch.arp_proxy import router_macs
from pyovn.northd.switch.asking import FLOOD_L2, LOOKUP, who_asks
from pyovn.northd.topology import Switch, SwitchPort, other_half, router_port, unknown_ports
from pyovn.query import Engine

FLOOD = f'outport = "_MC_flood"; {OUTPUT}'


def multicast(db: Engine, switch: Switch) -> Iterator[Flow]:
    """Where packets for a group of receivers go."""
    # A network function has already chosen the port.
    yield Flow(LOOKUP, 100, f"{FROM_NETWORK_FUNCTION} == 1", OUTPUT)
    if not flag(switch.other_config, "broadcast-arps-to-all-routers", True):
        # Who looks for a neighbour is heard by the router that has the address, which flows of ports know.
        yield Flow(LOOKUP, 72, "eth.mcast && (arp.op == 1 || nd_ns)", FLOOD_L2)
    # Routers have to hear what neighbours say about themselves,
    yield Flow(LOOKUP, 72, "eth.mcast && (nd_na || nd_rs || nd_ra)", FLOOD)
    yield Flow(LOOKUP, 71, "eth.mcast && arp", FLOOD)
    # but not every other broadcast.
    yield Flow(LOOKUP, 70, "eth.mcast", FLOOD_L2)


def unicast(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """A port gets what is addressed to a MAC that lives there; a disabled one swallows it."""
    if port.type == "external" or _is_learned(port):
        return
    peer = router_port(db, port.peer) if port.peer else None
    if peer is None:
        yield from (Flow(LOOKUP, 50, f"eth.dst == {lives.mac}", _reached(db, port), hint=port.uuid) for lives in port.addresses)
        return
    macs, half = router_macs(db, peer), other_half(db, port.uuid)
    if half is not None:
        afar = _reached(db, port, quoted(half))
        yield Flow(LOOKUP, 50, f"eth.dst == {peer.mac} && !{resident(half)}", afar, hint=port.uuid)
        yield Flow(LOOKUP, 50, f"eth.dst == {macs} && {resident(half)}", _reached(db, port), hint=port.uuid)
    else:
        yield Flow(LOOKUP, 50, f"eth.dst == {macs}{spokesman(db, peer)}", _reached(db, port), hint=port.uuid)


def _is_learned(port: SwitchPort) -> bool:
    """Its MACs may be elsewhere: only what was learned counts."""
    return port.is_vif and port.unknown and flag(port.options, "force_fdb_lookup")


def _reached(db: Engine, port: SwitchPort, exit_: str | None = None) -> str:
    """How a port is reached, or the half of it that is called so."""
    if not port.enabled:
        return DROP
    # Some want those who take unknown addresses to see what is sent to known ones as well.
    copied = port.is_vif and port.options.get("pkt_clone_type", "").lower() == "mc_unknown"
    if copied and unknown_ports(db, port.switch):
        return f'clone {{outport = {port.json}; output; }};outport = "_MC_unknown"; {OUTPUT}'
    return f"outport = {exit_ or port.json}; {OUTPUT}"


def router_addresses(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Who asks for a router's address reaches the router."""
    peer = router_port(db, port.peer) if port.peer else None
    if peer is None or not peer.enabled:
        return
    side = facing(db, port, peer.uuid)
    for network in peer.ipv4:
        yield from who_asks(side, f"arp.op == 1 && arp.tpa == {network.address}")
    for network in peer.ipv6:
        yield from who_asks(side, f"nd_ns && nd.target == {network.address}")
    if side.is_shared:
        # What a router itself asks for is not for other routers either.
        asks = "eth.dst == ff:ff:ff:ff:ff:ff && (arp.op == 1 || rarp.op == 3 || nd_ns)"
        macs = ", ".join((peer.mac, *(mac for mac in EXTERNAL_MACS(db, peer.router) if mac != peer.mac)))
        yield Flow(LOOKUP, 75, f"eth.src == {{{macs}}} && {asks}", FLOOD_L2)
