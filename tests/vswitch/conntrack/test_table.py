"""The connection tracker, as tables of packets and of what it says to each."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from pyovn.packet import slot
from pyovn.packet.packet import Packet
from pyovn.vswitch.conntrack import table as ct
from pyovn.vswitch.conntrack.table import DNAT, ESTABLISHED, INVALID, NEW, RELATED, REPLY, SNAT, TRACKED, Conntrack
from pyovn.vswitch.ops import Track, Translation
from tests.vswitch.board import address, icmp, tcp, udp

A, B, C = "10.0.0.1", "10.0.0.2", "192.0.2.9"
FIN, SYN, RST, ACK = 1, 2, 4, 16
BITS = {"new": NEW, "est": ESTABLISHED, "rel": RELATED, "rpl": REPLY, "inv": INVALID, "trk": TRACKED, "snat": SNAT, "dnat": DNAT}


class Step(NamedTuple):
    """A packet at a time, and the state that it gets; it is committed unless it says otherwise."""

    frame: bytes
    state: str
    at: float = 0.0
    commit: bool = True


def names(state: int) -> str:
    """The bits of a state as words, without `trk`."""
    assert state & TRACKED
    return " ".join(name for name, bit in BITS.items() if state & bit and name != "trk")


OUT, BACK = udp(A, B, 1000, 53), udp(B, A, 53, 1000)
PING, PONG = icmp(A, B, 8), icmp(B, A, 0)


def segment(flags: int) -> bytes:
    return tcp(A, B, 1000, 80, flags)


def answer(flags: int) -> bytes:
    return tcp(B, A, 80, 1000, flags)


SEQUENCES: dict[str, list[Step]] = {
    "udp": [Step(OUT, "new"), Step(OUT, "new"), Step(BACK, "est rpl"), Step(OUT, "est"), Step(BACK, "est rpl")],
    "nothing is remembered without a commit": [Step(OUT, "new", commit=False), Step(BACK, "new", commit=False)],
    "an unanswered connection ends": [Step(OUT, "new"), Step(BACK, "new", at=60.0)],
    "an answered one is kept by each packet": [
        Step(OUT, "new"), Step(BACK, "est rpl", at=1.0), Step(OUT, "est", at=30.0), Step(OUT, "est", at=59.0), Step(OUT, "new", at=90.0),
    ],
    "ping": [Step(PING, "new"), Step(PONG, "est rpl"), Step(PING, "est")],
    "an answer begins nothing": [Step(PONG, "inv")],
    "tcp": [
        Step(segment(SYN), "new"), Step(answer(SYN | ACK), "est rpl"), Step(segment(ACK), "est"), Step(answer(ACK), "est rpl"),
        Step(segment(FIN | ACK), "est"), Step(answer(FIN | ACK), "est rpl"), Step(segment(ACK), "est"),
    ],
    "a connection stays for a day": [
        Step(segment(SYN), "new"), Step(answer(SYN | ACK), "est rpl"), Step(segment(ACK), "est"), Step(answer(ACK), "est rpl", at=80000.0),
    ],
    "addresses are used again": [
        Step(segment(SYN), "new"), Step(answer(SYN | ACK), "est rpl"), Step(segment(FIN | ACK), "est"),
        Step(answer(FIN | ACK), "est rpl"), Step(segment(ACK), "est"), Step(segment(SYN), "new"),
    ],
    "a reset ends it soon": [
        Step(segment(SYN), "new"), Step(answer(RST | ACK), "est rpl"), Step(segment(ACK), "new", at=25.0),
    ],
    "picked up in the middle": [Step(segment(ACK), "new"), Step(answer(ACK), "est rpl")],
    "an answer to a SYN nobody saw": [Step(answer(SYN | ACK), "inv")],
    "impossible flags": [Step(segment(SYN | FIN), "inv"), Step(segment(0), "inv")],
    "not IP": [Step(b"\2" * 12 + b"\x08\x06" + bytes(28), "inv")],
    "a port is missing": [Step(udp(A, B, 0, 53), "inv")],
}  # fmt: skip


@pytest.mark.parametrize("name", SEQUENCES)
def test_states(name: str) -> None:
    tracker = Conntrack()
    for number, step in enumerate(SEQUENCES[name]):
        packet = Packet(step.frame)
        ct.track(tracker, packet, Track(5, step.commit), step.at)
        assert names(packet.flow[slot.CT_STATE]) == step.state, f"packet {number}"


def number(text: str) -> int:
    return int.from_bytes(address(text), "big")


def ends(packet: Packet) -> tuple[str, int, str, int]:
    """Source and destination of a packet as its frame has them."""
    flow = Packet(packet.frame).flow
    source, target = (".".join(str(byte) for byte in flow[at].to_bytes(4, "big")) for at in (slot.NW_SRC, slot.NW_DST))
    return source, flow[slot.TP_SRC], target, flow[slot.TP_DST]


def pass_through(tracker: Conntrack, frame: bytes, want: Translation | None, *, commit: bool = True) -> Packet:
    packet = Packet(frame)
    ct.track(tracker, packet, Track(5, commit, nat=want), 0.0)
    return packet


TRANSLATIONS = [
    # what is asked, packet out, answer in, and answer out
    (Translation("src", number(C)), (C, 1000, B, 53), udp(B, C, 53, 1000), (B, 53, A, 1000), "est rpl dnat"),
    (Translation("src", number(C), 0, 4000, 4010), (C, 4000, B, 53), udp(B, C, 53, 4000), (B, 53, A, 1000), "est rpl dnat"),
    (Translation("dst", number(C)), (A, 1000, C, 53), udp(C, A, 53, 1000), (B, 53, A, 1000), "est rpl snat"),
    (Translation("dst", number(C), 0, 5353), (A, 1000, C, 5353), udp(C, A, 5353, 1000), (B, 53, A, 1000), "est rpl snat"),
    (Translation("src"), (A, 1000, B, 53), udp(B, A, 53, 1000), (B, 53, A, 1000), "est rpl"),
]


@pytest.mark.parametrize(("want", "out", "reply", "back", "state"), TRANSLATIONS)
def test_translation(want: Translation, out: tuple[str, int, str, int], reply: bytes, back: tuple[str, int, str, int], state: str) -> None:
    tracker = Conntrack()
    assert ends(pass_through(tracker, OUT, want)) == out
    returned = pass_through(tracker, reply, Translation(""))
    assert ends(returned) == back
    assert names(returned.flow[slot.CT_STATE]) == state
    # What the connection began with is told as it began.
    assert returned.flow[slot.CT_NW_SRC] == number(A) and returned.flow[slot.CT_TP_DST] == 53


def test_two_clients_behind_one_address_get_two_ports() -> None:
    tracker = Conntrack()
    first = ends(pass_through(tracker, udp(A, B, 1000, 53), Translation("src", number(C))))
    second = ends(pass_through(tracker, udp("10.0.0.7", B, 1000, 53), Translation("src", number(C))))
    assert first == (C, 1000, B, 53)
    assert second[0] == C and second[1] != 1000
    assert ends(pass_through(tracker, udp(B, C, 53, second[1]), Translation(""))) == (B, 53, "10.0.0.7", 1000)


def test_when_all_ports_are_taken_the_packet_is_invalid() -> None:
    tracker = Conntrack()
    for host, state in (("10.0.0.3", "new snat"), ("10.0.0.4", "new snat"), ("10.0.0.5", "inv")):
        packet = pass_through(tracker, udp(host, B, 1000, 53), Translation("src", number(C), 0, 7000, 7001))
        assert names(packet.flow[slot.CT_STATE]) == state


def test_an_error_belongs_to_the_connection_that_it_is_about() -> None:
    tracker = Conntrack()
    sent = pass_through(tracker, OUT, Translation("src", number(C)))
    error = icmp("10.9.9.9", C, 3, 3, bytes(4) + sent.frame[14:42])
    packet = pass_through(tracker, error, Translation(""), commit=False)
    assert names(packet.flow[slot.CT_STATE]) == "rel rpl dnat"
    frame = packet.frame
    assert frame[30:34] == address(A)
    assert frame[42 + 12 : 42 + 16] == address(A) and frame[42 + 20 : 42 + 22] == (1000).to_bytes(2, "big")
    stranger = icmp("10.9.9.9", C, 3, 3, bytes(4) + udp(C, B, 9, 9)[14:42])
    assert names(pass_through(tracker, stranger, None, commit=False).flow[slot.CT_STATE]) == "inv"


def test_marks_are_written_under_masks_and_found_again() -> None:
    tracker = Conntrack()
    for how in (Track(5, True, mark=(0xFF, 0xFF)), Track(5, True, mark=(0, 0x0F), label=(1 << 100, 1 << 100))):
        ct.track(tracker, Packet(OUT), how, 0.0)
    packet = Packet(BACK)
    ct.track(tracker, packet, Track(5), 0.0)
    assert (packet.flow[slot.CT_MARK], packet.flow[slot.CT_LABEL]) == (0xF0, 1 << 100)


def fragment(frame: bytes, start: int, end: int | None, *, ident: int = 7) -> bytes:
    """The part of an IP packet from byte `start` of its payload (a multiple of 8)."""
    part, more = frame[34 + start : None if end is None else 34 + end], 0 if end is None else 0x2000
    header = bytearray(frame[14:34])
    header[2:4] = (20 + len(part)).to_bytes(2, "big")
    header[4:8] = ident.to_bytes(2, "big") + (more | start // 8).to_bytes(2, "big")
    return frame[:14] + bytes(header) + part


def test_the_parts_of_a_datagram_belong_together() -> None:
    tracker, long = Conntrack(), udp(A, B, 1000, 53, bytes(range(200)))
    parts = [fragment(long, 0, 64), fragment(long, 64, 128), fragment(long, 128, None), fragment(long, 128, None, ident=8)]
    seen = [pass_through(tracker, part, Translation("src", number(C))) for part in parts]
    assert [names(packet.flow[slot.CT_STATE]) for packet in seen] == ["new snat", "new snat", "new snat", "inv"]
    # All have the new source; the first has the ports, the others have their payload untouched.
    assert all(packet.frame[26:30] == address(C) for packet in seen[:3])
    assert [packet.frame[34:] for packet in seen[1:3]] == [part[34:] for part in parts[1:3]]


def test_zones_know_nothing_of_each_other() -> None:
    tracker = Conntrack()
    ct.track(tracker, Packet(OUT), Track(5, True), 0.0)
    packet = Packet(BACK)
    ct.track(tracker, packet, Track(6), 0.0)
    assert names(packet.flow[slot.CT_STATE]) == "new"


def test_force_turns_a_connection_round() -> None:
    tracker = Conntrack()
    ct.track(tracker, Packet(OUT), Track(5, True), 0.0)
    for frame, how, state in ((BACK, Track(5, True, force=True), "new"), (OUT, Track(5), "est rpl")):
        packet = Packet(frame)
        ct.track(tracker, packet, how, 0.0)
        assert names(packet.flow[slot.CT_STATE]) == state


def test_a_zone_takes_no_more_than_its_limit() -> None:
    tracker = Conntrack(limits={5: 2})
    states = []
    for port in (1, 2, 3):
        packet = Packet(udp(A, B, port, 53))
        ct.track(tracker, packet, Track(5, True), 0.0)
        states.append(names(packet.flow[slot.CT_STATE]))
    assert states == ["new", "new", "inv"]
    assert ct.flush(tracker, lambda connection: connection.key.sport == 1) == 1
    assert tracker.zone_counts == {5: 1}


def test_silence_is_swept() -> None:
    tracker = Conntrack()
    ct.track(tracker, Packet(OUT), Track(5, True), 0.0)
    ct.tick(tracker, 10.0)
    assert len(list(ct.connections(tracker))) == 1
    ct.tick(tracker, 70.0)
    assert not tracker.by_key and tracker.sweep_at == float("inf")


@pytest.mark.parametrize("frame", [OUT, segment(SYN), PING, icmp(C, A, 3, 3, bytes(4) + OUT[14:42])])
def test_a_packet_cut_anywhere_is_harmless(frame: bytes) -> None:
    tracker = Conntrack()
    ct.track(tracker, Packet(OUT), Track(5, True, nat=Translation("src", number(C))), 0.0)
    for end in range(14, len(frame)):
        packet = Packet(frame[:end])
        ct.track(tracker, packet, Track(5, True, nat=Translation("")), 0.0)
        assert packet.flow[slot.CT_STATE] & TRACKED
