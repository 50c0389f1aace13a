"""Bundles on the wire: OpenFlow 1.4's, and the same as an experimenter's extension of 1.3."""

from __future__ import annotations

from struct import Struct

from pyovn.openflow.error import ONF, Fault, OpenFlowError
from pyovn.openflow.message import BundleAdd, BundleControl, BundleKind, FlowMod, GroupMod, Message, PacketOut, PortMod
from pyovn.openflow.message_registry import (
    HEAD,
    OF10,
    OF14,
    decode,
    decodes,
    decodes_vendor,
    encode,
    encodes,
    frame,
    unsupported,
    vendor_frame,
)

CONTROL, ADD = 33, 34
ONFT_CONTROL, ONFT_ADD = 2300, 2301
_HEAD = Struct(">IHH")
_ADD_HEAD = Struct(">I2xH")
CARRIED = (FlowMod, GroupMod, PortMod, PacketOut)
"""What a bundle may hold."""


def _frame(kind: int, version: int, xid: int, body: bytes) -> bytes:
    if version == OF10:
        raise unsupported("bundles", version)
    if version >= OF14:
        return frame(kind, version, xid, body)
    return vendor_frame(ONFT_CONTROL if kind == CONTROL else ONFT_ADD, version, xid, body, ONF)


@encodes(BundleControl)
def _encode_control(message: BundleControl, version: int, xid: int) -> bytes:
    return _frame(CONTROL, version, xid, _HEAD.pack(message.bundle_id, message.kind, message.flags))


@decodes(CONTROL)
@decodes_vendor(ONFT_CONTROL, ONF)
def _decode_control(body: bytes, version: int) -> Message:
    bundle_id, kind, flags = _HEAD.unpack_from(body)
    if kind > BundleKind.DISCARD_REPLY:
        raise OpenFlowError(Fault.BUNDLE_BAD_TYPE, f"bundle control of type {kind}")
    return BundleControl(bundle_id, BundleKind(kind), flags)


@encodes(BundleAdd)
def _encode_add(message: BundleAdd, version: int, xid: int) -> bytes:
    """The carried message has the transaction id of the one that carries it."""
    return _frame(ADD, version, xid, _ADD_HEAD.pack(message.bundle_id, message.flags) + encode(message.message, version, xid))


@decodes(ADD)
@decodes_vendor(ONFT_ADD, ONF)
def _decode_add(body: bytes, version: int) -> Message:
    bundle_id, flags = _ADD_HEAD.unpack_from(body)
    size = HEAD.unpack_from(body, _ADD_HEAD.size)[2]
    if size < 8 or _ADD_HEAD.size + size > len(body):
        raise OpenFlowError(Fault.BUNDLE_MSG_BAD_LEN, f"message of {size} bytes in {len(body) - _ADD_HEAD.size}")
    inner, _, carried = decode(body[_ADD_HEAD.size : _ADD_HEAD.size + size])
    if inner != version:
        raise OpenFlowError(Fault.BAD_VERSION, f"message of version {inner} in a bundle of version {version}")
    if not isinstance(carried, CARRIED):
        raise OpenFlowError(Fault.BUNDLE_MSG_UNSUPPORTED, f"{type(carried).__name__} in a bundle")
    return BundleAdd(bundle_id, carried, flags)
