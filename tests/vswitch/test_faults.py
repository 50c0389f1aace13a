"""Malformed packets: one must not decide for another, none is believed to have what it has not, and none costs others their way."""

from __future__ import annotations

import random
from ipaddress import IPv4Address
from struct import pack

import pytest

from pyovn.packet import slot
from pyovn.packet.flow import parse_flow
from pyovn.vswitch.conntrack.table import Conntrack
from tests.packet.frames import FRAMES, UDP, ethernet, ipv4, ipv6
from tests.vswitch.board import Board, make_board, parse_rule, udp
from tests.vswitch.test_cache import forget_verdicts
from tests.vswitch.test_hostile_peer import HANDLING

FRAME_HEADER, TOTAL_LENGTH = 14, 16
SECRET = pack(">HHHH", 5000, 80, 8, 0)


def with_length(frame: bytes, total: int) -> bytes:
    """An IPv4 packet that says that it has so many bytes."""
    return frame[:TOTAL_LENGTH] + total.to_bytes(2, "big") + frame[TOTAL_LENGTH + 2 :]


def stack(labels: int) -> bytes:
    """A packet under so many labels."""
    entries = b"".join((label << 12 | (label == labels - 1) << 8 | 64).to_bytes(4, "big") for label in range(labels))
    return ethernet(0x8847, entries + ipv4(17, UDP)[FRAME_HEADER:])


def neighbour(kind: int, option: bytes) -> bytes:
    """A neighbour message with an option."""
    return ipv6(58, bytes((kind, 0, 0, 0, 0, 0, 0, 0)) + bytes(15) + b"\5" + option)


VARIED = [
    *(ipv4(protocol, UDP) for protocol in range(256)),
    *(ipv6(protocol, UDP) for protocol in range(256)),
    *(with_length(ipv4(17, UDP), total) for total in (0, 1, 19, 20, 21, 27, 28, 29, 100, 0xFFFF)),
    *(ipv4(17, UDP)[:14] + bytes([0x40 | words]) + ipv4(17, UDP)[15:] for words in range(16)),
    *(ipv4(17, UDP) + bytes(size) for size in (1, 18, 255, 256, 257, 1000)),
    *(frame[:length] for frame in FRAMES for length in range(FRAME_HEADER, len(frame))),
    *map(stack, (1, 2, 3, 4, 7, 100)),
    *(neighbour(kind, bytes([option, size]) + bytes(6)) for kind in (135, 136) for option in (1, 2, 3) for size in (0, 1, 2, 32, 255)),
    *FRAMES,
]


def handling() -> Board:
    board = make_board("p1", "p2")
    assert board.ask(*map(parse_rule, HANDLING)) == []
    return board


@pytest.mark.parametrize("seed", range(2))
def test_one_packet_does_not_decide_for_another(seed: int) -> None:
    """What the cache says after any packets is what the tables say."""
    warm, cold = handling(), handling()
    frames = random.Random(seed).sample(VARIED * 2, 2 * len(VARIED))
    for frame in frames:
        # Connections of earlier packets are not what is asked about.
        for board in (warm, cold):
            board.switch.datapath.conntrack = Conntrack()
        forget_verdicts(cold.switch.datapath)
        assert warm.send("p1", frame) == cold.send("p1", frame), frame.hex()


LIES = {
    "a length of none": with_length(ipv4(17, SECRET), 0),
    "less than a header": with_length(ipv4(17, SECRET), 19),
    "more than there is": with_length(ipv4(17, SECRET), 29),
    "a header that is not whole": ipv4(17, SECRET)[:14] + b"\x44" + ipv4(17, SECRET)[15:],
    "a header longer than the packet": ipv4(17, SECRET)[:14] + b"\x4f" + ipv4(17, SECRET)[15:],
    "no room for ports": with_length(ipv4(17, SECRET), 22),
    "a fragment": ipv4(17, SECRET, fragment=3),
    "ports cut off": ipv4(17, SECRET)[:36],
}


@pytest.mark.parametrize("what", LIES)
def test_nobody_has_ports_that_are_not_there(what: str) -> None:
    board = make_board("p1", "p2")
    board.ask(parse_rule("udp,tp_dst=80 actions=output:2"))
    assert board.send("p1", ipv4(17, SECRET)) != []
    assert board.send("p1", LIES[what]) == []


@pytest.mark.parametrize("labels", [1, 2, 3, 4, 100])
def test_three_labels_are_read_and_the_rest_is_left_alone(labels: int) -> None:
    frame = stack(labels)
    flow = parse_flow(frame)
    read = [flow[at] >> 12 for at in (slot.MPLS_LSE, slot.MPLS_LSE1, slot.MPLS_LSE2)]
    assert read == [label if label < labels else 0 for label in range(3)]
    board = make_board("p1", "p2")
    board.ask(parse_rule("mpls actions=set_field:9->mpls_label,output:2"))
    ((_, out),) = board.send("p1", frame)
    assert out[18:] == frame[18:]


@pytest.mark.parametrize("size", [0, 2, 31, 255])
def test_an_option_that_lies_about_its_length_says_nothing(size: int) -> None:
    flow = parse_flow(neighbour(135, bytes([1, size]) + bytes((0, 1, 2, 3, 4, 5))))
    assert flow[slot.ARP_SHA] == 0


def test_a_frame_of_a_control_protocol_is_only_a_frame() -> None:
    """What looks like LLDP, spanning tree, BFD or a tunnel's datagram changes nothing on a port where nobody listens."""
    board = make_board("p1", "p2")
    board.ask(parse_rule("actions=output:2"))
    frames = [
        ethernet(0x88CC, bytes(range(60))), ethernet(100, b"\x42\x42\3" + bytes(50)), ipv4(17, pack(">HHHH", 49152, 3784, 8 + 24, 0)
        + bytes.fromhex("20c00318") + bytes(20)), ipv4(17, pack(">HHHH", 1, 6081, 8, 0)), ipv4(17, pack(">HHHH", 1, 4789, 8, 0)),
    ]  # fmt: skip
    before = board.numbers()
    for frame in frames:
        assert board.send("p1", frame) == [("p2", frame)]
    assert board.settle() == [] and board.numbers() == before


def ladder() -> list[str]:
    """Rules that part every address and port from a packet's at another bit, as whoever wants many masks would have them."""
    address, port = 0x0A000001, 80
    addresses = (str(IPv4Address(address ^ 1 << 31 - bit)) for bit in range(32))
    rules = [f"priority={100 + bit},udp,nw_src={text}/{bit + 1} actions=output:2" for bit, text in enumerate(addresses)]
    for bit in range(16):
        rules.append(f"priority={200 + bit},udp,tp_dst={port ^ 1 << 15 - bit}/{0xFFFF << 15 - bit & 0xFFFF:#x} actions=drop")
    return [*rules, "priority=1,actions=output:2"]


def test_hostile_packets_do_not_multiply_what_is_looked_at() -> None:
    """A packet is looked up once for each set of bits that some verdict was reached by: those stay few."""
    board = make_board("p1", "p2")
    assert board.ask(*map(parse_rule, ladder())) == []
    chance = random.Random(1)
    for _ in range(3000):
        source = str(IPv4Address(0x0A000001 ^ 1 << chance.randrange(32)))
        board.send("p1", udp(source, "10.0.0.2", 1000, 80 ^ 1 << chance.randrange(16) or 1))
    sets = [len(entrance.cache.groups) for entrance in board.switch.datapath.entrances.values()]
    assert max(sets) <= 8
