"""How messages become bytes and come back: one table from classes to encoders, one from wire types to decoders.

Type numbers are those of OpenFlow 1.3 and later; OpenFlow 1.0's are translated at the door.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct, error
from typing import Any, TypeAlias, TypeVar

from pyovn.openflow.error import NICIRA, ONF, Fault, OpenFlowError
from pyovn.openflow.message import Message

OF10, OF13, OF14, OF15 = 1, 4, 5, 6
VERSIONS = (OF10, OF13, OF14, OF15)
EXPERIMENTER, MULTIPART_REQUEST, MULTIPART_REPLY = 4, 18, 19
MULTIPART_EXPERIMENTER = 0xFFFF
MAX_SIZE = 0xFFFF
"""Bytes of the longest message."""

HEAD = Struct(">BBHI")
_TWO_WORDS = Struct(">II")
_MULTIPART10 = Struct(">HH")
_MULTIPART = Struct(">HH4x")
_VENDOR_STATS = Struct(">HHII4x")
_FIRST_OF10 = {15: 16, 16: 18, 17: 19, 18: 20, 19: 21}
"""OpenFlow 1.0's types that later versions have moved."""
_TO_OF10 = {later: first for first, later in _FIRST_OF10.items()}

Encoder: TypeAlias = Callable[[Any, int, int], bytes]
"""From a message, a version and a transaction id to bytes."""
Decoder: TypeAlias = Callable[[bytes, int], Message]
"""From a message's bytes after its header (and multipart or experimenter header) and a version to the message."""
PartDecoder: TypeAlias = Callable[[bytes, int, bool], Message]
"""Likewise for a part of statistics: whether more follow comes too."""
D = TypeVar("D", bound=Decoder)
P = TypeVar("P", bound=PartDecoder)
E = TypeVar("E", bound=Encoder)

ENCODERS: dict[type, Encoder] = {}
TYPES: dict[int, Decoder] = {}
VENDOR: dict[tuple[int, int], Decoder] = {}
PARTS: dict[tuple[int, int], PartDecoder] = {}
"""By MULTIPART_REQUEST or _REPLY and statistics type."""
VENDOR_PARTS: dict[tuple[int, int], PartDecoder] = {}
"""OpenFlow 1.0's statistics of Nicira, by the same and subtype."""


def encodes(*kinds: type) -> Callable[[E], E]:
    """Register how classes of messages are encoded."""

    def register(encoder: E) -> E:
        ENCODERS.update(dict.fromkeys(kinds, encoder))
        return encoder

    return register


def decodes(number: int) -> Callable[[D], D]:
    """Register how a standard message is decoded."""

    def register(decoder: D) -> D:
        TYPES[number] = decoder
        return decoder

    return register


def decodes_vendor(subtype: int, experimenter: int = NICIRA) -> Callable[[D], D]:
    """Register how an experimenter's message is decoded."""

    def register(decoder: D) -> D:
        VENDOR[experimenter, subtype] = decoder
        return decoder

    return register


def decodes_part(direction: int, kind: int, *, nicira: bool = False) -> Callable[[P], P]:
    """Register how statistics are decoded."""

    def register(decoder: P) -> P:
        (VENDOR_PARTS if nicira else PARTS)[direction, kind] = decoder
        return decoder

    return register


def frame(kind: int, version: int, xid: int, body: bytes) -> bytes:
    """A message of a standard type."""
    size = 8 + len(body)
    if size > MAX_SIZE:
        raise OpenFlowError(Fault.BAD_LEN, f"a message of {size} bytes; {MAX_SIZE} is the most")
    return HEAD.pack(version, _TO_OF10.get(kind, kind) if version == OF10 else kind, size, xid) + body


def vendor_frame(subtype: int, version: int, xid: int, body: bytes, experimenter: int = NICIRA) -> bytes:
    """A message of an experimenter."""
    return frame(EXPERIMENTER, version, xid, _TWO_WORDS.pack(experimenter, subtype) + body)


def part_frame(direction: int, kind: int, version: int, xid: int, body: bytes, *, more: bool = False) -> bytes:
    """A part of statistics."""
    head = (_MULTIPART10 if version == OF10 else _MULTIPART).pack(kind, more)
    return frame(direction, version, xid, head + body)


def vendor_part_frame(direction: int, subtype: int, xid: int, body: bytes, *, more: bool = False) -> bytes:
    """A part of Nicira's statistics, which OpenFlow 1.0 has."""
    return frame(direction, OF10, xid, _VENDOR_STATS.pack(MULTIPART_EXPERIMENTER, more, NICIRA, subtype) + body)


def unsupported(what: str, version: int) -> OpenFlowError:
    """The error of a message that a version does not have."""
    return OpenFlowError(Fault.BAD_TYPE, f"OpenFlow version {version} has no {what}")


def encode(message: Message, version: int, xid: int) -> bytes:
    """A whole message's bytes; OpenFlowError for what the version cannot say."""
    encoder = ENCODERS.get(type(message))
    assert encoder is not None, message
    try:
        return encoder(message, version, xid)
    except error as problem:
        raise OpenFlowError(Fault.BAD_LEN, f"{type(message).__name__}: {problem}") from None


def decode(data: bytes) -> tuple[int, int, Message]:
    """Read one whole message: version, transaction id, message. OpenFlowError is all it raises, for any bytes."""
    if len(data) < 8:
        raise OpenFlowError(Fault.BAD_LEN, f"{len(data)} bytes where a message has 8")
    version, kind, size, xid = HEAD.unpack_from(data)
    if size != len(data):
        raise OpenFlowError(Fault.BAD_LEN, f"a message of {size} bytes in {len(data)}")
    if version == OF10:
        kind = _FIRST_OF10.get(kind, kind)
    elif version not in VERSIONS and kind > 3:
        raise OpenFlowError(Fault.BAD_VERSION, f"version {version}")
    try:
        return version, xid, _decode_body(kind, data, version)
    except (error, IndexError, UnicodeDecodeError) as problem:
        raise OpenFlowError(Fault.BAD_LEN, f"message of type {kind}, {size} bytes: {problem}") from None


def _decode_body(kind: int, data: bytes, version: int) -> Message:
    if kind == EXPERIMENTER:
        return _decode_vendor(data, version)
    if kind in (MULTIPART_REQUEST, MULTIPART_REPLY):
        return _decode_part(kind, data, version)
    decoder = TYPES.get(kind)
    if decoder is None:
        raise OpenFlowError(Fault.BAD_TYPE, f"message of type {kind}")
    return decoder(data[8:], version)


def _decode_vendor(data: bytes, version: int) -> Message:
    experimenter, subtype = _TWO_WORDS.unpack_from(data, 8)
    decoder = VENDOR.get((experimenter, subtype))
    if decoder is None:
        fault = Fault.BAD_EXP_TYPE if experimenter in (NICIRA, ONF) else Fault.BAD_EXPERIMENTER
        raise OpenFlowError(fault, f"message {subtype} of experimenter {experimenter:#x}")
    return decoder(data[16:], version)


def _decode_part(direction: int, data: bytes, version: int) -> Message:
    kind, flags = _MULTIPART10.unpack_from(data, 8)
    if kind == MULTIPART_EXPERIMENTER and version == OF10:
        _, _, experimenter, subtype = _VENDOR_STATS.unpack_from(data, 8)
        vendor = VENDOR_PARTS.get((direction, subtype))
        if vendor is None or experimenter != NICIRA:
            raise OpenFlowError(Fault.BAD_EXPERIMENTER, f"statistics {subtype} of experimenter {experimenter:#x}")
        return vendor(data[24:], version, bool(flags & 1))
    decoder = PARTS.get((direction, kind))
    if decoder is None:
        raise OpenFlowError(Fault.BAD_MULTIPART, f"statistics of type {kind}")
    start = 12 if version == OF10 else 16
    if len(data) < start:
        raise OpenFlowError(Fault.BAD_LEN, f"statistics of {len(data)} bytes")
    return decoder(data[start:], version, bool(flags & 1))
