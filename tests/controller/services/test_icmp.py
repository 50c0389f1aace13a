"""ICMP errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.controller.services.icmp import icmp_error, mtu_of, with_mtu
from pyovn.openflow.action import Note
from pyovn.packet.checksum import checksum
from tests.controller.services.frames import CLIENT, SERVER, icmp4, solicit6, udp4


@pytest.mark.parametrize(("port", "code"), [(False, 1), (True, 3)])
def test_an_error_quotes_the_packet(port: bool, code: int) -> None:
    frame = udp4()
    made = icmp_error(frame, port=port)
    assert made is not None
    assert made[:12] == frame[:12]
    assert made[26:34] == frame[26:34]
    assert (made[34], made[35], made[42:]) == (3, code, frame[14:])
    assert checksum(made[34:]) == 0
    assert made[20:22] == b"\x40\0"


def test_an_error_back_to_the_sender_exchanges_addresses() -> None:
    frame = udp4()
    made = icmp_error(frame, loopback=True)
    assert made is not None
    assert made[:12] == CLIENT + SERVER
    assert made[26:34] == frame[30:34] + frame[26:30]


def test_a_long_packet_is_quoted_in_part() -> None:
    made = icmp_error(udp4(bytes(1400)))
    assert made is not None
    assert len(made) == 14 + 576


@pytest.mark.parametrize("kind", [3, 4, 5, 11, 12])
def test_no_error_about_an_error(kind: int) -> None:
    assert icmp_error(icmp4(kind)) is None
    assert icmp_error(icmp4(8)) is not None


def test_an_ipv6_error() -> None:
    made = icmp_error(solicit6(), port=True)
    assert made is not None
    assert (made[54], made[55]) == (1, 4)


@given(st.binary(max_size=200))
def test_no_frame_raises(frame: bytes) -> None:
    icmp_error(frame)


def test_the_mtu_of_a_note_is_told() -> None:
    note = Note(b"ovn\0" + bytes((0, 0, 0, 0)) + (1400).to_bytes(2, "big"))
    assert mtu_of((note,)) == 1400
    assert mtu_of((Note(b"else"),)) is None
    for frame in (icmp_error(udp4()), icmp_error(solicit6())):
        made = with_mtu(frame, 1400)
        assert made is not None
        at = 34 if made[12:14] == b"\x08\0" else 54
        assert int.from_bytes(made[at + 4 : at + 8], "big") == 1400
    assert checksum((with_mtu(icmp_error(udp4()), 1400) or b"")[34:]) == 0
