"""Frames that services make: bytes of the request or constants, never anything else of the host."""

from __future__ import annotations

from typing import NamedTuple

from pyovn.packet.checksum import checksum, pseudo_header

ETHERNET = 14
ARP, IPV4, IPV6 = 0x0806, 0x0800, 0x86DD
ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58


class Ip(NamedTuple):
    """Where an IP packet's parts are in a frame: `at` its header, `data` what it carries, which ends at `end`."""

    version: int
    at: int
    data: int
    end: int
    protocol: int
    src: int
    dst: int


def ethernet_type(frame: bytes) -> int:
    """What an untagged frame carries; 0 for one that is too short."""
    return int.from_bytes(frame[12:14], "big") if len(frame) >= ETHERNET else 0


def parse_ip(frame: bytes) -> Ip | None:
    """The IP packet in a frame; None if there is none, or if its lengths contradict each other (RFC 791, RFC 8200)."""
    kind = ethernet_type(frame)
    if kind == IPV4 and len(frame) >= ETHERNET + 20:
        head = (frame[ETHERNET] & 0x0F) * 4
        total = int.from_bytes(frame[16:18], "big")
        if frame[ETHERNET] >> 4 != 4 or not 20 <= head <= total <= len(frame) - ETHERNET:
            return None
        src, dst = int.from_bytes(frame[26:30], "big"), int.from_bytes(frame[30:34], "big")
        return Ip(4, ETHERNET, ETHERNET + head, ETHERNET + total, frame[23], src, dst)
    if kind == IPV6 and len(frame) >= ETHERNET + 40 and frame[ETHERNET] >> 4 == 6:
        end = ETHERNET + 40 + int.from_bytes(frame[18:20], "big")
        if end > len(frame):
            return None
        src, dst = int.from_bytes(frame[22:38], "big"), int.from_bytes(frame[38:54], "big")
        return Ip(6, ETHERNET, ETHERNET + 40, end, frame[20], src, dst)
    return None


def ethernet(dst: bytes, src: bytes, kind: int, payload: bytes) -> bytes:
    """A frame."""
    return dst + src + kind.to_bytes(2, "big") + payload


def ipv4(src: int, dst: int, protocol: int, payload: bytes, *, ttl: int = 255, tos: int = 0) -> bytes:
    """An IPv4 packet without options, not to be fragmented (RFC 791)."""
    head = (
        bytes((0x45, tos)) + (20 + len(payload)).to_bytes(2, "big") + b"\0\0\x40\0" + bytes((ttl, protocol, 0, 0))
        + src.to_bytes(4, "big") + dst.to_bytes(4, "big")
    )  # fmt: skip
    return head[:10] + checksum(head).to_bytes(2, "big") + head[12:] + payload


def ipv6(src: int, dst: int, protocol: int, payload: bytes, *, hops: int = 255) -> bytes:
    """An IPv6 packet without extension headers (RFC 8200)."""
    head = b"\x60\0\0\0" + len(payload).to_bytes(2, "big") + bytes((protocol, hops))
    return head + src.to_bytes(16, "big") + dst.to_bytes(16, "big") + payload


def with_checksum(payload: bytes, at: int, partial: int = 0) -> bytes:
    """The payload with its Internet checksum at `at`."""
    empty = payload[:at] + b"\0\0" + payload[at + 2 :]
    return empty[:at] + checksum(empty, partial).to_bytes(2, "big") + empty[at + 2 :]


def icmpv6(src: int, dst: int, payload: bytes) -> bytes:
    """An ICMPv6 message with its checksum, in an IPv6 packet with hop limit 255."""
    return ipv6(src, dst, ICMPV6, with_checksum(payload, 2, pseudo_header(src, dst, ICMPV6, len(payload))))


def with_udp_payload(frame: bytes, ip: Ip, payload: bytes) -> bytes:
    """The frame with other bytes in its UDP datagram; lengths and checksums follow (none is needed over IPv4, RFC 768)."""
    length = 8 + len(payload)
    udp = frame[ip.data : ip.data + 4] + length.to_bytes(2, "big") + b"\0\0" + payload
    if ip.version == 6:
        udp = with_checksum(udp, 6, pseudo_header(ip.src, ip.dst, UDP, length))
        return frame[: ip.at + 4] + (ip.data - ip.at - 40 + length).to_bytes(2, "big") + frame[ip.at + 6 : ip.data] + udp
    head = frame[ip.at : ip.at + 2] + (ip.data - ip.at + length).to_bytes(2, "big") + frame[ip.at + 4 : ip.data]
    return frame[: ip.at] + with_checksum(head, 10) + udp
