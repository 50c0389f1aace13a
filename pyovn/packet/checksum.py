"""The Internet checksum (RFC 1071), and what becomes of it when some bytes change (RFC 1624).

65536 is 1 modulo 65535, so the one's complement sum of 16-bit words is the whole number modulo 65535.
"""

from __future__ import annotations


def ones_sum(data: bytes) -> int:
    """The one's complement sum of big-endian 16-bit words; an odd last byte is padded with zero."""
    number = int.from_bytes(data, "big")
    if len(data) & 1:
        number <<= 8
    return number % 0xFFFF or (0xFFFF if number else 0)


def checksum(data: bytes, partial: int = 0) -> int:
    """The checksum of `data`, after a sum `partial` (a pseudo-header's, say)."""
    total = ones_sum(data) + partial
    return ~(total % 0xFFFF or (0xFFFF if total else 0)) & 0xFFFF


def pseudo_header(src: int, dst: int, protocol: int, length: int) -> int:
    """What UDP, TCP and ICMPv6 sum besides their own bytes; addresses of either family as numbers."""
    return (src + dst + protocol + length) % 0xFFFF


def adjust(old: int, removed: int, added: int) -> int:
    """The checksum `old` after 16-bit aligned numbers summing to `removed` became numbers summing to `added`."""
    return 0xFFFF - (((~old & 0xFFFF) + added - removed) % 0xFFFF or 0xFFFF)
