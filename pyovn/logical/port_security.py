"""Port security: which packets a port may send and is sent (`port_security` in ovn-nb(5)), as conditions that stand in three tables.

The agent makes rules of the conditions, and the trace asks them, so that both say the same of every packet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Interface, IPv6Interface, ip_interface
from typing import NamedTuple, TypeAlias

from pyovn.logical.constants import parse_ethernet
from pyovn.openflow.match import ETH_ARP, ETH_IPV4, ETH_IPV6, Asked, Match
from pyovn.packet import slot
from pyovn.packet.flow import Flow

Span: TypeAlias = tuple[int, int]
"""A value, and the mask of the bits that count."""
Interface: TypeAlias = IPv4Interface | IPv6Interface

EXACT = (1 << 48) - 1
ANY_ROUTER = (0x00005E000100, EXACT - 0xFF), (0x00005E000200, EXACT - 0xFF)
"""MACs of virtual routers, for IPv4 and IPv6 (RFC 9568 7.3)."""
VRRP = "VRRPv3"
UDP, ICMPV6 = 17, 58
SOLICIT, ADVERT = 135, 136
MLD = (131, 143)
"""What a host without an address yet may send: MLD reports (RFC 3810)."""


class Table(Enum):
    """Where a condition stands."""

    SEND = "what the port sends"
    CLAIM = "what the port says of addresses, by ARP and neighbour discovery"
    RECEIVE = "what the port is sent"


class Outcome(Enum):
    """What is done with a packet that fits."""

    PASS = "it may go"
    FAIL = "it may not"
    NEXT = "what it claims decides"


class Condition(NamedTuple):
    """One question; among those of a table that fit, the highest priority decides. What fits none may go."""

    table: Table
    priority: int
    asked: dict[str, Asked]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Entry:
    """One element of port_security: an address, and the networks that it may use; where both families are empty, any."""

    mac: int
    ip4: tuple[IPv4Interface, ...] = ()
    ip6: tuple[IPv6Interface, ...] = ()
    routers4: tuple[Span, ...] = ()
    """MACs of virtual routers that the port may stand for; with any of these its own is only for claims."""
    routers6: tuple[Span, ...] = ()

    @property
    def is_virtual(self) -> bool:
        """Whether the port stands for virtual routers."""
        return bool(self.routers4 or self.routers6)

    @property
    def macs(self) -> tuple[Span, ...]:
        """From whom packets may come."""
        return (*self.routers4, *self.routers6) if self.is_virtual else ((self.mac, EXACT),)


def parse_entry(text: str) -> Entry | None:
    """Read `[VRRPv3] MAC [IP[/PREFIX]…]`, the former with MACs of virtual routers too; None if anything else is there."""
    words = text.split()
    virtual = words[:1] == [VRRP]
    words = words[1:] if virtual else words
    mac = parse_ethernet(words[0]) if words else None
    if mac is None:
        return None
    routers: list[Span] = []
    addresses: list[Interface] = []
    for word in words[1:]:
        router = _router(word) if virtual else None
        address = _interface(word)
        if router is None and address is None:
            return None
        routers += [router] if router else []
        addresses += [address] if address else []
    if virtual and not routers:
        routers = list(ANY_ROUTER)
    families = (tuple(span for span in routers if span[0] & first[1] == first[0]) for first in ANY_ROUTER)
    ip4 = tuple(address for address in addresses if isinstance(address, IPv4Interface))
    return Entry(mac, ip4, tuple(address for address in addresses if isinstance(address, IPv6Interface)), *families)


def _interface(text: str) -> Interface | None:
    try:
        return ip_interface(text)
    except ValueError:
        return None


def _router(text: str) -> Span | None:
    """`MAC[/PREFIX]` of virtual routers; number zero is none's."""
    address, _, length = text.partition("/")
    mac, prefix = parse_ethernet(address), int(length) if length.isdigit() else 0 if length else 48
    if mac is None or not 40 <= prefix <= 48:
        return None
    span = mac, EXACT >> 48 - prefix << 48 - prefix
    known = any(mac & mask == first for first, mask in ANY_ROUTER)
    is_none = prefix == 48 and not mac & 0xFF
    return span if known and mac & span[1] == mac and not is_none else None


def link_local(mac: int) -> int:
    """The IPv6 address that an interface makes of its Ethernet address (RFC 4291, Appendix A)."""
    upper, lower = mac >> 24, mac & 0xFFFFFF
    return 0xFE80 << 112 | (upper ^ 0x020000) << 40 | 0xFFFE << 24 | lower


def _link_locals(mac: Span) -> Span:
    """The link-local addresses of a range of MACs."""
    address, mask = mac
    return link_local(address) & ~(EXACT ^ mask), (1 << 128) - 1 ^ EXACT ^ mask


def _span(address: Interface) -> Asked:
    """The addresses that `ADDRESS/PREFIX` stands for: that host, or where it has no host part, the network."""
    if address.ip != address.network.network_address or address.network.prefixlen == address.max_prefixlen:
        return int(address.ip)
    return int(address.ip), int(address.network.netmask)


def _broadcasts(address: IPv4Interface) -> tuple[Asked, ...]:
    """The broadcast address of a host's network; a network given as such has it among its own."""
    return (int(address.network.broadcast_address),) if isinstance(_span(address), int) and address.network.prefixlen < 32 else ()


def conditions(security: Iterable[str]) -> Iterator[Condition]:
    """All that holds for a port; nothing for one without entries that can be read."""
    entries = [entry for entry in map(parse_entry, security) if entry]
    if not entries:
        return
    yield Condition(Table.SEND, 80, {}, Outcome.FAIL)
    yield Condition(Table.SEND, 95, {"eth_type": ETH_ARP}, Outcome.NEXT)
    yield Condition(Table.CLAIM, 80, {"eth_type": ETH_ARP}, Outcome.FAIL)
    for kind in (SOLICIT, ADVERT):
        yield Condition(Table.CLAIM, 80, {**_ICMP6, "nw_ttl": 255, "icmpv6_type": kind}, Outcome.FAIL)
    yield Condition(Table.RECEIVE, 80, {}, Outcome.FAIL)
    for entry in entries:
        if not entry.ip4 and not entry.ip6:
            for mac in entry.macs:
                yield Condition(Table.SEND, 90, {"eth_src": mac}, Outcome.NEXT)
        yield from _sent4(entry)
        yield from _sent6(entry)
        yield from _claimed(entry)
        yield from _received(entry)


_ICMP6: dict[str, Asked] = {"eth_type": ETH_IPV6, "nw_proto": ICMPV6}
_DHCP: dict[str, Asked] = {"nw_proto": UDP, "ip_src": 0, "ip_dst": 0xFFFFFFFF, "udp_src": 68, "udp_dst": 67}


def _macs_of(entry: Entry, routers: tuple[Span, ...]) -> tuple[Span, ...]:
    """Who speaks a family's protocol: the virtual routers of that family, or the port itself."""
    return routers if entry.is_virtual else entry.macs


def _sent4(entry: Entry) -> Iterator[Condition]:
    for mac in _macs_of(entry, entry.routers4) if entry.ip4 else ():
        base: dict[str, Asked] = {"eth_src": mac, "eth_type": ETH_IPV4}
        for address in entry.ip4:
            yield Condition(Table.SEND, 90, {**base, "ip_src": _span(address)}, Outcome.PASS)
        yield Condition(Table.SEND, 90, {**base, **_DHCP}, Outcome.PASS)


def _sent6(entry: Entry) -> Iterator[Condition]:
    for mac in _macs_of(entry, entry.routers6) if entry.ip6 else ():
        base: dict[str, Asked] = {"eth_src": mac, "eth_type": ETH_IPV6}
        for source in (_link_locals(mac), *map(_span, entry.ip6)):
            yield Condition(Table.SEND, 90, {**base, "ipv6_src": source}, Outcome.NEXT)
        unspecified = {**base, "nw_proto": ICMPV6, "ipv6_src": 0, "ipv6_dst": (0xFF02 << 112, 0xFFFF << 112), "icmpv6_code": 0}
        for kind in MLD:
            yield Condition(Table.SEND, 90, {**unspecified, "icmpv6_type": kind}, Outcome.PASS)
        # An address is not yet had when it is asked for.
        yield Condition(Table.SEND, 90, {**unspecified, "icmpv6_type": SOLICIT}, Outcome.NEXT)


def _claimed(entry: Entry) -> Iterator[Condition]:
    """What ARP and neighbour discovery may say."""
    base: dict[str, Asked] = {"eth_src": entry.mac}
    if entry.ip4 or not entry.ip6:
        sources: list[dict[str, Asked]] = [{"arp_spa": _span(address)} for address in entry.ip4] or [{}]
        for sender in _macs_of(entry, entry.routers4):
            for source in sources:
                yield Condition(Table.CLAIM, 90, {**base, "eth_type": ETH_ARP, "arp_sha": sender, **source}, Outcome.PASS)
    # Where no IPv6 address is given there is none to lie about: whether IPv6 may be sent at all was decided before.
    given = (link_local(entry.mac), *map(_span, entry.ip6)) if entry.ip6 else ()
    targets: list[dict[str, Asked]] = [{"nd_target": target} for target in given] or [{}]
    message = {**base, **_ICMP6, "nw_ttl": 255, "icmpv6_code": 0}
    for link in ((0, EXACT), *_macs_of(entry, entry.routers6)):
        yield Condition(Table.CLAIM, 90, {**message, "icmpv6_type": SOLICIT, "nd_sll": link}, Outcome.PASS)
        for target in targets:
            yield Condition(Table.CLAIM, 90, {**message, "icmpv6_type": ADVERT, "nd_tll": link, **target}, Outcome.PASS)


def _received(entry: Entry) -> Iterator[Condition]:
    for mac in entry.macs:
        yield Condition(Table.RECEIVE, 85, {"eth_dst": mac}, Outcome.PASS)
    if not entry.ip4 and not entry.ip6:
        return
    allowed4: list[Asked] = []
    for one in entry.ip4:
        allowed4 += [_span(one), *_broadcasts(one)]
    for mac in _macs_of(entry, entry.routers4):
        base: dict[str, Asked] = {"eth_dst": mac, "eth_type": ETH_IPV4}
        yield Condition(Table.RECEIVE, 90, base, Outcome.FAIL)
        for target in (*allowed4, 0xFFFFFFFF, (0xE0000000, 0xF0000000)) if entry.ip4 else ():
            yield Condition(Table.RECEIVE, 95, {**base, "ip_dst": target}, Outcome.PASS)
    for mac in _macs_of(entry, entry.routers6):
        base = {"eth_dst": mac, "eth_type": ETH_IPV6}
        yield Condition(Table.RECEIVE, 90, base, Outcome.FAIL)
        for target in (*map(_span, entry.ip6), _link_locals(mac), (0xFF << 120, 0xFF << 120)) if entry.ip6 else ():
            yield Condition(Table.RECEIVE, 95, {**base, "ipv6_dst": target}, Outcome.PASS)


def _decides(found: Sequence[Condition], table: Table, flow: Flow) -> bool:
    """Whether a packet that comes to a table may go."""
    fitting = [one for one in found if one.table is table and Match.of(one.asked).matches(flow)]
    if not fitting:
        return True
    outcome = max(fitting, key=lambda one: one.priority).outcome
    return _decides(found, Table.CLAIM, flow) if outcome is Outcome.NEXT else outcome is Outcome.PASS


def _may(security: Sequence[str], table: Table, flow: Flow, mac_slot: int) -> bool:
    if flow[slot.ETH_TYPE]:
        return _decides(tuple(conditions(security)), table, flow)
    # No frame has this type: who traces has not said it, and is told whether the MAC is right.
    entries = [entry for entry in map(parse_entry, security) if entry]
    return not entries or any(flow[mac_slot] & mask == mac for entry in entries for mac, mask in entry.macs)


def admits(security: Sequence[str], flow: Flow) -> bool:
    """Whether a port may send the packet; one without entries may send anything."""
    return _may(security, Table.SEND, flow, slot.ETH_SRC)


def delivers(security: Sequence[str], flow: Flow) -> bool:
    """Whether a port is sent the packet."""
    return _may(security, Table.RECEIVE, flow, slot.ETH_DST)
