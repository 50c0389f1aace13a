"""Frames for tests of services."""

from __future__ import annotations

from pyovn.controller.services.dhcp4 import COOKIE
from pyovn.controller.services.frame import IPV4, IPV6, UDP, ethernet, icmpv6, ipv4, with_checksum

CLIENT, SERVER = bytes.fromhex("c0ffee000011"), bytes.fromhex("c0ffee000001")
BROADCAST = b"\xff" * 6
A, B = 0x0A00000B, 0x0A000001
A6, B6 = 0xFD00 << 112 | 0x11, 0xFD00 << 112 | 1


def dhcp(kind: int, options: bytes = b"", *, current: bytes = bytes(4), broadcast: bool = False) -> bytes:
    """A client's DHCP message."""
    fixed = bytes((1, 1, 6, 0)) + b"\x12\x34\x56\x78" + bytes((0, 0, 0x80 * broadcast, 0)) + current + bytes(12) + CLIENT + bytes(202)
    message = fixed + COOKIE + bytes((53, 1, kind)) + options + b"\xff"
    udp = b"\0\x44\0\x43" + (8 + len(message)).to_bytes(2, "big") + b"\0\0" + message
    return ethernet(BROADCAST, CLIENT, IPV4, ipv4(0, 0xFFFFFFFF, UDP, udp, ttl=128, tos=0x10))


def udp4(payload: bytes = b"hello") -> bytes:
    """A UDP packet from A to B."""
    return ethernet(SERVER, CLIENT, IPV4, ipv4(A, B, UDP, b"\x03\xe8\x1f\x40" + (8 + len(payload)).to_bytes(2, "big") + b"\0\0" + payload))


def tcp4(flags: int, sequence: int = 100, acknowledged: int = 0, payload: bytes = b"") -> bytes:
    """A TCP segment from A to B."""
    head = b"\x03\xe8\0\x50" + sequence.to_bytes(4, "big") + acknowledged.to_bytes(4, "big") + bytes((0x50, flags, 4, 0)) + bytes(4)
    return ethernet(SERVER, CLIENT, IPV4, ipv4(A, B, 6, head + payload))


def icmp4(kind: int = 8) -> bytes:
    """An ICMP message from A to B."""
    return ethernet(SERVER, CLIENT, IPV4, ipv4(A, B, 1, with_checksum(bytes((kind, 0, 0, 0)) + bytes(4) + b"data", 2)))


def solicit6() -> bytes:
    """A neighbour solicitation of A6 for B6."""
    body = bytes((135, 0, 0, 0)) + bytes(4) + B6.to_bytes(16, "big") + b"\x01\x01" + CLIENT
    return ethernet(SERVER, CLIENT, IPV6, icmpv6(A6, B6, body))
