"""Geneve headers (RFC 8926), with options; OVN's has class 0x0102, type 0x80 and four bytes."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from pyovn.packet.malformed import Malformed

PORT = 6081
ETHERNET = 0x6558
"""The protocol of a payload that is an Ethernet frame."""
OAM, CRITICAL = 0x80, 0x40
_HEADER = Struct("!BBHI")
_OPTION = Struct("!HBB")


class Option(NamedTuple):
    """An option: class, type (its top bit: critical) and value, a multiple of four bytes."""

    option_class: int
    type: int
    value: bytes


class Geneve(NamedTuple):
    """A header and what it carries."""

    vni: int
    payload: bytes
    options: tuple[Option, ...] = ()
    flags: int = 0
    protocol: int = ETHERNET


def parse(data: bytes) -> Geneve:
    """Read a datagram's payload; `Malformed` if a length or the version is wrong."""
    if len(data) < _HEADER.size:
        raise Malformed("geneve", f"{len(data)} bytes are no header")
    first, flags, protocol, word = _HEADER.unpack_from(data)
    end = _HEADER.size + (first & 0x3F) * 4
    if first >> 6 or end > len(data):
        raise Malformed("geneve", f"version {first >> 6}, options up to {end} in {len(data)} bytes")
    return Geneve(word >> 8, data[end:], tuple(_options(data[_HEADER.size : end])), flags & (OAM | CRITICAL), protocol)


def _options(data: bytes) -> Iterator[Option]:
    at = 0
    while at < len(data):
        option_class, kind, units = _OPTION.unpack_from(data, at)
        end = at + 4 + (units & 0x1F) * 4
        if end > len(data):
            raise Malformed("geneve", f"an option up to {end} in {len(data)} bytes")
        yield Option(option_class, kind, data[at + 4 : end])
        at = end


def build(packet: Geneve) -> bytes:
    """The bytes of a datagram's payload."""
    options = b"".join(_OPTION.pack(o.option_class, o.type, len(o.value) // 4) + o.value for o in packet.options)
    assert len(options) % 4 == 0 and len(options) <= 252, "options fill whole words"
    return _HEADER.pack(len(options) // 4, packet.flags, packet.protocol, packet.vni << 8) + options + packet.payload
