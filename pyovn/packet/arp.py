"""ARP for IPv4 over Ethernet (RFC 826)."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from pyovn.packet.malformed import Malformed

REQUEST, REPLY = 1, 2
_HEADER = Struct("!HHBBH6s4s6s4s")


class Arp(NamedTuple):
    """Who asks whom: hardware addresses (48 bits) and protocol addresses (32 bits) as numbers."""

    op: int
    sha: int
    spa: int
    tha: int
    tpa: int


def parse(data: bytes) -> Arp:
    """Read a message; padding after it is ignored. `Malformed` if it is cut off or about other protocols."""
    if len(data) < _HEADER.size:
        raise Malformed("arp", f"{len(data)} bytes are no message")
    hardware, protocol, hardware_len, protocol_len, op, sha, spa, tha, tpa = _HEADER.unpack_from(data)
    if (hardware, protocol, hardware_len, protocol_len) != (1, 0x0800, 6, 4):
        raise Malformed("arp", "not for IPv4 over Ethernet")
    return Arp(op, *(int.from_bytes(address, "big") for address in (sha, spa, tha, tpa)))


def build(message: Arp) -> bytes:
    """The bytes of a message."""
    op, sha, spa, tha, tpa = message
    return _HEADER.pack(1, 0x0800, 6, 4, op, sha.to_bytes(6, "big"), spa.to_bytes(4, "big"), tha.to_bytes(6, "big"), tpa.to_bytes(4, "big"))
