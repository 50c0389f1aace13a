"""UDP datagrams (RFC 768) over IPv4 or IPv6."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from pyovn.packet.checksum import checksum, pseudo_header
from pyovn.packet.malformed import Malformed

_HEADER = Struct("!HHHH")
PROTOCOL = 17


class Udp(NamedTuple):
    """A datagram; `checksum` as it came, 0 for none."""

    src: int
    dst: int
    payload: bytes
    checksum: int = 0


def parse(data: bytes) -> Udp:
    """Read a datagram; `Malformed` if its length is wrong."""
    if len(data) < _HEADER.size:
        raise Malformed("udp", f"{len(data)} bytes are no header")
    src, dst, length, summed = _HEADER.unpack_from(data)
    if not _HEADER.size <= length <= len(data):
        raise Malformed("udp", f"length {length} in {len(data)} bytes")
    return Udp(src, dst, data[_HEADER.size : length], summed)


def build(datagram: Udp, src: int, dst: int) -> bytes:
    """The bytes of a datagram between two addresses (numbers, of either family), with its checksum."""
    length = _HEADER.size + len(datagram.payload)
    summed = checksum(
        _HEADER.pack(datagram.src, datagram.dst, length, 0) + datagram.payload, pseudo_header(src, dst, PROTOCOL, length)
    )
    return _HEADER.pack(datagram.src, datagram.dst, length, summed or 0xFFFF) + datagram.payload
