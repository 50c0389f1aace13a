"""TCP resets and refusals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.controller.services.reset import ACK, FIN, RST, SYN, refusal, tcp_reset
from pyovn.packet.checksum import checksum, pseudo_header
from tests.controller.services.frames import CLIENT, SERVER, A, B, icmp4, tcp4, udp4


@pytest.mark.parametrize(
    ("frame", "flags", "sequence", "acknowledged"),
    [
        (tcp4(SYN), RST | ACK, 0, 101),
        (tcp4(SYN | FIN, payload=b"abc"), RST | ACK, 0, 105),
        (tcp4(ACK, acknowledged=77), RST, 77, 0),
        (tcp4(0, sequence=0xFFFFFFFF, payload=b"ab"), RST | ACK, 0, 1),
    ],
)
def test_a_reset_is_one_that_the_peer_takes(frame: bytes, flags: int, sequence: int, acknowledged: int) -> None:
    made = tcp_reset(frame)
    assert made is not None
    segment = made[34:]
    assert (segment[13], segment[0:4]) == (flags, b"\0\x50\x03\xe8")
    assert (int.from_bytes(segment[4:8], "big"), int.from_bytes(segment[8:12], "big")) == (sequence, acknowledged)
    assert checksum(segment, pseudo_header(A, B, 6, len(segment))) == 0


def test_a_reset_is_not_reset() -> None:
    assert tcp_reset(tcp4(RST)) is None


def test_what_reject_sends_fits_the_protocol() -> None:
    for frame, protocol, kind in ((tcp4(SYN), 6, None), (udp4(), 1, 3), (icmp4(), 1, 1)):
        made = refusal(frame)
        assert made is not None
        assert made[:12] == CLIENT + SERVER
        assert made[23] == protocol
        assert kind is None or made[35] == kind


@given(st.binary(max_size=120))
def test_no_frame_raises(frame: bytes) -> None:
    refusal(frame)
