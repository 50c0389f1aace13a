"""ICMPv6 (RFC 4443), neighbour discovery (RFC 4861) and its options; nothing is read beyond what a length promises."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from pyovn.packet.checksum import checksum, pseudo_header
from pyovn.packet.malformed import Malformed

PROTOCOL = 58
UNREACHABLE, TOO_BIG, TIME_EXCEEDED, PARAMETER_PROBLEM, ECHO_REQUEST, ECHO_REPLY = 1, 2, 3, 4, 128, 129
ROUTER_SOLICIT, ROUTER_ADVERT, NEIGHBOR_SOLICIT, NEIGHBOR_ADVERT, REDIRECT = 133, 134, 135, 136, 137
SOURCE_LINK, TARGET_LINK, PREFIX, REDIRECTED, MTU, RDNSS, DNSSL = 1, 2, 3, 4, 5, 25, 31
"""Options."""
ROUTER, SOLICITED, OVERRIDE = 1 << 31, 1 << 30, 1 << 29
"""Flags of an advertisement."""
_HEADER = Struct("!BBHI")


class Icmp6(NamedTuple):
    """A message; `rest` is the second word: identifier and sequence of an echo, flags of an advertisement."""

    type: int
    code: int
    rest: int
    payload: bytes = b""


class Neighbor(NamedTuple):
    """What a solicitation or advertisement says besides its flags: the target, and options as (type, bytes after the length)."""

    target: int
    options: tuple[tuple[int, bytes], ...] = ()


def parse(data: bytes) -> Icmp6:
    """Read a message; `Malformed` if it is cut off. The checksum is `verify`'s."""
    if len(data) < _HEADER.size:
        raise Malformed("icmp6", f"{len(data)} bytes are no message")
    kind, code, _, rest = _HEADER.unpack_from(data)
    return Icmp6(kind, code, rest, data[_HEADER.size :])


def verify(data: bytes, src: int, dst: int) -> bool:
    """Is the checksum right, between these addresses?"""
    return checksum(data, pseudo_header(src, dst, PROTOCOL, len(data))) == 0


def build(message: Icmp6, src: int, dst: int) -> bytes:
    """The bytes of a message between two addresses, with its checksum."""
    kind, code, rest, payload = message
    blank = _HEADER.pack(kind, code, 0, rest) + payload
    return _HEADER.pack(kind, code, checksum(blank, pseudo_header(src, dst, PROTOCOL, len(blank))), rest) + payload


def parse_options(data: bytes) -> tuple[tuple[int, bytes], ...]:
    """Read options; `Malformed` for one of length zero or beyond the end (RFC 4861, 4.6: such a packet is discarded)."""
    return tuple(_options(data))


def _options(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        size = data[at + 1] * 8 if at + 2 <= len(data) else 0
        if size == 0 or at + size > len(data):
            raise Malformed("nd", f"an option of {size} bytes in {len(data) - at}")
        yield data[at], data[at + 2 : at + size]
        at += size


def build_options(options: tuple[tuple[int, bytes], ...]) -> bytes:
    """Options, each filled with zeros to a multiple of 8 bytes."""
    out = b""
    for kind, payload in options:
        units = (len(payload) + 9) // 8
        out += bytes((kind, units)) + payload.ljust(units * 8 - 2, b"\0")
    return out


def parse_neighbor(payload: bytes) -> Neighbor:
    """Read the payload of a solicitation or advertisement; `Malformed` if it is none."""
    if len(payload) < 16:
        raise Malformed("nd", f"a target of {len(payload)} bytes")
    return Neighbor(int.from_bytes(payload[:16], "big"), parse_options(payload[16:]))


def build_neighbor(neighbor: Neighbor) -> bytes:
    """The payload of a solicitation or advertisement."""
    return neighbor.target.to_bytes(16, "big") + build_options(neighbor.options)
