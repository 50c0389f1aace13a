"""Nicira's actions that copy, load and test bits of fields."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from pyovn.openflow.action import (
    Action,
    Bundle,
    CheckPktLarger,
    DeleteField,
    Move,
    Multipath,
    OutputField,
    Pop,
    Push,
    SetField,
)
from pyovn.openflow.action_registry import decodes_nicira, encodes, nicira
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.fields import Field, Subfield
from pyovn.openflow.oxm import read_entry
from pyovn.openflow.subfield_wire import header_of_32_bits, make_subfield, nxm_header, pack_range, read_field, subfield_of

MOVE, LOAD, MULTIPATH, BUNDLE, BUNDLE_LOAD, OUTPUT_REG, PUSH, POP, OUTPUT_REG2, LOAD2, CHECK_PKT_LARGER, DELETE_FIELD = (
    6, 7, 10, 12, 13, 15, 27, 28, 32, 33, 49, 50,
)  # fmt: skip

_LOAD = Struct(">HIQ")
_THREE = Struct(">HHH")
_TWO = Struct(">HH")
_OUTPUT = Struct(">HIH6x")
_MULTIPATH = Struct(">HH2xHHI2xHI")
_BUNDLE = Struct(">HHHIHHI4x")
_IN_PORT_HEADER = 0x00000002

HASH_FIELDS = (
    "eth_src", "symmetric_l4", "symmetric_l3l4", "symmetric_l3l4+udp", "nw_src", "nw_dst", "symmetric_l3",
)  # fmt: skip
"""What `Multipath` and `Bundle` hash, by number."""
LINK_ALGORITHMS = ("modulo_n", "hash_threshold", "hrw", "iter_hash")
MEMBER_ALGORITHMS = ("active_backup", "hrw")


def encode_move(action: Move) -> bytes:
    """NXAST_REG_MOVE."""
    body = _THREE.pack(action.source.bits, action.source.offset, action.target.offset)
    return nicira(MOVE, body + nxm_header(action.source.field).exact + nxm_header(action.target.field).exact)


@decodes_nicira(MOVE)
def _decode_move(data: bytes, version: int) -> Action:
    bits, source_at, target_at = _THREE.unpack_from(data, 10)
    source, at = read_field(data, 16)
    target, _ = read_field(data, at)
    if not target.writable:
        raise OpenFlowError(Fault.ACTION_BAD_SET_ARGUMENT, f"{target.name} is read-only")
    return Move(make_subfield(source, source_at, bits), make_subfield(target, target_at, bits))


def encode_load(field: Field, value: int, mask: int) -> bytes:
    """NXAST_REG_LOAD for each run of up to 64 bits; NXAST_REG_LOAD2 where the field has no header of 32 bits."""
    header = nxm_header(field)
    if header.experimenter or header.size == 124:
        return _encode_load2(field, value, mask)
    return b"".join(
        nicira(LOAD, _LOAD.pack(pack_range(run), header.value, value >> run.offset & ((1 << run.bits) - 1)))
        for run in load_runs(field, mask)
    )


def load_runs(field: Field, mask: int) -> Iterator[Subfield]:
    """The runs of adjacent bits in a mask, each of 64 bits at most, lowest first."""
    at = 0
    while mask >> at:
        at += ((mask >> at) & -(mask >> at)).bit_length() - 1
        rest = mask >> at
        width = min(64, (~rest & (rest + 1)).bit_length() - 1)
        yield Subfield(field, at, width)
        at += width


def _encode_load2(field: Field, value: int, mask: int) -> bytes:
    header = nxm_header(field)
    full = field.full
    size, head, extra = header.size, header.value, b""
    if header.size == 124:
        size = ((value if mask == full else mask).bit_length() + 7) // 8 or 1
        full = (1 << 8 * size) - 1
        head = head & ~0xFF | size
    masked = mask & full != full
    if header.experimenter:
        word, extra = head >> 32, header.exact[4:]
        head = word & ~0x1FF | masked << 8 | (4 + (size << masked))
    else:
        head = head & ~0x1FF | masked << 8 | size << masked
    body = head.to_bytes(4, "big") + extra + (value & full).to_bytes(size, "big")
    return nicira(LOAD2, bytes(6) + body + ((mask & full).to_bytes(size, "big") if masked else b""))


@decodes_nicira(LOAD)
def _decode_load(data: bytes, version: int) -> Action:
    packed, header, value = _LOAD.unpack_from(data, 10)
    target = subfield_of(header, packed)
    if not target.field.writable:
        raise OpenFlowError(Fault.ACTION_BAD_SET_ARGUMENT, f"{target.field.name} is read-only")
    if value >> target.bits:
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, f"{value:#x} does not fit into {target}")
    return SetField(target.field, value << target.offset, target.mask, load=True)


@decodes_nicira(LOAD2)
def _decode_load2(data: bytes, version: int) -> Action:
    entry = read_entry(data, 16)
    field = entry.field
    if field is None or not field.writable:
        raise OpenFlowError(Fault.ACTION_BAD_SET_ARGUMENT, "load into an unknown or read-only field")
    return SetField(field, entry.value & entry.mask, entry.mask, load=True)


@encodes(Push, Pop)
def _encode_stack(action: Push | Pop, version: int) -> bytes:
    subfield, subtype = (action.source, PUSH) if isinstance(action, Push) else (action.target, POP)
    body = subfield.offset.to_bytes(2, "big") + nxm_header(subfield.field).exact + subfield.bits.to_bytes(2, "big")
    return nicira(subtype, body.ljust(14, b"\0"))


@decodes_nicira(PUSH, POP)
def _decode_stack(data: bytes, version: int) -> Action:
    field, at = read_field(data, 12)
    subfield = make_subfield(field, int.from_bytes(data[10:12], "big"), int.from_bytes(data[at : at + 2], "big"))
    return Push(subfield) if int.from_bytes(data[8:10], "big") == PUSH else Pop(subfield)


@encodes(OutputField)
def _encode_output_field(action: OutputField, version: int) -> bytes:
    source = action.source
    if nxm_header(source.field).experimenter:
        body = _TWO.pack(pack_range(source), action.max_len) + nxm_header(source.field).exact
        return nicira(OUTPUT_REG2, body.ljust(14, b"\0"))
    return nicira(OUTPUT_REG, _OUTPUT.pack(pack_range(source), nxm_header(source.field).value, action.max_len))


@decodes_nicira(OUTPUT_REG)
def _decode_output_field(data: bytes, version: int) -> Action:
    packed, header, max_len = _OUTPUT.unpack_from(data, 10)
    return OutputField(subfield_of(header, packed), max_len)


@decodes_nicira(OUTPUT_REG2)
def _decode_output_field2(data: bytes, version: int) -> Action:
    packed, max_len = _TWO.unpack_from(data, 10)
    field, _ = read_field(data, 14)
    return OutputField(make_subfield(field, packed >> 6, (packed & 0x3F) + 1), max_len)


@encodes(DeleteField)
def _encode_delete_field(action: DeleteField, version: int) -> bytes:
    return nicira(DELETE_FIELD, nxm_header(action.field).exact.ljust(14, b"\0"))


@decodes_nicira(DELETE_FIELD)
def _decode_delete_field(data: bytes, version: int) -> Action:
    return DeleteField(read_field(data, 10)[0])


@encodes(CheckPktLarger)
def _encode_check_pkt_larger(action: CheckPktLarger, version: int) -> bytes:
    body = _TWO.pack(action.length, action.target.offset) + nxm_header(action.target.field).exact
    return nicira(CHECK_PKT_LARGER, body.ljust(14, b"\0"))


@decodes_nicira(CHECK_PKT_LARGER)
def _decode_check_pkt_larger(data: bytes, version: int) -> Action:
    length, offset = _TWO.unpack_from(data, 10)
    return CheckPktLarger(length, make_subfield(read_field(data, 14)[0], offset, 1))


@encodes(Multipath)
def _encode_multipath(action: Multipath, version: int) -> bytes:
    fields, algorithm = _index(HASH_FIELDS, action.fields), _index(LINK_ALGORITHMS, action.algorithm)
    target = header_of_32_bits(action.target.field)
    body = _MULTIPATH.pack(fields, action.basis, algorithm, action.links - 1, action.arg, pack_range(action.target), 0)
    return nicira(MULTIPATH, body[:-4] + target)


@decodes_nicira(MULTIPATH)
def _decode_multipath(data: bytes, version: int) -> Action:
    fields, basis, algorithm, links, arg, packed, header = _MULTIPATH.unpack_from(data, 10)
    name, way = _name(HASH_FIELDS, fields), _name(LINK_ALGORITHMS, algorithm)
    return Multipath(name, basis, way, links + 1, arg, subfield_of(header, packed))


@encodes(Bundle)
def _encode_bundle(action: Bundle, version: int) -> bytes:
    algorithm, fields = _index(MEMBER_ALGORITHMS, action.algorithm), _index(HASH_FIELDS, action.fields)
    packed = pack_range(action.target) if action.target else 0
    target = nxm_header(action.target.field).value if action.target else 0
    body = _BUNDLE.pack(algorithm, fields, action.basis, _IN_PORT_HEADER, len(action.members), packed, target)
    members = b"".join(port.to_bytes(2, "big") for port in action.members)
    return nicira(BUNDLE_LOAD if action.target else BUNDLE, body + members)


@decodes_nicira(BUNDLE, BUNDLE_LOAD)
def _decode_bundle(data: bytes, version: int) -> Action:
    algorithm, fields, basis, kind, count, packed, header = _BUNDLE.unpack_from(data, 10)
    if kind != _IN_PORT_HEADER or len(data) < 32 + 2 * count:
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, f"bundle of {count} members")
    members = tuple(int.from_bytes(data[at : at + 2], "big") for at in range(32, 32 + 2 * count, 2))
    target = subfield_of(header, packed) if int.from_bytes(data[8:10], "big") == BUNDLE_LOAD else None
    return Bundle(_name(HASH_FIELDS, fields), basis, _name(MEMBER_ALGORITHMS, algorithm), members, target)


def _index(names: tuple[str, ...], name: str) -> int:
    if name not in names:
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, f"{name} is none of {', '.join(names)}")
    return names.index(name)


def _name(names: tuple[str, ...], number: int) -> str:
    if number >= len(names):
        raise OpenFlowError(Fault.ACTION_BAD_ARGUMENT, f"{number} is none of {', '.join(names)}")
    return names[number]
