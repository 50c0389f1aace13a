"""Frames as the kernel hands them over a virtio-net header, made whole: checksums completed, large segments cut.

A sender on the same machine leaves the checksum, and the cutting of a long TCP stream into segments, to hardware that is not
there; without this step such frames are damaged on any wire (virtio 1.2, 5.1.6).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

VNET_HEADER = bytes(10)
"""The header of a frame that is whole."""

_NEEDS_CHECKSUM = 1
_TCP_V4, _UDP, _TCP_V6, _ECN = 1, 3, 4, 0x80
_FIN_PSH = 0x09
_CWR = 0x80


def whole_frames(data: bytes) -> list[bytes]:
    """The frames that `data`, a virtio-net header and a frame, stands for."""
    flags, kind, _, size, start, offset = struct.unpack_from("=BBHHHH", data)
    frame = data[len(VNET_HEADER) :]
    kind &= ~_ECN
    if kind in (_TCP_V4, _TCP_V6) and size:
        return list(_segments(frame, start, size))
    if flags & _NEEDS_CHECKSUM:
        return [_completed(frame, start, offset)]
    return [frame]


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071) of `data`."""
    if len(data) % 2:
        data += b"\0"
    total = int.from_bytes(data, "big") % 0xFFFF
    if not total and any(data):
        total = 0xFFFF
    return ~total & 0xFFFF


def _completed(frame: bytes, start: int, offset: int) -> bytes:
    """The pseudo header's sum already stands in the field; the sum from `start` on completes it."""
    place = start + offset
    if place + 2 > len(frame):
        return frame
    value = checksum(frame[start:]) or 0xFFFF
    return frame[:place] + value.to_bytes(2, "big") + frame[place + 2 :]


def _segments(frame: bytes, tcp: int, size: int) -> Iterator[bytes]:
    """A long TCP segment, whose TCP header is at `tcp`, as segments of at most `size` bytes of payload each."""
    header = tcp + (frame[tcp + 12] >> 4) * 4
    payload = frame[header:]
    network = 14
    while frame[network - 2 : network] in (b"\x81\x00", b"\x88\xa8"):
        network += 4
    (sequence,) = struct.unpack_from("!I", frame, tcp + 4)
    flags = frame[tcp + 13]
    for number, begin in enumerate(range(0, len(payload), size)):
        part = payload[begin : begin + size]
        head = bytearray(frame[:header])
        last = begin + size >= len(payload)
        head[tcp + 13] = (flags if last else flags & ~_FIN_PSH) & (0xFF if not begin else ~_CWR)
        struct.pack_into("!I", head, tcp + 4, (sequence + begin) & 0xFFFFFFFF)
        _fit_network_header(head, network, len(part) + header - network, number)
        yield _with_tcp_checksum(head, network, tcp, part)


def _fit_network_header(head: bytearray, network: int, length: int, number: int) -> None:
    """Set the length (and, for IPv4, identification and checksum) of the packet that begins at `network`."""
    if head[network] >> 4 == 6:
        struct.pack_into("!H", head, network + 4, length - 40)
        return
    (ident,) = struct.unpack_from("!H", head, network + 4)
    struct.pack_into("!HHxxxxH", head, network + 2, length, (ident + number) & 0xFFFF, 0)
    end = network + (head[network] & 0xF) * 4
    struct.pack_into("!H", head, network + 10, checksum(bytes(head[network:end])))


def _with_tcp_checksum(head: bytearray, network: int, tcp: int, part: bytes) -> bytes:
    addresses = head[network + 8 : network + 40] if head[network] >> 4 == 6 else head[network + 12 : network + 20]
    struct.pack_into("!H", head, tcp + 16, 0)
    length = len(head) - tcp + len(part)
    value = checksum(bytes(addresses) + struct.pack("!II", length, 6) + bytes(head[tcp:]) + part)
    struct.pack_into("!H", head, tcp + 16, value)
    return bytes(head) + part
