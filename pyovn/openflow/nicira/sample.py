"""Sampling packets for IPFIX and the like: NXAST_SAMPLE and its three successors."""

from __future__ import annotations

from struct import Struct

from pyovn.openflow import ports
from pyovn.openflow.action import Action, Sample
from pyovn.openflow.action_registry import decodes_nicira, encodes, nicira
from pyovn.openflow.fields import Subfield
from pyovn.openflow.subfield_wire import header_of_32_bits, pack_range, subfield_of

SAMPLE, SAMPLE2, SAMPLE3, SAMPLE4 = 29, 38, 41, 51
_OLD = Struct(">HIII")
_PORT = Struct(">HB5x")
_NEW = Struct(">HIIIIIHB5x")


@encodes(Sample)
def _encode(action: Sample, version: int) -> bytes:
    domain, point = action.obs_domain_id, action.obs_point_id
    if isinstance(domain, Subfield) or isinstance(point, Subfield):
        body = _NEW.pack(
            action.probability, action.collector_set_id, *_source(domain), *_source(point), action.sampling_port, action.direction
        )
        return nicira(SAMPLE4, body)
    body = _OLD.pack(action.probability, action.collector_set_id, domain, point)
    if action.direction:
        return nicira(SAMPLE3, body + _PORT.pack(action.sampling_port, action.direction))
    if action.sampling_port != ports.NONE:
        return nicira(SAMPLE2, body + _PORT.pack(action.sampling_port, 0))
    return nicira(SAMPLE, body)


def _source(value: int | Subfield) -> tuple[int, int]:
    """Header (0: a constant) and what is beside it: the constant, or the range in the upper half."""
    if isinstance(value, Subfield):
        return int.from_bytes(header_of_32_bits(value.field), "big"), pack_range(value) << 16
    return 0, value


@decodes_nicira(SAMPLE)
def _decode(data: bytes, version: int) -> Action:
    return Sample(*_OLD.unpack_from(data, 10))


@decodes_nicira(SAMPLE2, SAMPLE3)
def _decode_port(data: bytes, version: int) -> Action:
    return Sample(*_OLD.unpack_from(data, 10), *_PORT.unpack_from(data, 24))


@decodes_nicira(SAMPLE4)
def _decode_fields(data: bytes, version: int) -> Action:
    probability, collectors, domain_header, domain, point_header, point, port, direction = _NEW.unpack_from(data, 10)
    return Sample(probability, collectors, _value(domain_header, domain), _value(point_header, point), port, direction)


def _value(header: int, value: int) -> int | Subfield:
    return subfield_of(header, value >> 16) if header else value
