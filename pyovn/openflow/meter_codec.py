"""Meters on the wire (OpenFlow 1.3 and later)."""

from __future__ import annotations

from struct import Struct

from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.group_codec import sized_entries
from pyovn.openflow.message import (
    Band,
    Message,
    MeterCommand,
    MeterConfig,
    MeterConfigReply,
    MeterConfigRequest,
    MeterFeaturesReply,
    MeterFeaturesRequest,
    MeterMod,
    MeterStats,
    MeterStatsReply,
    MeterStatsRequest,
)
from pyovn.openflow.message_registry import (
    MULTIPART_REPLY,
    MULTIPART_REQUEST,
    OF10,
    decodes,
    decodes_part,
    encodes,
    frame,
    part_frame,
    unsupported,
)

METER_MOD = 29
METER_STATS, METER_CONFIG, METER_FEATURES = 9, 10, 11

_MOD = Struct(">HHI")
_BAND = Struct(">HHIIB3x")
_DROP, _REMARK = 1, 2
_REQUEST = Struct(">I4x")
_STATS = Struct(">IH6xIQQII")
_COUNTER = Struct(">QQ")
_FEATURES = Struct(">IIIBB2x")


def _encode_bands(bands: tuple[Band, ...]) -> bytes:
    return b"".join(_BAND.pack(band.kind, 16, band.rate, band.burst, band.prec_level) for band in bands)


def _decode_bands(data: bytes) -> tuple[Band, ...]:
    bands, at = [], 0
    while at < len(data):
        kind, size, rate, burst, level = _BAND.unpack_from(data, at)
        if size != 16 or kind not in (_DROP, _REMARK):
            raise OpenFlowError(Fault.METER_BAD_BAND, f"band of type {kind}, {size} bytes")
        bands.append(Band(rate, burst, kind, level if kind == _REMARK else 0))
        at += size
    return tuple(bands)


def _refuse10(version: int) -> None:
    if version == OF10:
        raise unsupported("meters", version)


@encodes(MeterMod)
def _encode_mod(message: MeterMod, version: int, xid: int) -> bytes:
    _refuse10(version)
    return frame(METER_MOD, version, xid, _MOD.pack(message.command, message.flags, message.meter_id) + _encode_bands(message.bands))


@decodes(METER_MOD)
def _decode_mod(body: bytes, version: int) -> Message:
    command, flags, meter_id = _MOD.unpack_from(body)
    if command > MeterCommand.DELETE:
        raise OpenFlowError(Fault.METER_BAD_COMMAND, f"meter command {command}")
    return MeterMod(MeterCommand(command), meter_id, flags, _decode_bands(body[_MOD.size :]))


_KINDS: dict[type, int] = {MeterStatsRequest: METER_STATS, MeterConfigRequest: METER_CONFIG}


@encodes(*_KINDS)
def _encode_request(message: MeterStatsRequest | MeterConfigRequest, version: int, xid: int) -> bytes:
    _refuse10(version)
    return part_frame(MULTIPART_REQUEST, _KINDS[type(message)], version, xid, _REQUEST.pack(message.meter_id))


@decodes_part(MULTIPART_REQUEST, METER_STATS)
def _decode_stats_request(body: bytes, version: int, more: bool) -> Message:
    return MeterStatsRequest(_REQUEST.unpack(body)[0])


@decodes_part(MULTIPART_REQUEST, METER_CONFIG)
def _decode_config_request(body: bytes, version: int, more: bool) -> Message:
    return MeterConfigRequest(_REQUEST.unpack(body)[0])


@encodes(MeterConfigReply)
def _encode_config(message: MeterConfigReply, version: int, xid: int) -> bytes:
    _refuse10(version)
    body = b""
    for meter in message.meters:
        bands = _encode_bands(meter.bands)
        body += _MOD.pack(8 + len(bands), meter.flags, meter.meter_id) + bands
    return part_frame(MULTIPART_REPLY, METER_CONFIG, version, xid, body, more=message.more)


@decodes_part(MULTIPART_REPLY, METER_CONFIG)
def _decode_config(body: bytes, version: int, more: bool) -> Message:
    meters = []
    for entry in sized_entries(body, _MOD.size):
        _, flags, meter_id = _MOD.unpack_from(entry)
        meters.append(MeterConfig(meter_id, flags, _decode_bands(entry[_MOD.size :])))
    return MeterConfigReply(tuple(meters), more)


@encodes(MeterStatsReply)
def _encode_stats(message: MeterStatsReply, version: int, xid: int) -> bytes:
    _refuse10(version)
    body = b""
    for meter in message.meters:
        bands = b"".join(_COUNTER.pack(*pair) for pair in meter.bands)
        size = _STATS.size + len(bands)
        body += _STATS.pack(
            meter.meter_id, size, meter.flows, meter.packets, meter.bytes, meter.duration_s, meter.duration_ns
        ) + bands  # fmt: skip
    return part_frame(MULTIPART_REPLY, METER_STATS, version, xid, body, more=message.more)


@decodes_part(MULTIPART_REPLY, METER_STATS)
def _decode_stats(body: bytes, version: int, more: bool) -> Message:
    meters, at = [], 0
    while at < len(body):
        meter_id, size, flows, packets, octets, seconds, nanoseconds = _STATS.unpack_from(body, at)
        if size < _STATS.size or at + size > len(body):
            raise OpenFlowError(Fault.BAD_LEN, f"meter of {size} bytes in {len(body) - at}")
        bands = tuple(_COUNTER.iter_unpack(body[at + _STATS.size : at + size]))
        meters.append(MeterStats(meter_id, flows, packets, octets, seconds, nanoseconds, bands))
        at += size
    return MeterStatsReply(tuple(meters), more)


@encodes(MeterFeaturesRequest)
def _encode_features_request(message: MeterFeaturesRequest, version: int, xid: int) -> bytes:
    _refuse10(version)
    return part_frame(MULTIPART_REQUEST, METER_FEATURES, version, xid, b"")


@decodes_part(MULTIPART_REQUEST, METER_FEATURES)
def _decode_features_request(body: bytes, version: int, more: bool) -> Message:
    return MeterFeaturesRequest()


@encodes(MeterFeaturesReply)
def _encode_features(message: MeterFeaturesReply, version: int, xid: int) -> bytes:
    _refuse10(version)
    body = _FEATURES.pack(message.max_meters, message.band_types, message.capabilities, message.max_bands, message.max_color)
    return part_frame(MULTIPART_REPLY, METER_FEATURES, version, xid, body)


@decodes_part(MULTIPART_REPLY, METER_FEATURES)
def _decode_features(body: bytes, version: int, more: bool) -> Message:
    return MeterFeaturesReply(*_FEATURES.unpack(body))
