"""Groups, and whatever else picks one of several ways by a hash of the packet: the packets of a connection take the same way."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, log
from zlib import crc32

from pyovn.openflow import ports
from pyovn.openflow.action import Bundle
from pyovn.openflow.commands import ANY_GROUP, Bucket, GroupMod, GroupType
from pyovn.openflow.match import Match
from pyovn.packet import slot
from pyovn.packet.flow import SCTP, TCP, UDP
from pyovn.vswitch.action_set import in_order
from pyovn.vswitch.datapath import Bridge, group_of, ports_of
from pyovn.vswitch.output import on_a_copy
from pyovn.vswitch.walk import Frame, Walk, consult, depend, peek, remark


def run_group(walk: Walk, group_id: int, frame: Frame) -> None:
    """Run the buckets that the group's type picks, each on a copy of the packet."""
    depend(walk, group_of(walk.bridge, group_id))
    group = walk.bridge.groups.get(group_id)
    if group is None:
        remark(walk, f"no such group {group_id}")
        return
    if frame.depth >= _MOST_NESTED:
        walk.failed = True
        return
    for bucket in _chosen(walk, group.config):
        actions = in_order(bucket.actions)
        inner = Frame(actions, 0, frame.table, frame.cookie, frame.depth + 1, frame.explain_depth + 1)
        on_a_copy(walk, inner)


_MOST_NESTED = 64


def _chosen(walk: Walk, group: GroupMod) -> Iterable[Bucket]:
    if group.type is GroupType.ALL:
        return group.buckets
    depend(walk, ports_of(walk.bridge))
    live = [bucket for bucket in group.buckets if _is_live(walk, bucket)]
    if group.type is GroupType.SELECT:
        return _selected(walk, group, live)
    return live[:1] if group.type is GroupType.FAST_FAILOVER else group.buckets[:1]


def _is_live(walk: Walk, bucket: Bucket) -> bool:
    """A bucket that watches nothing is alive; so is one whose port is."""
    if bucket.watch_group != ANY_GROUP:
        depend(walk, group_of(walk.bridge, bucket.watch_group))
        watched = walk.bridge.groups.get(bucket.watch_group)
        return watched is not None and bool(watched.config.buckets)
    if bucket.watch_port == ports.NONE:
        return True
    return _is_up(walk.bridge, bucket.watch_port)


def _selected(walk: Walk, group: GroupMod, live: list[Bucket]) -> Iterable[Bucket]:
    """Weighted rendezvous: when a bucket comes or goes, only the packets that were its own change their way."""
    weighted = [bucket for bucket in live if bucket.weight > 0]
    if not weighted:
        return ()
    seed = group.selection_param
    basis = fields_hash(walk, group.selection_fields, seed) if group.selection_method == "hash" else connection_hash(walk, seed)
    return [max(weighted, key=lambda bucket: _score(basis, bucket))]


def _score(basis: int, bucket: Bucket) -> float:
    draw = crc32((basis << 32 | (bucket.bucket_id or 0)).to_bytes(8, "big")) / 2**32
    return -bucket.weight / log(draw) if 0.0 < draw < 1.0 else inf


def connection_hash(walk: Walk, seed: int) -> int:
    """A hash that is the same for all packets of a connection, in both directions."""
    first, second = sorted(
        (
            (peek(walk, slot.NW_SRC), peek(walk, slot.IPV6_SRC), _port(walk, slot.TP_SRC)),
            (peek(walk, slot.NW_DST), peek(walk, slot.IPV6_DST), _port(walk, slot.TP_DST)),
        )
    )
    links = sorted((peek(walk, slot.ETH_SRC), peek(walk, slot.ETH_DST)))
    protocol = peek(walk, slot.NW_PROTO)
    return crc32(repr((seed, peek(walk, slot.ETH_TYPE), protocol, first, second, links)).encode())


def _port(walk: Walk, at: int) -> int:
    return peek(walk, at) if peek(walk, slot.NW_PROTO) in (TCP, UDP, SCTP) else 0


def fields_hash(walk: Walk, fields: Match, seed: int) -> int:
    """A hash of the fields under the masks that a group names."""
    values = []
    for at, _, mask in fields.terms:
        consult(walk, at, mask)
        values.append(walk.flow[at] & mask)
    return crc32(repr((seed, values)).encode())


def named_hash(walk: Walk, fields: str, basis: int) -> int:
    """The hash that `multipath` and `bundle` name: of one address, or of the connection."""
    one = {"eth_src": slot.ETH_SRC, "nw_src": slot.NW_SRC, "nw_dst": slot.NW_DST}.get(fields)
    return connection_hash(walk, basis) if one is None else crc32(repr((basis, peek(walk, one))).encode())


def live_member(walk: Walk, action: Bundle) -> int:
    """The port that a `bundle` action picks; NONE if no member is alive."""
    depend(walk, ports_of(walk.bridge))
    live = [number for number in action.members if _is_up(walk.bridge, number)]
    if not live:
        return ports.NONE
    if action.algorithm == "active_backup":
        return live[0]
    basis = named_hash(walk, action.fields, action.basis)
    return max(live, key=lambda number: crc32((basis << 32 | number).to_bytes(8, "big")))


def _is_up(bridge: Bridge, number: int) -> bool:
    """A port is alive if its link is up and, where somebody asks, its other end answers."""
    port = bridge.ports.get(number)
    return port is not None and port.up and (port.monitor is None or port.monitor.forwarding)
