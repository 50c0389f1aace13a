"""Port security: which Ethernet, ARP, ND and IP addresses a port may send from and be sent to (`port_security` in ovn-nb(5))."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv6Interface, ip_interface
from typing import NamedTuple

from pyovn.controller.addresses import mac_number
from pyovn.controller.physical.neighbours import ARP, ICMPV6, IPV4, IPV6
from pyovn.controller.physical.ports import VIF, Spot, plug_of, spot_of
from pyovn.controller.rule import Rule, put, resubmit
from pyovn.controller.tables import FLAGS, INPORT, OUTPORT, LogicalFlag, OFTable
from pyovn.openflow.action import Actions
from pyovn.openflow.match import Asked
from pyovn.query import Engine
from pyovn.schemas import sb

IN, ND, OUT = OFTable.CHECK_IN_PORT_SECURITY, OFTable.CHECK_IN_PORT_SECURITY_ND, OFTable.CHECK_OUT_PORT_SECURITY
_CHECK = int(LogicalFlag.CHECK_PORT_SECURITY)
PASS: Actions = (put(FLAGS, 0, _CHECK),)
FAIL: Actions = (put(FLAGS, _CHECK, _CHECK),)
NEXT: Actions = (resubmit(ND),)

UDP = 17
SOLICIT, ADVERT = 135, 136
MLD = (131, 143)
"""What a host without an address yet may send: MLD reports (RFC 3810)."""

Kind = dict[str, Asked]
_IP4: Kind = {"eth_type": IPV4}
_IP6: Kind = {"eth_type": IPV6}
_ICMP6: Kind = {"eth_type": IPV6, "nw_proto": ICMPV6}
_ARP: Kind = {"eth_type": ARP}


class Allowed(NamedTuple):
    """One element of port_security: an address, and the networks it may use; none of a family where both are empty means any."""

    mac: int
    mac_mask: int
    ip4: tuple[IPv4Interface, ...]
    ip6: tuple[IPv6Interface, ...]


def parse_allowed(text: str) -> Allowed | None:
    """Read `MAC[/MASK] [IP[/PREFIX]…]`; None if it begins with no Ethernet address. What follows and is no address is left out."""
    words = text.split()
    mac_text, slash, mask_text = words[0].partition("/") if words else ("", "", "")
    mac, mask = mac_number(mac_text), mac_number(mask_text) if slash else 0xFFFFFFFFFFFF
    if mac is None or mask is None:
        return None
    ip4: list[IPv4Interface] = []
    ip6: list[IPv6Interface] = []
    for word in words[1:]:
        try:
            address = ip_interface(word)
        except ValueError:
            continue
        if isinstance(address, IPv4Interface):
            ip4.append(address)
        else:
            ip6.append(address)
    return Allowed(mac, mask, tuple(ip4), tuple(ip6))


def link_local(mac: int) -> int:
    """The IPv6 address that an interface makes of its Ethernet address (RFC 4291, Appendix A)."""
    upper, lower = mac >> 24, mac & 0xFFFFFF
    return 0xFE80 << 112 | (upper ^ 0x020000) << 40 | 0xFFFE << 24 | lower


def _source(address: IPv4Interface | IPv6Interface) -> Asked:
    """The addresses that `ADDRESS/PREFIX` allows to send: that host, or where it has no host part, the network."""
    if address.ip != address.network.network_address or address.network.prefixlen == address.max_prefixlen:
        return int(address.ip)
    return int(address.ip), int(address.network.netmask)


def port_security_rules(db: Engine, ref: str) -> Iterator[Rule]:
    """The rules of one port that is plugged in here; none if its owner asked for none."""
    row, spot = db.get(sb.PortBinding, ref), spot_of(db, ref)
    allowed = [found for found in map(parse_allowed, row.port_security) if found] if row else []
    if row is None or spot is None or not allowed or row.type != VIF or plug_of(db, ref) is None:
        return
    yield Rule(IN, 80, spot.match(INPORT), FAIL, spot.cookie)
    yield Rule(IN, 95, spot.match(INPORT, **_ARP), NEXT, spot.cookie)
    yield Rule(ND, 80, spot.match(INPORT, **_ARP), FAIL, spot.cookie)
    for kind in (SOLICIT, ADVERT):
        yield Rule(ND, 80, spot.match(INPORT, **_ICMP6, nw_ttl=255, icmpv6_type=kind), FAIL, spot.cookie)
    yield Rule(OUT, 80, spot.match(OUTPORT), FAIL, spot.cookie)
    for one in allowed:
        yield from _in(spot, one)
        yield from _neighbour(spot, one)
        yield from _out(spot, one)


def _in(spot: Spot, one: Allowed) -> Iterator[Rule]:
    mac = {"eth_src": (one.mac, one.mac_mask)}

    def rule(actions: Actions, **asked: Asked) -> Rule:
        return Rule(IN, 90, spot.match(INPORT, **mac, **asked), actions, spot.cookie)

    if not one.ip4 and not one.ip6:
        yield rule(NEXT)
        return
    for address in one.ip4:
        yield rule(PASS, **_IP4, ip_src=_source(address))
    if one.ip4:
        yield rule(PASS, **_IP4, nw_proto=UDP, ip_src=0, ip_dst=0xFFFFFFFF, udp_src=68, udp_dst=67)
    if one.ip6:
        unspecified: Kind = {**_ICMP6, "ipv6_src": 0, "ipv6_dst": (0xFF02 << 112, 0xFFFF << 112)}
        for kind in MLD:
            yield rule(PASS, **unspecified, icmpv6_type=kind, icmpv6_code=0)
        yield rule(NEXT, **unspecified, icmpv6_type=SOLICIT, icmpv6_code=0)
        for source in (link_local(one.mac), *map(_source, one.ip6)):
            yield rule(NEXT, **_IP6, ipv6_src=source)


def _neighbour(spot: Spot, one: Allowed) -> Iterator[Rule]:
    """What ARP and neighbour discovery may claim."""
    mac = {"eth_src": (one.mac, one.mac_mask)}

    def rule(**asked: Asked) -> Rule:
        return Rule(ND, 90, spot.match(INPORT, **mac, **asked), PASS, spot.cookie)

    free = not one.ip4 and not one.ip6
    sender = {"arp_sha": (one.mac, one.mac_mask)}
    for address in one.ip4:
        yield rule(**_ARP, **sender, arp_spa=_source(address))
    if free:
        yield rule(**_ARP, **sender)
    # Where no IPv6 address is given there is none to lie about: whether IPv6 may be sent at all was decided before.
    given = (link_local(one.mac), *map(_source, one.ip6)) if one.ip6 else ()
    targets: list[Kind] = [{"nd_target": target} for target in given] or [{}]
    for link in (0, (one.mac, one.mac_mask)):
        yield rule(**_ICMP6, nw_ttl=255, icmpv6_type=SOLICIT, icmpv6_code=0, nd_sll=link)
        for target in targets:
            yield rule(**_ICMP6, nw_ttl=255, icmpv6_type=ADVERT, icmpv6_code=0, nd_tll=link, **target)


def _out(spot: Spot, one: Allowed) -> Iterator[Rule]:
    mac = {"eth_dst": (one.mac, one.mac_mask)}

    def rule(priority: int, actions: Actions, **asked: Asked) -> Rule:
        return Rule(OUT, priority, spot.match(OUTPORT, **mac, **asked), actions, spot.cookie)

    yield rule(85, PASS)
    if not one.ip4 and not one.ip6:
        return
    yield rule(90, FAIL, **_IP4)
    yield rule(90, FAIL, **_IP6)
    if one.ip4:
        for target in (*map(_source, one.ip4), 0xFFFFFFFF, (0xE0000000, 0xF0000000)):
            yield rule(95, PASS, **_IP4, ip_dst=target)
    if one.ip6:
        for target in (*map(_source, one.ip6), link_local(one.mac), (0xFF << 120, 0xFF << 120)):
            yield rule(95, PASS, **_IP6, ipv6_dst=target)
