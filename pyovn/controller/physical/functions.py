"""Network functions on this host: what comes out of one goes back through the tunnel by which it came for the other port.

On a physical network the source's address must not seem to be where the function is, so the packet leaves for its destination from
where it came from. Which tunnel that was is kept with the connection, in the zone of the port by which the packet went in.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.controller.interfaces import TUNNEL_PORTS, Tunnel
from pyovn.controller.local_datapaths import port_ref
from pyovn.controller.physical.ports import Spot, is_function, localnet_of, plug_of, port_zone, spot_of
from pyovn.controller.rule import Rule, bits, cookie_of, move, put, resubmit
from pyovn.controller.tables import FLAGS, INPORT, LOGICAL_REGISTERS, OUTPORT, PORT_ZONE, TUNNEL_PORT, LogicalFlag, OFTable
from pyovn.openflow.action import Actions, Ct, Output
from pyovn.openflow.match import Asked, Match
from pyovn.query import Engine, index, some
from pyovn.schemas import sb

AGAIN = int(LogicalFlag.LOOKED_UP_AGAIN)
ETH_IPV4 = 0x0800
INVALID = 0x10
"""Conntrack makes nothing of the packet."""
TUNNEL_OF_CONNECTION = 80
"""Where in a connection's label the tunnel is kept."""


def _tunnel(_: Engine, tunnel: Tunnel) -> Iterator[tuple[str, int]]:
    yield "", tunnel.ofport


_TUNNELS = index((TUNNEL_PORTS, _tunnel))


def function_rules(db: Engine, ref: str) -> Iterator[Rule]:
    """What a network function's port on this host needs beside what every port does."""
    row, spot = db.get(sb.PortBinding, ref), spot_of(db, ref)
    if row is None or spot is None or plug_of(db, ref) is None:
        return
    # On its datapath the tunnel that a packet came through is remembered on the way out.
    cleared = tuple(put(register, 0, 0xFFFF if register == TUNNEL_PORT else None) for register in _cleared())
    here = Match.of({"metadata": spot.datapath})
    yield Rule(OFTable.CHECK_LOOPBACK, 1, here, (*cleared, resubmit(OFTable.EGRESS)), cookie_of(row.datapath))
    other = linked_to(db, row)
    there, zone, other_zone = spot_of(db, other) if other else None, port_zone(db, ref), port_zone(db, other) if other else None
    if there is not None and zone and other_zone and localnet_of(db, row.datapath):
        yield from _returned(db, spot, other_zone)
        yield from _returned(db, there, zone)


def _cleared() -> tuple[str, ...]:
    return (*(register for register in LOGICAL_REGISTERS if register != TUNNEL_PORT), TUNNEL_PORT)


def linked_to(db: Engine, row: sb.PortBinding) -> str | None:
    """The port at the other side of a network function: each must name the other."""
    other = port_ref(db, row.options.get("nf-linked-port", ""))
    found = db.get(sb.PortBinding, other) if other else None
    is_mutual = found is not None and found.type == row.type and found.options.get("nf-linked-port") == row.logical_port
    return other if is_mutual else None


def _returned(db: Engine, spot: Spot, zone: int) -> Iterator[Rule]:
    """Packets from a port go where those of its connection came from, as the zone of the other port tells."""
    first, second = {FLAGS: (0, AGAIN)}, {FLAGS: (AGAIN, AGAIN)}
    ask = (put(FLAGS, AGAIN, AGAIN), put(PORT_ZONE, zone, 0xFFFF), Ct(zone=bits(PORT_ZONE, 0, 16), table=OFTable.LOCAL_OUTPUT))
    yield Rule(OFTable.LOCAL_OUTPUT, 110, spot.match(INPORT, **first, eth_type=ETH_IPV4), ask, spot.cookie)
    for ofport in _TUNNELS(db, ""):
        # A function that answers by itself does so by the port by which it was asked: the ingress pipeline has found the tunnel.
        itself: dict[str, Asked] = {"ct_state": (INVALID, INVALID), TUNNEL_PORT: (ofport << 16, 0xFFFF0000)}
        yield Rule(OFTable.LOCAL_OUTPUT, 110, spot.match(INPORT, **second, **itself), _back(spot, ofport), spot.cookie)
        known: Asked = (ofport << TUNNEL_OF_CONNECTION, 0xFFFF << TUNNEL_OF_CONNECTION)
        yield Rule(OFTable.LOCAL_OUTPUT, 109, spot.match(INPORT, **second, ct_label=known), _back(spot, ofport), spot.cookie)


def _back(spot: Spot, ofport: int) -> Actions:
    outport, inport = move(OUTPORT, bits("tun_metadata0", 0, 32)), put("tun_metadata0", spot.port << 16, 0x7FFF0000)
    return put("tun_id", spot.datapath, 0xFFFFFF), outport, inport, Output(ofport)


FUNCTIONS = some(sb.PortBinding, is_function)
"""Ports of network functions."""
