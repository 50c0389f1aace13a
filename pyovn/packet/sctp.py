"""SCTP (RFC 9260): the common header and its CRC."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from pyovn.packet.malformed import Malformed

_HEADER = Struct(">HHI4s")


class Sctp(NamedTuple):
    """A common header; `chunks` are the bytes after it."""

    src: int
    dst: int
    tag: int
    chunks: bytes


def _table() -> tuple[int, ...]:
    """The CRC of each byte, for the Castagnoli polynomial, reflected."""
    entries = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        entries.append(byte)
    return tuple(entries)


_CRC = _table()


def crc32c(data: bytes) -> int:
    """The CRC of RFC 9260, appendix A; stored in a header little-endian."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def parse(data: bytes) -> Sctp:
    """Read an SCTP packet; raises `Malformed`."""
    if len(data) < 12:
        raise Malformed("SCTP", f"{len(data)} bytes, shorter than the header of 12")
    src, dst, tag, _ = _HEADER.unpack_from(data)
    return Sctp(src, dst, tag, data[12:])


def build(packet: Sctp) -> bytes:
    """The packet with its CRC."""
    blank = _HEADER.pack(packet.src, packet.dst, packet.tag, bytes(4)) + packet.chunks
    return blank[:8] + crc32c(blank).to_bytes(4, "little") + packet.chunks
