"""DHCPv4 answered from a flow (RFC 2131, RFC 2132): the client's message becomes the server's reply, in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.controller.services.frame import UDP, Ip, parse_ip
from pyovn.packet.checksum import checksum

BOOT_REQUEST, BOOT_REPLY = 1, 2
FIXED = 236
"""Bytes of a message before the options' cookie."""
COOKIE = b"\x63\x82\x53\x63"
DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM = range(1, 9)
PAD, END = 0, 255
REQUESTED_ADDRESS, MESSAGE_TYPE, BOOTFILE, IPXE = 50, 53, 67, 175
OF_A_LEASE = {1, 51, 58, 59}
"""Netmask, lease time, and the times of renewal and rebinding."""
NEXT_SERVER, BOOTFILE_FOR_IPXE = 253, 254
"""Codes that stand, in a flow, for what is not an option on the wire."""
BROADCAST_FLAG = 0x80
TAIL = bytes(4) + bytes((END,)) + bytes(4)


class Offer(NamedTuple):
    """What the flow offers: an address, and options as (code, value) in order."""

    address: bytes
    options: tuple[tuple[int, bytes], ...]


class Message(NamedTuple):
    """A client's message: where in the frame its fixed part begins, its kind, and the options that matter."""

    ip: Ip
    at: int
    kind: int
    options: dict[int, bytes]


def parse_offer(payload: bytes) -> Offer | None:
    """Read the offer from a flow's userdata; None if it is cut short."""
    if len(payload) < 4:
        return None
    found = []
    at = 4
    while at < len(payload):
        if at + 2 > len(payload) or at + 2 + payload[at + 1] > len(payload):
            return None
        found.append((payload[at], payload[at + 2 : at + 2 + payload[at + 1]]))
        at += 2 + payload[at + 1]
    return Offer(payload[:4], tuple(found))


def parse_message(frame: bytes) -> Message | None:
    """The client's message in a frame; None for anything that is not a whole one."""
    ip = parse_ip(frame)
    if ip is None or ip.version != 4 or ip.protocol != UDP:
        return None
    at = ip.data + 8
    end = min(ip.end, ip.data + int.from_bytes(frame[ip.data + 4 : ip.data + 6], "big"))
    if end < at + FIXED + 4 or frame[at] != BOOT_REQUEST or frame[at + FIXED : at + FIXED + 4] != COOKIE:
        return None
    options = dict(_options(frame[at + FIXED + 4 : end]))
    kind = options.get(MESSAGE_TYPE, b"")
    return Message(ip, at, kind[0], options) if len(kind) == 1 else None


def _options(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Options until the end; one that is cut short, and all after it, are not there."""
    at = 0
    while at < len(data) and data[at] != END:
        if data[at] == PAD:
            at += 1
            continue
        if at + 2 > len(data) or at + 2 + data[at + 1] > len(data):
            return
        yield data[at], data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + data[at + 1]


def reply(frame: bytes, offer: Offer) -> bytes | None:
    """The server's reply to a frame; None where there is nothing to say (RFC 2131 4.3)."""
    message = parse_message(frame)
    kind = _kind(frame, message, offer) if message else None
    if message is None or kind is None:
        return None
    return _build(frame, message, kind, offer)


def _kind(frame: bytes, message: Message, offer: Offer) -> int | None:
    """What is answered: a request for any other address than the one offered is refused."""
    if message.kind == DISCOVER:
        return OFFER
    if message.kind == INFORM:
        return ACK
    if message.kind != REQUEST:
        return None
    current = frame[message.at + 12 : message.at + 16]
    return ACK if message.options.get(REQUESTED_ADDRESS, current) == offer.address else NAK


def _build(frame: bytes, message: Message, kind: int, offer: Offer) -> bytes:
    """Ethernet and IP headers as the client's but for lengths and the destination; addresses and ports of the server are the flow's."""
    ip, at = message.ip, message.at
    # A refusal gives nothing; who has an address already is told no more than what goes with it (RFC 2131 4.3.5).
    kept_back = {code for code, _ in offer.options} if kind == NAK else OF_A_LEASE if message.kind == INFORM else set()
    given = tuple((code, value) for code, value in offer.options if code not in kept_back)
    said = dict(given)
    address = bytes(4) if kind == NAK or message.kind == INFORM else offer.address
    fixed = bytearray(frame[at : at + FIXED])
    fixed[0] = BOOT_REPLY
    fixed[16:20] = address
    fixed[20:24] = said.get(NEXT_SERVER, bytes(4))[:4].ljust(4, b"\0")
    body = bytes(fixed) + COOKIE + _encode(kind, message, given) + TAIL
    udp = frame[ip.data : ip.data + 4] + (8 + len(body)).to_bytes(2, "big") + b"\0\0"
    head = bytearray(frame[ip.at : ip.data])
    head[2:4] = (len(head) + 8 + len(body)).to_bytes(2, "big")
    head[16:20] = b"\xff\xff\xff\xff" if frame[at + 10] & BROADCAST_FLAG else offer.address
    head[10:12] = b"\0\0"
    head[10:12] = checksum(bytes(head)).to_bytes(2, "big")
    return frame[: ip.at] + bytes(head) + udp + body


def _encode(kind: int, message: Message, options: tuple[tuple[int, bytes], ...]) -> bytes:
    said = dict(options)
    encoded = [bytes((MESSAGE_TYPE, 1, kind))]
    for code, value in options:
        if code in (NEXT_SERVER, BOOTFILE_FOR_IPXE):
            continue
        if code == BOOTFILE and IPXE in message.options and BOOTFILE_FOR_IPXE in said:
            value = said[BOOTFILE_FOR_IPXE]
        encoded.append(bytes((code, len(value))) + value)
    return b"".join(encoded)
