"""Refusals, as if from a packet's destination: a TCP reset (RFC 9293 3.10.7), an SCTP abort (RFC 9260 8.4), or an ICMP error."""

from __future__ import annotations

from pyovn.controller.services.frame import IPV4, IPV6, TCP, UDP, Ip, ethernet, ipv4, ipv6, parse_ip, with_checksum
from pyovn.controller.services.icmp import icmp_error
from pyovn.packet import sctp
from pyovn.packet.checksum import pseudo_header

FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10
TTL = 63
SCTP = 132
INIT, ABORT, REFLECTED = 1, 6, 1
"""Kinds of chunks, and the flag of an abort that carries the sender's own tag."""


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
    segment = header[2:4] + header[0:2] + sequence + acknowledged + bytes((0x50, answer)) + bytes(6)
    segment = with_checksum(segment, 16, pseudo_header(ip.src, ip.dst, TCP, len(segment)))
    return _reply(frame, ip, TCP, segment, loopback=loopback)


def sctp_abort(frame: bytes, *, loopback: bool = False) -> bytes | None:
    """The abort that answers an SCTP packet; None for an abort, or without a whole first chunk. Addresses as in `icmp_error`."""
    ip = parse_ip(frame)
    if ip is None or ip.protocol != SCTP or ip.end - ip.data < 16:
        return None
    packet = sctp.parse(frame[ip.data : ip.end])
    kind, tag, flags = packet.chunks[0], packet.tag, REFLECTED
    if kind == ABORT:
        return None
    if kind == INIT and not tag:
        # Who opens says by which tag it wants to be answered.
        if len(packet.chunks) < 20:
            return None
        tag, flags = int.from_bytes(packet.chunks[4:8], "big"), 0
    answer = sctp.build(sctp.Sctp(packet.dst, packet.src, tag, bytes((ABORT, flags, 0, 4))))
    return _reply(frame, ip, SCTP, answer, loopback=loopback)


def _reply(frame: bytes, ip: Ip, protocol: int, payload: bytes, *, loopback: bool) -> bytes:
    """A packet about the one in a frame; with `loopback`, back to where that came from."""
    sender = ip._replace(src=ip.dst, dst=ip.src) if loopback else ip
    dst, src = (frame[6:12], frame[0:6]) if loopback else (frame[0:6], frame[6:12])
    if ip.version == 4:
        return ethernet(dst, src, IPV4, ipv4(sender.src, sender.dst, protocol, payload, ttl=TTL))
    return ethernet(dst, src, IPV6, ipv6(sender.src, sender.dst, protocol, payload, hops=TTL))


def refusal(frame: bytes) -> bytes | None:
    """What `reject` sends back: a reset for TCP, an abort for SCTP, port unreachable for UDP, another unreachability for the rest."""
    ip = parse_ip(frame)
    if ip is None:
        return None
    if ip.protocol == SCTP:
        return sctp_abort(frame, loopback=True)
    return tcp_reset(frame, loopback=True) if ip.protocol == TCP else icmp_error(frame, port=ip.protocol == UDP, loopback=True)
