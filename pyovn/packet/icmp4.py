"""ICMP for IPv4 (RFC 792): echoes and errors."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from pyovn.packet.checksum import checksum
from pyovn.packet.malformed import Malformed

ECHO_REPLY, UNREACHABLE, ECHO_REQUEST, TIME_EXCEEDED = 0, 3, 8, 11
_HEADER = Struct("!BBHI")


class Icmp4(NamedTuple):
    """A message; `rest` is the second word: identifier and sequence of an echo, 0 or an MTU of an error."""

    type: int
    code: int
    rest: int
    payload: bytes


def echo(kind: int, ident: int, sequence: int, payload: bytes) -> Icmp4:
    """An echo request or reply."""
    return Icmp4(kind, 0, ident << 16 | sequence, payload)


def parse(data: bytes) -> Icmp4:
    """Read a message; `Malformed` if it is cut off or its checksum is wrong."""
    if len(data) < _HEADER.size:
        raise Malformed("icmp", f"{len(data)} bytes are no message")
    if checksum(data):
        raise Malformed("icmp", "the checksum is wrong")
    kind, code, _, rest = _HEADER.unpack_from(data)
    return Icmp4(kind, code, rest, data[_HEADER.size :])


def build(message: Icmp4) -> bytes:
    """The bytes of a message."""
    kind, code, rest, payload = message
    return _HEADER.pack(kind, code, checksum(_HEADER.pack(kind, code, 0, rest) + payload), rest) + payload
