"""ICMP errors about a packet (RFC 792, RFC 4443): kind and code are the flow's to say, unless it leaves them to unreachability."""

from __future__ import annotations

from pyovn.controller.services.frame import ICMP, ICMPV6, IPV4, IPV6, Ip, ethernet, icmpv6, ipv4, parse_ip, with_checksum
from pyovn.openflow.action import Actions, Note
from pyovn.packet.checksum import pseudo_header

UNREACHABLE4, HOST = 3, 1
UNREACHABLE6, ADMINISTRATIVELY = 1, 1
MTU4 = 576
"""An error about an IPv4 packet is no longer than this (RFC 1812 4.3.2.3)."""
MTU6 = 1280
PORT4, PORT6 = 3, 4


def icmp_error(frame: bytes, *, port: bool = False, loopback: bool = False) -> bytes | None:
    """An unreachability error about the frame; unless `loopback`, its addresses stay: exchanging them is the flow's to do."""
    ip = parse_ip(frame)
    if ip is None or _is_error(frame, ip):
        return None
    dst, src = (frame[6:12], frame[0:6]) if loopback else (frame[0:6], frame[6:12])
    sender = ip._replace(src=ip.dst, dst=ip.src) if loopback else ip
    if ip.version == 4:
        return ethernet(dst, src, IPV4, _error4(frame, sender, PORT4 if port else HOST))
    return ethernet(dst, src, IPV6, _error6(frame, sender, PORT6 if port else ADMINISTRATIVELY))


NOTE = b"ovn\0"
"""How the note of a flow begins that gives a value for the message: then 16 bits of which, 16 of padding, the value."""
MTUS = {0: 2, 1: 4}
"""Which notes give the next hop's MTU, and in how many bytes (RFC 1191 4, RFC 4443 3.2)."""


def mtu_of(actions: Actions | None) -> int | None:
    """The next hop's MTU that the flow's actions give; None if they give none."""
    for action in actions or ():
        if isinstance(action, Note) and action.data.startswith(NOTE) and len(action.data) >= 8:
            size = MTUS.get(int.from_bytes(action.data[4:6], "big"), 0)
            if size and len(action.data) >= 8 + size:
                return int.from_bytes(action.data[8 : 8 + size], "big")
    return None


def with_mtu(frame: bytes | None, mtu: int | None) -> bytes | None:
    """The error with the MTU in its place, the last two bytes of its header in IPv4, the last four in IPv6."""
    ip = parse_ip(frame) if frame is not None and mtu is not None else None
    if frame is None or mtu is None or ip is None or ip.protocol not in (ICMP, ICMPV6):
        return frame
    partial = 0 if ip.version == 4 else pseudo_header(ip.src, ip.dst, ICMPV6, ip.end - ip.data)
    message = frame[ip.data : ip.data + 4] + (mtu & 0xFFFFFFFF).to_bytes(4, "big") + frame[ip.data + 8 :]
    return frame[: ip.data] + with_checksum(message, 2, partial)


def _is_error(frame: bytes, ip: Ip) -> bool:
    """An error is never sent about an error (RFC 1122 3.2.2, RFC 4443 2.4)."""
    if ip.version == 4:
        return ip.protocol == ICMP and ip.data < ip.end and frame[ip.data] in (3, 4, 5, 11, 12)
    return ip.protocol == ICMPV6 and ip.data < ip.end and frame[ip.data] < 128


def _error4(frame: bytes, ip: Ip, code: int) -> bytes:
    quoted = frame[ip.at : ip.end][: MTU4 - 28]
    message = with_checksum(bytes((UNREACHABLE4, code, 0, 0)) + bytes(4) + quoted, 2)
    return ipv4(ip.src, ip.dst, ICMP, message)


def _error6(frame: bytes, ip: Ip, code: int) -> bytes:
    quoted = frame[ip.at : ip.end][: MTU6 - 48]
    return icmpv6(ip.src, ip.dst, bytes((UNREACHABLE6, code, 0, 0)) + bytes(4) + quoted)
