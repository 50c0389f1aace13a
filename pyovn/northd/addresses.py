"""Addresses as northbound rows write them: "MAC [IP[/LEN]…]", parsed once into the texts that flows are made of.

A MAC has two digits an octet, in lower case; an IPv6 address in its shortest form (RFC 5952).
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Interface, IPv6Address, ip_address, ip_interface
from typing import NamedTuple

_MAC = re.compile(r"(?:[0-9a-f]+:){5}[0-9a-f]+", re.IGNORECASE)
_PLAIN_MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
"""One as `parse_mac` answers it."""

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}")


class Network(NamedTuple):
    """An address and the network it is in, as text."""

    address: str
    prefix: int
    """Bits of the network part."""
    network: str
    """The network's own address."""
    mask: str
    broadcast: str
    """IPv4: the directed broadcast address; empty for IPv6."""

    @property
    def is_ipv6(self) -> bool:
        """True for IPv6."""
        return ":" in self.address

    @property
    def is_host(self) -> bool:
        """It is an address alone: the network has no other."""
        return self.prefix == (128 if self.is_ipv6 else 32)

    @property
    def cidr(self) -> str:
        """`network/prefix`."""
        return f"{self.network}/{self.prefix}"

    @property
    def solicited_node(self) -> str:
        """IPv6: the multicast address that neighbour solicitations for this one go to (RFC 4291 2.7.1)."""
        return solicited_node(self.address)


class Addresses(NamedTuple):
    """Who lives at a port: a MAC and its addresses."""

    mac: str
    ipv4: tuple[Network, ...] = ()
    ipv6: tuple[Network, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.mac, *(network.address for network in self.ipv4 + self.ipv6)])


def parse_mac(text: str) -> str | None:
    """A MAC in lower case with two digits an octet; None if it is none. Octets may have more digits, of which the last count."""
    if _PLAIN_MAC.fullmatch(text):
        return text
    return ":".join(f"{int(octet, 16) & 255:02x}" for octet in text.split(":")) if _MAC.fullmatch(text) else None


@lru_cache(maxsize=65536)
def parse_network(text: str) -> Network | None:
    """`IP` or `IP/LEN` as a network; None if it is neither."""
    if _IPV4.fullmatch(text):
        # Most are the address of a machine, and there are very many.
        return Network(text, 32, text, "255.255.255.255", text)
    try:
        interface = ip_interface(text)
    except ValueError:
        return None
    network = interface.network
    broadcast = str(network.broadcast_address) if isinstance(interface, IPv4Interface) else ""
    return Network(str(interface.ip), network.prefixlen, str(network.network_address), str(network.netmask), broadcast)


@lru_cache(maxsize=65536)
def number_of(address: str) -> int:
    """An address of either family as a number."""
    return int(ip_address(address))


def parse_networks(texts: tuple[str, ...]) -> tuple[tuple[Network, ...], tuple[Network, ...]]:
    """The IPv4 and the IPv6 networks among `texts`; what is neither is left out."""
    return _by_family([network for network in map(parse_network, texts) if network is not None])


def _by_family(networks: list[Network]) -> tuple[tuple[Network, ...], tuple[Network, ...]]:
    ipv6 = tuple([network for network in networks if network.is_ipv6])
    return tuple(networks) if not ipv6 else tuple(network for network in networks if not network.is_ipv6), ipv6


@lru_cache(maxsize=4096)
def parse_addresses(text: str) -> Addresses | None:
    """`MAC [IP…]` with blanks or commas between; None unless it begins with a MAC. Addresses after the first bad one are left out."""
    words = text.replace(",", " ").split()
    mac = parse_mac(words[0]) if words else None
    if mac is None:
        return None
    good: list[Network] = []
    for word in words[1:]:
        network = parse_network(word)
        if network is None:
            break
        good.append(network)
    return Addresses(mac, *_by_family(good))


def any_of(networks: tuple[Network, ...]) -> str:
    """Their addresses as a match writes them: one bare, several as a set."""
    addresses = ", ".join(network.address for network in networks)
    return addresses if len(networks) == 1 else f"{{{addresses}}}"


def link_local(mac: str) -> str:
    """The IPv6 link-local address of a MAC (RFC 4291, appendix A)."""
    return eui64("fe80::", mac)


def eui64(prefix: str, mac: str) -> str:
    """The address in `prefix` (64 bits) with the interface identifier of a MAC."""
    octets = bytes.fromhex(mac.replace(":", ""))
    identifier = bytes([octets[0] ^ 2]) + octets[1:3] + b"\xff\xfe" + octets[3:]
    return str(IPv6Address(IPv6Address(prefix).packed[:8] + identifier))


def solicited_node(address: str) -> str:
    """The solicited-node multicast address of an IPv6 address."""
    return str(IPv6Address(IPv6Address("ff02::1:ff00:0").packed[:13] + IPv6Address(address).packed[13:]))
