"""Numbers as the language writes them: decimal, hexadecimal, Ethernet, IPv4 and IPv6, each with an optional mask."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Format(Enum):
    """How a number was written; the width that the format implies in bits, 0 where the value itself decides."""

    DECIMAL = 0
    HEX = 1
    ETHERNET = 48
    IPV4 = 32
    IPV6 = 128


class Constant(NamedTuple):
    """A number with the format it is printed in; `mask` is None where none was written."""

    value: int
    mask: int | None
    format: Format

    @property
    def width(self) -> int:
        """How many bits a field needs to take the constant."""
        if self.mask is not None:
            return self.mask.bit_length()
        return self.format.value if self.format.value > 1 else self.value.bit_length()


class BadConstant(ValueError):
    """The text looks like a number and is none; the message is the reference's."""


INVALID = "Invalid numeric constant."
INCOMPATIBLE = "Value and mask have incompatible formats."


def parse_ipv4(text: str) -> int | None:
    """Four decimal octets, or None."""
    parts = text.split(".")
    if len(parts) != 4:
        return None
    value = 0
    for part in parts:
        if not part.isdigit() or len(part) > 3 or int(part) > 255 or (part[0] == "0" and part != "0"):
            return None
        value = value << 8 | int(part)
    return value


def format_ipv4(value: int) -> str:
    """Dotted quad."""
    return f"{value >> 24 & 255}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"


def _groups(text: str) -> list[int] | None:
    """The 16-bit groups of one side of `::`; the last may be a dotted quad."""
    if not text:
        return []
    groups: list[int] = []
    parts = text.split(":")
    for part in parts:
        if "." in part and part is parts[-1]:
            quad = parse_ipv4(part)
            if quad is None:
                return None
            groups += [quad >> 16, quad & 0xFFFF]
        elif 1 <= len(part) <= 4 and all(c in "0123456789abcdefABCDEF" for c in part):
            groups.append(int(part, 16))
        else:
            return None
    return groups


def parse_ipv6(text: str) -> int | None:
    """An IPv6 address (RFC 4291 2.2), or None."""
    if text.count("::") > 1:
        return None
    head, gap, tail = text.partition("::")
    before, after = _groups(head), _groups(tail)
    if before is None or after is None:
        return None
    missing = 8 - len(before) - len(after)
    if (missing < 1) if gap else (missing != 0):
        return None
    value = 0
    for group in (*before, *[0] * missing, *after):
        value = value << 16 | group
    return value


def format_ipv6(value: int) -> str:
    """The shortest form (RFC 5952); IPv4-mapped and -compatible addresses end in a dotted quad."""
    groups = [value >> shift & 0xFFFF for shift in range(112, -1, -16)]
    if value >> 32 == 0xFFFF:
        return "::ffff:" + format_ipv4(value & 0xFFFFFFFF)
    if value >> 32 == 0 and value >> 16:
        return "::" + format_ipv4(value)
    best, length = 0, 0
    for start in range(8):
        run = 0
        while start + run < 8 and groups[start + run] == 0:
            run += 1
        if run > length:
            best, length = start, run
    if length < 2:
        return ":".join(f"{g:x}" for g in groups)
    return ":".join(f"{g:x}" for g in groups[:best]) + "::" + ":".join(f"{g:x}" for g in groups[best + length :])


def parse_ethernet(text: str) -> int | None:
    """Six groups of one or two hexadecimal digits, or None."""
    parts = text.split(":")
    if len(parts) != 6:
        return None
    value = 0
    for part in parts:
        if not 1 <= len(part) <= 2 or not all(c in "0123456789abcdefABCDEF" for c in part):
            return None
        value = value << 8 | int(part, 16)
    return value


def format_ethernet(value: int) -> str:
    """Six pairs of hexadecimal digits."""
    return ":".join(f"{value >> shift & 255:02x}" for shift in range(40, -1, -8))


def _parse_value(text: str) -> tuple[int, Format]:
    """A number without its mask."""
    if text[:2] in ("0x", "0X"):
        digits = text[2:]
        if not digits:
            raise BadConstant(f"Hex digits expected following {text[:2]}.")
        if not all(c in "0123456789abcdefABCDEF" for c in digits):
            raise BadConstant("Invalid syntax in hexadecimal constant.")
        return int(digits, 16), Format.HEX
    if text.isdigit():
        if text[0] == "0" and text != "0":
            raise BadConstant("Decimal constants must not have leading zeros.")
        if int(text) >= 1 << 64:
            raise BadConstant("Decimal constants must be less than 2**64.")
        return int(text), Format.DECIMAL
    for parse, form in ((parse_ipv4, Format.IPV4), (parse_ethernet, Format.ETHERNET), (parse_ipv6, Format.IPV6)):
        value = parse(text)
        if value is not None:
            return value, form
    raise BadConstant(INVALID)


def _prefix_mask(length: int, bits: int) -> int:
    return (1 << bits) - 1 & ~((1 << bits - length) - 1)


def parse_constant(text: str) -> Constant:
    """Read a number with or without `/mask`; bits outside the mask are cleared.

    Raises BadConstant with the sentence that the user is shown.
    """
    head, slash, tail = text.partition("/")
    value, form = _parse_value(head)
    if not slash:
        return Constant(value, None, form)
    if not tail:
        raise BadConstant("Integer constant expected.")
    number, mask_format = _parse_value(tail)
    if form in (Format.IPV4, Format.IPV6) and mask_format is Format.DECIMAL and number <= form.value:
        number = _prefix_mask(number, form.value)
    elif mask_format is not form:
        raise BadConstant(INCOMPATIBLE)
    return Constant(value & number, number, form)


def is_prefix(mask: int, bits: int) -> bool:
    """Whether the mask's ones all stand above its zeros."""
    hole = mask ^ (1 << bits) - 1
    return hole & hole + 1 == 0


def format_number(value: int, form: Format) -> str:
    """A number in its format; a zero never needs a `0x`."""
    if form is Format.IPV4:
        return format_ipv4(value)
    if form is Format.IPV6:
        return format_ipv6(value)
    if form is Format.ETHERNET:
        return format_ethernet(value)
    return str(value) if form is Format.DECIMAL or not value else hex(value)


def format_constant(constant: Constant) -> str:
    """The text that `parse_constant` reads; masks of addresses as prefix lengths where they are."""
    value, mask, form = constant
    text = format_number(value, form)
    if mask is None:
        return text
    if form in (Format.IPV4, Format.IPV6) and is_prefix(mask, form.value):
        return f"{text}/{mask.bit_count()}"
    return f"{text}/{format_number(mask, form)}"
