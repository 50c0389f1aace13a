"""ICMP errors about a packet (RFC 792, RFC 4443): kind and code are the flow's to say, unless it leaves them to unreachability."""

from __future__ import annotations

from pyovn.controller.services.frame import ICMP, IPV4, IPV6, Ip, ethernet, icmpv6, ipv4, parse_ip, with_checksum

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


def _is_error(frame: bytes, ip: Ip) -> bool:
    """An error is never sent about an error (RFC 1122 3.2.2, RFC 4443 2.4)."""
    if ip.version == 4:
        return ip.protocol == ICMP and ip.data < ip.end and frame[ip.data] in (3, 4, 5, 11, 12)
    return ip.protocol == 58 and ip.data < ip.end and frame[ip.data] < 128


def _error4(frame: bytes, ip: Ip, code: int) -> bytes:
    quoted = frame[ip.at : ip.end][: MTU4 - 28]
    message = with_checksum(bytes((UNREACHABLE4, code, 0, 0)) + bytes(4) + quoted, 2)
    return ipv4(ip.src, ip.dst, ICMP, message)


def _error6(frame: bytes, ip: Ip, code: int) -> bytes:
    quoted = frame[ip.at : ip.end][: MTU6 - 48]
    return icmpv6(ip.src, ip.dst, bytes((UNREACHABLE6, code, 0, 0)) + bytes(4) + quoted)
