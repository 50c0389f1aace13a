"""Addresses and prefixes in the text of rows, as numbers. A prefix keeps the bits beyond its length: zones compare it as it is written."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_interface
from typing import NamedTuple

LINK_LOCAL = {4: (0xA9FE << 16, 16), 6: (0xFE80 << 112, 10)}
"""IP version → the prefix of addresses that mean something on one link only."""
BITS = {4: 32, 6: 128}


class Prefix(NamedTuple):
    """Where a route leads."""

    version: int
    number: int
    length: int

    def __str__(self) -> str:
        return f"{self.address}/{self.length}"

    @property
    def address(self) -> str:
        """The address without the length."""
        return str(IPv4Address(self.number) if self.version == 4 else IPv6Address(self.number))

    @property
    def network(self) -> int:
        """The number without the bits beyond the length."""
        return self.number >> (BITS[self.version] - self.length)

    def holds(self, other: Prefix) -> bool:
        """Whether the other is within this one."""
        if self.version != other.version or other.length < self.length:
            return False
        return Prefix(other.version, other.number, self.length).network == self.network

    @property
    def is_link_local(self) -> bool:
        """Whether it is of no use beyond a link."""
        number, length = LINK_LOCAL[self.version]
        return Prefix(self.version, number, length).holds(self)


@lru_cache(maxsize=65536)
def parse_prefix(text: str) -> Prefix | None:
    """`IP` or `IP/LENGTH`; None if it is neither."""
    try:
        interface = ip_interface(text)
    except ValueError:
        return None
    return None if "%" in text else Prefix(interface.version, int(interface), interface.network.prefixlen)


def parse_prefixes(text: str) -> tuple[Prefix, ...]:
    """Those among words between commas."""
    return tuple(prefix for word in text.split(",") if (prefix := parse_prefix(word.strip())) is not None)


def is_next_hop(prefix: Prefix) -> bool:
    """Whether routes of others may lead there: an address made from a MAC is known on its link only."""
    return prefix.version == 4 or prefix.number >> 64 != 0xFE80 << 48


class Home(NamedTuple):
    """The addresses of a port; empty where it has none of a kind."""

    ipv4: str
    ipv6: str


def parse_home(text: str) -> Home | None:
    """`MAC [IP[/LENGTH]…]`; None unless it begins with a MAC. A port without an IPv6 address has the one made from its MAC."""
    mac, *words = text.split() or [""]
    octets = mac.split(":")
    try:
        numbers = [int(octet, 16) for octet in octets]
    except ValueError:
        return None
    if len(numbers) != 6 or not all(0 <= number <= 255 for number in numbers):
        return None
    found = [prefix for word in words if (prefix := parse_prefix(word)) is not None]
    first = {prefix.version: prefix.address for prefix in reversed(found)}
    return Home(first.get(4, ""), first.get(6, "") or link_local(numbers))


def link_local(mac: list[int]) -> str:
    """The IPv6 address made from a MAC (RFC 4291, appendix A)."""
    return str(IPv6Address(bytes([0xFE, 0x80, 0, 0, 0, 0, 0, 0, mac[0] ^ 2, *mac[1:3], 0xFF, 0xFE, *mac[3:]])))


def parse_vip(text: str) -> Prefix | None:
    """The address of a load balancer's `IP`, `IP:PORT` or `[IP]:PORT`, as the prefix that holds nothing else."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    found = parse_prefix(text)
    return found if found is not None and "/" not in text else None
