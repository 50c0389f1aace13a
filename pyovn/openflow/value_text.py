"""Field values as text, as `ovs-ofctl` writes and reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv6Address

from pyovn.openflow.fields import Field, Format
from pyovn.openflow.ports import format_port, parse_port

CT_STATES = {0x01: "new", 0x02: "est", 0x04: "rel", 0x08: "rpl", 0x10: "inv", 0x20: "trk", 0x40: "snat", 0x80: "dnat"}
TCP_FLAGS = {
    0x001: "fin", 0x002: "syn", 0x004: "rst", 0x008: "psh", 0x010: "ack", 0x020: "urg", 0x040: "ece", 0x080: "cwr", 0x100: "ns",
    0x200: "[200]", 0x400: "[400]", 0x800: "[800]",
}  # fmt: skip
TUNNEL_FLAGS = {1: "oam"}
FRAGMENTS = {"no": (0, 3), "yes": (1, 1), "first": (1, 3), "later": (3, 3), "not_later": (0, 2)}


def hexadecimal(value: int) -> str:
    """A number as C's `%#x` has it: zero has no prefix."""
    return f"{value:#x}" if value else "0"


def format_mac(value: int) -> str:
    """aa:bb:cc:dd:ee:ff"""
    return value.to_bytes(6, "big").hex(":")


def format_ipv4(value: int) -> str:
    """Dotted decimal."""
    return f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"


def format_ipv6(value: int) -> str:
    """RFC 5952, with IPv4-mapped addresses dotted as C libraries have them."""
    if value >> 32 == 0xFFFF or (value >> 32 == 0 and value >> 16 and value > 0xFFFF):
        return f"::{'ffff:' if value >> 32 else ''}{format_ipv4(value & 0xFFFFFFFF)}"
    return str(IPv6Address(value))


def _prefix(mask: int, bits: int) -> int | None:
    """The length of a mask that is a prefix, else None."""
    rest = ~mask & ((1 << bits) - 1)
    return bits - rest.bit_length() if rest & (rest + 1) == 0 else None


def masked_address(value: int, mask: int, bits: int) -> str:
    """An address of 32 or 128 bits, with `/length` or `/mask` unless it is whole."""
    form = format_ipv4 if bits == 32 else format_ipv6
    length = _prefix(mask, bits)
    if length == bits:
        return form(value)
    return f"{form(value)}/{form(mask) if length is None else length}"


def masked_mac(value: int, mask: int) -> str:
    """A MAC address, with `/mask` unless it is whole."""
    return format_mac(value) if mask == 0xFFFFFFFFFFFF else f"{format_mac(value)}/{format_mac(mask)}"


def masked_hex(value: int, mask: int, full: int) -> str:
    """A hexadecimal number, with `/mask` unless it is whole."""
    return hexadecimal(value) if mask == full else f"{hexadecimal(value)}/{hexadecimal(mask)}"


def masked_decimal(value: int, mask: int, full: int) -> str:
    """A decimal number, or two hexadecimal ones if there is a mask."""
    return str(value) if mask == full else f"{value:#x}/{mask:#x}"


def masked_flags(value: int, mask: int, names: Mapping[int, str], full: int) -> str:
    """`+est-new`, or `est|trk` if every flag is asked about."""
    if mask == full:
        return "|".join(_flag_names(value, names)) or "0"
    if not mask:
        return "0/0"
    out = ""
    for bit in (1 << n for n in range(mask.bit_length())):
        if mask & bit:
            out += ("+" if value & bit else "-") + (names.get(bit) or f"[{bit}]")
    return out


def _flag_names(value: int, names: Mapping[int, str]) -> list[str]:
    found = [name for bit, name in names.items() if value & bit]
    rest = value & ~sum(names)
    return [*found, f"{rest:#x}"] if rest else found


def format_value(field: Field, value: int, mask: int | None = None, names: Mapping[int, str] | None = None) -> str:
    """A field's value, with its mask unless that is whole, in the field's own format."""
    mask = field.full if mask is None else mask
    match field.format:
        case Format.MAC:
            return masked_mac(value, mask)
        case Format.IPV4:
            return masked_address(value, mask, 32)
        case Format.IPV6:
            return masked_address(value, mask, 128)
        case Format.PORT:
            return format_port(value, names)
        case Format.CT_STATE:
            return masked_flags(value, mask, CT_STATES, 0xFF)
        case Format.TCP_FLAGS:
            return masked_flags(value, mask, TCP_FLAGS, 0xFFF)
        case Format.TUNNEL_FLAGS:
            return masked_flags(value, mask, TUNNEL_FLAGS, 0)
        case Format.FRAG:
            return next((name for name, found in FRAGMENTS.items() if found == (value, mask)), f"{value:#x}/{mask:#x}")
        case Format.DECIMAL:
            return masked_decimal(value, mask, field.full)
        case _:
            return masked_hex(value, mask, field.full)


def parse_mac(text: str) -> int:
    """Six bytes in hexadecimal with colons; ValueError otherwise."""
    parts = text.split(":")
    if len(parts) != 6 or not all(0 < len(part) <= 2 for part in parts):
        raise ValueError(f"{text}: invalid Ethernet address")
    try:
        return int("".join(part.zfill(2) for part in parts), 16)
    except ValueError:
        raise ValueError(f"{text}: invalid Ethernet address") from None


def parse_ipv4(text: str) -> int:
    """Dotted decimal; ValueError otherwise."""
    parts = text.split(".")
    if len(parts) != 4 or not all(part.isdecimal() and len(part) <= 3 and int(part) <= 255 for part in parts):
        raise ValueError(f"{text}: invalid IP address")
    return int.from_bytes(bytes(int(part) for part in parts), "big")


def parse_ipv6(text: str) -> int:
    """An IPv6 address; ValueError otherwise."""
    try:
        return int(IPv6Address(text))
    except ValueError:
        raise ValueError(f"{text}: invalid IPv6 address") from None


def _parse_mask(text: str, bits: int, address: Callable[[str], int]) -> int:
    """A prefix length or an address used as a mask."""
    if not text.isdecimal():
        return address(text)
    if int(text) > bits:
        raise ValueError(f"{text}: network prefix bits not between 0 and {bits}")
    return (1 << bits) - (1 << bits - int(text))


def _parse_number(text: str, field: Field) -> int:
    try:
        value = int(text, 0)
    except ValueError:
        value = int(text) if text.isdecimal() else -1
    if value < 0:
        raise ValueError(f"{text}: invalid value for {field.name}")
    # OpenFlow's vlan_vid has a thirteenth bit, which says that there is a tag; here that goes without saying.
    if value >> max(field.bits, field.full.bit_length(), 13 if field.name == "vlan_vid" else 0):
        raise ValueError(f"{text}: value too large for {field.bits}-bit field {field.name}")
    return value


def _parse_flags(text: str, names: Mapping[int, str], full: int) -> tuple[int, int]:
    """`+a-b` (value and mask), `a|b` (whole), or a number with or without mask."""
    bits = {name: bit for bit, name in names.items()}
    if text[:1] in ("+", "-"):
        value = mask = 0
        for token in text.replace("+", " +").replace("-", " -").split():
            bit = bits.get(token[1:])
            if bit is None:
                raise ValueError(f"{token[1:]}: unknown flag")
            mask |= bit
            value |= bit if token[0] == "+" else 0
        return value, mask
    if text[:1].isdecimal():
        number, _, mask_text = text.partition("/")
        return int(number, 0), int(mask_text, 0) if mask_text else full
    unknown = next((name for name in text.split("|") if name not in bits), None)
    if unknown is not None:
        raise ValueError(f"{unknown}: unknown flag")
    return sum(bits[name] for name in set(text.split("|"))), full


_FLAGS = {Format.CT_STATE: (CT_STATES, 0xFF), Format.TCP_FLAGS: (TCP_FLAGS, 0xFFF), Format.TUNNEL_FLAGS: (TUNNEL_FLAGS, 1)}


def parse_value(field: Field, text: str, names: Mapping[int, str] | None = None) -> tuple[int, int]:
    """Value and mask as `format_value` writes them; ValueError, naming what is wrong, for anything else."""
    if field.format is Format.FRAG:
        if text not in FRAGMENTS:
            raise ValueError(f"{text}: unknown fragment type")
        return FRAGMENTS[text]
    if field.format in _FLAGS:
        return _parse_flags(text, *_FLAGS[field.format])
    if field.format is Format.PORT:
        return parse_port(text, names), field.full
    value_text, slash, mask_text = text.partition("/")
    mask = field.full
    match field.format:
        case Format.MAC:
            value = parse_mac(value_text)
            mask = parse_mac(mask_text) if slash else mask
        case Format.IPV4:
            value = parse_ipv4(value_text)
            mask = _parse_mask(mask_text, 32, parse_ipv4) if slash else mask
        case Format.IPV6:
            value = parse_ipv6(value_text)
            mask = _parse_mask(mask_text, 128, parse_ipv6) if slash else mask
        case _:
            value = _parse_number(value_text, field)
            mask = _parse_number(mask_text, field) if slash else mask
    return value, mask
