"""Rules that make rules: NXAST_LEARN, and NXAST_LEARN2 where there is a limit or a result."""

from __future__ import annotations

from struct import Struct

from pyovn.openflow.action import Action, Learn, LearnLoad, LearnMatch, LearnOutput
from pyovn.openflow.action_registry import decodes_nicira, encodes, nicira
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.fields import Subfield
from pyovn.openflow.subfield_wire import header_of_32_bits, make_subfield, nxm_header, read_field

LEARN, LEARN2 = 16, 45
WRITE_RESULT = 4
"""The flag of `Learn` that says that there is a result."""

_HEAD = Struct(">HHHQHBxHH")
_HEAD2 = Struct(">IH2x")
_SHORT = Struct(">H")
_IMMEDIATE = 1 << 13
_MATCH, _LOAD, _OUTPUT = 0 << 11, 1 << 11, 2 << 11
_BITS = 0x7FF

Spec = LearnMatch | LearnLoad | LearnOutput


@encodes(Learn)
def _encode(action: Learn, version: int) -> bytes:
    flags = action.flags | (WRITE_RESULT if action.result else 0)
    body = _HEAD.pack(
        action.idle_timeout, action.hard_timeout, action.priority, action.cookie, flags, action.table,
        action.fin_idle_timeout, action.fin_hard_timeout,
    )  # fmt: skip
    specs = b"".join(_encode_spec(spec) for spec in action.specs)
    if not action.limit and not action.result:
        return nicira(LEARN, body + specs)
    result = nxm_header(action.result.field).exact if action.result else b""
    return nicira(LEARN2, body + _HEAD2.pack(action.limit, action.result.offset if action.result else 0) + result + specs)


def _encode_spec(spec: Spec) -> bytes:
    if isinstance(spec, LearnOutput):
        return _SHORT.pack(spec.source.bits | _OUTPUT) + _encode_bits(spec.source)
    kind = _MATCH if isinstance(spec, LearnMatch) else _LOAD
    bits = spec.target.bits
    if isinstance(spec.source, Subfield):
        return _SHORT.pack(bits | kind) + _encode_bits(spec.source) + _encode_bits(spec.target)
    constant = spec.source.to_bytes((bits + 15) // 16 * 2, "big")
    return _SHORT.pack(bits | kind | _IMMEDIATE) + constant + _encode_bits(spec.target)


def _encode_bits(subfield: Subfield) -> bytes:
    return header_of_32_bits(subfield.field) + _SHORT.pack(subfield.offset)


@decodes_nicira(LEARN, LEARN2)
def _decode(data: bytes, version: int) -> Action:
    idle, hard, priority, cookie, flags, table, fin_idle, fin_hard = _HEAD.unpack_from(data, 10)
    at, limit, result = 32, 0, None
    if int.from_bytes(data[8:10], "big") == LEARN2:
        limit, offset = _HEAD2.unpack_from(data, at)
        at += 8
        if flags & WRITE_RESULT:
            field, at = read_field(data, at)
            result = make_subfield(field, offset, 1)
    if table == 0xFF or flags & ~7:
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, f"learn into table {table} with flags {flags:#x}")
    return Learn(
        table, _decode_specs(data, at), priority, idle, hard, fin_idle, fin_hard, cookie, flags & ~WRITE_RESULT, limit, result
    )  # fmt: skip


def _decode_specs(data: bytes, at: int) -> tuple[Spec, ...]:
    specs: list[Spec] = []
    while at + 2 <= len(data):
        word = _SHORT.unpack_from(data, at)[0]
        if word == 0:
            break
        spec, at = _decode_spec(data, at + 2, word)
        specs.append(spec)
    if any(data[at:]):
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, "learn is followed by bytes that are not zero")
    return tuple(specs)


def _decode_spec(data: bytes, at: int, word: int) -> tuple[Spec, int]:
    bits, kind = word & _BITS, word & (3 << 11)
    source: Subfield | int
    if word & _IMMEDIATE:
        size = (bits + 15) // 16 * 2
        source = int.from_bytes(data[at : at + size], "big") & ((1 << bits) - 1)
        at += size
    else:
        source, at = _decode_bits(data, at, bits)
    if kind == _OUTPUT and isinstance(source, Subfield):
        return LearnOutput(source), at
    if kind not in (_MATCH, _LOAD):
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, f"part {word:#x} of learn")
    target, at = _decode_bits(data, at, bits)
    return (LearnMatch if kind == _MATCH else LearnLoad)(source, target), at


def _decode_bits(data: bytes, at: int, bits: int) -> tuple[Subfield, int]:
    field, at = read_field(data, at)
    if len(data) < at + 2:
        raise OpenFlowError(Fault.ACTION_BAD_LEN, "learn is cut short")
    return make_subfield(field, _SHORT.unpack_from(data, at)[0], bits), at + 2
