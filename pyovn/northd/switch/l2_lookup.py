"""Forwarding: the destination MAC becomes a port or a group of ports."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import DROP, OUTPUT, Flow
from pyovn.northd.pipeline import Stage
from pyovn.northd.registers import FROM_NETWORK_FUNCTION
from pyovn.northd.router.gateway import spokesman
from pyovn.northd.router.nat import EXTERNAL_MACS
from pyovn.northd.topology import Switch, SwitchPort, has_other_than_routers, router_port
from pyovn.query import Engine

LOOKUP = Stage.LS_IN_L2_LKUP
FLOOD = f'outport = "_MC_flood"; {OUTPUT}'
FLOOD_L2 = f'outport = "_MC_flood_l2"; {OUTPUT}'


def multicast(db: Engine, switch: Switch) -> Iterator[Flow]:
    """Where packets for a group of receivers go."""
    # A network function has already chosen the port.
    yield Flow(LOOKUP, 100, f"{FROM_NETWORK_FUNCTION} == 1", OUTPUT)
    # Routers have to hear what neighbours say about themselves,
    yield Flow(LOOKUP, 72, "eth.mcast && (nd_na || nd_rs || nd_ra)", FLOOD)
    yield Flow(LOOKUP, 71, "eth.mcast && arp", FLOOD)
    # but not every other broadcast.
    yield Flow(LOOKUP, 71, "eth.mcast && ip", FLOOD_L2)
    yield Flow(LOOKUP, 70, "eth.mcast", FLOOD_L2)


def unicast(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """A port gets what is addressed to a MAC that lives there; a disabled one swallows it."""
    if port.type == "external":
        return
    peer = router_port(db, port.peer) if port.peer else None
    macs = (peer.mac,) if peer else tuple(lives.mac for lives in port.addresses)
    actions = f"outport = {port.json}; {OUTPUT}" if port.enabled else DROP
    where = spokesman(db, peer) if peer else ""
    for mac in macs:
        yield Flow(LOOKUP, 50, f"eth.dst == {mac}{where}", actions, hint=port.uuid)


def router_addresses(db: Engine, port: SwitchPort) -> Iterator[Flow]:
    """Who asks for a router's address reaches that router, and the machines; other routers need not hear it."""
    peer = router_port(db, port.peer) if port.peer else None
    if peer is None or not peer.enabled:
        return
    # Where only routers are, nobody else has to hear it.
    machines = has_other_than_routers(db, port.switch)
    reach = f"clone {{outport = {port.json}; output; }}; {FLOOD_L2}" if machines else f"outport = {port.json}; {OUTPUT}"
    for network in peer.ipv4:
        yield Flow(LOOKUP, 80, f"flags[1] == 0 && arp.op == 1 && arp.tpa == {network.address}", reach, hint=port.uuid)
    for network in peer.ipv6:
        yield Flow(LOOKUP, 80, f"flags[1] == 0 && nd_ns && nd.target == {network.address}", reach, hint=port.uuid)
    if machines:
        # What a router itself asks for is not for other routers either.
        asks = "eth.dst == ff:ff:ff:ff:ff:ff && (arp.op == 1 || rarp.op == 3 || nd_ns)"
        macs = ", ".join((peer.mac, *(mac for mac in EXTERNAL_MACS(db, peer.router) if mac != peer.mac)))
        yield Flow(LOOKUP, 75, f"eth.src == {{{macs}}} && {asks}", FLOOD_L2)
