"""Rules on the wire: changes to them, their end, and their counters."""

from __future__ import annotations

from struct import Struct

from pyovn.openflow import match10, ports
from pyovn.openflow.action_registry import decode_actions, encode_actions
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.instruction import decode_instructions, encode_instructions
from pyovn.openflow.message import (
    ANY_GROUP,
    NO_BUFFER,
    AggregateReply,
    AggregateRequest,
    FlowCommand,
    FlowMod,
    FlowRemoved,
    FlowStats,
    FlowStatsReply,
    FlowStatsRequest,
    Message,
    RemovedReason,
)
from pyovn.openflow.message_registry import (
    HEAD,
    MULTIPART_REPLY,
    MULTIPART_REQUEST,
    OF10,
    OF13,
    OF14,
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
from pyovn.openflow.oxm import decode_fields, decode_match, encode_fields, encode_match
from pyovn.openflow.port_codec import narrow

FLOW_REMOVED, FLOW_MOD = 11, 14
FLOW, AGGREGATE = 1, 2
NXT_FLOW_MOD, NXT_FLOW_REMOVED = 13, 14
NXST_FLOW, NXST_AGGREGATE = 0, 1

_MOD = Struct(">QQBBHHHIIIHH")
_MOD10 = Struct(">QHHHHIHH")
_NX_MOD = Struct(">QHHHHIHHH6x")
_NO_MASK = 0xFFFFFFFFFFFFFFFF


@encodes(FlowMod)
def encode_flow_mod(message: FlowMod, version: int, xid: int) -> bytes:
    """FLOW_MOD; in OpenFlow 1.0 Nicira's, because only that takes every match, with the table in the command's upper byte."""
    buffer_id = NO_BUFFER if message.buffer_id is None else message.buffer_id
    if version == OF10:
        return _encode_nicira_mod(message, xid, buffer_id)
    body = encode_match(message.match) + encode_instructions(message.actions, version)
    port = message.out_port
    size = 8 + _MOD.size + len(body)
    if size > 0xFFFF:
        raise OpenFlowError(Fault.BAD_LEN, f"a rule of {size} bytes")
    return (
        HEAD.pack(version, FLOW_MOD, size, xid)
        + _MOD.pack(
            message.cookie, message.cookie_mask, message.table, message.command, message.idle_timeout, message.hard_timeout,
            message.priority, buffer_id, port if port < ports.MAX else port + 0xFFFF0000, message.out_group, message.flags,
            message.importance if version >= OF14 else 0,
        )
        + body
    )  # fmt: skip


def _encode_nicira_mod(message: FlowMod, xid: int, buffer_id: int) -> bytes:
    match = encode_fields(message.match, oxm=False)
    if message.cookie_mask:
        # A cookie that rules must have is, in NXM, one more thing to match.
        whole = message.cookie_mask == _NO_MASK
        header = (0x0001 << 16 | 30 << 9 | (0 if whole else 0x100) | (8 if whole else 16)).to_bytes(4, "big")
        match += header + (message.cookie & message.cookie_mask).to_bytes(8, "big")
        match += b"" if whole else message.cookie_mask.to_bytes(8, "big")
    head = _NX_MOD.pack(
        message.cookie, message.table << 8 | message.command, message.idle_timeout, message.hard_timeout, message.priority, buffer_id,
        message.out_port, message.flags, len(match),
    )  # fmt: skip
    body = head + match + bytes(-len(match) % 8) + encode_actions(message.actions, OF10)
    return vendor_frame(NXT_FLOW_MOD, OF10, xid, body)


def _command(number: int) -> FlowCommand:
    if number > FlowCommand.DELETE_STRICT:
        raise OpenFlowError(Fault.FLOW_MOD_BAD_COMMAND, f"command {number}")
    return FlowCommand(number)


def _buffer(number: int) -> int | None:
    return None if number == NO_BUFFER else number


@decodes(FLOW_MOD)
def _decode_mod(body: bytes, version: int) -> Message:
    if version == OF10:
        return _decode_mod10(body)
    cookie, mask, table, command, idle, hard, priority, buffer_id, port, group, flags, importance = _MOD.unpack_from(body)
    match, at = decode_match(body, _MOD.size)
    actions = decode_instructions(body[at:], version)
    return FlowMod(
        match, actions, _command(command), table, priority, cookie, mask, idle, hard, flags, importance, narrow(port), group,
        _buffer(buffer_id),
    )  # fmt: skip


def _decode_mod10(body: bytes) -> Message:
    cookie, command, idle, hard, priority, buffer_id, port, flags = _MOD10.unpack_from(body, match10.SIZE)
    actions = decode_actions(body[match10.SIZE + _MOD10.size :], OF10)
    return FlowMod(
        match10.decode(body), actions, _command(command & 0xFF), command >> 8, priority, cookie, 0, idle, hard, flags, 0, port,
        ANY_GROUP, _buffer(buffer_id),
    )  # fmt: skip


@decodes_vendor(NXT_FLOW_MOD)
def _decode_nicira_mod(body: bytes, version: int) -> Message:
    cookie, command, idle, hard, priority, buffer_id, port, flags, size = _NX_MOD.unpack_from(body)
    fields, at = _padded(body, _NX_MOD.size, size)
    fields, wanted = _split_cookie(fields)
    if wanted:
        cookie = wanted[0] if command & 0xFF else cookie
    return FlowMod(
        decode_fields(fields), decode_actions(body[at:], version), _command(command & 0xFF), command >> 8, priority, cookie,
        wanted[1] if wanted else 0, idle, hard, flags, 0, port, ANY_GROUP, _buffer(buffer_id),
    )  # fmt: skip


def _padded(body: bytes, at: int, size: int) -> tuple[bytes, int]:
    """`size` bytes from `at`, and where what follows their padding starts."""
    if at + size > len(body):
        raise OpenFlowError(Fault.MATCH_BAD_LEN, f"match of {size} bytes in {len(body) - at}")
    return body[at : at + size], at + size + -size % 8


def _split_cookie(fields: bytes) -> tuple[bytes, tuple[int, int] | None]:
    """Take NXM's cookie (class 1, field 30) out of a match; answers the rest, and the cookie with its mask."""
    at = 0
    while at + 4 <= len(fields):
        word = int.from_bytes(fields[at : at + 4], "big")
        end = at + 4 + (word & 0xFF)
        if word >> 9 == 1 << 7 | 30 and word & 0xFF in (8, 16) and end <= len(fields):
            cookie = int.from_bytes(fields[at + 4 : at + 12], "big")
            mask = int.from_bytes(fields[at + 12 : end], "big") if word & 0x100 else _NO_MASK
            return fields[:at] + fields[end:], (cookie, mask)
        at = end
    return fields, None


# The end of a rule.

_REMOVED11 = Struct(">QHBBIIHHQQ")
_REMOVED15 = Struct(">BBHHHQ")
_NX_REMOVED = Struct(">QHBBIIHHQQ")


@encodes(FlowRemoved)
def _encode_removed(message: FlowRemoved, version: int, xid: int) -> bytes:
    m = message
    if version == OF10:
        match = encode_fields(m.match, oxm=False)
        head = _NX_REMOVED.pack(
            m.cookie, m.priority, m.reason, m.table + 1, m.duration_s, m.duration_ns, m.idle_timeout, len(match), m.packets, m.bytes
        )
        return vendor_frame(NXT_FLOW_REMOVED, version, xid, head + match + bytes(-len(match) % 8))
    if version < OF15:
        head = _REMOVED11.pack(
            m.cookie, m.priority, m.reason, m.table, m.duration_s, m.duration_ns, m.idle_timeout, m.hard_timeout, m.packets, m.bytes
        )
        return frame(FLOW_REMOVED, version, xid, head + encode_match(m.match))
    head = _REMOVED15.pack(m.table, m.reason, m.priority, m.idle_timeout, m.hard_timeout, m.cookie)
    counters = encode_counters(duration=(m.duration_s, m.duration_ns), packets=m.packets, size=m.bytes)
    return frame(FLOW_REMOVED, version, xid, head + encode_match(m.match) + counters)


def _reason(number: int) -> RemovedReason:
    if number > RemovedReason.EVICTION:
        raise OpenFlowError(Fault.BAD_TYPE, f"rule removed for reason {number}")
    return RemovedReason(number)


@decodes(FLOW_REMOVED)
def _decode_removed(body: bytes, version: int) -> Message:
    if version == OF10:
        raise OpenFlowError(Fault.BAD_TYPE, "OpenFlow 1.0's own flow_removed")
    if version < OF15:
        cookie, priority, reason, table, seconds, nanoseconds, idle, hard, packets, size = _REMOVED11.unpack_from(body)
        match, _ = decode_match(body, _REMOVED11.size)
        return FlowRemoved(match, priority, _reason(reason), table, cookie, seconds, nanoseconds, idle, hard, packets, size)
    table, reason, priority, idle, hard, cookie = _REMOVED15.unpack_from(body)
    match, at = decode_match(body, _REMOVED15.size)
    counters = decode_counters(body[at:])
    seconds, nanoseconds = counters.get(DURATION, (0, 0))
    return FlowRemoved(
        match, priority, _reason(reason), table, cookie, seconds, nanoseconds, idle, hard,
        counters.get(PACKETS, (0,))[0], counters.get(BYTES, (0,))[0],
    )  # fmt: skip


@decodes_vendor(NXT_FLOW_REMOVED)
def _decode_nicira_removed(body: bytes, version: int) -> Message:
    cookie, priority, reason, table, seconds, nanoseconds, idle, length, packets, size = _NX_REMOVED.unpack_from(body)
    fields, _ = _padded(body, _NX_REMOVED.size, length)
    return FlowRemoved(
        decode_fields(fields), priority, _reason(reason), max(table - 1, 0), cookie, seconds, nanoseconds, idle, 0, packets, size
    )


# OpenFlow 1.5's counters: entries like a match's (OpenFlow 1.5.1, 7.2.4.2).

DURATION, IDLE, FLOWS, PACKETS, BYTES = 0, 1, 3, 4, 5
_OXS_CLASS = 0x8002
_COUNTERS: dict[int, Struct] = {
    DURATION: Struct(">II"), IDLE: Struct(">II"), FLOWS: Struct(">I"), PACKETS: Struct(">Q"), BYTES: Struct(">Q"),
}  # fmt: skip
_OXS = Struct(">HBB")
_OXS_HEAD = Struct(">2xH")


def encode_counters(
    *, duration: tuple[int, int] | None = None, idle: tuple[int, int] | None = None, flows: int | None = None, packets: int, size: int
) -> bytes:
    """OpenFlow 1.5's structure of counters, padded to 8 bytes; durations in seconds and nanoseconds."""
    given = {DURATION: duration, IDLE: idle, FLOWS: None if flows is None else (flows,), PACKETS: (packets,), BYTES: (size,)}
    entries = b""
    for number, values in given.items():
        if values is not None:
            payload = _COUNTERS[number].pack(*values)
            entries += _OXS.pack(_OXS_CLASS, number << 1, len(payload)) + payload
    length = 4 + len(entries)
    return _OXS_HEAD.pack(length) + entries + bytes(-length % 8)


def decode_counters(data: bytes) -> dict[int, tuple[int, ...]]:
    """Read the structure: values by counter."""
    length = _OXS_HEAD.unpack_from(data)[0]
    if length < 4 or length > len(data):
        raise OpenFlowError(Fault.BAD_LEN, f"counters of {length} bytes in {len(data)}")
    found: dict[int, tuple[int, ...]] = {}
    at = 4
    while at < length:
        _, number, size = _OXS.unpack_from(data, at)
        form = _COUNTERS.get(number >> 1)
        if form is not None and form.size == size:
            found[number >> 1] = form.unpack_from(data[:length], at + 4)
        at += 4 + size
    return found


def counters_size(data: bytes, at: int) -> int:
    """Bytes that a structure of counters takes, padding included."""
    length: int = _OXS_HEAD.unpack_from(data, at)[0]
    return length + -length % 8


# Which rules there are.

_REQUEST = Struct(">B3xII4xQQ")
_REQUEST10 = Struct(">BxH")
_NX_REQUEST = Struct(">HHB3x")


@encodes(FlowStatsRequest, AggregateRequest)
def _encode_request(message: FlowStatsRequest | AggregateRequest, version: int, xid: int) -> bytes:
    is_flow = isinstance(message, FlowStatsRequest)
    if version == OF10:
        match = encode_fields(message.match, oxm=False)
        body = _NX_REQUEST.pack(message.out_port, len(match), message.table) + match + bytes(-len(match) % 8)
        return vendor_part_frame(MULTIPART_REQUEST, NXST_FLOW if is_flow else NXST_AGGREGATE, xid, body)
    head = _REQUEST.pack(message.table, ports.to_wide(message.out_port), message.out_group, message.cookie, message.cookie_mask)
    return part_frame(MULTIPART_REQUEST, FLOW if is_flow else AGGREGATE, version, xid, head + encode_match(message.match))


def _read_request(body: bytes, version: int) -> FlowStatsRequest:
    if version == OF10:
        table, port = _REQUEST10.unpack_from(body, match10.SIZE)
        return FlowStatsRequest(match10.decode(body), table, port)
    table, port, group, cookie, mask = _REQUEST.unpack_from(body)
    return FlowStatsRequest(decode_match(body, _REQUEST.size)[0], table, narrow(port), group, cookie, mask)


def _read_nicira_request(body: bytes) -> FlowStatsRequest:
    port, size, table = _NX_REQUEST.unpack_from(body)
    fields, wanted = _split_cookie(_padded(body, _NX_REQUEST.size, size)[0])
    return FlowStatsRequest(decode_fields(fields), table, port, ANY_GROUP, *(wanted or (0, 0)))


def _as_aggregate(r: FlowStatsRequest) -> AggregateRequest:
    return AggregateRequest(r.match, r.table, r.out_port, r.out_group, r.cookie, r.cookie_mask)


@decodes_part(MULTIPART_REQUEST, FLOW)
def _decode_flow_request(body: bytes, version: int, more: bool) -> Message:
    return _read_request(body, version)


@decodes_part(MULTIPART_REQUEST, AGGREGATE)
def _decode_aggregate_request(body: bytes, version: int, more: bool) -> Message:
    return _as_aggregate(_read_request(body, version))


@decodes_part(MULTIPART_REQUEST, NXST_FLOW, nicira=True)
def _decode_nicira_flow_request(body: bytes, version: int, more: bool) -> Message:
    return _read_nicira_request(body)


@decodes_part(MULTIPART_REQUEST, NXST_AGGREGATE, nicira=True)
def _decode_nicira_aggregate_request(body: bytes, version: int, more: bool) -> Message:
    return _as_aggregate(_read_nicira_request(body))


_STATS = Struct(">HBxIIHHHHH2xQQQ")
_STATS15 = Struct(">H2xBxHHHHHQ")
_NX_STATS = Struct(">HBxIIHHHHHHQQQ")
_SHORT = Struct(">H")


def encode_stats(flow: FlowStats, version: int) -> bytes:
    """A rule with its counters, as it stands in a reply."""
    f = flow
    if version == OF10:
        match = encode_fields(f.match, oxm=False)
        rest = match + bytes(-len(match) % 8) + encode_actions(f.actions, version)
        idle = 0 if f.idle_s is None else min(f.idle_s + 1, 0xFFFF)
        return (
            _NX_STATS.pack(
                _NX_STATS.size + len(rest), f.table, f.duration_s, f.duration_ns, f.priority, f.idle_timeout, f.hard_timeout,
                len(match), idle, 0, f.cookie, f.packets, f.bytes,
            )
            + rest
        )  # fmt: skip
    match, actions = encode_match(f.match), encode_instructions(f.actions, version)
    if version < OF15:
        size = _STATS.size + len(match) + len(actions)
        importance = f.importance if version == OF14 else 0
        head = _STATS.pack(
            size, f.table, f.duration_s, f.duration_ns, f.priority, f.idle_timeout, f.hard_timeout, f.flags, importance, f.cookie,
            f.packets, f.bytes,
        )  # fmt: skip
        return head + match + actions
    counters = encode_counters(
        duration=(f.duration_s, f.duration_ns), idle=None if f.idle_s is None else (f.idle_s, 0), packets=f.packets, size=f.bytes
    )
    size = _STATS15.size + len(match) + len(counters) + len(actions)
    head = _STATS15.pack(size, f.table, f.priority, f.idle_timeout, f.hard_timeout, f.flags, f.importance, f.cookie)
    return head + match + counters + actions


@encodes(FlowStatsReply)
def _encode_stats_reply(message: FlowStatsReply, version: int, xid: int) -> bytes:
    body = b"".join(encode_stats(flow, version) for flow in message.flows)
    if version == OF10:
        return vendor_part_frame(MULTIPART_REPLY, NXST_FLOW, xid, body, more=message.more)
    return part_frame(MULTIPART_REPLY, FLOW, version, xid, body, more=message.more)


def _decode_stats(data: bytes, version: int) -> FlowStats:
    """A rule with its counters; `data` is exactly its bytes."""
    if version >= OF15:
        _, table, priority, idle, hard, flags, importance, cookie = _STATS15.unpack_from(data)
        match, at = decode_match(data, _STATS15.size)
        counters = decode_counters(data[at:])
        actions = decode_instructions(data[at + counters_size(data, at) :], version)
        idle_s = counters[IDLE][0] if IDLE in counters else None
        seconds, nanoseconds = counters.get(DURATION, (0, 0))
        return FlowStats(
            match, actions, table, priority, cookie, seconds, nanoseconds, idle, hard, idle_s, flags, importance,
            counters.get(PACKETS, (0,))[0], counters.get(BYTES, (0,))[0],
        )  # fmt: skip
    _, table, seconds, nanoseconds, priority, idle, hard, flags, importance, cookie, packets, size = _STATS.unpack_from(data)
    match, at = decode_match(data, _STATS.size)
    actions = decode_instructions(data[at:], version)
    return FlowStats(
        match, actions, table, priority, cookie, seconds, nanoseconds, idle, hard, None, flags, importance, packets, size
    )  # fmt: skip


def _decode_nicira_stats(data: bytes) -> FlowStats:
    _, table, seconds, nanoseconds, priority, idle, hard, length, age, _, cookie, packets, size = _NX_STATS.unpack_from(data)
    fields, at = _padded(data, _NX_STATS.size, length)
    actions = decode_actions(data[at:], OF10)
    idle_s = age - 1 if age else None
    return FlowStats(
        decode_fields(fields), actions, table, priority, cookie, seconds, nanoseconds, idle, hard, idle_s, 0, 0, packets, size
    )  # fmt: skip


def _entries(body: bytes) -> list[bytes]:
    """Cut a reply into its rules, each of which starts with its length."""
    found, at = [], 0
    while at < len(body):
        size = _SHORT.unpack_from(body, at)[0]
        if size < 24 or at + size > len(body):
            raise OpenFlowError(Fault.BAD_LEN, f"rule of {size} bytes in {len(body) - at}")
        found.append(body[at : at + size])
        at += size
    return found


@decodes_part(MULTIPART_REPLY, FLOW)
def _decode_stats_reply(body: bytes, version: int, more: bool) -> Message:
    if version < OF13:
        raise OpenFlowError(Fault.BAD_MULTIPART, "OpenFlow 1.0's own flow statistics")
    return FlowStatsReply(tuple(_decode_stats(entry, version) for entry in _entries(body)), more)


@decodes_part(MULTIPART_REPLY, NXST_FLOW, nicira=True)
def _decode_nicira_stats_reply(body: bytes, version: int, more: bool) -> Message:
    return FlowStatsReply(tuple(_decode_nicira_stats(entry) for entry in _entries(body)), more)


_SUMS = Struct(">QQI4x")


@encodes(AggregateReply)
def _encode_aggregate(message: AggregateReply, version: int, xid: int) -> bytes:
    if version >= OF15:
        body = encode_counters(flows=message.flows, packets=message.packets, size=message.bytes)
        return part_frame(MULTIPART_REPLY, AGGREGATE, version, xid, body)
    body = _SUMS.pack(message.packets, message.bytes, message.flows)
    if version == OF10:
        return vendor_part_frame(MULTIPART_REPLY, NXST_AGGREGATE, xid, body)
    return part_frame(MULTIPART_REPLY, AGGREGATE, version, xid, body)


@decodes_part(MULTIPART_REPLY, AGGREGATE)
@decodes_part(MULTIPART_REPLY, NXST_AGGREGATE, nicira=True)
def _decode_aggregate(body: bytes, version: int, more: bool) -> Message:
    if version >= OF15:
        counters = decode_counters(body)
        packets, size, flows = (counters.get(number, (0,))[0] for number in (PACKETS, BYTES, FLOWS))
        return AggregateReply(packets, size, flows)
    return AggregateReply(*_SUMS.unpack(body))
