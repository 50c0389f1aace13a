"""Matches on the wire: sequences of NXM and OXM entries (OpenFlow 1.5.1, 7.2.3; NXM in nicira-ext).

Most matches of a network ask about the same bits, and differ only in values. How a set of bits is laid out, with headers,
masks and order, is worked out once and kept as a number into which the values are shifted.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from pyovn.openflow import ports
from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.fields import BY_HEADER, FIELDS, Field, Header, Need
from pyovn.openflow.match import ANY, Match, from_slots, meets
from pyovn.packet import slot

_HEAD = Struct(">HH")
_WORD = Struct(">I")
_OXM_MATCH = 1
_PORTS = (slot.IN_PORT, slot.ACTSET_OUTPUT)
_DECIDING = {slot.ETH_TYPE: 0xFFFF, slot.NW_PROTO: 0xFF, slot.VLAN_TCI: slot.VLAN_PRESENT}
"""Slots whose value, not only whose mask, decides how a match is written, and the bits of it that do."""
_MAX_PLANS = 4096


class _Plan(NamedTuple):
    """How to write matches of one shape."""

    constant: int
    """The entries with headers and masks, values zero."""
    moves: tuple[tuple[int, int, int, int], ...]
    """For each value: which term, how far right, which bits, and how far left from the end."""
    size: int
    """Bytes."""
    ports: tuple[tuple[int, int], ...]
    """Terms that are ports of 32 bits, and how far left: there the reserved ones have other numbers."""


_plans: dict[tuple[object, ...], _Plan] = {}
_deciding: dict[tuple[object, ...], tuple[tuple[int, int], ...]] = {}


def encode_fields(match: Match, *, oxm: bool = True) -> bytes:
    """The entries of a match, without header and padding; NXM's where they exist unless `oxm`."""
    if not match.terms:
        return b""
    slots, values, masks = zip(*match.terms)
    shape = (slots, masks, oxm)
    deciding = _deciding.get(shape)
    if deciding is None:
        deciding = _deciding[shape] = tuple((n, _DECIDING[at]) for n, at in enumerate(slots) if at in _DECIDING)
    key = (shape, *[values[n] & bits for n, bits in deciding])
    plan = _plans.get(key)
    if plan is None:
        plan = _remember(key, match, oxm)
    number = plan.constant
    for term, right, bits, left in plan.moves:
        number |= (values[term] >> right & bits) << left
    if plan.ports:
        number += sum(0xFFFF0000 << left for term, left in plan.ports if values[term] >= ports.MAX)
    return number.to_bytes(plan.size, "big")


def _remember(key: tuple[object, ...], match: Match, oxm: bool) -> _Plan:
    if len(_plans) >= _MAX_PLANS:
        _plans.clear()
        _deciding.clear()
    plan = _plans[key] = _plan(match, oxm)
    return plan


class _Entry(NamedTuple):
    """One entry to write: the term it comes from, how it lies there, and what of it is asked."""

    header: Header
    term: int
    shift: int
    full: int
    mask: int


def _plan(match: Match, oxm: bool) -> _Plan:
    """Work out the layout of a match like this one."""
    constant, moves, size = 0, [], 0
    for entry in _entries(match, oxm):
        header = entry.header
        width = header.size
        if width == 124:
            # A tunnel option is as long as the bits that are asked about.
            width = (entry.mask.bit_length() + 7) // 8
            full = (1 << width * 8) - 1
            masked, exact = _option_header(header, width, True), _option_header(header, width, False)
        else:
            full, masked, exact = entry.full, header.masked, header.exact
        whole = entry.mask == full
        piece = (exact if whole else masked) + bytes(width)
        piece += b"" if whole else entry.mask.to_bytes(width, "big")
        constant = constant << 8 * len(piece) | int.from_bytes(piece, "big")
        size += len(piece)
        moves.append((entry.term, entry.shift, entry.mask, size - (0 if whole else width)))
    placed = tuple((term, right, bits, 8 * (size - end)) for term, right, bits, end in moves)
    wide = tuple((term, left) for term, _, _, left in placed if oxm and match.terms[term][0] in _PORTS)
    return _Plan(constant, placed, size, wide)


def _option_header(header: Header, size: int, masked: bool) -> bytes:
    return _WORD.pack(header.value & ~0xFF | masked << 8 | size << masked)


def _entries(match: Match, oxm: bool) -> Iterator[_Entry]:
    """The entries of a match, prerequisites first."""
    late = []
    numbers = {at: term for term, (at, _, _) in enumerate(match.terms)}
    for field, (_, mask) in match.items():
        if field.slot == slot.VLAN_TCI:
            yield from _vlan_entries(match, numbers[field.slot], oxm)
            continue
        if field.slot == slot.NW_TOS and not oxm and field.name == "ip_dscp":
            header = FIELDS["nw_tos"].nxm
            assert header is not None
            yield _Entry(header, numbers[field.slot], 0, 0xFC, 0xFC)
            continue
        chosen = _header(field, oxm)
        if field.slot in _PORTS:
            full = (1 << 8 * chosen.size) - 1
            yield _Entry(chosen, numbers[field.slot], 0, full, full)
            continue
        entry = _Entry(chosen, numbers[field.slot], field.shift, field.full, mask)
        if field.need is Need.CT:
            late.append(entry)
        else:
            yield entry
    yield from late


def _header(field: Field, oxm: bool) -> Header:
    if field.slot == slot.IN_PORT:
        field = FIELDS["in_port_oxm" if oxm else "in_port"]
    header = (field.oxm or field.nxm) if oxm else (field.nxm or field.oxm)
    if header is None:
        raise OpenFlowError(Fault.MATCH_BAD_FIELD, f"{field.name} cannot be sent")
    return header


def _vlan_entries(match: Match, term: int, oxm: bool) -> Iterator[_Entry]:
    """NXM has the TCI; OXM has number and presence in one entry, priority in another."""
    _, value, mask = match.terms[term]
    if not oxm:
        yield _Entry(_header(FIELDS["vlan_tci"], False), term, 0, 0xFFFF, mask)
        return
    if mask & 0x1FFF:
        yield _Entry(_header(FIELDS["vlan_vid"], True), term, 0, 0x1FFF, mask & 0x1FFF)
    if mask & 0xE000 and value & slot.VLAN_PRESENT:
        yield _Entry(_header(FIELDS["vlan_pcp"], True), term, 13, 7, 7)


def encode_match(match: Match) -> bytes:
    """OpenFlow 1.2's match structure: type, length, entries, and zeros to a multiple of 8."""
    entries = encode_fields(match)
    size = 4 + len(entries)
    return _HEAD.pack(_OXM_MATCH, size) + entries + bytes(-size % 8)


def decode_match(data: bytes, at: int = 0, *, loose: bool = False) -> tuple[Match, int]:
    """Read a match structure; answers the match and where it ends, padding included."""
    if len(data) < at + 4:
        raise OpenFlowError(Fault.MATCH_BAD_LEN, "no match")
    kind, size = _HEAD.unpack_from(data, at)
    end = at + size + -size % 8
    if kind != _OXM_MATCH:
        raise OpenFlowError(Fault.MATCH_BAD_TYPE, f"match of type {kind}")
    if size < 4 or end > len(data):
        raise OpenFlowError(Fault.MATCH_BAD_LEN, f"match of {size} bytes in {len(data) - at}")
    return decode_fields(data[at + 4 : at + size], loose=loose), end


def decode_fields(data: bytes, *, loose: bool = False) -> Match:
    """Read entries; `loose` skips those that are not known, and asks for no prerequisites."""
    slots: dict[int, tuple[int, int]] = {}
    needs: list[Field] = []
    for field, value, mask in read_entries(data, loose=loose):
        _add(slots, field, value, mask, loose)
        if field.need is not Need.NONE:
            needs.append(field)
    match = from_slots(slots) if slots else ANY
    if not loose:
        _check_prerequisites(match, needs)
    return match


def _check_prerequisites(match: Match, needs: list[Field]) -> None:
    for need in {field.need for field in needs}:
        if not meets(match, need):
            name = next(field.name for field in needs if field.need is need)
            raise OpenFlowError(Fault.MATCH_BAD_PREREQ, f"{name} without a match for {need.value}")


def read_entries(data: bytes, *, loose: bool = False) -> Iterator[tuple[Field, int, int]]:
    """The entries one by one: field, value, mask."""
    at = 0
    while at < len(data):
        field, _, at, value, mask = read_entry(data, at)
        if field is not None:
            if value & ~mask:
                raise OpenFlowError(Fault.MATCH_BAD_WILDCARDS, f"{field.name} has bits outside its mask")
            yield field, value, mask
        elif not loose:
            raise OpenFlowError(Fault.MATCH_BAD_FIELD, "unknown field")


class ReadEntry(NamedTuple):
    """An entry that was read: its field (None: unknown), payload size without mask, where the next starts, value, mask."""

    field: Field | None
    size: int
    end: int
    value: int
    mask: int


def read_header(data: bytes, at: int) -> tuple[Field | None, bool, int, int]:
    """A header: field (None: unknown), whether a mask follows, payload bytes, and where the payload starts."""
    if len(data) < at + 4:
        raise OpenFlowError(Fault.MATCH_BAD_LEN, f"{len(data) - at} bytes where a header has 4")
    word = _WORD.unpack_from(data, at)[0]
    oxm_class, number, size, experimenter = word >> 16, word >> 9 & 0x7F, word & 0xFF, 0
    at += 4
    if oxm_class == 0xFFFF:
        if size < 4 or len(data) < at + 4:
            raise OpenFlowError(Fault.MATCH_BAD_LEN, "experimenter field without experimenter")
        experimenter = _WORD.unpack_from(data, at)[0]
        at, size = at + 4, size - 4
    return BY_HEADER.get((oxm_class, number, experimenter)), bool(word & 0x100), size, at


def read_entry(data: bytes, at: int) -> ReadEntry:
    """A header, its value and, if there is one, its mask."""
    field, has_mask, size, start = read_header(data, at)
    end = start + size
    if end > len(data):
        raise OpenFlowError(Fault.MATCH_BAD_LEN, f"field of {size} bytes in {len(data) - start}")
    if field is None:
        return ReadEntry(None, size, end, 0, 0)
    width = size // 2 if has_mask else size
    if (width != field.size and field.size != 124) or (has_mask and size % 2) or width > 124:
        raise OpenFlowError(Fault.MATCH_BAD_LEN, f"{field.name} of {size} bytes")
    value = int.from_bytes(data[start : start + width], "big")
    full = (1 << 8 * width) - 1 if field.size == 124 else field.full
    mask = int.from_bytes(data[start + width : end], "big") if has_mask else full
    if field.slot == slot.VLAN_TCI and field.bits == 12 and not has_mask:
        mask = 0x1FFF
    elif field.format is FIELDS["in_port"].format and field.size == 4:
        value, mask = _narrow(value), 0xFFFF
    return ReadEntry(field, width, end, value, mask)


def _narrow(port: int) -> int:
    try:
        return ports.from_wide(port)
    except ValueError as error:
        raise OpenFlowError(Fault.MATCH_BAD_VALUE, str(error)) from None


def _add(slots: dict[int, tuple[int, int]], field: Field, value: int, mask: int, loose: bool) -> None:
    """Put an entry into slots; twice the same bits is an error."""
    if not field.maskable and mask not in (field.full, 0xFFFF) and mask:
        raise OpenFlowError(Fault.MATCH_BAD_MASK, f"{field.name} cannot be masked")
    if field.slot == slot.VLAN_TCI and field.bits < 16:
        value, mask = value << field.shift, mask << field.shift
    elif field.parts == 1:
        if field.slot in (slot.TP_SRC, slot.TP_DST) and mask == field.full:
            mask = 0xFFFF
        value, mask = value << field.shift, mask << field.shift
    for part in range(field.parts - 1, -1, -1):
        at = field.slot + part
        low = 0xFFFFFFFF if field.parts > 1 else -1
        old_value, old_mask = slots.get(at, (0, 0))
        if old_mask & mask & low and not loose:
            raise OpenFlowError(Fault.MATCH_DUP_FIELD, f"{field.name} is matched twice")
        slots[at] = (old_value | value & low, old_mask | mask & low)
        value, mask = value >> 32, mask >> 32
