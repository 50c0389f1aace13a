"""The switch's description and its tables on the wire."""

from __future__ import annotations

from functools import lru_cache
from struct import Struct

from pyovn.openflow.action_registry import STANDARD
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.fields import ALL_FIELDS
from pyovn.openflow.message import (
    DescReply,
    DescRequest,
    Message,
    TableFeatures,
    TableFeaturesReply,
    TableFeaturesRequest,
    TableStats,
    TableStatsReply,
    TableStatsRequest,
)
from pyovn.openflow.message_registry import (
    MULTIPART_REPLY,
    MULTIPART_REQUEST,
    OF10,
    OF13,
    OF15,
    decodes_part,
    encodes,
    part_frame,
    unsupported,
)
from pyovn.openflow.properties import encode_property, read_properties

DESC, TABLE, TABLE_FEATURES = 0, 3, 12

_DESC = Struct(">256s256s256s32s256s")
_TABLE10 = Struct(">B3x32sIIIQQ")
_TABLE13 = Struct(">B3xIQQ")
_FEATURES = Struct(">HBB4x32sQQII")
_ID = Struct(">HH")


def _text(data: bytes) -> str:
    return data.split(b"\0", 1)[0].decode(errors="replace")


_EMPTY: dict[type, int] = {DescRequest: DESC, TableStatsRequest: TABLE, TableFeaturesRequest: TABLE_FEATURES}


@encodes(*_EMPTY)
def _encode_empty(message: Message, version: int, xid: int) -> bytes:
    if version == OF10 and isinstance(message, TableFeaturesRequest):
        raise unsupported("table features", version)
    return part_frame(MULTIPART_REQUEST, _EMPTY[type(message)], version, xid, b"")


@decodes_part(MULTIPART_REQUEST, DESC)
def _decode_desc_request(body: bytes, version: int, more: bool) -> Message:
    return DescRequest()


@decodes_part(MULTIPART_REQUEST, TABLE)
def _decode_table_request(body: bytes, version: int, more: bool) -> Message:
    return TableStatsRequest()


@decodes_part(MULTIPART_REQUEST, TABLE_FEATURES)
def _decode_features_request(body: bytes, version: int, more: bool) -> Message:
    return TableFeaturesRequest()


@encodes(DescReply)
def _encode_desc(message: DescReply, version: int, xid: int) -> bytes:
    words = (message.manufacturer, message.hardware, message.software, message.serial, message.datapath)
    return part_frame(MULTIPART_REPLY, DESC, version, xid, _DESC.pack(*(word.encode() for word in words)))


@decodes_part(MULTIPART_REPLY, DESC)
def _decode_desc(body: bytes, version: int, more: bool) -> Message:
    return DescReply(*(_text(word) for word in _DESC.unpack(body)))


def _encode_table(table: TableStats, version: int) -> bytes:
    if version == OF10:
        wildcards = (1 << 22) - 1
        name = (table.name or f"table{table.table}").encode()[:31]
        return _TABLE10.pack(table.table, name, wildcards, table.max_entries, table.active, table.lookups, table.matched)
    return _TABLE13.pack(table.table, table.active, table.lookups, table.matched)


@encodes(TableStatsReply)
def _encode_tables(message: TableStatsReply, version: int, xid: int) -> bytes:
    body = b"".join(_encode_table(table, version) for table in message.tables)
    return part_frame(MULTIPART_REPLY, TABLE, version, xid, body, more=message.more)


@decodes_part(MULTIPART_REPLY, TABLE)
def _decode_tables(body: bytes, version: int, more: bool) -> Message:
    if version == OF10:
        tables = (
            TableStats(number, active, lookups, matched, _text(name), most)
            for number, name, _, most, active, lookups, matched in _TABLE10.iter_unpack(body)
        )
        return TableStatsReply(tuple(tables), more)
    return TableStatsReply(tuple(TableStats(*row) for row in _TABLE13.iter_unpack(body)), more)


INSTRUCTIONS, NEXT_TABLES, WRITE_ACTIONS, APPLY_ACTIONS, MATCH, WILDCARDS, WRITE_SET_FIELD, APPLY_SET_FIELD = 0, 2, 4, 6, 8, 10, 12, 14
"""Properties that say what a table can do; a reply has all of them."""
LAST_TABLE = 253


@lru_cache(maxsize=8)
def _abilities(version: int) -> bytes:
    """What every table can do: all instructions, actions and fields that this codec knows."""
    numbers = sorted(number for number, is_first in STANDARD if not is_first)
    kinds = {INSTRUCTIONS: range(1, 6 if version >= OF15 else 7), WRITE_ACTIONS: numbers, APPLY_ACTIONS: numbers}
    sendable = [(field, field.oxm or field.nxm) for field in ALL_FIELDS]
    headers = [(field, header) for field, header in sendable if header and header.size < 124]
    settable = b"".join(header.exact for field, header in headers if field.writable)
    out = b"".join(encode_property(kind, b"".join(_ID.pack(number, 4) for number in ids)) for kind, ids in kinds.items())
    out += encode_property(MATCH, b"".join(header.masked if field.maskable else header.exact for field, header in headers))
    out += encode_property(WILDCARDS, b"".join(header.exact for _, header in headers))
    return out + encode_property(WRITE_SET_FIELD, settable) + encode_property(APPLY_SET_FIELD, settable)


def _encode_features(table: TableFeatures, version: int) -> bytes:
    """A table; one that says nothing of its properties can do everything."""
    properties = b"".join(encode_property(kind, payload) for kind, payload in table.properties)
    if not properties:
        properties = _abilities(version) + encode_property(NEXT_TABLES, bytes(range(table.table + 1, LAST_TABLE + 1)))
    return (
        _FEATURES.pack(
            _FEATURES.size + len(properties), table.table, 0, table.name.encode()[:31], table.metadata_match, table.metadata_write,
            table.config, table.max_entries,
        )
        + properties
    )  # fmt: skip


@encodes(TableFeaturesReply)
def _encode_all_features(message: TableFeaturesReply, version: int, xid: int) -> bytes:
    if version < OF13:
        raise unsupported("table features", version)
    body = b"".join(_encode_features(table, version) for table in message.tables)
    return part_frame(MULTIPART_REPLY, TABLE_FEATURES, version, xid, body, more=message.more)


@decodes_part(MULTIPART_REPLY, TABLE_FEATURES)
def _decode_all_features(body: bytes, version: int, more: bool) -> Message:
    tables, at = [], 0
    while at < len(body):
        size, number, _, name, match, write, config, most = _FEATURES.unpack_from(body, at)
        if size < _FEATURES.size or at + size > len(body):
            raise OpenFlowError(Fault.BAD_LEN, f"table of {size} bytes in {len(body) - at}")
        properties = tuple(read_properties(body[at + _FEATURES.size : at + size]))
        tables.append(TableFeatures(number, _text(name), match, write, config, most, properties))
        at += size
    return TableFeaturesReply(tuple(tables), more)
