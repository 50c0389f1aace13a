"""Tunnels: how a packet is told apart on arrival, and what is written on it when it leaves (ovn-architecture(7), Tunnel Encapsulations)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyovn.controller.interfaces import TUNNELS_TO, Tunnel
from pyovn.controller.rule import Rule, bits, move, put, resubmit
from pyovn.controller.tables import FLAGS, INPORT, OUTPORT, TUNNEL_PORT, LogicalFlag, OFTable
from pyovn.openflow.action import Action, Output
from pyovn.openflow.match import Match
from pyovn.query import Engine, query
from pyovn.schemas import sb

ICMP, ICMPV6 = 1, 58


def arrival_rules(_: Engine, tunnel: Tunnel) -> Iterator[Rule]:
    """From a Geneve tunnel: the datapath is the key, the ports are in the option; what the sender decided is not decided again."""
    if tunnel.type != "geneve":
        return
    read = (
        move(bits("tun_id", 0, 24), bits("metadata", 0, 24)),
        move(bits("tun_metadata0", 16, 15), bits(INPORT, 0, 15)),
        move(bits("tun_metadata0", 0, 16), bits(OUTPORT, 0, 16)),
        put(TUNNEL_PORT, tunnel.ofport << 16, 0xFFFF0000),
        resubmit(OFTable.LOCAL_OUTPUT),
    )
    yield Rule(OFTable.PHYSICAL_TO_LOGICAL, 100, Match.of({"in_port": tunnel.ofport}), read)
    # A router's complaint that a packet is too big must be seen by the pipeline of whoever sent it.
    again = (put(FLAGS, LogicalFlag.FROM_TUNNEL, LogicalFlag.FROM_TUNNEL), resubmit(OFTable.CT_ZONE_LOOKUP))
    too_big4 = {"in_port": tunnel.ofport, "eth_type": 0x0800, "nw_proto": ICMP, "icmp_type": 3, "icmp_code": 4}
    too_big6 = {"in_port": tunnel.ofport, "eth_type": 0x86DD, "nw_proto": ICMPV6, "icmpv6_type": 2, "icmpv6_code": 0}
    yield Rule(OFTable.PHYSICAL_TO_LOGICAL, 120, Match.of(too_big4), (*read, *again))
    yield Rule(OFTable.PHYSICAL_TO_LOGICAL, 120, Match.of(too_big6), (*read, *again))





def label(datapath_key: int, outport_key: int) -> tuple[Action, ...]:
    """Write on a packet what the other side's `arrival_rules` read."""
    return (
        put("tun_id", datapath_key, 0xFFFFFF),
        put("tun_metadata0", outport_key),
        move(bits(INPORT, 0, 15), bits("tun_metadata0", 16, 15)),
    )


@query
def tunnel_to(db: Engine, chassis: str, encap: str | None) -> int | None:
    """The OpenFlow port of the tunnel to a chassis, to the address of `encap` if it is given and reachable."""
    row = db.get(sb.Chassis, chassis)
    tunnels = [tunnel for tunnel in TUNNELS_TO(db, row.name) if tunnel.type == "geneve"] if row else []
    wanted = db.get(sb.Encap, encap) if encap else None
    exact = [tunnel for tunnel in tunnels if wanted and tunnel.remote_ip == wanted.ip]
    return next((tunnel.ofport for tunnel in exact or tunnels), None)


def outputs(ofports: Iterable[int]) -> tuple[Action, ...]:
    """A copy into each tunnel."""
    return tuple(Output(ofport) for ofport in ofports)
