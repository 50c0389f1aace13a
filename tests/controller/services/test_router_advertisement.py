"""Solicitations answered with the flow's advertisement."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyovn.controller.services.frame import IPV6, ethernet, icmpv6
from pyovn.controller.services.router_advertisement import advertise
from pyovn.packet.checksum import checksum, pseudo_header
from tests.controller.services.frames import A6, CLIENT, SERVER, solicit6

ROUTERS = 0xFF02 << 112 | 2
SOLICITATION = ethernet(SERVER, CLIENT, IPV6, icmpv6(A6, ROUTERS, bytes((133, 0, 0, 0)) + bytes(4)))
ADVERTISEMENT = bytes((134, 0, 0, 0, 64, 0, 7, 8)) + bytes(8) + b"\x01\x01" + SERVER


def test_the_advertisement_takes_the_solicitation_s_place() -> None:
    made = advertise(SOLICITATION, ADVERTISEMENT)
    assert made is not None
    assert made[:18] == SOLICITATION[:18]
    assert int.from_bytes(made[18:20], "big") == len(ADVERTISEMENT)
    assert made[58:] == ADVERTISEMENT[4:]
    assert checksum(made[54:], pseudo_header(A6, ROUTERS, 58, len(ADVERTISEMENT))) == 0


def test_nothing_else_is_answered() -> None:
    assert advertise(solicit6(), ADVERTISEMENT) is None
    assert advertise(SOLICITATION, ADVERTISEMENT[:10]) is None


@given(st.binary(max_size=100), st.binary(max_size=40))
def test_no_frame_raises(frame: bytes, message: bytes) -> None:
    advertise(frame, message)
