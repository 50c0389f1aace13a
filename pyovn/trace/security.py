"""Port security: which packets a port may send and is sent (ovn-nb(5), Logical_Switch_Port port_security)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pyovn.logical.constants import parse_ethernet, parse_ipv4, parse_ipv6
from pyovn.packet import slot
from pyovn.packet.flow import Flow

ETH_ARP, ETH_IPV4, ETH_IPV6 = 0x0806, 0x0800, 0x86DD
MULTICAST_BIT = 1 << 40
BROADCAST = (1 << 48) - 1
VRRP_IPV4, VRRP_IPV6 = 0x00005E000100, 0x00005E000200
"""Virtual routers' MACs but for the last octet (RFC 9568 7.3)."""
ICMPV6 = 58
NEIGHBOUR_KINDS = (135, 136)
DHCP_CLIENT, DHCP_SERVER = 68, 67
ALL_ONES4 = 0xFFFFFFFF


class Network(NamedTuple):
    """An address and the prefix around it."""

    address: int
    length: int
    bits: int

    def holds(self, value: int) -> bool:
        """A host is itself; a network is all of its addresses."""
        mask = (1 << self.bits) - (1 << self.bits - self.length)
        host = self.address & ~mask
        return value == self.address if host else value & mask == self.address & mask

    @property
    def broadcast(self) -> int:
        """The network's last address."""
        return self.address | (1 << self.bits - self.length) - 1


class Guest(NamedTuple):
    """One entry: a MAC and the addresses that go with it; without any, all do."""

    mac: int
    ipv4: tuple[Network, ...] = ()
    ipv6: tuple[Network, ...] = ()
    is_virtual_router: bool = False


def _network(text: str) -> Network | None:
    address, _, length = text.partition("/")
    v4, v6 = parse_ipv4(address), parse_ipv6(address)
    if v4 is not None:
        return Network(v4, int(length or 32), 32)
    return Network(v6, int(length or 128), 128) if v6 is not None else None


def parse_guest(text: str) -> Guest | None:
    """`[VRRPv3] MAC [IP[/LENGTH]…]`, or None where there is no MAC."""
    words = text.split()
    virtual = words[:1] == ["VRRPv3"]
    words = words[1:] if virtual else words
    mac = parse_ethernet(words[0].partition("/")[0]) if words else None
    if mac is None:
        return None
    found = [network for network in map(_network, words[1:]) if network]
    v4, v6 = (tuple(n for n in found if n.bits == bits) for bits in (32, 128))
    return Guest(mac, v4, v6, virtual)


def _ipv4_from(guest: Guest, flow: Flow) -> bool:
    if not guest.ipv4:
        return not guest.ipv6
    if any(network.holds(flow[slot.NW_SRC]) for network in guest.ipv4):
        return True
    is_dhcp = flow[slot.NW_PROTO] == 17 and flow[slot.TP_SRC] == DHCP_CLIENT and flow[slot.TP_DST] == DHCP_SERVER
    return is_dhcp and flow[slot.NW_SRC] == 0 and flow[slot.NW_DST] == ALL_ONES4


def _ipv6_from(guest: Guest, flow: Flow) -> bool:
    is_icmp = flow[slot.NW_PROTO] == ICMPV6
    # An address is not yet had when it is asked for.
    if flow[slot.IPV6_SRC] == 0 and is_icmp and flow[slot.TP_SRC] in (131, 135, 143):
        return True
    if not guest.ipv6:
        return not guest.ipv4
    source = flow[slot.IPV6_SRC]
    return any(network.holds(source) for network in guest.ipv6) or source == _link_local(guest.mac)


def _link_local(mac: int) -> int:
    """The address that a host makes from its MAC (RFC 4291, appendix A)."""
    return 0xFE80 << 112 | ((mac >> 24 ^ 0x020000) << 40) | 0xFFFE << 24 | mac & 0xFFFFFF


def _arp_from(guest: Guest, flow: Flow) -> bool:
    if flow[slot.ARP_SHA] != guest.mac:
        return False
    return not guest.ipv4 or any(network.holds(flow[slot.NW_SRC]) for network in guest.ipv4)


def _from_guest(guest: Guest, flow: Flow) -> bool:
    if flow[slot.ETH_SRC] != guest.mac:
        return False
    kind = flow[slot.ETH_TYPE]
    if kind == ETH_ARP:
        return _arp_from(guest, flow)
    if kind == ETH_IPV4:
        return _ipv4_from(guest, flow)
    return _ipv6_from(guest, flow) if kind == ETH_IPV6 else True


def admits(security: Sequence[str], flow: Flow) -> bool:
    """Whether a port may send the packet; one without entries may send anything."""
    guests = [guest for guest in map(parse_guest, security) if guest]
    return not guests or any(_from_guest(guest, flow) for guest in guests)


def _ipv4_to(guest: Guest, flow: Flow) -> bool:
    if not guest.ipv4:
        return not guest.ipv6
    destination = flow[slot.NW_DST]
    if destination == ALL_ONES4 or destination >> 28 == 0xE:
        return True
    return any(network.holds(destination) or destination == network.broadcast for network in guest.ipv4)


def _ipv6_to(guest: Guest, flow: Flow) -> bool:
    if not guest.ipv6:
        return not guest.ipv4
    destination = flow[slot.IPV6_DST]
    if destination >> 120 == 0xFF or destination == _link_local(guest.mac):
        return True
    return any(network.holds(destination) for network in guest.ipv6)


def _to_guest(guest: Guest, flow: Flow) -> bool:
    if flow[slot.ETH_DST] != guest.mac:
        return False
    kind = flow[slot.ETH_TYPE]
    if kind == ETH_IPV4:
        return _ipv4_to(guest, flow)
    return _ipv6_to(guest, flow) if kind == ETH_IPV6 else True


def delivers(security: Sequence[str], flow: Flow) -> bool:
    """Whether a port is sent the packet."""
    if flow[slot.ETH_DST] & MULTICAST_BIT:
        return True
    guests = [guest for guest in map(parse_guest, security) if guest]
    return not guests or any(_to_guest(guest, flow) for guest in guests)
