"""ARP requests (RFC 826), neighbour solicitations and advertisements (RFC 4861), made for a packet that lacks or asks for an address."""

from __future__ import annotations

from pyovn.controller.services.frame import ARP, ETHERNET, ICMPV6, IPV6, ethernet, icmpv6, parse_ip

REQUEST = 1
SOLICIT, ADVERT = 135, 136
SOURCE_LINK_LAYER, TARGET_LINK_LAYER = 1, 2
SOLICITED_NODE = 0xFF02 << 112 | 0x1FF << 24
"""The multicast address of those whose last 24 bits follow (RFC 4291 2.7.1)."""

FROM_ROUTER, SOLICITED, OVERRIDE = 0x80, 0x40, 0x20


def arp_request(frame: bytes) -> bytes | None:
    """An ARP request in the place of an IPv4 packet; the flow's own actions fill in who asks whom."""
    ip = parse_ip(frame)
    if ip is None or ip.version != 4:
        return None
    fixed = b"\0\x01\x08\0\x06\x04" + REQUEST.to_bytes(2, "big")
    body = fixed + frame[6:12] + ip.src.to_bytes(4, "big") + bytes(6) + ip.dst.to_bytes(4, "big")
    return ethernet(frame[0:6], frame[6:12], ARP, body)


def _mac_of_multicast(address: int) -> bytes:
    """The Ethernet address of an IPv6 multicast address (RFC 2464 7)."""
    return b"\x33\x33" + (address & 0xFFFFFFFF).to_bytes(4, "big")


def _link_local(mac: bytes) -> int:
    upper = mac[0] ^ 0x02
    return 0xFE80 << 112 | int.from_bytes(bytes((upper, mac[1], mac[2], 0xFF, 0xFE, mac[3], mac[4], mac[5])), "big")


def solicitation(frame: bytes, target: int) -> bytes | None:
    """A solicitation for `target` in the place of an IPv6 packet."""
    ip = parse_ip(frame)
    if ip is None or ip.version != 6:
        return None
    source = frame[6:12]
    body = bytes((SOLICIT, 0, 0, 0)) + bytes(4) + target.to_bytes(16, "big") + bytes((SOURCE_LINK_LAYER, 1)) + source
    group = SOLICITED_NODE | target & 0xFFFFFF
    return ethernet(_mac_of_multicast(group), source, IPV6, icmpv6(_link_local(source), group, body))


def solicited_target(frame: bytes) -> int | None:
    """Whom a neighbour solicitation asks for; None if the frame is none."""
    ip = parse_ip(frame)
    if ip is None or ip.version != 6 or ip.protocol != ICMPV6 or ip.end - ip.data < 24 or frame[ip.data] != SOLICIT:
        return None
    return int.from_bytes(frame[ip.data + 8 : ip.data + 24], "big")


def advertisement(frame: bytes, *, router: bool) -> bytes | None:
    """The advertisement that answers a solicitation, as if its target had the frame's destination address."""
    ip, target = parse_ip(frame), solicited_target(frame)
    if ip is None or target is None:
        return None
    flags = SOLICITED | OVERRIDE | (FROM_ROUTER if router else 0)
    # Whoever has no address yet is told with everyone (RFC 4861 7.2.4).
    to = ip.src or 0xFF02 << 112 | 1
    if not ip.src:
        flags &= ~SOLICITED
    body = bytes((ADVERT, 0, 0, 0, flags, 0, 0, 0)) + target.to_bytes(16, "big") + bytes((TARGET_LINK_LAYER, 1)) + frame[0:6]
    assert len(frame) >= ETHERNET
    return ethernet(frame[6:12], frame[0:6], IPV6, icmpv6(target, to, body))
