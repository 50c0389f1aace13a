"""Bit ranges on the wire: a field's header, and offset and width packed into 16 bits or apart."""

from __future__ import annotations

from pyovn.openflow.error import Fault, OpenFlowError
from pyovn.openflow.fields import BY_HEADER, Field, Header, Subfield
from pyovn.openflow.oxm import read_header


def pack_range(subfield: Subfield) -> int:
    """Offset and number of bits as one number of 16 bits; at most 64 bits."""
    return subfield.offset << 6 | (subfield.bits - 1)


def nxm_header(field: Field) -> Header:
    """The header that a field has in Nicira's actions."""
    header = field.nxm or field.oxm
    if header is None:
        raise OpenFlowError(Fault.ACTION_BAD_SET_TYPE, f"{field.name} cannot be sent")
    return header


def oxm_header(field: Field) -> Header:
    """The header that a field has in OpenFlow's own actions."""
    header = field.oxm or field.nxm
    if header is None:
        raise OpenFlowError(Fault.ACTION_BAD_SET_TYPE, f"{field.name} cannot be sent")
    return header


def header_of_32_bits(field: Field) -> bytes:
    """The header where only 32 bits have room; such actions cannot name an experimenter's fields."""
    header = nxm_header(field)
    if header.experimenter:
        raise OpenFlowError(Fault.ACTION_BAD_SET_TYPE, f"{field.name} has no header of 32 bits")
    return header.exact


def make_subfield(field: Field | None, offset: int, bits: int) -> Subfield:
    """A bit range that was read; OpenFlowError if there is no such field or bit."""
    if field is None:
        raise OpenFlowError(Fault.ACTION_BAD_SET_TYPE, "unknown field")
    if bits < 1 or offset + bits > field.bits:
        raise OpenFlowError(Fault.ACTION_BAD_SET_LEN, f"bits {offset} to {offset + bits - 1} of {field.name}, which has {field.bits}")
    return Subfield(field, offset, bits)


def subfield_of(header: int, packed: int) -> Subfield:
    """The bit range of a 32-bit header, with offset and width packed into 16 bits."""
    field = BY_HEADER.get((header >> 16, header >> 9 & 0x7F, 0))
    return make_subfield(field, packed >> 6, (packed & 0x3F) + 1)


def read_field(data: bytes, at: int) -> tuple[Field, int]:
    """A field named by a header of 4 or 8 bytes, and where it ends."""
    field, _, _, end = read_header(data, at)
    if field is None:
        raise OpenFlowError(Fault.ACTION_BAD_SET_TYPE, "unknown field")
    return field, end
