"""IPv4 packets (RFC 791). Addresses are numbers of 32 bits; options are kept as bytes."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from pyovn.packet.checksum import checksum
from pyovn.packet.malformed import Malformed

ICMP, TCP, UDP = 1, 6, 17
_HEADER = Struct("!BBHHHBBHII")


class Ipv4(NamedTuple):
    """A packet; `fragment` holds the flags and the offset as they stand in the header."""

    src: int
    dst: int
    proto: int
    payload: bytes
    ttl: int = 64
    tos: int = 0
    ident: int = 0
    fragment: int = 0
    options: bytes = b""


def parse(data: bytes) -> Ipv4:
    """Read a packet; what follows its total length is padding. `Malformed` if a length or the checksum is wrong."""
    if len(data) < _HEADER.size:
        raise Malformed("ipv4", f"{len(data)} bytes are no header")
    first, tos, total, ident, fragment, ttl, proto, _, src, dst = _HEADER.unpack_from(data)
    header = (first & 15) * 4
    if first >> 4 != 4 or header < _HEADER.size or not header <= total <= len(data):
        raise Malformed("ipv4", f"version {first >> 4}, header of {header}, total of {total} in {len(data)} bytes")
    if checksum(data[:header]):
        raise Malformed("ipv4", "the header's checksum is wrong")
    return Ipv4(src, dst, proto, data[header:total], ttl, tos, ident, fragment, data[_HEADER.size : header])


def build(packet: Ipv4) -> bytes:
    """The bytes of a packet."""
    src, dst, proto, payload, ttl, tos, ident, fragment, options = packet
    header_length = _HEADER.size + len(options)
    fields = (0x40 | header_length // 4, tos, header_length + len(payload), ident, fragment, ttl, proto)
    return _HEADER.pack(*fields, checksum(_HEADER.pack(*fields, 0, src, dst) + options), src, dst) + options + payload
