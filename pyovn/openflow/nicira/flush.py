"""Forgetting connections on the wire: NXT_CT_FLUSH_ZONE and NXT_CT_FLUSH."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.message import CtFlush, CtFlushZone, CtTuple, Message
from pyovn.openflow.message_registry import decodes_vendor, encodes, vendor_frame
from pyovn.openflow.properties import encode_aligned, encode_property, encode_short, read_properties

CT_FLUSH_ZONE, CT_FLUSH = 29, 32
ORIGINAL, REPLY, ZONE, MARK, MARK_MASK, LABELS, LABELS_MASK = range(7)
SRC, DST, SRC_PORT, DST_PORT, ICMP_ID, ICMP_TYPE, ICMP_CODE = range(7)

_ZONE = Struct(">6xH")
_HEAD = Struct(">B7x")
_MAPPED = 0xFFFF << 32
"""What precedes an IPv4 address that is written as IPv6."""
_SIZES = {SRC: 16, DST: 16, SRC_PORT: 2, DST_PORT: 2, ICMP_ID: 2, ICMP_TYPE: 1, ICMP_CODE: 1}
_OUTER_SIZES = {ZONE: 2, MARK: 4, MARK_MASK: 4, LABELS: 16, LABELS_MASK: 16}


@encodes(CtFlushZone)
def _encode_zone(message: CtFlushZone, version: int, xid: int) -> bytes:
    return vendor_frame(CT_FLUSH_ZONE, version, xid, _ZONE.pack(message.zone))


@decodes_vendor(CT_FLUSH_ZONE)
def _decode_zone(body: bytes, version: int) -> Message:
    return CtFlushZone(_ZONE.unpack(body)[0])


@encodes(CtFlush)
def _encode(message: CtFlush, version: int, xid: int) -> bytes:
    return vendor_frame(CT_FLUSH, version, xid, _HEAD.pack(message.protocol) + b"".join(_properties(message)))


def _properties(message: CtFlush) -> Iterator[bytes]:
    for kind, side in ((ORIGINAL, message.original), (REPLY, message.reply)):
        entries = _encode_tuple(side, message.family)
        if entries:
            yield encode_aligned(kind, entries)
    if message.zone is not None:
        yield encode_short(ZONE, message.zone)
    if message.mark is not None:
        yield encode_property(MARK, message.mark[0].to_bytes(4, "big"))
        yield encode_property(MARK_MASK, message.mark[1].to_bytes(4, "big"))
    if message.labels is not None:
        yield encode_property(LABELS, message.labels[0].to_bytes(16, "big"))
        yield encode_property(LABELS_MASK, message.labels[1].to_bytes(16, "big"))


def _encode_tuple(side: CtTuple, family: int) -> bytes:
    mapped = _MAPPED if family == 4 else 0
    values = {
        SRC: None if side.src is None else side.src | mapped, DST: None if side.dst is None else side.dst | mapped,
        SRC_PORT: side.src_port, DST_PORT: side.dst_port, ICMP_ID: side.icmp_id, ICMP_TYPE: side.icmp_type, ICMP_CODE: side.icmp_code,
    }  # fmt: skip
    out = b""
    for kind, value in values.items():
        if value is not None:
            size = _SIZES[kind]
            out += encode_short(kind, value) if size == 2 else encode_property(kind, value.to_bytes(size, "big"))
    return out


def _number(kind: int, payload: bytes, size: int) -> int:
    """A value; two bytes of padding follow one of 16 bits."""
    if len(payload) != max(size, 4 if size == 2 else 0):
        raise OpenFlowError(Fault.PROPERTY_BAD_LEN, f"property {kind} of {len(payload)} bytes")
    return int.from_bytes(payload[:size], "big")


@decodes_vendor(CT_FLUSH)
def _decode(body: bytes, version: int) -> Message:
    protocol = _HEAD.unpack_from(body)[0]
    numbers: dict[int, int] = {}
    sides: dict[int, CtTuple] = {}
    family = 0
    for kind, payload in read_properties(body[_HEAD.size :]):
        if kind in (ORIGINAL, REPLY):
            sides[kind], found = _decode_tuple(payload[4:])
            if family and found and family != found:
                raise OpenFlowError(Fault.PROPERTY_BAD_VALUE, "a connection of two address families")
            family = family or found
        elif kind in _OUTER_SIZES:
            numbers[kind] = _number(kind, payload, _OUTER_SIZES[kind])
        else:
            raise OpenFlowError(Fault.PROPERTY_BAD_TYPE, f"property {kind} of a flush")
    mark = (numbers[MARK], numbers.get(MARK_MASK, 0xFFFFFFFF)) if MARK in numbers else None
    labels = (numbers[LABELS], numbers.get(LABELS_MASK, (1 << 128) - 1)) if LABELS in numbers else None
    return CtFlush(family, protocol, numbers.get(ZONE), sides.get(ORIGINAL, CtTuple()), sides.get(REPLY, CtTuple()), mark, labels)


def _decode_tuple(data: bytes) -> tuple[CtTuple, int]:
    """One direction, and its address family (0: no addresses)."""
    values: dict[int, int] = {}
    families = set()
    for kind, payload in read_properties(data):
        if kind not in _SIZES:
            raise OpenFlowError(Fault.PROPERTY_BAD_TYPE, f"property {kind} of a connection")
        values[kind] = _number(kind, payload, _SIZES[kind])
        if kind in (SRC, DST):
            families.add(4 if values[kind] >> 32 == 0xFFFF else 6)
            values[kind] &= 0xFFFFFFFF if values[kind] >> 32 == 0xFFFF else -1
    if len(families) > 1:
        raise OpenFlowError(Fault.PROPERTY_BAD_VALUE, "a connection of two address families")
    return CtTuple(*(values.get(kind) for kind in _SIZES)), families.pop() if families else 0
