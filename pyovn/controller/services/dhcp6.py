"""DHCPv6 answered from a flow (RFC 8415): the client's message becomes the server's reply, in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.controller.services.frame import UDP, Ip, parse_ip, with_udp_payload

SOLICIT, ADVERTISE, REQUEST, CONFIRM, RENEW, REBIND, REPLY, RELEASE, DECLINE, RECONFIGURE, INFORMATION = range(1, 12)
ANSWERS = {SOLICIT: ADVERTISE, REQUEST: REPLY, CONFIRM: REPLY, DECLINE: REPLY, INFORMATION: REPLY, RELEASE: REPLY}
"""What each kind of message is answered with; whoever renews is left to ask again, as the reference leaves him."""
CLIENT_ID, SERVER_ID, IA_NA, IA_ADDRESS, STATUS, NAME, BOOTFILE_FOR_IPXE = 1, 2, 3, 5, 13, 39, 254
LEFT_OUT = {NAME, BOOTFILE_FOR_IPXE}
"""Options in flows that are for clients that ask in a special way; those are not served."""
FOR_EVER = b"\xff" * 4
LINK_LAYER_DUID = b"\0\x03\0\x01"
"""A server's name made of an Ethernet address (RFC 8415 11.4)."""
SUCCESS = b"\0\0"

Options = tuple[tuple[int, bytes], ...]


class Message(NamedTuple):
    """A client's message."""

    ip: Ip
    kind: int
    transaction: bytes
    options: dict[int, bytes]


def parse_options(data: bytes) -> Options | None:
    """Options as (code, value), in order; None if they are cut short (RFC 8415 21.1)."""
    found, at = [], 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at + 2 : at + 4], "big")
        if at + 4 > len(data) or end > len(data):
            return None
        found.append((int.from_bytes(data[at : at + 2], "big"), data[at + 4 : end]))
        at = end
    return tuple(found)


def format_option(code: int, value: bytes) -> bytes:
    """An option as bytes."""
    return code.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value


def parse_message(frame: bytes) -> Message | None:
    """The client's message in a frame; None for anything that is not a whole one."""
    ip = parse_ip(frame)
    if ip is None or ip.version != 6 or ip.protocol != UDP or ip.end - ip.data < 12:
        return None
    at = ip.data + 8
    options = parse_options(frame[at + 4 : ip.end])
    return Message(ip, frame[at], frame[at + 1 : at + 4], dict(options)) if options is not None else None


def reply(frame: bytes, payload: bytes) -> bytes | None:
    """The server's reply, with the client's addresses still where they were; None for what is not to be answered."""
    message, offered = parse_message(frame), parse_options(payload)
    if message is None or offered is None or message.kind not in ANSWERS or CLIENT_ID not in message.options:
        return None
    options = _released(offered) if message.kind == RELEASE else _offer(offered, message.options.get(IA_NA))
    own = format_option(CLIENT_ID, message.options[CLIENT_ID])
    body = bytes((ANSWERS[message.kind],)) + message.transaction + own + b"".join(options)
    return with_udp_payload(frame, message.ip, body)


def _server(offered: Options) -> Iterator[bytes]:
    for code, value in offered:
        if code == SERVER_ID:
            yield format_option(SERVER_ID, LINK_LAYER_DUID + value)


def _released(offered: Options) -> Iterator[bytes]:
    """An address given back costs nothing: it is fixed anyway."""
    yield from _server(offered)
    yield format_option(STATUS, SUCCESS)


def _offer(offered: Options, association: bytes | None) -> Iterator[bytes]:
    """The options of the flow, in its order; the address only for who wants one, for ever."""
    for code, value in offered:
        if code == SERVER_ID:
            yield from _server(((code, value),))
        elif code == IA_ADDRESS:
            if association is not None and len(association) >= 4:
                address = format_option(IA_ADDRESS, value + FOR_EVER + FOR_EVER)
                yield format_option(IA_NA, association[:4] + FOR_EVER + FOR_EVER + address)
        elif code not in LEFT_OUT:
            yield format_option(code, value)
