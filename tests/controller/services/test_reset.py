"""TCP resets and refusals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.controller.services.frame import ethernet, ipv4
from pyovn.controller.services.reset import ABORT, ACK, FIN, INIT, REFLECTED, RST, SCTP, SYN, refusal, sctp_abort, tcp_reset
from pyovn.packet import sctp
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


def sctp4(kind: int, tag: int, rest: bytes = b"") -> bytes:
    """An SCTP packet of one chunk."""
    chunk = bytes((kind, 0)) + (4 + len(rest)).to_bytes(2, "big") + rest
    return ethernet(SERVER, CLIENT, 0x0800, ipv4(A, B, SCTP, sctp.build(sctp.Sctp(1000, 80, tag, chunk))))


ABORTED = [
    # the packet, the tag and the flags of the abort
    (sctp4(INIT, 0, bytes.fromhex("0000002a") + bytes(12)), (42, 0)),
    (sctp4(10, 77), (77, REFLECTED)),
    (sctp4(ABORT, 77), None),
    (sctp4(INIT, 0, bytes(8)), None),
    (sctp4(10, 77)[:45], None),
    (tcp4(SYN), None),
]


@pytest.mark.parametrize(("frame", "answer"), ABORTED)
def test_an_abort_has_the_tag_that_the_peer_takes(frame: bytes, answer: tuple[int, int] | None) -> None:
    made = sctp_abort(frame)
    packet = sctp.parse(made[34:]) if made is not None else None
    assert (packet and (packet.tag, packet.chunks[1])) == answer
    if made is not None and packet is not None:
        assert (packet.src, packet.dst, packet.chunks[:1], sctp.build(packet)) == (80, 1000, bytes((ABORT,)), made[34:])
        assert refusal(frame) == CLIENT + SERVER + made[12:26] + made[30:34] + made[26:30] + made[34:]


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
