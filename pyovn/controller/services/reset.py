"""Refusals: a TCP reset, or for whatever is not TCP an ICMP error, as if from the packet's destination (RFC 9293 3.10.7)."""

from __future__ import annotations

from pyovn.controller.services.frame import IPV4, IPV6, TCP, UDP, ethernet, ipv4, ipv6, parse_ip, with_checksum
from pyovn.controller.services.icmp import icmp_error
from pyovn.packet.checksum import pseudo_header

FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10
TTL = 63


def tcp_reset(frame: bytes, *, loopback: bool = False) -> bytes | None:
    """The reset that answers a segment; None for a reset, or for anything that is no whole TCP header. Addresses as in `icmp_error`."""
    ip = parse_ip(frame)
    if ip is None or ip.protocol != TCP or ip.end - ip.data < 20:
        return None
    header = frame[ip.data : ip.data + 20]
    offset, flags = (header[12] >> 4) * 4, header[13]
    if flags & RST or not 20 <= offset <= ip.end - ip.data:
        return None
    if flags & ACK:
        sequence, acknowledged, answer = header[8:12], bytes(4), RST
    else:
        length = ip.end - ip.data - offset + bool(flags & SYN) + bool(flags & FIN)
        next_expected = (int.from_bytes(header[4:8], "big") + length) & 0xFFFFFFFF
        sequence, acknowledged, answer = bytes(4), next_expected.to_bytes(4, "big"), RST | ACK
    sender = ip._replace(src=ip.dst, dst=ip.src) if loopback else ip
    segment = header[2:4] + header[0:2] + sequence + acknowledged + bytes((0x50, answer)) + bytes(6)
    segment = with_checksum(segment, 16, pseudo_header(ip.src, ip.dst, TCP, len(segment)))
    dst, src = (frame[6:12], frame[0:6]) if loopback else (frame[0:6], frame[6:12])
    if ip.version == 4:
        return ethernet(dst, src, IPV4, ipv4(sender.src, sender.dst, TCP, segment, ttl=TTL))
    return ethernet(dst, src, IPV6, ipv6(sender.src, sender.dst, TCP, segment, hops=TTL))


def refusal(frame: bytes) -> bytes | None:
    """What `reject` sends back to the sender: a reset for TCP, port unreachable for UDP, an unreachability of another kind for the rest."""
    ip = parse_ip(frame)
    if ip is None:
        return None
    return tcp_reset(frame, loopback=True) if ip.protocol == TCP else icmp_error(frame, port=ip.protocol == UDP, loopback=True)
