"""DHCPv6 messages, and the replies that the reference gives to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.controller.services.dhcp6 import format_option, parse_message, parse_options, reply
from pyovn.controller.services.frame import IPV6, UDP, ethernet, ipv6, with_checksum
from pyovn.packet.checksum import checksum, pseudo_header
from tests.controller.services.frames import A6, CLIENT

SERVERS = 0xFF02 << 112 | 0x10002
CLIENT_ID = bytes.fromhex("0001000e000100012d0d2b5e000000000001")
SERVER_ID = bytes.fromhex("0002000a00030001000000000099")
ASSOCIATION = bytes.fromhex("0003000cabcdef010000000000000000")
OFFERED = b"".join(
    format_option(code, bytes.fromhex(value))
    for code, value in ((5, "fd01" + "00" * 12 + "0011"), (23, "fd01" + "00" * 12 + "0053"), (24, "03612e6200"), (2, "000000000099"))
)
LEASE = "00030028abcdef01ffffffffffffffff00050018fd010000000000000000000000000011ffffffffffffffff"
REST = "00170010fd0100000000000000000000000000530018000503612e62000002000a00030001000000000099"


def message(kind: int, options: bytes) -> bytes:
    """A client's message."""
    body = bytes((kind,)) + b"\x11\x22\x33" + options
    udp = b"\x02\x22\x02\x23" + (8 + len(body)).to_bytes(2, "big") + b"\0\0" + body
    udp = with_checksum(udp, 6, pseudo_header(A6, SERVERS, UDP, len(udp)))
    return ethernet(bytes.fromhex("333300010002"), CLIENT, IPV6, ipv6(A6, SERVERS, UDP, udp, hops=64))


@pytest.mark.parametrize(
    ("kind", "options", "answered"),
    [
        (1, ASSOCIATION, "02112233" + CLIENT_ID.hex() + LEASE + REST),
        (1, b"\0\x0e\0\0" + ASSOCIATION + b"\0\x06\0\x04\0\x17\0\x18", "02112233" + CLIENT_ID.hex() + LEASE + REST),
        (3, SERVER_ID + ASSOCIATION, "07112233" + CLIENT_ID.hex() + LEASE + REST),
        (4, ASSOCIATION, "07112233" + CLIENT_ID.hex() + LEASE + REST),
        (9, SERVER_ID + ASSOCIATION, "07112233" + CLIENT_ID.hex() + LEASE + REST),
        (11, b"", "07112233" + CLIENT_ID.hex() + REST),
        (8, SERVER_ID + ASSOCIATION, "07112233" + CLIENT_ID.hex() + SERVER_ID.hex() + "000d00020000"),
        (5, SERVER_ID + ASSOCIATION, None),
        (6, ASSOCIATION, None),
    ],
    ids=["solicit", "rapid", "request", "confirm", "decline", "information", "release", "renew", "rebind"],
)
def test_replies_are_the_reference_s(kind: int, options: bytes, answered: str | None) -> None:
    frame = message(kind, CLIENT_ID + options)
    made = reply(frame, OFFERED)
    assert (made[62:].hex() if made else None) == answered
    if made:
        assert made[:18] == frame[:18]
        assert int.from_bytes(made[18:20], "big") == len(made) - 54
        assert checksum(made[54:], pseudo_header(A6, SERVERS, UDP, len(made) - 54)) == 0


def test_who_does_not_say_who_he_is_gets_nothing() -> None:
    assert reply(message(1, ASSOCIATION), OFFERED) is None


def test_options_cut_short() -> None:
    assert parse_options(OFFERED[:-1]) is None
    assert parse_message(message(1, b"\0\x01\0\x09x")) is None
    assert reply(message(1, CLIENT_ID), OFFERED[:-1]) is None


@given(st.binary(max_size=120), st.binary(max_size=40))
def test_no_frame_raises(frame: bytes, payload: bytes) -> None:
    reply(frame, payload)
    reply(message(1, frame), payload)
