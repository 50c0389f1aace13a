"""Ports on the wire: descriptions, status, changes and counters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from struct import Struct

from pyovn.openflow import ports as numbers
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.message import (
    Message,
    Port,
    PortDescReply,
    PortDescRequest,
    PortMod,
    PortReason,
    PortStats,
    PortStatsReply,
    PortStatsRequest,
    PortStatus,
)
from pyovn.openflow.message_registry import (
    MULTIPART_REPLY,
    MULTIPART_REQUEST,
    OF10,
    OF14,
    OF15,
    decodes,
    decodes_part,
    encodes,
    frame,
    part_frame,
)
from pyovn.openflow.properties import encode_aligned, read_properties

PORT_STATUS, PORT_MOD = 12, 16
PORT_STATS, PORT_DESC = 4, 13
_ETHERNET = 0
"""The property that holds speeds and features."""

_PORT10 = Struct(">H6s16sIIIIII")
_PORT11 = Struct(">I4x6s2x16sIIIIIIII")
_PORT14 = Struct(">IH2x6s2x16sII")
_ETHERNET_PROPERTY = Struct(">4x6I")
_STATUS = Struct(">B7x")
_MOD10 = Struct(">H6sIII4x")
_MOD11 = Struct(">I4x6s2xIII4x")
_MOD14 = Struct(">I4x6s2xII")
_WORD = Struct(">I")
_STATS10 = Struct(">H6x12Q")
_STATS13 = Struct(">I4x12QII")
_STATS14 = Struct(">H2xIII8Q")
_UNKNOWN = 0xFFFFFFFFFFFFFFFF


def wide(port: int, version: int) -> bytes:
    """A port number as the version writes it, in a request that pads it to 8 bytes."""
    return port.to_bytes(2, "big") + bytes(6) if version == OF10 else numbers.to_wide(port).to_bytes(4, "big") + bytes(4)


def narrow(port: int) -> int:
    """A 16-bit port number; OpenFlowError for one that has none."""
    try:
        return numbers.from_wide(port)
    except ValueError as error:
        raise OpenFlowError(Fault.BAD_PORT, str(error)) from None


def encode_port(port: Port, version: int) -> bytes:
    """A port's description."""
    mac, name = port.hw_addr.to_bytes(6, "big"), port.name.encode()[:15]
    features = (port.current, port.advertised, port.supported, port.peer)
    if version == OF10:
        # A state's low bit is the same; the others were spanning tree's.
        return _PORT10.pack(port.number, mac, name, port.config, port.state & 1, *features)
    speeds = (*features, port.current_speed_kbps, port.max_speed_kbps)
    if version < OF14:
        return _PORT11.pack(numbers.to_wide(port.number), mac, name, port.config, port.state, *speeds)
    ethernet = encode_aligned(_ETHERNET, _ETHERNET_PROPERTY.pack(*speeds)[4:])
    size = _PORT14.size + len(ethernet)
    return _PORT14.pack(numbers.to_wide(port.number), size, mac, name, port.config, port.state) + ethernet


def encode_ports(ports: tuple[Port, ...], version: int) -> bytes:
    """Descriptions one after the other."""
    return b"".join(encode_port(port, version) for port in ports)


def decode_ports(data: bytes, version: int) -> tuple[Port, ...]:
    """Read descriptions one after the other."""
    return tuple(_ports(data, version))


def _ports(data: bytes, version: int) -> Iterator[Port]:
    at = 0
    while at < len(data):
        port, size = _decode_port(data, at, version)
        yield port
        at += size


def _decode_port(data: bytes, at: int, version: int) -> tuple[Port, int]:
    """A description and how many bytes it takes."""
    if version == OF10:
        number, mac, name, config, state, *features = _PORT10.unpack_from(data, at)
        return Port(number, _text(name), int.from_bytes(mac, "big"), config, state, *features), _PORT10.size
    if version < OF14:
        number, mac, name, config, state, *speeds = _PORT11.unpack_from(data, at)
        return Port(narrow(number), _text(name), int.from_bytes(mac, "big"), config, state, *speeds), _PORT11.size
    number, size, mac, name, config, state = _PORT14.unpack_from(data, at)
    if size < _PORT14.size or at + size > len(data):
        raise OpenFlowError(Fault.BAD_LEN, f"port of {size} bytes")
    speeds = [0] * 6
    for kind, payload in read_properties(data[at + _PORT14.size : at + size]):
        if kind == _ETHERNET:
            speeds = list(_ETHERNET_PROPERTY.unpack(payload))
    return Port(narrow(number), _text(name), int.from_bytes(mac, "big"), config, state, *speeds), size


def _text(name: bytes) -> str:
    return name.split(b"\0", 1)[0].decode(errors="replace")


@encodes(PortStatus)
def _encode_status(message: PortStatus, version: int, xid: int) -> bytes:
    return frame(PORT_STATUS, version, xid, _STATUS.pack(message.reason) + encode_port(message.port, version))


@decodes(PORT_STATUS)
def _decode_status(body: bytes, version: int) -> Message:
    reason = _STATUS.unpack_from(body)[0]
    if reason > PortReason.MODIFY:
        raise OpenFlowError(Fault.BAD_TYPE, f"port status with reason {reason}")
    return PortStatus(PortReason(reason), _decode_port(body, 8, version)[0])


@encodes(PortMod)
def _encode_mod(message: PortMod, version: int, xid: int) -> bytes:
    mac = message.hw_addr.to_bytes(6, "big")
    if version == OF10:
        body = _MOD10.pack(message.number, mac, message.config, message.mask, message.advertise)
    elif version < OF14:
        body = _MOD11.pack(numbers.to_wide(message.number), mac, message.config, message.mask, message.advertise)
    else:
        advertise = _WORD.pack(message.advertise)
        ethernet = b"\0\0\0\x08" + advertise if message.advertise else b""
        body = _MOD14.pack(numbers.to_wide(message.number), mac, message.config, message.mask) + ethernet
    return frame(PORT_MOD, version, xid, body)


@decodes(PORT_MOD)
def _decode_mod(body: bytes, version: int) -> Message:
    if version == OF10:
        number, mac, config, mask, advertise = _MOD10.unpack(body)
        return PortMod(number, int.from_bytes(mac, "big"), config, mask, advertise)
    if version < OF14:
        number, mac, config, mask, advertise = _MOD11.unpack(body)
        return PortMod(narrow(number), int.from_bytes(mac, "big"), config, mask, advertise)
    number, mac, config, mask = _MOD14.unpack_from(body)
    advertise = 0
    for kind, payload in read_properties(body[_MOD14.size :]):
        if kind == _ETHERNET:
            advertise = _WORD.unpack(payload)[0]
    return PortMod(narrow(number), int.from_bytes(mac, "big"), config, mask, advertise)


@encodes(PortDescRequest)
def _encode_desc_request(message: PortDescRequest, version: int, xid: int) -> bytes:
    body = wide(message.port, version) if version >= OF15 else b""
    return part_frame(MULTIPART_REQUEST, PORT_DESC, version, xid, body)


@decodes_part(MULTIPART_REQUEST, PORT_DESC)
def _decode_desc_request(body: bytes, version: int, more: bool) -> Message:
    return PortDescRequest(narrow(_WORD.unpack_from(body)[0])) if version >= OF15 else PortDescRequest()


@encodes(PortDescReply)
def _encode_desc(message: PortDescReply, version: int, xid: int) -> bytes:
    return part_frame(MULTIPART_REPLY, PORT_DESC, version, xid, encode_ports(message.ports, version), more=message.more)


@decodes_part(MULTIPART_REPLY, PORT_DESC)
def _decode_desc(body: bytes, version: int, more: bool) -> Message:
    return PortDescReply(decode_ports(body, version), more)


@encodes(PortStatsRequest)
def _encode_stats_request(message: PortStatsRequest, version: int, xid: int) -> bytes:
    return part_frame(MULTIPART_REQUEST, PORT_STATS, version, xid, wide(message.port, version))


@decodes_part(MULTIPART_REQUEST, PORT_STATS)
def _decode_stats_request(body: bytes, version: int, more: bool) -> Message:
    if len(body) != 8:
        raise OpenFlowError(Fault.BAD_LEN, f"port statistics request of {len(body)} bytes")
    return PortStatsRequest(int.from_bytes(body[:2], "big") if version == OF10 else narrow(_WORD.unpack_from(body)[0]))


def _encode_counters(stats: PortStats, version: int) -> bytes:
    counters = (
        stats.rx_packets, stats.tx_packets, stats.rx_bytes, stats.tx_bytes,
        stats.rx_dropped, stats.tx_dropped, stats.rx_errors, stats.tx_errors,
    )  # fmt: skip
    if version == OF10:
        return _STATS10.pack(stats.port, *counters, 0, 0, 0, 0)
    port = numbers.to_wide(stats.port)
    if version < OF14:
        return _STATS13.pack(port, *counters, 0, 0, 0, 0, stats.duration_s, stats.duration_ns)
    return _STATS14.pack(_STATS14.size, port, stats.duration_s, stats.duration_ns, *counters)


@encodes(PortStatsReply)
def _encode_stats(message: PortStatsReply, version: int, xid: int) -> bytes:
    body = b"".join(_encode_counters(stats, version) for stats in message.ports)
    return part_frame(MULTIPART_REPLY, PORT_STATS, version, xid, body, more=message.more)


@decodes_part(MULTIPART_REPLY, PORT_STATS)
def _decode_stats(body: bytes, version: int, more: bool) -> Message:
    if version == OF10:
        return PortStatsReply(tuple(PortStats(row[0], *row[1:9]) for row in _STATS10.iter_unpack(body)), more)
    if version < OF14:
        return PortStatsReply(tuple(PortStats(narrow(row[0]), *row[1:9], *row[13:]) for row in _STATS13.iter_unpack(body)), more)
    found, at = [], 0
    while at < len(body):
        size, port, seconds, nanoseconds = _STATS14.unpack_from(body, at)[:4]
        if size < _STATS14.size or at + size > len(body):
            raise OpenFlowError(Fault.BAD_LEN, f"port statistics of {size} bytes")
        found.append(replace(PortStats(narrow(port), *_STATS14.unpack_from(body, at)[4:]), duration_s=seconds, duration_ns=nanoseconds))
        at += size
    return PortStatsReply(tuple(found), more)
