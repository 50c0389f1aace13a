"""Properties: type, length and payload, padded to 8 bytes (OpenFlow 1.5.1, 7.2.1.2 and others alike)."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from pyovn.openflow.error import Fault, OpenFlowError

_HEAD = Struct(">HH")


def encode_property(kind: int, payload: bytes) -> bytes:
    """A property, with zeros to a multiple of 8 bytes that its length does not count."""
    size = 4 + len(payload)
    return _HEAD.pack(kind, size) + payload + bytes(-size % 8)


def encode_short(kind: int, value: int) -> bytes:
    """A property of 16 bits, which two bytes of padding, counted, follow."""
    return encode_property(kind, value.to_bytes(2, "big") + b"\0\0")


def encode_aligned(kind: int, payload: bytes) -> bytes:
    """A property whose payload, too, starts at a multiple of 8 bytes."""
    size = 8 + len(payload)
    return _HEAD.pack(kind, size) + bytes(4) + payload + bytes(-size % 8)


def read_properties(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and payload of each property; the padding of the last may be missing."""
    at = 0
    while at < len(data):
        if len(data) < at + 4:
            raise OpenFlowError(Fault.PROPERTY_BAD_LEN, f"{len(data) - at} bytes where a property has 4")
        kind, size = _HEAD.unpack_from(data, at)
        if size < 4 or at + size > len(data):
            raise OpenFlowError(Fault.PROPERTY_BAD_LEN, f"property of {size} bytes in {len(data) - at}")
        yield kind, data[at + 4 : at + size]
        at += size + -size % 8
