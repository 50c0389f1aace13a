"""Packets between switch and controller on the wire: packet-ins of every form, packet-outs, and resumption."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from pyovn.openflow import ports
from pyovn.openflow.action_registry import decode_actions, encode_actions
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.match import ANY, Match
from pyovn.openflow.message import NO_BUFFER, Message, PacketIn, PacketInFormat, PacketInReason, PacketOut, Resume
from pyovn.openflow.message_registry import OF10, OF14, OF15, decodes, decodes_vendor, encodes, frame, vendor_frame
from pyovn.openflow.oxm import decode_fields, decode_match, encode_fields, encode_match
from pyovn.openflow.port_codec import narrow
from pyovn.openflow.properties import encode_aligned, encode_property, read_properties
from pyovn.packet import slot

PACKET_IN, PACKET_OUT = 10, 13
NXT_PACKET_IN, NXT_RESUME, NXT_PACKET_IN2 = 17, 28, 30

PACKET, FULL_LEN, BUFFER_ID, TABLE_ID, COOKIE, REASON, METADATA, USERDATA, CONTINUATION = range(9)
"""Properties of NXT_PACKET_IN2 and NXT_RESUME."""

_IN10 = Struct(">IHHBx")
_IN13 = Struct(">IHBBQ")
_NX_IN = Struct(">IHBBQH6x")
_OUT10 = Struct(">IHH")
_OUT11 = Struct(">IIH6x")
_OUT15 = Struct(">IH2x")


def encode_packet_in2(packet: PacketIn, version: int) -> bytes:
    """The properties of NXT_PACKET_IN2, which NXT_RESUME gives back."""
    return b"".join(_properties(packet, version))


def _properties(packet: PacketIn, version: int) -> Iterator[bytes]:
    yield encode_property(PACKET, packet.data)
    if packet.total_len is not None and packet.total_len != len(packet.data):
        yield encode_property(FULL_LEN, packet.total_len.to_bytes(4, "big"))
    if packet.buffer_id is not None:
        yield encode_property(BUFFER_ID, packet.buffer_id.to_bytes(4, "big"))
    yield encode_property(TABLE_ID, bytes((packet.table,)))
    if packet.cookie:
        yield encode_aligned(COOKIE, packet.cookie.to_bytes(8, "big"))
    yield encode_property(REASON, bytes((packet.reason,)))
    yield encode_property(METADATA, encode_fields(packet.metadata, oxm=version != OF10))
    if packet.userdata is not None:
        yield encode_property(USERDATA, packet.userdata)
    if packet.continuation:
        # The continuation is properties itself, and starts at a multiple of 8 bytes.
        yield encode_property(CONTINUATION, bytes(4) + packet.continuation)


_WIDTHS = {FULL_LEN: 4, BUFFER_ID: 4, TABLE_ID: 1, COOKIE: 12, REASON: 1}


def decode_packet_in2(data: bytes) -> PacketIn:
    """Read the properties of NXT_PACKET_IN2 or NXT_RESUME."""
    numbers: dict[int, int] = {}
    packet, userdata, continuation, metadata = b"", None, b"", ANY
    for kind, payload in read_properties(data):
        if kind in _WIDTHS:
            if len(payload) != _WIDTHS[kind]:
                raise OpenFlowError(Fault.PROPERTY_BAD_LEN, f"property {kind} of {len(payload)} bytes")
            numbers[kind] = int.from_bytes(payload, "big")
        elif kind == PACKET:
            packet = payload
        elif kind == METADATA:
            metadata = decode_fields(payload, loose=True)
        elif kind == USERDATA:
            userdata = payload
        elif kind == CONTINUATION:
            continuation = payload[4:]
        else:
            raise OpenFlowError(Fault.PROPERTY_BAD_TYPE, f"property {kind} of a packet-in")
    return PacketIn(
        packet, numbers.get(REASON, 0), numbers.get(TABLE_ID, 0), numbers.get(COOKIE, 0), metadata, numbers.get(FULL_LEN),
        numbers.get(BUFFER_ID), userdata, continuation,
    )  # fmt: skip


@encodes(PacketIn)
def _encode_in(message: PacketIn, version: int, xid: int) -> bytes:
    return encode_packet_in(message, version, xid, PacketInFormat.STANDARD)


def encode_packet_in(message: PacketIn, version: int, xid: int, form: PacketInFormat) -> bytes:
    """A packet-in in the form asked for; as NXT_PACKET_IN2 also where there is what only that can say."""
    if form is PacketInFormat.NXT_PACKET_IN2 or message.userdata is not None or message.continuation:
        return vendor_frame(NXT_PACKET_IN2, version, xid, encode_packet_in2(message, version))
    buffer_id = NO_BUFFER if message.buffer_id is None else message.buffer_id
    total = len(message.data) if message.total_len is None else message.total_len
    reason = message.reason if version >= OF14 or message.reason < PacketInReason.ACTION_SET else PacketInReason.ACTION
    if version == OF10 or form is PacketInFormat.NXT_PACKET_IN:
        match = encode_fields(message.metadata, oxm=False)
        head = _NX_IN.pack(buffer_id, total, reason, message.table, message.cookie, len(match))
        return vendor_frame(NXT_PACKET_IN, version, xid, head + match + bytes(-len(match) % 8 + 2) + message.data)
    head = _IN13.pack(buffer_id, total, reason, message.table, message.cookie)
    return frame(PACKET_IN, version, xid, head + encode_match(message.metadata) + bytes(2) + message.data)


def _buffer(number: int) -> int | None:
    return None if number == NO_BUFFER else number


def _total(total: int, data: bytes) -> int | None:
    return None if total == len(data) else total


@decodes(PACKET_IN)
def _decode_in(body: bytes, version: int) -> Message:
    if version == OF10:
        buffer_id, total, port, reason = _IN10.unpack_from(body)
        data = body[_IN10.size :]
        metadata = Match.of({"in_port": port})
        return PacketIn(data, reason, 0, 0, metadata, _total(total, data), _buffer(buffer_id))
    buffer_id, total, reason, table, cookie = _IN13.unpack_from(body)
    metadata, at = decode_match(body, _IN13.size, loose=True)
    data = body[at + 2 :]
    return PacketIn(data, reason, table, cookie, metadata, _total(total, data), _buffer(buffer_id))


@decodes_vendor(NXT_PACKET_IN)
def _decode_nicira_in(body: bytes, version: int) -> Message:
    buffer_id, total, reason, table, cookie, size = _NX_IN.unpack_from(body)
    at = _NX_IN.size
    if at + size > len(body):
        raise OpenFlowError(Fault.MATCH_BAD_LEN, f"match of {size} bytes in {len(body) - at}")
    metadata = decode_fields(body[at : at + size], loose=True)
    data = body[at + size + -size % 8 + 2 :]
    return PacketIn(data, reason, table, cookie, metadata, _total(total, data), _buffer(buffer_id))


@decodes_vendor(NXT_PACKET_IN2)
def _decode_in2(body: bytes, version: int) -> Message:
    return decode_packet_in2(body)


@encodes(Resume)
def _encode_resume(message: Resume, version: int, xid: int) -> bytes:
    return vendor_frame(NXT_RESUME, version, xid, encode_packet_in2(message.packet, version))


@decodes_vendor(NXT_RESUME)
def _decode_resume(body: bytes, version: int) -> Message:
    return Resume(decode_packet_in2(body))


@encodes(PacketOut)
def _encode_out(message: PacketOut, version: int, xid: int) -> bytes:
    buffer_id = NO_BUFFER if message.buffer_id is None else message.buffer_id
    actions = encode_actions(message.actions, version)
    if version == OF10:
        head = _OUT10.pack(buffer_id, message.in_port, len(actions))
    elif version < OF15:
        head = _OUT11.pack(buffer_id, ports.to_wide(message.in_port), len(actions))
    else:
        match = message.metadata.with_fields({"in_port": message.in_port})
        head = _OUT15.pack(buffer_id, len(actions)) + encode_match(match)
    return frame(PACKET_OUT, version, xid, head + actions + message.data)


@decodes(PACKET_OUT)
def _decode_out(body: bytes, version: int) -> Message:
    metadata = ANY
    if version == OF10:
        buffer_id, port, size = _OUT10.unpack_from(body)
        at = _OUT10.size
    elif version < OF15:
        buffer_id, port, size = _OUT11.unpack_from(body)
        port, at = narrow(port), _OUT11.size
    else:
        buffer_id, size = _OUT15.unpack_from(body)
        match, at = decode_match(body, _OUT15.size)
        port = match.at(slot.IN_PORT) if any(term[0] == slot.IN_PORT for term in match.terms) else ports.CONTROLLER
        metadata = Match(tuple(term for term in match.terms if term[0] != slot.IN_PORT))
    if at + size > len(body):
        raise OpenFlowError(Fault.BAD_LEN, f"actions of {size} bytes in {len(body) - at}")
    return PacketOut(body[at + size :], decode_actions(body[at : at + size], version), port, _buffer(buffer_id), metadata)
