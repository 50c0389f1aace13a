"""Chassis of other zones: all of them are told what a neighbour of a transit router says about itself, and each is heard."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.controller.interfaces import Tunnel
from pyovn.controller.physical.tunnels import read_label, tunnel_to
from pyovn.controller.rule import Rule, bits, cookie_of, move, put, resubmit
from pyovn.controller.tables import FLAGS, INPORT, LogicalFlag, OFTable
from pyovn.openflow.action import Actions, Output
from pyovn.openflow.match import Asked, Match
from pyovn.query import Engine, index, some
from pyovn.schemas import sb

FROM_TUNNEL = int(LogicalFlag.FROM_TUNNEL)
ARP, REPLY = 0x0806, 2
IPV6, ICMPV6, NEIGHBOR_ADVERTISEMENT = 0x86DD, 58, 136


def _is_remote(row: sb.Chassis) -> bool:
    return row.other_config.get("is-remote") == "true"


def _remote(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    yield "", ref


_REMOTE = index((some(sb.Chassis, _is_remote), _remote))
"""The chassis of other zones, by reference."""


def telling_rules(db: Engine, _: str) -> Iterator[Rule]:
    """A copy through a tunnel to each of them, of what has not itself come through one."""
    ways = [way for ref in _REMOTE(db, "") if (way := tunnel_to(db, ref, None))]
    told: Actions = ()
    for before, way in zip((None, *ways), ways):
        told += (*(() if before and before.type == way.type else _written(way.type)), Output(way.ofport))
    if told:
        yield Rule(OFTable.FLOOD_REMOTE_CHASSIS, 100, Match.of({FLAGS: (0, FROM_TUNNEL)}), told)


def _written(kind: str) -> Actions:
    """Where the packet came in is said, and that no port was chosen."""
    if kind == "vxlan":
        return (move(bits(INPORT, 0, 12), bits("tun_id", 12, 12)), move(bits("metadata", 0, 12), bits("tun_id", 0, 12)))
    return (
        move(bits("metadata", 0, 24), bits("tun_id", 0, 24)), put("tun_metadata0", 0),
        move(bits(INPORT, 0, 15), bits("tun_metadata0", 16, 15)),
    )  # fmt: skip


def hearing_rules(db: Engine, tunnel: Tunnel) -> Iterator[Rule]:
    """What another zone tells so enters the ingress pipeline, as if the neighbour were here."""
    for ref in db.find(sb.Chassis, "name", tunnel.chassis):
        row = db.get(sb.Chassis, ref)
        if row is None or not _is_remote(row):
            continue
        # VXLAN has no room to say that no port was chosen.
        chosen: dict[str, Asked] = {"tun_metadata0": (0, 0xFFFF)} if tunnel.type == "geneve" else {}
        also = () if tunnel.type == "geneve" else (resubmit(OFTable.LOCAL_OUTPUT),)
        heard = (put(FLAGS, FROM_TUNNEL, FROM_TUNNEL), *read_label(tunnel), resubmit(OFTable.INGRESS), *also)
        for what in (
            {"eth_type": ARP, "arp_op": REPLY},
            {"eth_type": IPV6, "nw_proto": ICMPV6, "icmpv6_type": NEIGHBOR_ADVERTISEMENT, "icmpv6_code": 0},
        ):
            match = Match.of({"in_port": tunnel.ofport, **what, **chosen})
            yield Rule(OFTable.PHYSICAL_TO_LOGICAL, 120, match, heard, cookie_of(ref))

