"""IGMP (RFC 2236, RFC 3376): queries, reports and leaves."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from pyovn.packet.checksum import checksum
from pyovn.packet.malformed import Malformed

PROTOCOL = 2
QUERY, REPORT_V1, REPORT_V2, LEAVE, REPORT_V3 = 0x11, 0x12, 0x16, 0x17, 0x22
_HEADER = Struct("!BBHI")
_RECORD = Struct("!BBHI")


class Record(NamedTuple):
    """One group of a version 3 report: its kind (RFC 3376, 4.2.12), group and sources."""

    kind: int
    group: int
    sources: tuple[int, ...] = ()


class Igmp(NamedTuple):
    """A message; `time` is the response time in tenths of a second, `records` are a version 3 report's, `rest` anything else's tail."""

    type: int
    time: int
    group: int
    records: tuple[Record, ...] = ()
    rest: bytes = b""


def parse(data: bytes) -> Igmp:
    """Read a message; `Malformed` if it is cut off or its checksum is wrong."""
    if len(data) < _HEADER.size:
        raise Malformed("igmp", f"{len(data)} bytes are no message")
    if checksum(data):
        raise Malformed("igmp", "the checksum is wrong")
    kind, time, _, group = _HEADER.unpack_from(data)
    if kind == REPORT_V3:
        return Igmp(kind, time, 0, tuple(_records(data, group & 0xFFFF)))
    return Igmp(kind, time, group, (), data[_HEADER.size :])


def _records(data: bytes, count: int) -> Iterator[Record]:
    at = _HEADER.size
    for _ in range(count):
        if at + _RECORD.size > len(data):
            raise Malformed("igmp", f"{count} groups in {len(data)} bytes")
        kind, extra, sources, group = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        end = at + 4 * sources
        if end + 4 * extra > len(data):
            raise Malformed("igmp", f"{sources} sources in {len(data) - at} bytes")
        yield Record(kind, group, tuple(int.from_bytes(data[n : n + 4], "big") for n in range(at, end, 4)))
        at = end + 4 * extra


def build(message: Igmp) -> bytes:
    """The bytes of a message."""
    kind, time, group, records, rest = message
    if kind == REPORT_V3:
        group = len(records)
        rest = b"".join(
            _RECORD.pack(record.kind, 0, len(record.sources), record.group) + b"".join(s.to_bytes(4, "big") for s in record.sources)
            for record in records
        )
    return _HEADER.pack(kind, time, checksum(_HEADER.pack(kind, time, 0, group) + rest), group) + rest
