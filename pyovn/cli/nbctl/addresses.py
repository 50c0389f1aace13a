"""Ethernet and IP addresses as people type them, in the forms that the database holds."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network, ip_address, ip_interface

from pyovn.cli.ctl.atom import HEX

TYPE_CHECKING = False
if TYPE_CHECKING:
    Address = IPv4Address | IPv6Address
    Interface = IPv4Interface | IPv6Interface


def is_mac(text: str) -> bool:
    """Whether this is an Ethernet address: six groups of one or two hexadecimal digits."""
    groups = text.split(":")
    return len(groups) == 6 and all(1 <= len(group) <= 2 and all(c in HEX for c in group) for group in groups)


def mac_text(text: str) -> str:
    """An Ethernet address in lower case with two digits a group."""
    return ":".join(f"{int(group, 16):02x}" for group in text.split(":"))


def parse_address(text: str) -> Address | None:
    """An address without a prefix length, or None."""
    try:
        return None if "%" in text else ip_address(text)
    except ValueError:
        return None


def parse_interface(text: str) -> Interface | None:
    """An address with or without a prefix length (or a netmask), or None."""
    try:
        return None if "%" in text else ip_interface(text)
    except ValueError:
        return None


def normal_address(text: str) -> str | None:
    """An address in its shortest form, or None."""
    found = parse_address(text)
    return None if found is None else str(found)


def normal_prefix(text: str) -> str | None:
    """A prefix with its host bits cleared; an address alone if it is the whole prefix; None if it is neither."""
    found = parse_interface(text)
    if found is None:
        return None
    return prefix_text(found.network)


def prefix_text(network: IPv4Network | IPv6Network) -> str:
    """A prefix, or an address where the prefix is a single one."""
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)


def static_addresses(text: str) -> set[str]:
    """The IP addresses of an `addresses` element that begins with an Ethernet address."""
    words = text.split()
    if not words or not is_mac(words[0]):
        return set()
    found = (parse_interface(word) for word in words[1:])
    return {str(interface.ip) for interface in found if interface is not None}


def is_version_4(text: str) -> bool:
    """Whether an address or prefix is of IP version 4."""
    return ":" not in text
