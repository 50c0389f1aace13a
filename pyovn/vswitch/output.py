"""Where a packet leaves: ordinary ports, tunnels, the bridge behind a patch port, every port, or the one that was learned."""

from __future__ import annotations

from pyovn.openflow import ports
from pyovn.openflow.action import Resubmit
from pyovn.openflow.session import PortConfig
from pyovn.packet import slot
from pyovn.vswitch import mac_learning, tracking
from pyovn.vswitch.datapath import PATCHES, Bridge, Kind, Mirror, Port, TunnelConfig, VlanConfig, macs_of, ports_of
from pyovn.vswitch.ops import Copy, Count, Encapsulate, LearnAddress, Reshape, Send, Shape
from pyovn.vswitch.pipeline import is_last, run_apart
from pyovn.vswitch.walk import Frame, Walk, commit, consult, cross_to, depend, freeze, peek, remark, store


def to_port(walk: Walk, number: int, max_len: int = 0) -> None:
    """The `output` action for every port but CONTROLLER and TABLE; `max_len` cuts the frame where it leaves through a device."""
    in_port = walk.flow[slot.IN_PORT]
    depend(walk, ports_of(walk.bridge))
    if number == ports.NORMAL:
        _normal(walk)
    elif number in (ports.FLOOD, ports.ALL):
        for port in list(walk.bridge.ports.values()):
            if port.number != in_port and not (number == ports.FLOOD and port.config & PortConfig.NO_FLOOD):
                _leave(walk, port)
    elif number == ports.IN_PORT:
        _leave_by_number(walk, in_port, max_len)
    elif number == in_port:
        remark(walk, "skipping output to input port")
    elif number != ports.NONE:
        _leave_by_number(walk, number, max_len)


def _leave_by_number(walk: Walk, number: int, max_len: int) -> None:
    port = walk.bridge.ports.get(number)
    if port is None:
        remark(walk, "Nonexistent output port")
    elif port.config & PortConfig.NO_FWD:
        remark(walk, "OFPPC_NO_FWD set, skipping output")
    else:
        _leave(walk, port, max_len)


def _leave(walk: Walk, port: Port, max_len: int = 0) -> None:
    if port.config & PortConfig.DOWN:
        remark(walk, "port is down, skipping output")
        return
    if port.kind is Kind.PATCH:
        _through_patch(walk, port)
    elif port.tunnel is not None:
        _through_tunnel(walk, port, port.tunnel, max_len)
    else:
        commit(walk)
        walk.ops.append(Send(port, max_len))
    for mirror in walk.bridge.mirrors:
        if mirror.targets is None or port.name in mirror.targets:
            _mirror(walk, mirror, port)


def arrive(walk: Walk) -> None:
    """A packet comes to a bridge: the mirrors of where it comes from have it as it is."""
    port = walk.bridge.ports.get(walk.flow[slot.IN_PORT])
    for mirror in walk.bridge.mirrors:
        if port is not None and (mirror.sources is None or port.name in mirror.sources):
            _mirror(walk, mirror, port)


def _mirror(walk: Walk, mirror: Mirror, where: Port) -> None:
    """Send a mirror a copy of what comes or goes there; one a packet."""
    depend(walk, ports_of(walk.bridge))
    tci = peek(walk, slot.VLAN_TCI) if mirror.vlans or mirror.output or mirror.vlan else 0
    vlan = _vlan_in(where.vlan, tci)
    if mirror.uuid in walk.mirrored or vlan is None or (mirror.vlans and vlan not in mirror.vlans):
        return
    for at, value, mask in mirror.asks.terms:
        consult(walk, at, mask)
        if walk.flow[at] & mask != value:
            return
    walk.mirrored.add(mirror.uuid)
    walk.ops.append(Count(mirror))
    for port in list(walk.bridge.ports.values()):
        if mirror.output:
            if port.name == mirror.output:
                _leave_tagged(walk, port, vlan, tci=tci, max_len=mirror.longest)
        elif mirror.vlan and vlan != mirror.vlan and _carries(port.vlan, mirror.vlan) and not _is_reserved(walk.bridge, port):
            _leave_tagged(walk, port, mirror.vlan, tci=tci, max_len=mirror.longest)


def _is_reserved(bridge: Bridge, port: Port) -> bool:
    """A port where mirrors send copies has nothing else from an ordinary switch."""
    return any(mirror.output == port.name for mirror in bridge.mirrors)


def on_a_copy(walk: Walk, frame: Frame, *, bridge: Bridge | None = None, in_port: int = 0) -> None:
    """Carry `frame` out, on another bridge where one is given, so that what comes after sees nothing of it."""
    commit(walk)
    last = is_last(walk)
    kept = (walk.flow.copy(), walk.known.copy(), walk.stack.copy(), walk.tracked, walk.tunnelled, walk.bridge, walk.mirrored)
    outer, walk.ops = walk.ops, []
    if bridge is not None:
        tracking.clear(walk)
        cross_to(walk, bridge, in_port)
        arrive(walk)
    run_apart(walk, frame)
    inner, walk.ops = walk.ops, outer
    walk.flow, walk.known, walk.stack, walk.tracked, walk.tunnelled, walk.bridge, walk.mirrored = kept
    if last or all(isinstance(op, _HARMLESS) for op in inner):
        walk.ops.extend(inner)
    else:
        walk.ops.append(Copy(tuple(inner)))


_HARMLESS = (Send, Encapsulate, LearnAddress, Count)
"""Operations that leave the packet as it is."""


def reshape(walk: Walk, shape: Shape, eth_type: int = 0) -> None:
    """Push or pop a tag or label where that changes which headers are read: the packet goes on after being read anew."""
    then = freeze(walk, walk.frames)
    walk.ops.append(Reshape(shape, eth_type, then))
    walk.frames.clear()
    walk.action_set.clear()


def _through_patch(walk: Walk, port: Port) -> None:
    """The packet arrives at the peer's bridge."""
    depend(walk, PATCHES)
    found = walk.datapath.patches.get(port.peer)
    if found is None or found[1].peer != port.name:
        remark(walk, "Nonexistent patch port peer")
        return
    bridge, peer = found
    depth = walk.frames[-1].depth + 1 if walk.frames else 0
    start = Frame((Resubmit(ports.IN_PORT, 0),), depth=depth, explain_depth=walk.explain_depth + 1)
    on_a_copy(walk, start, bridge=bridge, in_port=peer.number)


def _through_tunnel(walk: Walk, port: Port, config: TunnelConfig, max_len: int = 0) -> None:
    family, remote, local = _ends(walk, config)
    if not remote:
        remark(walk, "tunnel without destination, dropping")
        return
    key = config.out_key if config.out_key is not None else peek(walk, slot.TUN_ID)
    options = _options(walk) if port.kind is Kind.GENEVE else ()
    oam = bool(peek(walk, slot.TUN_FLAGS) & 1)
    commit(walk)
    walk.ops.append(Encapsulate(port, remote, local, family, key & 0xFFFFFF, options, config.tos, config.ttl, oam, max_len))


def _ends(walk: Walk, config: TunnelConfig) -> tuple[int, int, int]:
    """Family, remote and local address."""
    family, remote, local = config.family, config.remote, config.local
    if remote is None:
        remote = peek(walk, slot.TUN_DST)
        family = 4
        if not remote:
            remote, family = peek(walk, slot.TUN_IPV6_DST), 6
    if local is None:
        local = peek(walk, slot.TUN_SRC if family == 4 else slot.TUN_IPV6_SRC)
    return family, remote, local


def _options(walk: Walk) -> tuple[tuple[int, int, bytes], ...]:
    """The tunnel options that the packet carries."""
    options = []
    for index, mapping in sorted(walk.bridge.tlv.items()):
        value = peek(walk, slot.TUN_METADATA0 + index)
        if value:
            options.append((mapping.option_class, mapping.option_type, value.to_bytes(mapping.length, "big")))
    return tuple(options)


def _normal(walk: Walk) -> None:
    """Forward as an ordinary learning switch does (IEEE 802.1D, 802.1Q)."""
    bridge = walk.bridge
    in_port = bridge.ports.get(walk.flow[slot.IN_PORT])
    source, target = peek(walk, slot.ETH_SRC), peek(walk, slot.ETH_DST)
    tci = peek(walk, slot.VLAN_TCI)
    if target & ~0xF == _RESERVED:
        remark(walk, "frame with a reserved multicast address, dropping")
        return
    if in_port is not None and _is_reserved(bridge, in_port):
        remark(walk, f"dropping packet received on port {in_port.name}, which is reserved exclusively for mirroring")
        return
    vlan = _vlan_in(in_port.vlan if in_port else VlanConfig(), tci)
    if vlan is None:
        remark(walk, "disallowed VLAN VID for this input port, dropping")
        return
    if in_port is not None and not source & _MULTICAST:
        walk.ops.append(LearnAddress(bridge, vlan, source, in_port.number))
    depend(walk, macs_of(bridge))
    known = None if target & _MULTICAST else mac_learning.find(bridge.macs, vlan, target)
    if known is not None and known in bridge.ports:
        remark(walk, f"forwarding to learned port {bridge.ports[known].name}")
        targets = [bridge.ports[known]]
    else:
        remark(walk, "no learned MAC for destination, flooding")
        targets = [port for port in bridge.ports.values() if not port.config & PortConfig.NO_FLOOD and not _is_reserved(bridge, port)]
    for port in targets:
        if port is not in_port and _carries(port.vlan, vlan):
            _leave_tagged(walk, port, vlan, tci=tci)


_RESERVED = 0x0180C2000000
_MULTICAST = 1 << 40


def _vlan_in(config: VlanConfig, tci: int) -> int | None:
    """The VLAN of a packet that arrives; None if it may not."""
    vid = tci & 0xFFF if tci & slot.VLAN_PRESENT else 0
    if config.mode == "access":
        return None if vid else config.tag
    if not vid and config.mode != "trunk":
        return config.tag
    return vid if _carries(config, vid) else None


def _carries(config: VlanConfig, vlan: int) -> bool:
    """Is the port a member of the VLAN?"""
    if config.mode == "access":
        return vlan == config.tag
    return not config.trunks or vlan in config.trunks or (config.mode != "trunk" and vlan == config.tag)


def _leave_tagged(walk: Walk, port: Port, vlan: int, *, tci: int, max_len: int = 0) -> None:
    """Send with or without a tag, as the port's mode says, and leave the packet as it was."""
    config = port.vlan
    bare = config.mode == "access" or (config.mode == "native-untagged" and vlan == config.tag)
    wanted = 0 if bare or not vlan else tci & 0xE000 | slot.VLAN_PRESENT | vlan
    if wanted == tci or (not vlan and not bare):
        _leave(walk, port, max_len)
        return
    store(walk, slot.VLAN_TCI, wanted, 0xFFFF)
    _leave(walk, port, max_len)
    store(walk, slot.VLAN_TCI, tci, 0xFFFF)
