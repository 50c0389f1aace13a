"""TCP segments (RFC 9293) over IPv4 or IPv6."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from pyovn.packet.checksum import checksum, pseudo_header
from pyovn.packet.malformed import Malformed

PROTOCOL = 6
FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
_HEADER = Struct("!HHIIHHHH")


class Tcp(NamedTuple):
    """A segment; `flags` holds the low twelve bits beside the header's length, options are kept as bytes."""

    src: int
    dst: int
    seq: int
    ack: int
    flags: int
    window: int
    payload: bytes = b""
    options: bytes = b""
    urgent: int = 0


def parse(data: bytes) -> Tcp:
    """Read a segment; `Malformed` if its header does not fit."""
    if len(data) < _HEADER.size:
        raise Malformed("tcp", f"{len(data)} bytes are no header")
    src, dst, seq, ack, word, window, _, urgent = _HEADER.unpack_from(data)
    header = (word >> 12) * 4
    if not _HEADER.size <= header <= len(data):
        raise Malformed("tcp", f"a header of {header} bytes in {len(data)}")
    return Tcp(src, dst, seq, ack, word & 0xFFF, window, data[header:], data[_HEADER.size : header], urgent)


def build(segment: Tcp, src: int, dst: int) -> bytes:
    """The bytes of a segment between two addresses (numbers, of either family), with its checksum."""
    header = _HEADER.size + len(segment.options)
    assert header % 4 == 0 and header <= 60, "options fill whole words"
    word = header // 4 << 12 | segment.flags
    head = (segment.src, segment.dst, segment.seq, segment.ack, word, segment.window)
    rest = segment.options + segment.payload
    blank = _HEADER.pack(*head, 0, segment.urgent) + rest
    return _HEADER.pack(*head, checksum(blank, pseudo_header(src, dst, PROTOCOL, len(blank))), segment.urgent) + rest
