"""What tells one direction of a connection from every other: zone, protocol, addresses, ports."""

from __future__ import annotations

from typing import NamedTuple

from pyovn.packet import slot
from pyovn.packet.flow import ETH_IPV4, ETH_IPV6, ICMP, ICMPV6, SCTP, TCP, UDP, Flow, Layers, dissect, empty_flow

_ECHO = {
    ICMP: {8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17},
    ICMPV6: {128: 129, 129: 128},
}
"""ICMP queries and their answers, by protocol and type (RFC 792, RFC 4443)."""

_QUERIES = {ICMP: (8, 13, 15, 17), ICMPV6: (128,)}
_ERRORS = {ICMP: (3, 4, 5, 11, 12), ICMPV6: (1, 2, 3, 4)}


class Key(NamedTuple):
    """One direction of a connection; addresses as numbers. For ICMP the ports are the identifier and the type."""

    zone: int
    family: int
    protocol: int
    src: int
    dst: int
    sport: int
    dport: int


def key_of(flow: Flow, frame: bytes, layers: Layers, zone: int) -> Key | None:
    """The key of a packet; None for one that cannot be tracked: no IP, cut short, a later fragment, an ICMP error."""
    eth_type, protocol = flow[slot.ETH_TYPE], flow[slot.NW_PROTO]
    if layers.l4 < 0 or flow[slot.NW_FRAG] & slot.FRAG_LATER:
        return None
    if eth_type == ETH_IPV4:
        family, src, dst = 4, flow[slot.NW_SRC], flow[slot.NW_DST]
    elif eth_type == ETH_IPV6:
        family, src, dst = 6, flow[slot.IPV6_SRC], flow[slot.IPV6_DST]
    else:
        return None
    if protocol in (TCP, UDP, SCTP):
        sport, dport = flow[slot.TP_SRC], flow[slot.TP_DST]
        return Key(zone, family, protocol, src, dst, sport, dport) if sport and dport else None
    if protocol in _ECHO and flow[slot.TP_SRC] in _ECHO[protocol] and layers.end - layers.l4 >= 8:
        identifier = int.from_bytes(frame[layers.l4 + 4 : layers.l4 + 6], "big")
        return Key(zone, family, protocol, src, dst, identifier, flow[slot.TP_SRC])
    return None


def reversed_key(key: Key) -> Key:
    """The key of the answers."""
    zone, family, protocol, src, dst, sport, dport = key
    if protocol in _ECHO:
        return Key(zone, family, protocol, dst, src, sport, _ECHO[protocol][dport])
    return Key(zone, family, protocol, dst, src, dport, sport)


def begins(key: Key) -> bool:
    """May a connection begin with this packet, as far as its key tells? An ICMP answer begins nothing."""
    return key.protocol not in _QUERIES or key.dport in _QUERIES[key.protocol]


class Inner(NamedTuple):
    """The packet that an ICMP error quotes: its key, and where its network and transport headers start in the frame."""

    key: Key
    l3: int
    l4: int


def quoted(flow: Flow, frame: bytes, layers: Layers, zone: int) -> Inner | None:
    """What an ICMP error is about; None if the packet is none, or quotes too little (RFC 1122, 3.2.2: 8 bytes of transport)."""
    protocol = flow[slot.NW_PROTO]
    if layers.l4 < 0 or protocol not in _ERRORS or flow[slot.TP_SRC] not in _ERRORS[protocol]:
        return None
    at = layers.l4 + 8
    ethernet = bytes(12) + (b"\x08\x00" if flow[slot.ETH_TYPE] == ETH_IPV4 else b"\x86\xdd")
    quote = bytearray(frame[at : layers.end])
    whole = _make_whole(quote, flow[slot.ETH_TYPE])
    if whole is None:
        return None
    inner = empty_flow()
    found = dissect(ethernet + whole, inner)
    key = key_of(inner, ethernet + whole, found, zone)
    return None if key is None else Inner(key, at, at + found.l4 - 14)


def _make_whole(quote: bytearray, eth_type: int) -> bytes | None:
    """The quoted packet padded so that its headers are believed: errors quote only the beginning."""
    if eth_type == ETH_IPV4:
        if len(quote) < 28 or len(quote) < (quote[0] & 0xF) * 4 + 8:
            return None
        total = int.from_bytes(quote[2:4], "big")
        header, protocol = (quote[0] & 0xF) * 4, quote[9]
    else:
        if len(quote) < 48:
            return None
        total = int.from_bytes(quote[4:6], "big") + 40
        header, protocol = 40, quote[6]
    quote += bytes(max(0, total - len(quote), header + 20 - len(quote)))
    if protocol == TCP and quote[header + 12] >> 4 < 5:
        # The data offset was cut off, or is of no account: the ports are all that is asked for.
        quote[header + 12] = 0x50
    return bytes(quote)
