"""Multicast listener discovery (RFC 2710, RFC 3810), as the payloads of ICMPv6 messages."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from pyovn.packet.malformed import Malformed

QUERY, REPORT_V1, DONE, REPORT_V2 = 130, 131, 132, 143
"""Types of the ICMPv6 messages."""
_RECORD = Struct("!BBH16s")


class Record(NamedTuple):
    """One group of a version 2 report: its kind (RFC 3810, 5.2.12), group and sources."""

    kind: int
    group: int
    sources: tuple[int, ...] = ()


def parse_group(payload: bytes) -> int:
    """The group of a query, version 1 report or done; `Malformed` if it is cut off."""
    if len(payload) < 16:
        raise Malformed("mld", f"a group of {len(payload)} bytes")
    return int.from_bytes(payload[:16], "big")


def parse_report(payload: bytes, count: int) -> tuple[Record, ...]:
    """The `count` groups of a version 2 report (the low half of the message's second word); `Malformed` if they are not there."""
    return tuple(_records(payload, count))


def _records(data: bytes, count: int) -> Iterator[Record]:
    at = 0
    for _ in range(count):
        if at + _RECORD.size > len(data):
            raise Malformed("mld", f"{count} groups in {len(data)} bytes")
        kind, extra, sources, group = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        end = at + 16 * sources
        if end + 4 * extra > len(data):
            raise Malformed("mld", f"{sources} sources in {len(data) - at} bytes")
        yield Record(kind, int.from_bytes(group, "big"), tuple(int.from_bytes(data[n : n + 16], "big") for n in range(at, end, 16)))
        at = end + 4 * extra


def build_report(records: tuple[Record, ...]) -> bytes:
    """The payload of a version 2 report; the message's second word holds how many groups there are."""
    return b"".join(
        _RECORD.pack(record.kind, 0, len(record.sources), record.group.to_bytes(16, "big"))
        + b"".join(source.to_bytes(16, "big") for source in record.sources)
        for record in records
    )
