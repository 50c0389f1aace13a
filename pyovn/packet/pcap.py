"""Capture files in libpcap's classic format: frames with the time at which they were seen, in seconds."""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct
from typing import NamedTuple

from pyovn.packet.malformed import Malformed

_FILE = ("IHHiIII", 0xA1B2C3D4)
_ETHERNET = 1
_SNAPLEN = 65535
_HEADER_SIZE = 24
_RECORD_SIZE = 16


class Capture(NamedTuple):
    """A frame and when it was seen."""

    time_s: float
    frame: bytes


def build(captures: Iterable[Capture]) -> bytes:
    """A whole file, little-endian, with microseconds."""
    out = [Struct("<" + _FILE[0]).pack(_FILE[1], 2, 4, 0, 0, _SNAPLEN, _ETHERNET)]
    record = Struct("<IIII")
    for capture in captures:
        seconds, microseconds = divmod(round(capture.time_s * 1_000_000), 1_000_000)
        out += (record.pack(seconds, microseconds, len(capture.frame), len(capture.frame)), capture.frame)
    return b"".join(out)


def parse(data: bytes) -> list[Capture]:
    """Read a file of either byte order; `Malformed` if it is none. A last record that was not finished is left out."""
    order = next((order for order in "<>" if len(data) >= _HEADER_SIZE and Struct(order + "I").unpack_from(data)[0] == _FILE[1]), None)
    if order is None:
        raise Malformed("pcap", "not a capture file with microseconds")
    record = Struct(order + "IIII")
    found, at = [], _HEADER_SIZE
    while at + _RECORD_SIZE <= len(data):
        seconds, microseconds, size, _ = record.unpack_from(data, at)
        at += _RECORD_SIZE + size
        if at > len(data):
            break
        found.append(Capture(seconds + microseconds / 1_000_000, data[at - size : at]))
    return found
