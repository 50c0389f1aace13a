"""DHCPv4: which reply, to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.controller.services.dhcp4 import parse_message, parse_offer, reply
from pyovn.packet.checksum import checksum
from tests.controller.services.frames import dhcp

USERDATA = bytes.fromhex("0a00000b" "33040000 0e10" "0104ffffff00" "03040a000001" "36040a000001".replace(" ", ""))
OFFER = parse_offer(USERDATA)
LEASE = bytes.fromhex("330400000e100104ffffff0003040a00000136040a000001")
TAIL = bytes.fromhex("00000000ff00000000")
ADDRESS = bytes((10, 0, 0, 11))


@pytest.mark.parametrize(
    ("frame", "kind", "address", "options"),
    [
        (dhcp(1), 2, ADDRESS, LEASE),
        (dhcp(3, b"\x32\x04" + ADDRESS), 5, ADDRESS, LEASE),
        (dhcp(3, current=ADDRESS), 5, ADDRESS, LEASE),
        (dhcp(3, b"\x32\x04\x0a\0\0\x63"), 6, bytes(4), b""),
        (dhcp(8, current=ADDRESS), 5, bytes(4), bytes.fromhex("03040a00000136040a000001")),
    ],
    ids=["discover", "request", "renew", "another address", "inform"],
)
def test_replies(frame: bytes, kind: int, address: bytes, options: bytes) -> None:
    assert OFFER is not None
    made = reply(frame, OFFER)
    assert made is not None
    assert made[282:] == bytes((53, 1, kind)) + options + TAIL
    assert (made[42], made[58:62]) == (2, address)
    assert made[30:34] == ADDRESS
    assert checksum(made[14:34]) == 0
    assert int.from_bytes(made[16:18], "big") == len(made) - 14
    assert made[15] == 0x10
    assert made[22] == 128


def test_an_offer_has_318_bytes() -> None:
    assert OFFER is not None
    made = reply(dhcp(1), OFFER)
    assert made is not None
    assert len(made) == 318


def test_who_cannot_hear_unicast_is_told_by_broadcast() -> None:
    assert OFFER is not None
    made = reply(dhcp(1, broadcast=True), OFFER)
    assert made is not None
    assert made[30:34] == b"\xff" * 4


@pytest.mark.parametrize("kind", [0, 2, 4, 5, 6, 7, 9, 255])
def test_nothing_is_said_to_other_kinds(kind: int) -> None:
    assert OFFER is not None
    assert reply(dhcp(kind), OFFER) is None


def test_every_cut_is_survived() -> None:
    assert OFFER is not None
    whole = dhcp(3, b"\x32\x04" + ADDRESS)
    for length in range(len(whole)):
        assert reply(whole[:length], OFFER) is None
    for length in range(len(USERDATA)):
        parse_offer(USERDATA[:length])


@given(st.binary(max_size=400), st.integers(0, 300))
def test_no_message_raises(noise: bytes, at: int) -> None:
    frame = dhcp(1)
    parse_message(frame[:at] + noise)
    parse_message(noise)
