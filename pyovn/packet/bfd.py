"""BFD control packets (RFC 5880, 4.1) without authentication; times in microseconds."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from pyovn.packet.malformed import Malformed

PORT = 3784
ADMIN_DOWN, DOWN, INIT, UP = range(4)
POLL, FINAL, INDEPENDENT, AUTHENTICATED, DEMAND, MULTIPOINT = 32, 16, 8, 4, 2, 1
_HEADER = Struct("!BBBBIIIII")


class Bfd(NamedTuple):
    """A control packet."""

    state: int
    multiplier: int
    my_discriminator: int
    your_discriminator: int
    min_tx_us: int
    min_rx_us: int
    min_echo_rx_us: int = 0
    flags: int = 0
    diagnostic: int = 0


def parse(data: bytes) -> Bfd:
    """Read a datagram's payload; `Malformed` for what RFC 5880, 6.8.6 discards."""
    if len(data) < _HEADER.size:
        raise Malformed("bfd", f"{len(data)} bytes are no packet")
    first, second, multiplier, length, mine, yours, tx, rx, echo = _HEADER.unpack_from(data)
    flags = second & 0x3F
    if first >> 5 != 1 or not _HEADER.size <= length <= len(data):
        raise Malformed("bfd", f"version {first >> 5}, length {length} in {len(data)} bytes")
    if flags & (MULTIPOINT | AUTHENTICATED) or not multiplier or not mine:
        raise Malformed("bfd", f"flags {flags:#x}, multiplier {multiplier}, discriminator {mine}")
    return Bfd(second >> 6, multiplier, mine, yours, tx, rx, echo, flags, first & 0x1F)


def build(packet: Bfd) -> bytes:
    """The bytes of a datagram's payload."""
    b = packet
    return _HEADER.pack(
        1 << 5 | b.diagnostic, b.state << 6 | b.flags, b.multiplier, _HEADER.size, b.my_discriminator, b.your_discriminator,
        b.min_tx_us, b.min_rx_us, b.min_echo_rx_us,
    )  # fmt: skip
