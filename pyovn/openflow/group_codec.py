"""Groups on the wire: OpenFlow 1.1's fixed buckets, and 1.5's with identities and properties."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from pyovn.openflow import ports
from pyovn.openflow.action_registry import decode_actions, encode_actions
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.match import ANY, Match, from_slots
from pyovn.openflow.message import (
    ANY_GROUP,
    Bucket,
    GroupCommand,
    GroupDesc,
    GroupDescReply,
    GroupDescRequest,
    GroupFeaturesReply,
    GroupFeaturesRequest,
    GroupMod,
    GroupStats,
    GroupStatsReply,
    GroupStatsRequest,
    GroupType,
    Message,
)
from pyovn.openflow.message_registry import (
    MULTIPART_REPLY,
    MULTIPART_REQUEST,
    OF10,
    OF15,
    decodes,
    decodes_part,
    decodes_vendor,
    encodes,
    frame,
    part_frame,
    vendor_frame,
    vendor_part_frame,
)
from pyovn.openflow.oxm import encode_fields, read_entries
from pyovn.openflow.port_codec import narrow
from pyovn.openflow.properties import encode_property, encode_short, read_properties

GROUP_MOD, NXT_GROUP_MOD = 15, 31
GROUP_STATS, GROUP_DESC, GROUP_FEATURES = 6, 7, 8
NXST_GROUP_STATS, NXST_GROUP_DESC, NXST_GROUP_FEATURES = 7, 8, 9

_MOD11 = Struct(">HBxI")
_MOD15 = Struct(">HBxIH2xI")
_BUCKET11 = Struct(">HHII4x")
_BUCKET15 = Struct(">HHI")
_DESC11 = Struct(">HBxI")
_DESC15 = Struct(">HBxIH6x")
_SELECTION = Struct(">II4x16sQ")
_WORD = Struct(">I")
_WEIGHT, _WATCH_PORT, _WATCH_GROUP = 0, 1, 2
_EXPERIMENTER, _NETRONOME = 0xFFFF, 0x0000154D
_SELECTION_METHOD = 1


def _encode_bucket(bucket: Bucket, version: int, number: int, kind: GroupType) -> bytes:
    """A bucket; `number` is its identity where it has none of its own."""
    actions = encode_actions(bucket.actions, version)
    if OF10 < version < OF15:
        size = _BUCKET11.size + len(actions)
        return _BUCKET11.pack(size, bucket.weight, ports.to_wide(bucket.watch_port), bucket.watch_group) + actions
    identity = number if bucket.bucket_id is None else bucket.bucket_id
    properties = b""
    if kind is GroupType.SELECT:
        properties += encode_short(_WEIGHT, bucket.weight)
    if bucket.watch_port != ports.NONE:
        properties += encode_property(_WATCH_PORT, _WORD.pack(ports.to_wide(bucket.watch_port)))
    if bucket.watch_group != ANY_GROUP:
        properties += encode_property(_WATCH_GROUP, _WORD.pack(bucket.watch_group))
    return _BUCKET15.pack(_BUCKET15.size + len(actions) + len(properties), len(actions), identity) + actions + properties


def _encode_buckets(group: GroupMod | GroupDesc, version: int) -> bytes:
    return b"".join(_encode_bucket(bucket, version, number, group.type) for number, bucket in enumerate(group.buckets))


def _decode_buckets(data: bytes, version: int) -> tuple[Bucket, ...]:
    buckets, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 2], "big")
        if size < 8 or size % 8 or at + size > len(data):
            raise OpenFlowError(Fault.GROUP_BAD_BUCKET, f"bucket of {size} bytes in {len(data) - at}")
        buckets.append(_decode_bucket(data[at : at + size], version))
        at += size
    return tuple(buckets)


def _decode_bucket(data: bytes, version: int) -> Bucket:
    """A bucket; `data` is exactly its bytes."""
    if OF10 < version < OF15:
        _, weight, port, group = _BUCKET11.unpack_from(data)
        return Bucket(decode_actions(data[_BUCKET11.size :], version), weight, None, narrow(port), group)
    _, length, identity = _BUCKET15.unpack_from(data)
    if _BUCKET15.size + length > len(data):
        raise OpenFlowError(Fault.GROUP_BAD_BUCKET, f"actions of {length} bytes in a bucket of {len(data)}")
    numbers = {_WEIGHT: 0, _WATCH_PORT: 0xFFFFFFFF, _WATCH_GROUP: ANY_GROUP}
    for kind, payload in read_properties(data[_BUCKET15.size + length :]):
        if kind not in numbers or len(payload) != 4:
            raise OpenFlowError(Fault.PROPERTY_BAD_TYPE, f"property {kind} of a bucket")
        numbers[kind] = int.from_bytes(payload[:2] if kind == _WEIGHT else payload, "big")
    actions = decode_actions(data[_BUCKET15.size : _BUCKET15.size + length], version)
    return Bucket(actions, numbers[_WEIGHT], identity, narrow(numbers[_WATCH_PORT]), numbers[_WATCH_GROUP])


def _encode_selection(group: GroupMod | GroupDesc) -> bytes:
    """The property that says how a bucket is selected."""
    if not group.selection_method:
        return b""
    fields = encode_fields(group.selection_fields) if group.selection_fields.terms else b""
    head = _SELECTION.pack(_NETRONOME, _SELECTION_METHOD, group.selection_method.encode(), group.selection_param)
    # The field list is the masks that are hashed, written where the values would be.
    return encode_property(_EXPERIMENTER, head + fields)


def _decode_selection(data: bytes) -> tuple[str, int, Match]:
    """Method, parameter, and fields with their masks."""
    found: tuple[str, int, Match] = ("", 0, ANY)
    for kind, payload in read_properties(data):
        if kind != _EXPERIMENTER or len(payload) < 36:
            raise OpenFlowError(Fault.PROPERTY_BAD_TYPE, f"property {kind} of a group")
        if payload[:8] != _WORD.pack(_NETRONOME) + _WORD.pack(_SELECTION_METHOD):
            raise OpenFlowError(Fault.PROPERTY_BAD_EXPERIMENTER, "unknown property of a group")
        method = payload[12:28].split(b"\0", 1)[0].decode(errors="replace")
        found = (method, int.from_bytes(payload[28:36], "big"), _selected(payload[36:]))
    return found


def _selected(data: bytes) -> Match:
    """The fields that are hashed: of each entry, value and mask both are the bits that count."""
    slots = {field.slot: (value & field.full, value & field.full) for field, value, _ in read_entries(data)}
    return from_slots(slots)


@encodes(GroupMod)
def _encode_mod(message: GroupMod, version: int, xid: int) -> bytes:
    buckets = _encode_buckets(message, version)
    if OF10 < version < OF15:
        if message.command in (GroupCommand.INSERT_BUCKET, GroupCommand.REMOVE_BUCKET) or message.selection_method:
            raise OpenFlowError(Fault.GROUP_BAD_COMMAND, "single buckets and selection methods are of OpenFlow 1.5")
        return frame(GROUP_MOD, version, xid, _MOD11.pack(message.command, message.type, message.group_id) + buckets)
    head = _MOD15.pack(message.command, message.type, message.group_id, len(buckets), message.command_bucket_id)
    body = head + buckets + _encode_selection(message)
    return vendor_frame(NXT_GROUP_MOD, version, xid, body) if version == OF10 else frame(GROUP_MOD, version, xid, body)


def _kinds(command: int, kind: int) -> tuple[GroupCommand, GroupType]:
    if command not in GroupCommand._value2member_map_:
        raise OpenFlowError(Fault.GROUP_BAD_COMMAND, f"group command {command}")
    return GroupCommand(command), _type(kind)


def _type(kind: int) -> GroupType:
    if kind > GroupType.FAST_FAILOVER:
        raise OpenFlowError(Fault.GROUP_BAD_TYPE, f"group of type {kind}")
    return GroupType(kind)


@decodes(GROUP_MOD)
@decodes_vendor(NXT_GROUP_MOD)
def _decode_mod(body: bytes, version: int) -> Message:
    if OF10 < version < OF15:
        command, kind, group_id = _MOD11.unpack_from(body)
        how, what = _kinds(command, kind)
        return GroupMod(how, group_id, what, _decode_buckets(body[_MOD11.size :], version))
    command, kind, group_id, size, bucket_id = _MOD15.unpack_from(body)
    at = _MOD15.size + size
    if at > len(body):
        raise OpenFlowError(Fault.BAD_LEN, f"buckets of {size} bytes in {len(body) - _MOD15.size}")
    how, what = _kinds(command, kind)
    buckets = _decode_buckets(body[_MOD15.size : at], version)
    return GroupMod(how, group_id, what, buckets, bucket_id, *_decode_selection(body[at:]))


# Statistics.


@encodes(GroupDescRequest)
def _encode_desc_request(message: GroupDescRequest, version: int, xid: int) -> bytes:
    body = _WORD.pack(message.group_id) + bytes(4)
    if version == OF10:
        return vendor_part_frame(MULTIPART_REQUEST, NXST_GROUP_DESC, xid, body)
    return part_frame(MULTIPART_REQUEST, GROUP_DESC, version, xid, body if version >= OF15 else b"")


@decodes_part(MULTIPART_REQUEST, GROUP_DESC)
@decodes_part(MULTIPART_REQUEST, NXST_GROUP_DESC, nicira=True)
def _decode_desc_request(body: bytes, version: int, more: bool) -> Message:
    return GroupDescRequest() if OF10 < version < OF15 else GroupDescRequest(_WORD.unpack_from(body)[0])


def _encode_desc(group: GroupDesc, version: int) -> bytes:
    buckets = _encode_buckets(group, version)
    if OF10 < version < OF15:
        return _DESC11.pack(_DESC11.size + len(buckets), group.type, group.group_id) + buckets
    selection = _encode_selection(group)
    return _DESC15.pack(_DESC15.size + len(buckets) + len(selection), group.type, group.group_id, len(buckets)) + buckets + selection


@encodes(GroupDescReply)
def _encode_descs(message: GroupDescReply, version: int, xid: int) -> bytes:
    body = b"".join(_encode_desc(group, version) for group in message.groups)
    if version == OF10:
        return vendor_part_frame(MULTIPART_REPLY, NXST_GROUP_DESC, xid, body, more=message.more)
    return part_frame(MULTIPART_REPLY, GROUP_DESC, version, xid, body, more=message.more)


def sized_entries(body: bytes, smallest: int) -> Iterator[bytes]:
    """Cut a reply into entries, each of which starts with its length."""
    at = 0
    while at < len(body):
        size = int.from_bytes(body[at : at + 2], "big")
        if size < smallest or at + size > len(body):
            raise OpenFlowError(Fault.BAD_LEN, f"entry of {size} bytes in {len(body) - at}")
        yield body[at : at + size]
        at += size


def _decode_one_desc(data: bytes, version: int) -> GroupDesc:
    if OF10 < version < OF15:
        _, kind, group_id = _DESC11.unpack_from(data)
        return GroupDesc(group_id, _type(kind), _decode_buckets(data[_DESC11.size :], version))
    _, kind, group_id, size = _DESC15.unpack_from(data)
    at = _DESC15.size + size
    if at > len(data):
        raise OpenFlowError(Fault.BAD_LEN, f"buckets of {size} bytes in a group of {len(data)}")
    return GroupDesc(group_id, _type(kind), _decode_buckets(data[_DESC15.size : at], version), *_decode_selection(data[at:]))


@decodes_part(MULTIPART_REPLY, GROUP_DESC)
@decodes_part(MULTIPART_REPLY, NXST_GROUP_DESC, nicira=True)
def _decode_descs(body: bytes, version: int, more: bool) -> Message:
    return GroupDescReply(tuple(_decode_one_desc(entry, version) for entry in sized_entries(body, 8)), more)


@encodes(GroupStatsRequest)
def _encode_stats_request(message: GroupStatsRequest, version: int, xid: int) -> bytes:
    body = _WORD.pack(message.group_id) + bytes(4)
    if version == OF10:
        return vendor_part_frame(MULTIPART_REQUEST, NXST_GROUP_STATS, xid, body)
    return part_frame(MULTIPART_REQUEST, GROUP_STATS, version, xid, body)


@decodes_part(MULTIPART_REQUEST, GROUP_STATS)
@decodes_part(MULTIPART_REQUEST, NXST_GROUP_STATS, nicira=True)
def _decode_stats_request(body: bytes, version: int, more: bool) -> Message:
    return GroupStatsRequest(_WORD.unpack_from(body)[0])


_STATS = Struct(">H2xII4xQQII")
_COUNTER = Struct(">QQ")


@encodes(GroupStatsReply)
def _encode_stats(message: GroupStatsReply, version: int, xid: int) -> bytes:
    body = b""
    for group in message.groups:
        counters = b"".join(_COUNTER.pack(*pair) for pair in group.buckets)
        size = _STATS.size + len(counters)
        head = (size, group.group_id, group.references, group.packets, group.bytes, group.duration_s, group.duration_ns)
        body += _STATS.pack(*head) + counters
    if version == OF10:
        return vendor_part_frame(MULTIPART_REPLY, NXST_GROUP_STATS, xid, body, more=message.more)
    return part_frame(MULTIPART_REPLY, GROUP_STATS, version, xid, body, more=message.more)


@decodes_part(MULTIPART_REPLY, GROUP_STATS)
@decodes_part(MULTIPART_REPLY, NXST_GROUP_STATS, nicira=True)
def _decode_stats(body: bytes, version: int, more: bool) -> Message:
    groups = []
    for entry in sized_entries(body, _STATS.size):
        _, group_id, references, packets, octets, seconds, nanoseconds = _STATS.unpack_from(entry)
        buckets = tuple(_COUNTER.iter_unpack(entry[_STATS.size :]))
        groups.append(GroupStats(group_id, references, packets, octets, seconds, nanoseconds, buckets))
    return GroupStatsReply(tuple(groups), more)


_FEATURES = Struct(">10I")


@encodes(GroupFeaturesRequest)
def _encode_features_request(message: GroupFeaturesRequest, version: int, xid: int) -> bytes:
    if version == OF10:
        return vendor_part_frame(MULTIPART_REQUEST, NXST_GROUP_FEATURES, xid, b"")
    return part_frame(MULTIPART_REQUEST, GROUP_FEATURES, version, xid, b"")


@decodes_part(MULTIPART_REQUEST, GROUP_FEATURES)
@decodes_part(MULTIPART_REQUEST, NXST_GROUP_FEATURES, nicira=True)
def _decode_features_request(body: bytes, version: int, more: bool) -> Message:
    return GroupFeaturesRequest()


@encodes(GroupFeaturesReply)
def _encode_features(message: GroupFeaturesReply, version: int, xid: int) -> bytes:
    body = _FEATURES.pack(message.types, message.capabilities, *message.max_groups, *message.actions)
    if version == OF10:
        return vendor_part_frame(MULTIPART_REPLY, NXST_GROUP_FEATURES, xid, body)
    return part_frame(MULTIPART_REPLY, GROUP_FEATURES, version, xid, body)


@decodes_part(MULTIPART_REPLY, GROUP_FEATURES)
@decodes_part(MULTIPART_REPLY, NXST_GROUP_FEATURES, nicira=True)
def _decode_features(body: bytes, version: int, more: bool) -> Message:
    types, capabilities, a, b, c, d, *actions = _FEATURES.unpack(body)
    w, x, y, z = actions
    return GroupFeaturesReply(types, capabilities, (a, b, c, d), (w, x, y, z))
