"""Frames of many kinds, right and wrong."""

from __future__ import annotations

import struct


def ethernet(eth_type: int, payload: bytes = b"") -> bytes:
    """A frame between two fixed addresses."""
    return bytes.fromhex("505400000001505400000002") + eth_type.to_bytes(2, "big") + payload


def ipv4(protocol: int, payload: bytes, *, fragment: int = 0, tos: int = 0, options: bytes = b"") -> bytes:
    """A frame with an IPv4 packet; its header's checksum is zero."""
    first, size = 0x45 + len(options) // 4, 20 + len(options) + len(payload)
    addresses = bytes((10, 0, 0, 1, 10, 0, 0, 2))
    return ethernet(0x0800, struct.pack(">BBHHHBBH", first, tos, size, 1, fragment, 64, protocol, 0) + addresses + options + payload)


def ipv6(following: int, payload: bytes) -> bytes:
    """A frame with an IPv6 packet."""
    addresses = bytes(15) + b"\1" + bytes(15) + b"\2"
    return ethernet(0x86DD, struct.pack(">IHBB", 0x6A000005, len(payload), following, 64) + addresses + payload)


UDP = struct.pack(">HHHH", 68, 67, 8, 0)
TCP = struct.pack(">HHIIHHHH", 80, 5, 1, 2, 0x5012, 0, 0, 0)
SCTP = struct.pack(">HHII", 7, 8, 0, 0)
SOLICIT = bytes((135, 0, 0, 0, 0, 0, 0, 0)) + bytes(15) + b"\5" + b"\1\1" + bytes((0, 1, 2, 3, 4, 5))
ADVERT = bytes((136, 0, 0, 0, 0x60, 0, 0, 0)) + bytes(15) + b"\5" + b"\2\1" + bytes((0, 1, 2, 3, 4, 5))
ARP = bytes.fromhex("00010800060400015054000000010a0000010000000000000a000002")

FRAMES = [
    ipv4(17, UDP),
    ipv4(6, TCP),
    ipv4(132, SCTP),
    ipv4(1, b"\x08\0" + bytes(6)),
    ipv4(2, b"\x16\0" + bytes(6)),
    ipv4(50, b"x" * 9),
    ipv4(17, UDP, fragment=0x2000),
    ipv4(17, UDP, fragment=1),
    ipv4(17, UDP, tos=0xB9, options=bytes(8)),
    ipv4(0, b""),
    ipv4(17, UDP) + b"padding",
    ipv4(17, UDP)[:-1],
    ipv4(6, TCP[:-1]),
    ipv4(6, TCP[:12] + b"\xf0" + TCP[13:]),
    ipv6(17, UDP),
    ipv6(6, TCP),
    ipv6(58, SOLICIT),
    ipv6(58, ADVERT),
    ipv6(58, ADVERT + ADVERT[-8:]),
    ipv6(58, b"\x80\0" + bytes(6)),
    ipv6(58, SOLICIT[:-8] + b"\1\0" + bytes(6)),
    ipv6(58, SOLICIT[:20]),
    ipv6(0, b"\x11\0" + bytes(6) + UDP),
    ipv6(44, b"\x11\0\0\1" + bytes(4) + UDP),
    ipv6(44, b"\x11\0\0\0" + bytes(4) + UDP),
    ipv6(44, b"\x11\0\0\x08" + bytes(4) + UDP),
    ipv6(1, b"\x08\0" + bytes(6)),
    ipv6(59, b""),
    ipv6(0, b"\x11\x05" + bytes(6)),
    ipv6(51, b"\x11\1" + bytes(10) + UDP),
    ipv6(17, UDP)[:-1],
    ethernet(0x0806, ARP),
    ethernet(0x8035, ARP),
    ethernet(0x0806, bytes(28)),
    ethernet(0x0806, ARP[:-1]),
    ethernet(0x8100, b"\x60\x05\x08\0" + ipv4(17, UDP)[14:]),
    ethernet(0x88A8, b"\0\x05\x81\0\0\x06\x08\0" + ipv4(17, UDP)[14:]),
    ethernet(0x8100, b"\0\0\x81\0\0\x06\x81\0\0\7\x08\0" + bytes(30)),
    ethernet(0x8100, b"\0\5\x08"),
    ethernet(0x8100),
    ethernet(0x8847, b"\0\1\x02\x40\0\1\x03\x40" + bytes(20)),
    ethernet(0x8848, b"\0\1\x02"),
    ethernet(100, bytes(50)),
    ethernet(100, b"\xaa\xaa\3\0\0\0\x08\0" + ipv4(17, UDP)[14:]),
    ethernet(0x88CC, bytes(40)),
    ethernet(0x0800),
    ethernet(0x86DD, b"\x60"),
]
