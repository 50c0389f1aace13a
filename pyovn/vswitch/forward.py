"""The fast path: finds a packet's verdict, reaching it anew only where none holds, and carries its operations out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

from pyovn.openflow.match import Match
from pyovn.openflow.session import PortConfig
from pyovn.packet import slot
from pyovn.packet.packet import Packet
from pyovn.vswitch import cache, liveness, mac_learning, tunnels
from pyovn.vswitch.cache import Verdict
from pyovn.vswitch.changes import holds, touch
from pyovn.vswitch.conntrack import table as conntrack
from pyovn.vswitch.datapath import Bridge, Datapath, Entrance, Kind, Port, State, count, macs_of, port_entrance
from pyovn.vswitch.effects import Datagram, Transmit, Udp
from pyovn.vswitch.flow_mods import learn_rule
from pyovn.vswitch.meters import admits
from pyovn.vswitch.ops import (
    PIPELINE_END,
    REGISTERS_END,
    Assign,
    ByLength,
    Copy,
    Count,
    Encapsulate,
    LearnAddress,
    LearnRule,
    Op,
    Police,
    Reshape,
    Send,
    Shape,
    Tell,
    Track,
    Untrack,
)
from pyovn.vswitch.packet_ins import Punt
from pyovn.vswitch.translate import translate

MOST_ROUNDS = 32
"""How often one packet may enter again (after connection tracking, say) before it is dropped."""

SHORTEST_FRAME = 14
_DEAF = int(PortConfig.DOWN | PortConfig.NO_RECV)


def receive_frame(datapath: Datapath, interface: str, frame: bytes, now: float) -> None:
    """A frame arrived on a network device."""
    found = datapath.by_device.get(interface)
    if found is None:
        return
    bridge, port = found
    if port.config & _DEAF or len(frame) < SHORTEST_FRAME:
        port.rx_dropped += 1
        return
    port.rx_packets += 1
    port.rx_bytes += len(frame)
    if port.monitor is not None and liveness.hear(datapath.liveness, port.monitor, frame, 0, now):
        return
    enter(datapath, port.entrance or port_entrance(datapath, bridge, port), Packet(frame), now)


def receive_datagram(datapath: Datapath, datagram: Datagram, now: float) -> None:
    """A datagram arrived on a UDP port where tunnels end."""
    found = _tunnel_of(datapath, datagram)
    if found is None:
        return
    bridge, port, got = found
    if len(got.frame) < SHORTEST_FRAME:
        port.rx_dropped += 1
        return
    if port.monitor is not None and liveness.hear(datapath.liveness, port.monitor, got.frame, got.key, now):
        port.rx_packets += 1
        return
    packet = Packet(got.frame)
    flow = packet.flow
    tunnels.write_fields(flow, got, family=datagram.family, remote=datagram.remote, local=datagram.local)
    flow[slot.TUN_TOS], flow[slot.TUN_TTL] = datagram.tos, datagram.ttl
    if not tunnels.write_options(flow, got, bridge.tlv.values()):
        port.rx_dropped += 1
        return
    port.rx_packets += 1
    port.rx_bytes += len(got.frame)
    enter(datapath, port.entrance or port_entrance(datapath, bridge, port), packet, now)


def _tunnel_of(datapath: Datapath, datagram: Datagram) -> tuple[Bridge, Port, tunnels.Decapsulated] | None:
    """The tunnel port that fits a datagram best."""
    best: tuple[int, Bridge, Port, tunnels.Decapsulated] | None = None
    for bridge, port in datapath.tunnels:
        if port.tunnel is None or port.tunnel.port != datagram.port:
            continue
        try:
            got = tunnels.decode(port.kind, datagram.payload)
        except tunnels.TunnelError:
            continue
        fit = tunnels.accepts(port, datagram.port, datagram.remote, datagram.local, got.key)
        if fit is not None and (best is None or fit > best[0]):
            best = (fit, bridge, port, got)
    return None if best is None else best[1:]


def enter(datapath: Datapath, entrance: Entrance, packet: Packet, now: float, rounds: int = 0) -> None:
    """Let a packet begin, or go on, at an entrance."""
    if rounds > MOST_ROUNDS:
        return
    flow = packet.flow
    state = entrance.state
    flow[:PIPELINE_END] = state.head
    flow[slot.REG0 : REGISTERS_END] = state.registers
    verdict = cache.find(entrance.cache, flow)
    if verdict is None or (verdict.generation != datapath.changes.generation and not _still_holds(datapath, entrance, packet, verdict)):
        verdict = _reach(datapath, entrance, packet)
        if verdict is None:
            return
    else:
        datapath.hits += 1
    count(datapath, verdict, packet.length, now)
    for op in verdict.ops:
        if not _CARRY_OUT[type(op)](datapath, packet, op, now, rounds):
            return


def _still_holds(datapath: Datapath, entrance: Entrance, packet: Packet, verdict: Verdict) -> bool:
    """Has nothing changed that the verdict depended on? If so it counts as reached just now, else it is forgotten."""
    if holds(datapath.changes, verdict.dependencies, verdict.generation):
        verdict.generation = datapath.changes.generation
        return True
    cache.drop(entrance.cache, packet.flow, verdict)
    return False


def _reach(datapath: Datapath, entrance: Entrance, packet: Packet) -> Verdict | None:
    """Ask the tables, and keep the answer."""
    datapath.misses += 1
    if entrance.state.bridge not in datapath.bridges:
        return None
    verdict, walk = translate(datapath, entrance.state, packet.flow)
    if entrance.cache.count >= cache.MOST_VERDICTS:
        cache.clear(entrance.cache)
    cache.keep(entrance.cache, packet.flow, walk.consulted, verdict)
    return verdict


def enter_once(datapath: Datapath, state: State, packet: Packet, now: float) -> None:
    """Let a packet in whose state nobody will have again: one that a controller sent or resumed."""
    if state.bridge not in datapath.bridges:
        return
    packet.flow[:PIPELINE_END] = state.head
    packet.flow[slot.REG0 : REGISTERS_END] = state.registers
    verdict, _ = translate(datapath, state, packet.flow)
    count(datapath, verdict, packet.length, now)
    carry_out(datapath, packet, verdict.ops, now)


def carry_out(datapath: Datapath, packet: Packet, ops: Sequence[Op], now: float, rounds: int = 0) -> None:
    """Do what a verdict says."""
    for op in ops:
        if not _CARRY_OUT[type(op)](datapath, packet, op, now, rounds):
            return


def send_own(datapath: Datapath, port: Port, frame: bytes, oam: bool) -> None:
    """Send a frame of the switch itself out of a port, past the tables."""
    if port.kind.is_device:
        _count_sent(port, frame)
        datapath.effects.append(Transmit(port.name, frame))
    elif port.tunnel is not None and port.tunnel.remote:
        config, remote = port.tunnel, port.tunnel.remote
        local, key = config.local or 0, config.out_key or 0
        _through_tunnel(datapath, Encapsulate(port, remote, local, config.family, key, (), config.tos, config.ttl, oam), frame)


# One function an operation; what they answer: does the rest follow?


def _assign(datapath: Datapath, packet: Packet, op: Assign, now: float, rounds: int) -> bool:
    flow = packet.flow
    for at, keep, value in op.slots:
        flow[at] = flow[at] & keep | value
    return True


def _send(datapath: Datapath, packet: Packet, op: Send, now: float, rounds: int) -> bool:
    port, frame = op.port, packet.frame
    if op.max_len:
        frame = frame[: op.max_len]
    _count_sent(port, frame)
    datapath.effects.append(Transmit(port.name, frame))
    return True


def _count_sent(port: Port, frame: bytes) -> None:
    port.tx_packets += 1
    port.tx_bytes += len(frame)


def _encapsulate(datapath: Datapath, packet: Packet, op: Encapsulate, now: float, rounds: int) -> bool:
    _through_tunnel(datapath, op, packet.frame[: op.max_len] if op.max_len else packet.frame)
    return True


def _through_tunnel(datapath: Datapath, op: Encapsulate, frame: bytes) -> None:
    port = op.port
    if port.kind is Kind.GENEVE:
        payload = tunnels.encode_geneve(op.key, op.options, frame, oam=op.oam)
    else:
        payload = tunnels.encode_vxlan(op.key, frame)
    _count_sent(port, frame)
    assert port.tunnel is not None
    # Packets of one connection keep their order through the underlay; others may take other ways.
    source = 32768 + crc32(frame[:12]) % 28233
    datapath.effects.append(Udp(op.local, op.remote, op.family, port.tunnel.port, payload, source, op.tos, op.ttl))


def _count(datapath: Datapath, packet: Packet, op: Count, now: float, rounds: int) -> bool:
    op.mirror.packets += 1
    op.mirror.bytes += packet.length
    return True


def _copy(datapath: Datapath, packet: Packet, op: Copy, now: float, rounds: int) -> bool:
    carry_out(datapath, packet.copy(), op.ops, now, rounds)
    return True


def _track(datapath: Datapath, packet: Packet, op: Track, now: float, rounds: int) -> bool:
    tracker = datapath.conntrack
    # What goes nowhere from here has nothing to wait for.
    if op.then is not None and conntrack.overtakes(tracker, packet if op.last else packet.copy(), op, now):
        conntrack.forget(packet.flow)
        return True
    overtakers = conntrack.overtakers(tracker, packet, op, now)
    _through_tracker(datapath, packet, op, now, rounds)
    for waiting in overtakers:
        _through_tracker(datapath, waiting.packet, waiting.how, now, rounds)
    return True


def _through_tracker(datapath: Datapath, packet: Packet, op: Track, now: float, rounds: int) -> None:
    conntrack.track(datapath.conntrack, packet, op, now)
    if op.then is not None:
        enter(datapath, op.then, packet if op.last else packet.copy(), now, rounds + 1)
    conntrack.forget(packet.flow)


def _untrack(datapath: Datapath, packet: Packet, op: Untrack, now: float, rounds: int) -> bool:
    conntrack.forget(packet.flow)
    return True


def _by_length(datapath: Datapath, packet: Packet, op: ByLength, now: float, rounds: int) -> bool:
    # As in Open vSwitch, the length is that of the IP packet with its Ethernet header.
    enter(datapath, op.longer if len(packet.frame) > op.length else op.other, packet.copy(), now, rounds + 1)
    return True


def _reshape(datapath: Datapath, packet: Packet, op: Reshape, now: float, rounds: int) -> bool:
    changed = packet.copy()
    _SHAPES[op.shape](changed, op.eth_type)
    enter(datapath, op.then, changed, now, rounds + 1)
    return True


_SHAPES: dict[Shape, Callable[[Packet, int], None]] = {
    Shape.PUSH_VLAN: Packet.push_vlan,
    Shape.POP_VLAN: lambda packet, eth_type: packet.pop_vlan(),
    Shape.PUSH_MPLS: Packet.push_mpls,
    Shape.POP_MPLS: Packet.pop_mpls,
}


def _police(datapath: Datapath, packet: Packet, op: Police, now: float, rounds: int) -> bool:
    return admits(op.meter, packet.length, now)


def _tell(datapath: Datapath, packet: Packet, op: Tell, now: float, rounds: int) -> bool:
    frame, flow = packet.frame, packet.flow
    if op.meter is not None and not admits(op.meter, len(frame), now):
        return True
    carried = [(at, flow[at]) for at in _TOLD if flow[at]]
    options = ((slot.TUN_METADATA0 + index, flow[slot.TUN_METADATA0 + index]) for index in op.bridge.tlv)
    told = sorted((*op.state, *carried, *(option for option in options if option[1])))
    metadata = Match(tuple((at, value, cache.WIDTHS[at]) for at, value in told))
    datapath.packet_ins.append(Punt(op, frame, metadata))
    return True


_TOLD = (*range(slot.TUN_ID, slot.TUN_FLAGS + 1), *range(slot.CT_STATE, slot.CT_TP_DST + 1))


def _learn_rule(datapath: Datapath, packet: Packet, op: LearnRule, now: float, rounds: int) -> bool:
    learn_rule(datapath, op.bridge, op.rule, limit=op.limit, now=now)
    return True


def _learn_address(datapath: Datapath, packet: Packet, op: LearnAddress, now: float, rounds: int) -> bool:
    if mac_learning.learn(op.bridge.macs, op.vlan, op.address, op.port, now=now):
        touch(datapath.changes, macs_of(op.bridge))
    return True


CarryOut = Callable[[Datapath, Packet, Any, float, int], bool]
_CARRY_OUT: dict[type[object], CarryOut] = {
    Assign: _assign,
    Send: _send,
    Encapsulate: _encapsulate,
    Copy: _copy,
    Count: _count,
    Track: _track,
    Untrack: _untrack,
    ByLength: _by_length,
    Reshape: _reshape,
    Police: _police,
    Tell: _tell,
    LearnRule: _learn_rule,
    LearnAddress: _learn_address,
}

