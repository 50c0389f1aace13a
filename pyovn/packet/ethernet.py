"""Ethernet II frames with at most one VLAN tag (IEEE 802.3, 802.1Q). Addresses are numbers of 48 bits."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from pyovn.packet.malformed import Malformed

BROADCAST = 0xFFFF_FFFF_FFFF
TYPE_IPV4, TYPE_ARP, TYPE_VLAN, TYPE_IPV6 = 0x0800, 0x0806, 0x8100, 0x86DD
MINIMUM = 60
"""Frames shorter than this (without the check sequence) are padded on a wire."""

_TYPES = Struct("!H")
_TAG = Struct("!HH")


class Ethernet(NamedTuple):
    """A frame; `vlan` is the tag control information, None without a tag."""

    dst: int
    src: int
    type: int
    payload: bytes
    vlan: int | None = None


def parse(frame: bytes) -> Ethernet:
    """Read a frame; `Malformed` if it is shorter than its header."""
    if len(frame) < 14:
        raise Malformed("ethernet", f"{len(frame)} bytes are no header")
    dst, src = int.from_bytes(frame[:6], "big"), int.from_bytes(frame[6:12], "big")
    (kind,) = _TYPES.unpack_from(frame, 12)
    if kind != TYPE_VLAN:
        return Ethernet(dst, src, kind, frame[14:])
    if len(frame) < 18:
        raise Malformed("ethernet", "the VLAN tag is cut off")
    tag, kind = _TAG.unpack_from(frame, 14)
    return Ethernet(dst, src, kind, frame[18:], tag)


def build(frame: Ethernet) -> bytes:
    """The bytes of a frame, without padding or check sequence."""
    tag = b"" if frame.vlan is None else _TAG.pack(TYPE_VLAN, frame.vlan)
    return frame.dst.to_bytes(6, "big") + frame.src.to_bytes(6, "big") + tag + _TYPES.pack(frame.type) + frame.payload


def mac_from_text(text: str) -> int:
    """`02:00:00:00:00:01` as a number; ValueError if it is none."""
    octets = text.split(":")
    if len(octets) != 6 or not all(1 <= len(octet) <= 2 for octet in octets):
        raise ValueError(f"{text}: not an Ethernet address")
    return int("".join(octet.zfill(2) for octet in octets), 16)


def mac_text(mac: int) -> str:
    """A number as `02:00:00:00:00:01`."""
    return mac.to_bytes(6, "big").hex(":")
