"""Nicira's settings of a session on the wire: formats, controller identity, and the table of tunnel options."""

from __future__ import annotations

from struct import Struct

from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.message import (
    FlowModTableId,
    Message,
    PacketInFormat,
    SetControllerId,
    SetFlowFormat,
    SetPacketInFormat,
    TlvCommand,
    TlvMapping,
    TlvTableMod,
    TlvTableReply,
    TlvTableRequest,
)
from pyovn.openflow.message_registry import decodes_vendor, encodes, vendor_frame

SET_FLOW_FORMAT, FLOW_MOD_TABLE_ID, SET_PACKET_IN_FORMAT, SET_CONTROLLER_ID = 12, 15, 16, 20
TLV_TABLE_MOD, TLV_TABLE_REQUEST, TLV_TABLE_REPLY = 24, 25, 26

_WORD = Struct(">I")
_IDENTITY = Struct(">6xH")
_MAPPING = Struct(">HBBH2x")
_MOD = Struct(">H6x")
_REPLY = Struct(">IH10x")


@encodes(SetFlowFormat)
def _encode_flow_format(message: SetFlowFormat, version: int, xid: int) -> bytes:
    return vendor_frame(SET_FLOW_FORMAT, version, xid, _WORD.pack(message.format))


@decodes_vendor(SET_FLOW_FORMAT)
def _decode_flow_format(body: bytes, version: int) -> Message:
    return SetFlowFormat(_WORD.unpack(body)[0])


@encodes(FlowModTableId)
def _encode_table_id(message: FlowModTableId, version: int, xid: int) -> bytes:
    return vendor_frame(FLOW_MOD_TABLE_ID, version, xid, bytes((message.enabled,)) + bytes(7))


@decodes_vendor(FLOW_MOD_TABLE_ID)
def _decode_table_id(body: bytes, version: int) -> Message:
    return FlowModTableId(bool(body[0]))


@encodes(SetPacketInFormat)
def _encode_packet_in_format(message: SetPacketInFormat, version: int, xid: int) -> bytes:
    return vendor_frame(SET_PACKET_IN_FORMAT, version, xid, _WORD.pack(message.format))


@decodes_vendor(SET_PACKET_IN_FORMAT)
def _decode_packet_in_format(body: bytes, version: int) -> Message:
    number = _WORD.unpack(body)[0]
    if number > PacketInFormat.NXT_PACKET_IN2:
        raise OpenFlowError(Fault.EPERM, f"packet-in format {number}")
    return SetPacketInFormat(PacketInFormat(number))


@encodes(SetControllerId)
def _encode_controller_id(message: SetControllerId, version: int, xid: int) -> bytes:
    return vendor_frame(SET_CONTROLLER_ID, version, xid, _IDENTITY.pack(message.controller_id))


@decodes_vendor(SET_CONTROLLER_ID)
def _decode_controller_id(body: bytes, version: int) -> Message:
    return SetControllerId(_IDENTITY.unpack(body)[0])


def _encode_mappings(mappings: tuple[TlvMapping, ...]) -> bytes:
    return b"".join(_MAPPING.pack(m.option_class, m.option_type, m.length, m.index) for m in mappings)


def _decode_mappings(data: bytes) -> tuple[TlvMapping, ...]:
    return tuple(TlvMapping(*row) for row in _MAPPING.iter_unpack(data))


@encodes(TlvTableMod)
def _encode_tlv_mod(message: TlvTableMod, version: int, xid: int) -> bytes:
    return vendor_frame(TLV_TABLE_MOD, version, xid, _MOD.pack(message.command) + _encode_mappings(message.mappings))


@decodes_vendor(TLV_TABLE_MOD)
def _decode_tlv_mod(body: bytes, version: int) -> Message:
    command = _MOD.unpack_from(body)[0]
    if command > TlvCommand.CLEAR:
        raise OpenFlowError(Fault.TLV_BAD_COMMAND, f"command {command}")
    mappings = _decode_mappings(body[_MOD.size :])
    for mapping in mappings:
        if mapping.index >= 64:
            raise OpenFlowError(Fault.TLV_BAD_FIELD_INDEX, f"tun_metadata{mapping.index}")
        if command == TlvCommand.ADD and (mapping.length % 4 or not 0 < mapping.length <= 124):
            raise OpenFlowError(Fault.TLV_BAD_OPTION_LEN, f"option of {mapping.length} bytes")
    return TlvTableMod(TlvCommand(command), mappings)


@encodes(TlvTableRequest)
def _encode_tlv_request(message: TlvTableRequest, version: int, xid: int) -> bytes:
    return vendor_frame(TLV_TABLE_REQUEST, version, xid, b"")


@decodes_vendor(TLV_TABLE_REQUEST)
def _decode_tlv_request(body: bytes, version: int) -> Message:
    return TlvTableRequest()


@encodes(TlvTableReply)
def _encode_tlv_reply(message: TlvTableReply, version: int, xid: int) -> bytes:
    head = _REPLY.pack(message.max_space, message.max_fields)
    return vendor_frame(TLV_TABLE_REPLY, version, xid, head + _encode_mappings(message.mappings))


@decodes_vendor(TLV_TABLE_REPLY)
def _decode_tlv_reply(body: bytes, version: int) -> Message:
    space, fields = _REPLY.unpack_from(body)
    return TlvTableReply(_decode_mappings(body[_REPLY.size :]), space, fields)
