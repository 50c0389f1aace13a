"""A packet that has given fields: the frame that Open vSwitch makes of them, to be sent through a network."""

from __future__ import annotations

from pyovn.packet import arp, ethernet, icmp4, icmp6, igmp, ipv4, ipv6, slot, tcp, udp
from pyovn.packet.flow import ETH_ARP, ETH_IPV4, ETH_IPV6, ETH_RARP, ICMP, ICMPV6, IGMP, SCTP, TCP, UDP, Flow

PAYLOAD = bytes(range(64))
ECHO4 = (icmp4.ECHO_REQUEST, icmp4.ECHO_REPLY)
ECHO6 = (icmp6.ECHO_REQUEST, icmp6.ECHO_REPLY)
NEIGHBOR6 = (135, 136)
SOURCE_ADDRESS, TARGET_ADDRESS = 1, 2
"""Options of neighbour discovery (RFC 4861 4.6.1)."""
MORE_FRAGMENTS, LATER_OFFSET = 0x2000, 100
NO_DATA = tcp.SYN | tcp.FIN | tcp.RST
SCTP_HEADER = 12


def compose(flow: Flow, payload: bytes = PAYLOAD) -> bytes:
    """The frame; `payload` where the protocol has room for one. Layers that the fields say nothing of are left out."""
    kind, data = flow[slot.ETH_TYPE], b""
    if kind == ETH_IPV4:
        data = _ipv4(flow, payload)
    elif kind == ETH_IPV6:
        data = _ipv6(flow, payload)
    elif kind in (ETH_ARP, ETH_RARP):
        told = (flow[slot.ARP_SHA], flow[slot.NW_SRC], flow[slot.ARP_THA], flow[slot.NW_DST])
        op = flow[slot.NW_PROTO]
        data = arp.build(arp.Arp(op, *(told if op in (arp.REQUEST, arp.REPLY) else (0, 0, 0, 0))))
    tag = flow[slot.VLAN_TCI]
    vlan = tag & ~slot.VLAN_PRESENT if tag & slot.VLAN_PRESENT else None
    return ethernet.build(ethernet.Ethernet(flow[slot.ETH_DST], flow[slot.ETH_SRC], kind, data, vlan))


def _ipv4(flow: Flow, payload: bytes) -> bytes:
    src, dst, protocol, fragment = flow[slot.NW_SRC], flow[slot.NW_DST], flow[slot.NW_PROTO], flow[slot.NW_FRAG]
    at = (MORE_FRAGMENTS if fragment else 0) | (LATER_OFFSET if fragment & slot.FRAG_LATER else 0)
    data = _transport(flow, src, dst, payload)
    return ipv4.build(ipv4.Ipv4(src, dst, protocol, data, flow[slot.NW_TTL], flow[slot.NW_TOS], fragment=at))


def _ipv6(flow: Flow, payload: bytes) -> bytes:
    src, dst, protocol = flow[slot.IPV6_SRC], flow[slot.IPV6_DST], flow[slot.NW_PROTO]
    data = _transport(flow, src, dst, payload)
    return ipv6.build(ipv6.Ipv6(src, dst, protocol, data, flow[slot.NW_TTL], flow[slot.NW_TOS], flow[slot.IPV6_LABEL]))


def _transport(flow: Flow, src: int, dst: int, payload: bytes) -> bytes:
    """What an IP packet carries; nothing in a later fragment."""
    protocol, first, second = flow[slot.NW_PROTO], flow[slot.TP_SRC], flow[slot.TP_DST]
    if flow[slot.NW_FRAG] & slot.FRAG_LATER:
        return b""
    if protocol == TCP:
        data = b"" if flow[slot.TCP_FLAGS] & NO_DATA else payload
        return tcp.build(tcp.Tcp(first, second, 0, 0, flow[slot.TCP_FLAGS], 0, data), src, dst)
    if protocol == UDP:
        return udp.build(udp.Udp(first, second, payload), src, dst)
    if protocol == SCTP:
        return (first.to_bytes(2, "big") + second.to_bytes(2, "big")).ljust(SCTP_HEADER, b"\0")
    if protocol == ICMP:
        return icmp4.build(icmp4.Icmp4(first, second, 0, payload if first in ECHO4 and not second else b""))
    if protocol == IGMP:
        return igmp.build(igmp.Igmp(first, second, 0))
    return _icmp6(flow, src, dst, payload) if protocol == ICMPV6 else b""


def _icmp6(flow: Flow, src: int, dst: int, payload: bytes) -> bytes:
    kind, code, data = flow[slot.TP_SRC], flow[slot.TP_DST], b""
    if kind in NEIGHBOR6 and not code:
        told = ((SOURCE_ADDRESS, flow[slot.ARP_SHA]), (TARGET_ADDRESS, flow[slot.ARP_THA]))
        options = tuple((option, mac.to_bytes(6, "big")) for option, mac in told if mac)
        data = icmp6.build_neighbor(icmp6.Neighbor(flow[slot.ND_TARGET], options))
    elif kind in ECHO6 and not code:
        data = payload
    return icmp6.build(icmp6.Icmp6(kind, code, 0, data), src, dst)
