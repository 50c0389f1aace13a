"""What a hostile or broken controller may send over its stream: it gets errors, the switch goes on."""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyovn.machine import Opened
from pyovn.openflow.connection import Connection
from pyovn.openflow.error import OpenFlowError
from pyovn.openflow.message import OF10, Error
from pyovn.openflow.message_codec import VERSIONS, decode, encode
from pyovn.vswitch.effects import Datagram
from pyovn.vswitch.tunnels import encode_geneve
from tests.openflow.test_message_codec import CASES
from tests.packet.frames import FRAMES
from tests.vswitch.board import Board, make_board, parse_rule


def session(version: int) -> tuple[Board, Connection]:
    """A switch and a session with it, as its management socket makes one."""
    board, connection = make_board("p1", "p2"), Connection.accepted((version,))
    connection.receive(None, Opened("peer"), 0.0)
    connection.receive(None, pack(">BBHI", version, 0, 8, 1), 0.0)
    board.switch.attach("br0", connection.channel)
    board.settle()
    connection.take()
    return board, connection


def answers(board: Board, connection: Connection, data: bytes) -> Sequence[object]:
    """What the switch answers to bytes."""
    connection.receive(None, data, 0.0)
    for _ in range(2):
        board.settle()
        connection.tick(0.0)
    return connection.take()


UNSPEAKABLE = {
    "a bundle, in a version without": "01040018000000074f4e4600000008fc0000000500000003",
    "which messages it gets unasked, in a version without": "011a000800000007",
}


@pytest.mark.parametrize("what", UNSPEAKABLE)
def test_what_cannot_be_answered_is_an_error(what: str) -> None:
    board, connection = session(OF10)
    (answer,) = answers(board, connection, bytes.fromhex(UNSPEAKABLE[what]))
    assert isinstance(answer, bytes)
    _, xid, message = decode(answer)
    assert (xid, type(message)) == (7, Error)


ENCODED = []
for _message, _version in CASES:
    try:
        ENCODED.append(bytearray(encode(_message, _version, 7)))
    except OpenFlowError:
        continue


CHANGES = st.lists(st.tuples(st.integers(1, 4000), st.integers(0, 255)), max_size=4)


@given(
    st.sampled_from(VERSIONS), st.lists(st.tuples(st.sampled_from(ENCODED), CHANGES, st.booleans()), max_size=8),
)  # fmt: skip
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_message_ends_the_switch(version: int, sent: list[tuple[bytearray, list[tuple[int, int]], bool]]) -> None:
    board, connection = session(version)
    for original, changes, keep_length in sent:
        data = bytearray(original)
        data[0] = version
        for at, value in changes:
            data[at % len(data)] = value
        if keep_length:
            data[2:4] = len(data).to_bytes(2, "big")
        answers(board, connection, bytes(data))
    assert board.numbers() == {"p1": 1, "p2": 2}


HANDLING = (
    "table=0,priority=1 actions=output:2",
    "table=0,priority=10,ip actions=ct(table=1,zone=5)",
    "table=0,priority=9,ipv6 actions=ct(table=1,zone=6,nat)",
    "table=1,priority=1,ct_state=+new+trk,ip actions=ct(commit,zone=5,nat(src=192.0.2.1)),output:2",
    "table=1,priority=0 actions=dec_ttl,mod_vlan_vid:5,output:2",
    "table=0,priority=20,arp actions=move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[],set_field:2->arp_op,in_port",
    "table=0,priority=20,udp,tp_dst=67 actions=controller(userdata=00.01.02)",
    "table=0,priority=20,icmp6 actions=set_field:0x40->nw_tos,dec_ttl,set_field:fe80::1->ipv6_src,output:2,in_port",
    "table=0,priority=19,tcp actions=set_field:5->tcp_dst,set_field:10.0.0.3->nw_dst,resubmit(,1)",
)


def test_a_frame_cut_at_any_byte_is_forwarded_or_dropped() -> None:
    board = make_board("p1", "p2", ("g1", "geneve", {"remote_ip": "flow", "key": "flow"}))
    assert board.ask(*(parse_rule(rule) for rule in HANDLING)) == []
    for frame in FRAMES:
        for length in range(len(frame) + 1):
            board.send("p1", frame[:length])
            arrived = encode_geneve(5, [(0x102, 0x80, bytes(4))], frame[:length])
            board.switch.receive(None, Datagram(0xC0000202, 1, 4, 6081, arrived), 0.0)
            board.switch.take()


def test_a_geneve_header_may_be_cut_and_its_lengths_may_lie() -> None:
    board = make_board("p1", ("g1", "geneve", {"remote_ip": "flow", "key": "flow"}))
    datagram = encode_geneve(5, [(0x102, 0x80, bytes(4)), (0x103, 1, bytes(8))], FRAMES[0])
    lies = [datagram[:at] + bytes([value]) + datagram[at + 1 :] for at in (0, 11) for value in range(256)]
    for payload in [*lies, *(datagram[:length] for length in range(len(datagram) + 1))]:
        board.switch.receive(None, Datagram(0xC0000202, 1, 4, 6081, payload), 0.0)
        board.switch.take()
    assert board.ask(parse_rule("actions=drop")) == []
