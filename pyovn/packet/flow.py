"""A packet as the fields that a switch matches on: what Open vSwitch extracts from a frame. Malformed headers yield no fields.

A layer is believed only if the bytes that its header promises are there; what follows a layer that is not believed stays zero.
"""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple, TypeAlias

from pyovn.packet import slot

Flow: TypeAlias = list[int]
"""One integer a slot (see `slot`); 0 where the packet has no such field."""

ETH_IPV4, ETH_ARP, ETH_VLAN, ETH_RARP, ETH_IPV6 = 0x0800, 0x0806, 0x8100, 0x8035, 0x86DD
ETH_MPLS, ETH_MPLS_MULTICAST, ETH_QINQ = 0x8847, 0x8848, 0x88A8
ETH_NONE = 0x05FF
"""The Ethernet type of a frame that has a length instead, and no SNAP header."""

ICMP, IGMP, TCP, UDP, ICMPV6, SCTP = 1, 2, 6, 17, 58, 132
_HOP_BY_HOP, _ROUTING, _FRAGMENT, _AUTHENTICATION, _DESTINATION_OPTIONS = 0, 43, 44, 51, 60

_ETHERNET = Struct(">QIH")
_TAG = Struct(">HH")
_IPV4 = Struct(">BBH2xHBB2xII")
_IPV6 = Struct(">IHBBQQQQ")
_ARP = Struct(">HHBBHHIIHII")
_TWO_SHORTS = Struct(">HH")
_TCP = Struct(">HH8xH")
_TWO_BYTES = Struct(">BB")
_WORD = Struct(">I")

_EMPTY: Flow = [0] * slot.SLOTS


class Layers(NamedTuple):
    """Where a frame's layers start, as offsets in bytes; -1 where there is none. `end` is where the IP packet ends."""

    l3: int = -1
    l4: int = -1
    end: int = -1


_NO_LAYERS = Layers()


def empty_flow() -> Flow:
    """A flow with every field zero."""
    return _EMPTY.copy()


def parse_flow(frame: bytes, in_port: int = 0, vlan_limit: int = 1) -> Flow:
    """The fields of an Ethernet frame; tags beyond `vlan_limit` (at most 2) are left to the Ethernet type. Never raises."""
    flow = _EMPTY.copy()
    flow[slot.IN_PORT] = in_port
    dissect(frame, flow, vlan_limit)
    return flow


def dissect(frame: bytes, flow: Flow, vlan_limit: int = 1) -> Layers:
    """Fill a flow whose header fields are zero from a frame, and tell where the layers are."""
    if len(frame) < 14:
        return _NO_LAYERS
    high, low, eth_type = _ETHERNET.unpack_from(frame)
    flow[slot.ETH_DST] = high >> 16
    flow[slot.ETH_SRC] = (high & 0xFFFF) << 32 | low
    at = 14
    if eth_type in (ETH_VLAN, ETH_QINQ):
        at, eth_type = _tags(frame, flow, vlan_limit)
    if eth_type < 0x600:
        at, eth_type = _snap(frame, at)
    flow[slot.ETH_TYPE] = eth_type
    if eth_type == ETH_IPV4:
        return _ipv4(frame, flow, at)
    if eth_type == ETH_IPV6:
        return _ipv6(frame, flow, at)
    if eth_type in (ETH_ARP, ETH_RARP):
        _arp(frame, flow, at)
    elif eth_type in (ETH_MPLS, ETH_MPLS_MULTICAST):
        _labels(frame, flow, at)
    return Layers(at)


def _tags(frame: bytes, flow: Flow, limit: int) -> tuple[int, int]:
    """Take VLAN tags off; answers where the payload starts and its Ethernet type."""
    at, eth_type = 14, ETH_VLAN
    for place in (slot.VLAN_TCI, slot.VLAN_TCI1)[:limit]:
        if eth_type not in (ETH_VLAN, ETH_QINQ) or len(frame) < at + 4:
            break
        tci, eth_type = _TAG.unpack_from(frame, at)
        flow[place] = tci | slot.VLAN_PRESENT
        at += 4
    else:
        return at, eth_type
    return at, int.from_bytes(frame[at - 2 : at], "big")


def _snap(frame: bytes, at: int) -> tuple[int, int]:
    """The Ethernet type of an 802.3 frame: that of its SNAP header."""
    if frame[at : at + 6] == b"\xaa\xaa\x03\0\0\0" and len(frame) >= at + 8:
        eth_type = int.from_bytes(frame[at + 6 : at + 8], "big")
        if eth_type >= 0x600:
            return at + 8, eth_type
    return at, ETH_NONE


def _labels(frame: bytes, flow: Flow, at: int) -> None:
    """The first three entries of an MPLS label stack."""
    for place in (slot.MPLS_LSE, slot.MPLS_LSE1, slot.MPLS_LSE2):
        if len(frame) < at + 4:
            return
        flow[place] = entry = _WORD.unpack_from(frame, at)[0]
        at += 4
        if entry & 0x100:
            return


def _arp(frame: bytes, flow: Flow, at: int) -> None:
    """ARP for IPv4 over Ethernet (RFC 826); anything else has no fields."""
    if len(frame) < at + 28:
        return
    hardware, protocol, sizes, sizes_low, op, sha, sha_low, spa, tha, tha_low, tpa = _ARP.unpack_from(frame, at)
    if (hardware, protocol, sizes, sizes_low) != (1, ETH_IPV4, 6, 4):
        return
    flow[slot.NW_SRC], flow[slot.NW_DST] = spa, tpa
    flow[slot.NW_PROTO] = op if op <= 0xFF else 0
    flow[slot.ARP_SHA], flow[slot.ARP_THA] = sha << 32 | sha_low, tha << 32 | tha_low


def _ipv4(frame: bytes, flow: Flow, at: int) -> Layers:
    """IPv4 (RFC 791), if header and total length fit in the frame and in each other."""
    if len(frame) < at + 20:
        return Layers(at)
    version, tos, total, fragment, ttl, protocol, src, dst = _IPV4.unpack_from(frame, at)
    header = (version & 0xF) * 4
    end = at + total
    if header < 20 or header > total or end > len(frame):
        return Layers(at)
    flow[slot.NW_SRC], flow[slot.NW_DST] = src, dst
    flow[slot.NW_TOS], flow[slot.NW_TTL], flow[slot.NW_PROTO] = tos, ttl, protocol
    if fragment & 0x3FFF:
        if fragment & 0x1FFF:
            flow[slot.NW_FRAG] = slot.FRAG_ANY | slot.FRAG_LATER
            return Layers(at, -1, end)
        flow[slot.NW_FRAG] = slot.FRAG_ANY
    l4 = at + header
    _transport(frame, flow, l4, end, protocol)
    return Layers(at, l4, end)


def _ipv6(frame: bytes, flow: Flow, at: int) -> Layers:
    """IPv6 (RFC 8200), if its payload is there."""
    if len(frame) < at + 40:
        return Layers(at)
    word, length, protocol, hops, src, src_low, dst, dst_low = _IPV6.unpack_from(frame, at)
    l4 = at + 40
    end = l4 + length
    if end > len(frame):
        return Layers(at)
    flow[slot.IPV6_SRC], flow[slot.IPV6_DST] = src << 64 | src_low, dst << 64 | dst_low
    if protocol in _EXTENSIONS:
        l4, protocol, flow[slot.NW_FRAG] = _extensions(frame, l4, end, protocol)
        if l4 < 0:
            return Layers(at)
    flow[slot.IPV6_LABEL], flow[slot.NW_TOS] = word & 0xFFFFF, word >> 20 & 0xFF
    flow[slot.NW_TTL], flow[slot.NW_PROTO] = hops, protocol
    if flow[slot.NW_FRAG] & slot.FRAG_LATER:
        return Layers(at, -1, end)
    _transport(frame, flow, l4, end, protocol)
    return Layers(at, l4, end)


_EXTENSIONS = frozenset((_HOP_BY_HOP, _ROUTING, _FRAGMENT, _AUTHENTICATION, _DESTINATION_OPTIONS))


def _extensions(frame: bytes, at: int, end: int, protocol: int) -> tuple[int, int, int]:
    """Skip extension headers: where the transport starts (-1: one is cut short), its protocol, and fragment bits."""
    fragment = 0
    while protocol in _EXTENSIONS:
        if at + 8 > end:
            return -1, 0, 0
        following, length = frame[at], frame[at + 1]
        size = (length + 2) * 4 if protocol == _AUTHENTICATION else (length + 1) * 8
        if protocol == _FRAGMENT:
            size = 8
            offset = int.from_bytes(frame[at + 2 : at + 4], "big")
            if offset & 0xFFF8:
                return at + 8, _FRAGMENT, slot.FRAG_ANY | slot.FRAG_LATER
            # An atomic fragment, all of the packet in one, is not a fragment (RFC 6946).
            fragment = slot.FRAG_ANY if offset else fragment
        at, protocol = at + size, following
        if at > end:
            return -1, 0, 0
    return at, protocol, fragment


def _transport(frame: bytes, flow: Flow, at: int, end: int, protocol: int) -> None:
    """Ports, or type and code, if the whole header is there."""
    size = end - at
    if protocol == TCP:
        if size >= 20:
            src, dst, flags = _TCP.unpack_from(frame, at)
            if 20 <= (flags >> 12) * 4 <= size:
                flow[slot.TP_SRC], flow[slot.TP_DST], flow[slot.TCP_FLAGS] = src, dst, flags & 0xFFF
    elif protocol == UDP:
        if size >= 8:
            flow[slot.TP_SRC], flow[slot.TP_DST] = _TWO_SHORTS.unpack_from(frame, at)
    elif protocol == SCTP:
        if size >= 12:
            flow[slot.TP_SRC], flow[slot.TP_DST] = _TWO_SHORTS.unpack_from(frame, at)
    elif size >= 8 and protocol in (ICMP, IGMP, ICMPV6):
        flow[slot.TP_SRC], flow[slot.TP_DST] = kind, code = _TWO_BYTES.unpack_from(frame, at)
        if protocol == ICMPV6 and code == 0 and kind in (135, 136):
            flow[slot.ND_RESERVED] = _WORD.unpack_from(frame, at + 4)[0]
            _neighbour(frame, flow, at + 8, end)


def _neighbour(frame: bytes, flow: Flow, at: int, end: int) -> None:
    """A neighbour solicitation's or advertisement's target and link-layer addresses (RFC 4861, 4.3 and 4.4)."""
    if end - at < 16:
        return
    target = int.from_bytes(frame[at : at + 16], "big")
    addresses = [0, 0]
    option = at + 16
    while option + 8 <= end:
        kind, units = frame[option], frame[option + 1]
        if units == 0 or option + units * 8 > end:
            break
        if units == 1 and kind in (1, 2):
            if addresses[kind - 1]:
                return  # Two answers to one question: nothing is believed.
            addresses[kind - 1] = int.from_bytes(frame[option + 2 : option + 8], "big")
            flow[slot.ND_OPTIONS_TYPE] = flow[slot.ND_OPTIONS_TYPE] or kind
        option += units * 8
    flow[slot.ND_TARGET] = target
    flow[slot.ARP_SHA], flow[slot.ARP_THA] = addresses
