"""Writing changed fields back into a frame, checksums included."""

from __future__ import annotations

from pyovn.packet import slot
from pyovn.packet.checksum import adjust
from pyovn.packet.flow import (
    ETH_ARP,
    ETH_IPV4,
    ETH_IPV6,
    ETH_MPLS,
    ETH_MPLS_MULTICAST,
    ETH_RARP,
    ICMP,
    ICMPV6,
    SCTP,
    TCP,
    UDP,
    Flow,
    Layers,
)
from pyovn.packet.sctp import crc32c

_CHECKSUM_AT = {TCP: 16, UDP: 6, ICMP: 2, ICMPV6: 2}
"""Where a transport keeps its checksum."""


def rewrite(frame: bytes, layers: Layers, before: Flow, after: Flow) -> bytes:
    """`frame`, whose fields are `before`, with the fields of `after`. A field that the frame has no room for is left."""
    out = bytearray(frame)
    if len(out) < 14:
        return frame
    out[0:6] = after[slot.ETH_DST].to_bytes(6, "big")
    out[6:12] = after[slot.ETH_SRC].to_bytes(6, "big")
    eth_type = before[slot.ETH_TYPE]
    if layers.l3 >= 0:
        if eth_type == ETH_IPV4 and layers.end >= 0:
            _ipv4(out, layers, before, after)
        elif eth_type == ETH_IPV6 and layers.end >= 0:
            _ipv6(out, layers, before, after)
        elif eth_type in (ETH_ARP, ETH_RARP):
            _arp(out, layers.l3, before, after)
        elif eth_type in (ETH_MPLS, ETH_MPLS_MULTICAST) and len(out) >= layers.l3 + 4:
            out[layers.l3 : layers.l3 + 4] = after[slot.MPLS_LSE].to_bytes(4, "big")
    return bytes(_vlan(out, before, after))


def _vlan(out: bytearray, before: Flow, after: Flow) -> bytearray:
    """Tags that were added, taken off or changed; further in first, so that offsets hold."""
    for place, at in ((slot.VLAN_TCI1, 18), (slot.VLAN_TCI, 14)):
        old, new = before[place], after[place]
        if old == new:
            continue
        tag = (new & 0xFFFF & ~_dei(out, old, at)).to_bytes(2, "big")
        if old and new:
            out[at : at + 2] = tag
        elif new:
            out[at - 2 : at - 2] = b"\x81\0" + tag
        else:
            del out[at - 2 : at + 2]
    return out


def _dei(out: bytearray, old: int, at: int) -> int:
    """The bit to clear so that a tag's drop-eligible bit stays what it is in the frame: the flow's says only that there is a tag."""
    return slot.VLAN_PRESENT if not old or not out[at] & 0x10 else 0


def _store(out: bytearray, at: int, size: int, old: int, new: int) -> int:
    """Write a number of `size` bytes; answers the difference it makes to a one's complement sum."""
    if old == new:
        return 0
    out[at : at + size] = new.to_bytes(size, "big")
    return new - old


def _fix(out: bytearray, at: int, change: int, *, optional: bool = False) -> None:
    """Adjust the checksum at `at`; where it is optional (UDP over IPv4) zero means that there is none."""
    old = int.from_bytes(out[at : at + 2], "big")
    if change == 0 or (optional and old == 0):
        return
    new = adjust(old, 0, change)
    out[at : at + 2] = (new or (0xFFFF if optional else 0)).to_bytes(2, "big")


def _ipv4(out: bytearray, layers: Layers, before: Flow, after: Flow) -> None:
    l3 = layers.l3
    addresses = _store(out, l3 + 12, 4, before[slot.NW_SRC], after[slot.NW_SRC])
    addresses += _store(out, l3 + 16, 4, before[slot.NW_DST], after[slot.NW_DST])
    header = _store(out, l3 + 1, 1, before[slot.NW_TOS], after[slot.NW_TOS])
    header += _store(out, l3 + 8, 1, before[slot.NW_TTL], after[slot.NW_TTL]) << 8
    _fix(out, l3 + 10, addresses + header)
    _transport(out, layers, before, after, addresses)


def _ipv6(out: bytearray, layers: Layers, before: Flow, after: Flow) -> None:
    l3 = layers.l3
    addresses = _store(out, l3 + 8, 16, before[slot.IPV6_SRC], after[slot.IPV6_SRC])
    addresses += _store(out, l3 + 24, 16, before[slot.IPV6_DST], after[slot.IPV6_DST])
    word = 6 << 28 | after[slot.NW_TOS] << 20 | after[slot.IPV6_LABEL] & 0xFFFFF
    out[l3 : l3 + 4] = word.to_bytes(4, "big")
    out[l3 + 7] = after[slot.NW_TTL] & 0xFF
    _transport(out, layers, before, after, addresses)


def _transport(out: bytearray, layers: Layers, before: Flow, after: Flow, addresses: int) -> None:
    """Ports and what else the transport has; `addresses`: what the pseudo-header's sum changed by."""
    protocol, l4 = before[slot.NW_PROTO], layers.l4
    if l4 < 0 or not _is_whole(out, layers, protocol):
        return
    if protocol in (TCP, UDP, SCTP):
        change = _store(out, l4, 2, before[slot.TP_SRC], after[slot.TP_SRC])
        change += _store(out, l4 + 2, 2, before[slot.TP_DST], after[slot.TP_DST])
        if protocol == SCTP:
            _fix_sctp(out, layers, change)
            return
    elif protocol in (ICMP, ICMPV6):
        change = _store(out, l4, 1, before[slot.TP_SRC], after[slot.TP_SRC]) << 8
        change += _store(out, l4 + 1, 1, before[slot.TP_DST], after[slot.TP_DST])
        if protocol == ICMPV6:
            change += _neighbour(out, layers, before, after)
    else:
        return
    if protocol != ICMP:
        change += addresses
    _fix(out, l4 + _CHECKSUM_AT[protocol], change, optional=protocol == UDP)


def _is_whole(out: bytearray, layers: Layers, protocol: int) -> bool:
    """Was the transport header believed when the packet was parsed?"""
    size = layers.end - layers.l4
    if protocol == TCP:
        return size >= 20 and 20 <= (out[layers.l4 + 12] >> 4) * 4 <= size
    return size >= (12 if protocol == SCTP else 8)


def _fix_sctp(out: bytearray, layers: Layers, change: int) -> None:
    """SCTP's checksum is a CRC over the whole chunk stream (RFC 9260, 6.8); it does not cover addresses."""
    if change:
        l4, end = layers.l4, layers.end
        out[l4 + 8 : l4 + 12] = bytes(4)
        out[l4 + 8 : l4 + 12] = crc32c(bytes(out[l4:end])).to_bytes(4, "little")


def _neighbour(out: bytearray, layers: Layers, before: Flow, after: Flow) -> int:
    """A neighbour message's target and link-layer addresses; answers the difference to the sum."""
    at, change = layers.l4 + 8, 0
    if before[slot.TP_SRC] not in (135, 136) or before[slot.TP_DST] or layers.end - at < 16:
        return 0
    change += _store(out, at - 4, 4, before[slot.ND_RESERVED], after[slot.ND_RESERVED])
    change += _store(out, at, 16, before[slot.ND_TARGET], after[slot.ND_TARGET])
    option = at + 16
    while option + 8 <= layers.end and out[option + 1]:
        place = {1: slot.ARP_SHA, 2: slot.ARP_THA}.get(out[option])
        if place is not None and out[option + 1] == 1 and option + 8 <= layers.end:
            change += _store(out, option + 2, 6, before[place], after[place])
            if after[slot.ND_OPTIONS_TYPE] in (1, 2) and before[slot.ND_OPTIONS_TYPE] == out[option]:
                change += _store(out, option, 1, out[option], after[slot.ND_OPTIONS_TYPE]) << 8
        option += out[option + 1] * 8
    return change


def _arp(out: bytearray, at: int, before: Flow, after: Flow) -> None:
    """ARP, where the frame has room for one."""
    if len(out) < at + 28 or out[at + 4 : at + 6] != b"\x06\x04":
        return
    _store(out, at + 6, 2, before[slot.NW_PROTO], after[slot.NW_PROTO])
    _store(out, at + 8, 6, before[slot.ARP_SHA], after[slot.ARP_SHA])
    _store(out, at + 14, 4, before[slot.NW_SRC], after[slot.NW_SRC])
    _store(out, at + 18, 6, before[slot.ARP_THA], after[slot.ARP_THA])
    _store(out, at + 24, 4, before[slot.NW_DST], after[slot.NW_DST])
