"""IPv6 packets (RFC 8200). Addresses are numbers of 128 bits; extension headers are kept as bytes."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from pyovn.packet.malformed import Malformed

HOP_BY_HOP, TCP, UDP, ROUTING, FRAGMENT, AUTHENTICATION, ICMPV6, NOTHING, DESTINATION_OPTIONS = 0, 6, 17, 43, 44, 51, 58, 59, 60
EXTENSIONS = frozenset((HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS))
_HEADER = Struct("!IHBB16s16s")


class Ipv6(NamedTuple):
    """A packet; `extensions` are the headers between the fixed one and the payload, the first of which is `first`."""

    src: int
    dst: int
    proto: int
    payload: bytes
    hops: int = 64
    traffic_class: int = 0
    label: int = 0
    first: int = NOTHING
    extensions: bytes = b""


def parse(data: bytes) -> Ipv6:
    """Read a packet; what follows its payload is padding. `Malformed` if a length or the version is wrong."""
    if len(data) < _HEADER.size:
        raise Malformed("ipv6", f"{len(data)} bytes are no header")
    word, length, following, hops, src, dst = _HEADER.unpack_from(data)
    end = _HEADER.size + length
    if word >> 28 != 6 or end > len(data):
        raise Malformed("ipv6", f"version {word >> 28}, payload of {length} in {len(data)} bytes")
    at, proto = _skip(data[:end], _HEADER.size, following)
    addresses = int.from_bytes(src, "big"), int.from_bytes(dst, "big")
    first = following if at > _HEADER.size else NOTHING
    return Ipv6(*addresses, proto, data[at:end], hops, word >> 20 & 0xFF, word & 0xFFFFF, first, data[_HEADER.size : at])


def _skip(data: bytes, at: int, proto: int) -> tuple[int, int]:
    """Where the extension headers end, and the protocol of what follows."""
    while proto in EXTENSIONS:
        if at + 8 > len(data):
            raise Malformed("ipv6", f"extension header {proto} is cut off")
        size = {FRAGMENT: 8, AUTHENTICATION: data[at + 1] * 4 + 8}.get(proto, data[at + 1] * 8 + 8)
        later = proto == FRAGMENT and int.from_bytes(data[at + 2 : at + 4], "big") & 0xFFF8
        at, proto = at + size, data[at]
        if at > len(data):
            raise Malformed("ipv6", "an extension header is cut off")
        if later:
            break
    return at, proto


def build(packet: Ipv6) -> bytes:
    """The bytes of a packet; extension headers must name each other and the payload's protocol."""
    word = 6 << 28 | packet.traffic_class << 20 | packet.label
    following = packet.first if packet.extensions else packet.proto
    rest = packet.extensions + packet.payload
    return _HEADER.pack(word, len(rest), following, packet.hops, packet.src.to_bytes(16, "big"), packet.dst.to_bytes(16, "big")) + rest
