"""Router advertisements (RFC 4861 6.2.6): a host's solicitation becomes the advertisement that the flow carries, in its place."""

from __future__ import annotations

from pyovn.controller.services.frame import ICMPV6, parse_ip, with_checksum
from pyovn.packet.checksum import pseudo_header

SOLICITATION, ADVERTISEMENT = 133, 134
SHORTEST = 16
"""Bytes of an advertisement without options."""


def advertise(frame: bytes, message: bytes) -> bytes | None:
    """The frame with `message`, an ICMPv6 message, instead of the solicitation; its addresses are the flow's to exchange."""
    ip = parse_ip(frame)
    if ip is None or ip.version != 6 or ip.protocol != ICMPV6 or ip.end - ip.data < 8 or frame[ip.data] != SOLICITATION:
        return None
    if len(message) < SHORTEST or message[0] != ADVERTISEMENT:
        return None
    summed = with_checksum(message, 2, pseudo_header(ip.src, ip.dst, ICMPV6, len(message)))
    return frame[: ip.at + 4] + len(message).to_bytes(2, "big") + frame[ip.at + 6 : ip.data] + summed
