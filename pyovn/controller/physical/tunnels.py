"""Tunnels: how a packet is told apart on arrival, and what is written on it when it leaves (ovn-architecture(7), Tunnel Encapsulations)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyovn.controller.host import TUNNEL_TYPES
from pyovn.controller.interfaces import TUNNELS_TO, Tunnel
from pyovn.controller.rule import Rule, bits, move, put, resubmit
from pyovn.controller.tables import FLAGS, INPORT, OUTPORT, TUNNEL_PORT, LogicalFlag, OFTable
from pyovn.openflow.action import Actions, Output
from pyovn.openflow.match import Asked, Match
from pyovn.query import Engine, query
from pyovn.schemas import sb

ICMP, ICMPV6 = 1, 58
FIRST_GROUP = 0x8000
"""The bit of an egress port's key that tells a multicast group."""
VXLAN_GROUP = 0x800000
"""The same in a VXLAN key."""


def arrival_rules(_: Engine, tunnel: Tunnel) -> Iterator[Rule]:
    """From a tunnel: what the sender decided is not decided again."""
    read = (*read_label(tunnel), resubmit(OFTable.LOCAL_OUTPUT))
    yield Rule(OFTable.PHYSICAL_TO_LOGICAL, 100, Match.of({"in_port": tunnel.ofport}), read)
    # A router's complaint that a packet is too big must be seen by the pipeline of whoever sent it.
    again = (put(FLAGS, LogicalFlag.FROM_TUNNEL, LogicalFlag.FROM_TUNNEL), resubmit(OFTable.CT_ZONE_LOOKUP))
    too_big4 = {"in_port": tunnel.ofport, "eth_type": 0x0800, "nw_proto": ICMP, "icmp_type": 3, "icmp_code": 4}
    too_big6 = {"in_port": tunnel.ofport, "eth_type": 0x86DD, "nw_proto": ICMPV6, "icmpv6_type": 2, "icmpv6_code": 0}
    yield Rule(OFTable.PHYSICAL_TO_LOGICAL, 120, Match.of(too_big4), (*read, *again))
    yield Rule(OFTable.PHYSICAL_TO_LOGICAL, 120, Match.of(too_big6), (*read, *again))
    if tunnel.type == "vxlan":
        to_group: dict[str, Asked] = {"in_port": tunnel.ofport, "tun_id": (VXLAN_GROUP, VXLAN_GROUP)}
        yield Rule(OFTable.PHYSICAL_TO_LOGICAL, 105, Match.of(to_group), _group_from_key())


def read_label(tunnel: Tunnel) -> Actions:
    """What the sender wrote on a packet, where the pipelines look for it."""
    return _from_option(tunnel) if tunnel.type == "geneve" else _from_key()


def _from_option(tunnel: Tunnel) -> Actions:
    """Geneve: the datapath is the key, the ports are in the option."""
    return (
        move(bits("tun_id", 0, 24), bits("metadata", 0, 24)),
        move(bits("tun_metadata0", 16, 15), bits(INPORT, 0, 15)),
        move(bits("tun_metadata0", 0, 16), bits(OUTPORT, 0, 16)),
        put(TUNNEL_PORT, tunnel.ofport << 16, 0xFFFF0000),
    )


def _from_key() -> Actions:
    """VXLAN has nothing but the key: twelve bits of datapath, twelve of egress port."""
    return (move(bits("tun_id", 12, 12), bits(OUTPORT, 0, 12)), move(bits("tun_id", 0, 12), bits("metadata", 0, 12)))


def _group_from_key() -> Actions:
    """The highest bit of the key stands for that of a multicast group."""
    return (put(OUTPORT, FIRST_GROUP, FIRST_GROUP), move(bits("tun_id", 12, 11), bits(OUTPORT, 0, 11)),
            move(bits("tun_id", 0, 12), bits("metadata", 0, 12)), resubmit(OFTable.LOCAL_OUTPUT))  # fmt: skip


class Way(NamedTuple):
    """A tunnel to send through."""

    type: str
    ofport: int


def send(ways: Iterable[Way], datapath_key: int, outport_key: int) -> Actions:
    """A copy into each tunnel, with what the other side's `arrival_rules` read written on it."""
    sent: Actions = ()
    for kind in TUNNEL_TYPES:
        ofports = sorted(way.ofport for way in ways if way.type == kind)
        if ofports:
            sent += (*label(kind, datapath_key, outport_key), *map(Output, ofports))
    return sent


def label(kind: str, datapath_key: int, outport_key: int) -> Actions:
    """Write on a packet where it is going."""
    if kind == "vxlan":
        group = VXLAN_GROUP | (outport_key & 0x7FF) << 12
        return (put("tun_id", datapath_key | (group if outport_key & FIRST_GROUP else outport_key << 12), 0xFFFFFF),)
    return (
        put("tun_id", datapath_key, 0xFFFFFF),
        put("tun_metadata0", outport_key),
        move(bits(INPORT, 0, 15), bits("tun_metadata0", 16, 15)),
    )


@query
def tunnel_to(db: Engine, chassis: str, encap: str | None) -> Way | None:
    """The tunnel to a chassis, to the address of `encap` if it is given and reachable."""
    row = db.get(sb.Chassis, chassis)
    tunnels = TUNNELS_TO(db, row.name) if row else ()
    wanted = db.get(sb.Encap, encap) if encap else None
    exact = [tunnel for tunnel in tunnels if wanted and tunnel.remote_ip == wanted.ip]
    return next((Way(tunnel.type, tunnel.ofport) for tunnel in exact or tunnels), None)
