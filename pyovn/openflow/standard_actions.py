"""OpenFlow's own actions on the wire, version by version."""

from __future__ import annotations

from struct import Struct

from pyovn.openflow import ports
from pyovn.openflow.action import (
    Action,
    DecMplsTtl,
    DecTtl,
    Enqueue,
    Group,
    Meter,
    Move,
    Output,
    PopMpls,
    PopQueue,
    PopVlan,
    PushMpls,
    PushVlan,
    SetField,
    SetQueue,
    SetVlanPcp,
    SetVlanVid,
)
from pyovn.openflow.action_registry import decodes, decodes_nicira, encode_actions, encodes, nicira, standard
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.fields import FIELDS
from pyovn.openflow.nicira.registers import encode_load, encode_move
from pyovn.openflow.oxm import read_entry
from pyovn.openflow.subfield_wire import make_subfield, oxm_header, read_field

OF10, OF15 = 1, 6

_OUTPUT10 = Struct(">HHHH")
_ENQUEUE = Struct(">HHH6xI")
_OUTPUT = Struct(">HHIH6x")
_SHORT = Struct(">HHH2x")
_BYTE = Struct(">HHB3x")
_WORD = Struct(">HHI")
_COPY = Struct(">HHH2x")
_COPY_HEAD = Struct(">4xHHH2x")
_NX_SHORT = Struct(">H4x")
_NX_WORD = Struct(">2xI")


@encodes(Output)
def _encode_output(action: Output, version: int) -> bytes:
    if version == OF10:
        return _OUTPUT10.pack(0, 8, action.port, action.max_len)
    return _OUTPUT.pack(0, 16, ports.to_wide(action.port), action.max_len)


@decodes(0, of10=True)
def _decode_output10(data: bytes, version: int) -> Action:
    _, _, port, max_len = _OUTPUT10.unpack(data)
    return Output(port, max_len)


@decodes(0)
def _decode_output(data: bytes, version: int) -> Action:
    _, _, port, max_len = _OUTPUT.unpack(data)
    try:
        return Output(ports.from_wide(port), max_len)
    except ValueError as error:
        raise OpenFlowError(Fault.ACTION_BAD_OUT_PORT, str(error)) from None


@encodes(Group)
def _encode_group(action: Group, version: int) -> bytes:
    return nicira(40, _NX_WORD.pack(action.group_id)) if version == OF10 else _WORD.pack(22, 8, action.group_id)


@encodes(SetQueue)
def _encode_set_queue(action: SetQueue, version: int) -> bytes:
    return nicira(4, _NX_WORD.pack(action.queue_id)) if version == OF10 else _WORD.pack(21, 8, action.queue_id)


@encodes(Meter)
def _encode_meter(action: Meter, version: int) -> bytes:
    if version < OF15:
        raise OpenFlowError(Fault.ACTION_BAD_TYPE, "a meter is an instruction before OpenFlow 1.5")
    return _WORD.pack(29, 8, action.meter_id)


@encodes(Enqueue)
def _encode_enqueue(action: Enqueue, version: int) -> bytes:
    """Later versions have no such action: a queue is set, used and forgotten."""
    if version == OF10:
        return _ENQUEUE.pack(11, 16, action.port, action.queue_id)
    return encode_actions((SetQueue(action.queue_id), Output(action.port), PopQueue()), version)


@decodes(11, of10=True)
def _decode_enqueue(data: bytes, version: int) -> Action:
    return Enqueue(*_ENQUEUE.unpack(data)[2:])


@decodes(22)
def _decode_group(data: bytes, version: int) -> Action:
    return Group(_WORD.unpack(data)[2])


@decodes(21)
def _decode_set_queue(data: bytes, version: int) -> Action:
    return SetQueue(_WORD.unpack(data)[2])


@decodes(29)
def _decode_meter(data: bytes, version: int) -> Action:
    if version < OF15:
        raise OpenFlowError(Fault.ACTION_BAD_TYPE, "a meter is an instruction before OpenFlow 1.5")
    return Meter(_WORD.unpack(data)[2])


@decodes_nicira(40)
def _decode_nicira_group(data: bytes, version: int) -> Action:
    return Group(int.from_bytes(data[12:16], "big"))


@decodes_nicira(4)
def _decode_nicira_set_queue(data: bytes, version: int) -> Action:
    return SetQueue(int.from_bytes(data[12:16], "big"))


# Tags and labels.


@encodes(PushVlan)
def _encode_push_vlan(action: PushVlan, version: int) -> bytes:
    if version == OF10:
        raise OpenFlowError(Fault.ACTION_BAD_TYPE, "OpenFlow 1.0 cannot push a VLAN tag")
    return _SHORT.pack(17, 8, action.eth_type)


@encodes(PushMpls)
def _encode_push_mpls(action: PushMpls, version: int) -> bytes:
    return nicira(23, _NX_SHORT.pack(action.eth_type)) if version == OF10 else _SHORT.pack(19, 8, action.eth_type)


@encodes(PopMpls)
def _encode_pop_mpls(action: PopMpls, version: int) -> bytes:
    return nicira(24, _NX_SHORT.pack(action.eth_type)) if version == OF10 else _SHORT.pack(20, 8, action.eth_type)


@encodes(PopVlan)
def _encode_pop_vlan(action: PopVlan, version: int) -> bytes:
    return standard(3 if version == OF10 else 18, b"")


@encodes(DecMplsTtl)
def _encode_dec_mpls_ttl(action: DecMplsTtl, version: int) -> bytes:
    return nicira(26, bytes(6)) if version == OF10 else standard(16, b"")


@encodes(SetVlanVid)
def _encode_set_vlan_vid(action: SetVlanVid, version: int) -> bytes:
    """From OpenFlow 1.1 on a tag must be there to be set, so one is added first, as Open vSwitch does it."""
    if version == OF10:
        return _SHORT.pack(1, 8, action.vid)
    return _SHORT.pack(17, 8, 0x8100) + _set_field(SetField(FIELDS["vlan_vid"], action.vid, 0xFFF), version)


@encodes(SetVlanPcp)
def _encode_set_vlan_pcp(action: SetVlanPcp, version: int) -> bytes:
    """From OpenFlow 1.1 on the tag must be there; `SetVlanVid` before this has added it."""
    if version == OF10:
        return _BYTE.pack(2, 8, action.pcp)
    return _set_field(SetField(FIELDS["vlan_pcp"], action.pcp, 7), version)


@decodes(17)
def _decode_push_vlan(data: bytes, version: int) -> Action:
    eth_type = _SHORT.unpack(data)[2]
    if eth_type not in (0x8100, 0x88A8):
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, f"push_vlan with Ethernet type {eth_type:#06x}")
    return PushVlan(eth_type)


@decodes(18)
@decodes(3, of10=True)
def _decode_pop_vlan(data: bytes, version: int) -> Action:
    return PopVlan()


@decodes(19)
def _decode_push_mpls(data: bytes, version: int) -> Action:
    return PushMpls(_mpls_type(_SHORT.unpack(data)[2]))


@decodes_nicira(23)
def _decode_nicira_push_mpls(data: bytes, version: int) -> Action:
    return PushMpls(_mpls_type(int.from_bytes(data[10:12], "big")))


def _mpls_type(eth_type: int) -> int:
    if eth_type not in (0x8847, 0x8848):
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, f"push_mpls with Ethernet type {eth_type:#06x}")
    return eth_type


@decodes(20)
def _decode_pop_mpls(data: bytes, version: int) -> Action:
    return PopMpls(_SHORT.unpack(data)[2])


@decodes_nicira(24)
def _decode_nicira_pop_mpls(data: bytes, version: int) -> Action:
    return PopMpls(int.from_bytes(data[10:12], "big"))


@decodes(16)
@decodes_nicira(26)
def _decode_dec_mpls_ttl(data: bytes, version: int) -> Action:
    return DecMplsTtl()


@decodes(1)
@decodes(1, of10=True)
def _decode_set_vlan_vid(data: bytes, version: int) -> Action:
    vid = _SHORT.unpack(data)[2]
    if vid > 0xFFF:
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, f"VLAN {vid}")
    return SetVlanVid(vid)


@decodes(2)
@decodes(2, of10=True)
def _decode_set_vlan_pcp(data: bytes, version: int) -> Action:
    pcp = _BYTE.unpack(data)[2]
    if pcp > 7:
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, f"VLAN priority {pcp}")
    return SetVlanPcp(pcp)


# Fields.

_SET10: dict[str, tuple[int, int]] = {  # OpenFlow 1.0's own actions: type, and bytes of the value
    "eth_src": (4, 6), "eth_dst": (5, 6), "ip_src": (6, 4), "ip_dst": (7, 4), "nw_tos": (8, 1), "tcp_src": (9, 2), "tcp_dst": (10, 2),
}  # fmt: skip
_OLD = {kind: FIELDS[name] for name, (kind, _) in _SET10.items()}


@encodes(SetField)
def _encode_set_field(action: SetField, version: int) -> bytes:
    field, mask = action.field, action.mask
    if version >= OF15 or (version != OF10 and not action.load and mask == field.full):
        return _set_field(action, version)
    name = {"udp_src": "tcp_src", "udp_dst": "tcp_dst"}.get(field.name, field.name)
    if version == OF10 and not action.load and mask == field.full and name in _SET10:
        kind, size = _SET10[name]
        return standard(kind, action.value.to_bytes(size, "big"))
    return encode_load(field, action.value, mask)


def _set_field(action: SetField, version: int) -> bytes:
    """Set-Field, with a mask where that is not whole (OpenFlow 1.5)."""
    header = oxm_header(action.field)
    value, mask, full = action.value, action.mask, action.field.full
    if header.size == 124:
        from_bits = (value if mask == full else mask).bit_length()
        size = (from_bits + 7) // 8 or 1
        full = (1 << 8 * size) - 1
        masked = mask & full != full
        head = (header.value & ~0x1FF | masked << 8 | size << masked).to_bytes(4, "big")
        mask &= full
    else:
        size, masked = header.size, mask != full
        head = header.masked if masked else header.exact
    if action.field.slot == FIELDS["vlan_vid"].slot and header.number == 6:
        value |= 0x1000
    body = head + value.to_bytes(size, "big")
    return standard(25, body + mask.to_bytes(size, "big") if masked else body)


@decodes(25)
def _decode_set_field(data: bytes, version: int) -> Action:
    entry = read_entry(data, 4)
    field = entry.field
    if field is None:
        raise OpenFlowError(Fault.ACTION_BAD_SET_TYPE, "unknown field")
    if not field.writable:
        raise OpenFlowError(Fault.ACTION_BAD_SET_ARGUMENT, f"{field.name} is read-only")
    if any(data[entry.end :]) or len(data) - entry.end >= 8:
        raise OpenFlowError(Fault.ACTION_BAD_SET_ARGUMENT, f"{field.name} is followed by bytes that are not zero")
    mask = field.full if entry.mask == 0x1FFF and field.name == "vlan_vid" else entry.mask
    return SetField(field, entry.value & mask, mask & field.full)


def _decode_old(data: bytes, version: int) -> Action:
    """Actions of OpenFlow 1.0 (and 1.1, one number lower) that set one field."""
    kind = int.from_bytes(data[0:2], "big") + ((version != OF10 and 1) or 0)
    field = _OLD[kind]
    size = _SET10[field.name][1]
    return SetField(field, int.from_bytes(data[4 : 4 + size], "big") & field.full, field.full)


for _kind in _OLD:
    decodes(_kind, of10=True)(_decode_old)
    if _kind < 9:
        decodes(_kind - 1)(_decode_old)


@encodes(Move)
def _encode_move(action: Move, version: int) -> bytes:
    if version < OF15:
        return encode_move(action)
    body = _COPY.pack(action.source.bits, action.source.offset, action.target.offset)
    return standard(28, body + oxm_header(action.source.field).exact + oxm_header(action.target.field).exact)


@decodes(28)
def _decode_copy(data: bytes, version: int) -> Action:
    bits, source_at, target_at = _COPY_HEAD.unpack_from(data)
    source, at = read_field(data, 12)
    target, _ = read_field(data, at)
    if not target.writable:
        raise OpenFlowError(Fault.ACTION_BAD_SET_ARGUMENT, f"{target.name} is read-only")
    return Move(make_subfield(source, source_at, bits), make_subfield(target, target_at, bits))


@encodes(DecTtl)
def _encode_dec_ttl(action: DecTtl, version: int) -> bytes:
    if action.controllers == (0,):
        return nicira(18, bytes(6)) if version == OF10 else standard(24, b"")
    ids = b"".join(number.to_bytes(2, "big") for number in action.controllers)
    return nicira(21, len(action.controllers).to_bytes(2, "big") + bytes(4) + ids)


@decodes(24)
@decodes_nicira(18)
def _decode_dec_ttl(data: bytes, version: int) -> Action:
    return DecTtl()


@decodes_nicira(21)
def _decode_dec_ttl_controllers(data: bytes, version: int) -> Action:
    count = int.from_bytes(data[10:12], "big")
    ids = data[16 : 16 + 2 * count]
    if len(ids) < 2 * count:
        raise OpenFlowError(Fault.ACTION_BAD_LEN, f"{count} controllers in {len(data)} bytes")
    return DecTtl(tuple(int.from_bytes(ids[n : n + 2], "big") for n in range(0, len(ids), 2)))


@decodes(23)
def _decode_set_ttl(data: bytes, version: int) -> Action:
    return SetField(FIELDS["nw_ttl"], data[4], 0xFF)
