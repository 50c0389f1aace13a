"""`R = put_nd_ra_opts(…);`: make a host's router solicitation the router's advertisement (RFC 4861 4.2, 4.6)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyovn.logical.actions.dhcp import Setting, encode_domain, read_settings
from pyovn.logical.actions.environment import EncodeEnvironment, OpenFlowActions
from pyovn.logical.actions.options import Option
from pyovn.logical.actions.reader import Place, Reader, format_ref, subfield_of
from pyovn.logical.actions.userdata import Opcode, controller, result_bit
from pyovn.logical.constants import Constant, Format, is_prefix, parse_ipv6
from pyovn.logical.lexer import LogicalError
from pyovn.logical.parser import FieldRef

RA_OPTIONS = {
    name: Option(name, 0, kind)
    for name, kind in {
        "addr_mode": "str", "slla": "mac", "prefix": "ipv6", "mtu": "uint32", "router_preference": "str", "rdnss": "ipv6",
        "dnssl": "str", "route_info": "str",
    }.items()
}  # fmt: skip

MODES = {"slaac": 0, "dhcpv6_stateful": 0x80, "dhcpv6_stateless": 0x40}
"""Managed and other-configuration flags (RFC 4861 4.2)."""
PREFERENCES = {"HIGH": 0x08, "MEDIUM": 0x00, "LOW": 0x18}
"""Router preference (RFC 4191 2.2)."""
ROUTER_ADVERTISEMENT = 134
HOP_LIMIT = 255
FOREVER = 0xFFFFFFFF
ON_LINK, AUTONOMOUS = 0x80, 0x40


class BadOption(Exception):
    """The value is not one that the option takes."""


def _number(setting: Setting, *formats: Format) -> Constant:
    value = setting.values[0]
    if len(setting.values) != 1 or not isinstance(value, Constant) or value.format not in formats:
        raise BadOption
    return value


def _text(setting: Setting) -> str:
    value = setting.values[0]
    assert isinstance(value, str)
    return value


def _slla(setting: Setting, mode: int) -> bytes:
    return b"\1\1" + _number(setting, Format.ETHERNET).value.to_bytes(6, "big")


def _mtu(setting: Setting, mode: int) -> bytes:
    return struct.pack("!BBHI", 5, 1, 0, _number(setting, Format.DECIMAL, Format.HEX).value)


def _prefix(setting: Setting, mode: int) -> bytes:
    """Prefix information (RFC 4861 4.6.2); where DHCPv6 gives addresses, hosts make none of their own."""
    constant = _number(setting, Format.IPV6)
    if constant.mask is None or not is_prefix(constant.mask, 128):
        raise BadOption
    flags = ON_LINK if mode == MODES["dhcpv6_stateful"] else ON_LINK | AUTONOMOUS
    return struct.pack("!BBBBIII", 3, 4, constant.mask.bit_count(), flags, FOREVER, FOREVER, 0) + constant.value.to_bytes(16, "big")


def _rdnss(setting: Setting, mode: int) -> bytes:
    """Recursive DNS server (RFC 8106 5.1)."""
    return struct.pack("!BBHI", 25, 3, 0, FOREVER) + _number(setting, Format.IPV6).value.to_bytes(16, "big")


def _dnssl(setting: Setting, mode: int) -> bytes:
    """DNS search list (RFC 8106 5.2)."""
    names = b"".join(encode_domain(name.strip()) for name in _text(setting).split(","))
    names += bytes(-len(names) % 8)
    return struct.pack("!BBHI", 31, 1 + len(names) // 8, 0, FOREVER) + names


def _route_info(setting: Setting, mode: int) -> bytes:
    """Route information (RFC 4191 2.3): `PREFERENCE-PREFIX/LENGTH,…`."""
    found = b""
    for entry in _text(setting).split(","):
        preference, _, network = entry.strip().partition("-")
        address, _, length = network.partition("/")
        value = parse_ipv6(address)
        if value is None or preference not in PREFERENCES or not length.isdigit() or int(length) > 128:
            raise BadOption
        bits = int(length)
        size = 0 if not bits else 8 if bits <= 64 else 16
        prefix = value & ~((1 << 128 - bits) - 1)
        found += struct.pack("!BBBBI", 24, 1 + size // 8, bits, PREFERENCES[preference], FOREVER) + prefix.to_bytes(16, "big")[:size]
    return found


_ENCODERS: Mapping[str, Callable[[Setting, int], bytes]] = {
    "slla": _slla, "mtu": _mtu, "prefix": _prefix, "rdnss": _rdnss, "dnssl": _dnssl, "route_info": _route_info,
}  # fmt: skip


def _choice(settings: tuple[Setting, ...], name: str, choices: Mapping[str, int]) -> int:
    """What the setting called `name` stands for, 0 without one."""
    value = 0
    for setting in settings:
        if setting.option.name == name:
            if _text(setting) not in choices:
                raise LogicalError(f'Invalid value for "{name}" option')
            value = choices[_text(setting)]
    return value


def _advertisement(settings: tuple[Setting, ...]) -> bytes:
    """The ICMPv6 message without checksum.

    Raises LogicalError naming the option whose value is wrong.
    """
    mode = _choice(settings, "addr_mode", MODES)
    flags = mode | _choice(settings, "router_preference", PREFERENCES)
    message = struct.pack("!BBHBBHII", ROUTER_ADVERTISEMENT, 0, 0, HOP_LIMIT, flags, 0xFFFF, 0, 0)
    for setting in settings:
        name = setting.option.name
        if name in _ENCODERS:
            try:
                message += _ENCODERS[name](setting, mode)
            except BadOption:
                raise LogicalError(f'Invalid value for "{name}" option') from None
    return message


def advertisement(options: str) -> bytes:
    """The ICMPv6 message, without checksum, of options as the action's parentheses hold them.

    Raises LogicalError with the sentence to show.
    """
    return _advertisement(read_settings(Reader(f"{options})", Place()), RA_OPTIONS, "IPv6 ND RA"))


@dataclass(frozen=True, slots=True)
class PutRaOptions:
    """`R = put_nd_ra_opts(addr_mode = "…", slla = MAC, NAME = VALUE…);`"""

    target: FieldRef
    settings: tuple[Setting, ...]

    def format(self) -> str:
        """The assignment."""
        return f"{format_ref(self.target)} = put_nd_ra_opts({', '.join(s.format() for s in self.settings)});"

    def encode(self, environment: EncodeEnvironment) -> OpenFlowActions:
        """A packet-in that waits: result and the advertisement."""
        payload = result_bit(subfield_of(self.target)) + _advertisement(self.settings)
        return [controller(Opcode.PUT_ND_RA_OPTS, environment, payload, pause=True)]


def read_put_ra_options(reader: Reader, target: FieldRef) -> PutRaOptions:
    """`put_nd_ra_opts(…)`."""
    reader.cursor.at += 1
    reader.cursor.expect("(")
    reader.result(target)
    reader.need("ip6")
    settings = read_settings(reader, RA_OPTIONS, "IPv6 ND RA")
    names = {setting.option.name for setting in settings}
    _advertisement(settings)
    if "slla" not in names:
        raise LogicalError("slla option not present")
    mode = next((_text(s) for s in settings if s.option.name == "addr_mode"), "slaac")
    if mode != "dhcpv6_stateful" and "prefix" not in names:
        raise LogicalError("prefix option needs to be set when address mode is slaac/dhcpv6_stateless.")
    return PutRaOptions(target, settings)
