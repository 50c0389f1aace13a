"""Fragments that overtake the first one of their datagram wait for it, but not for ever, and not many."""

from __future__ import annotations

import pytest

from pyovn.vswitch.conntrack.fragments import LIFE_S, MOST_WAITING
from tests.vswitch.board import Board, make_board, parse_rule, udp
from tests.vswitch.conntrack.test_table import fragment

A, B = "10.0.0.1", "10.0.0.2"
LONG = udp(A, B, 1000, 53, bytes(range(200)))
FIRST, SECOND, LAST = fragment(LONG, 0, 64), fragment(LONG, 64, 128), fragment(LONG, 128, None)
STATEFUL = (
    "ip,ct_state=-trk actions=ct(table=1,zone=5)", "table=1,ip,ct_state=+new actions=ct(commit,zone=5),output:2",
    "table=1,ip,ct_state=+inv actions=output:3",
)  # fmt: skip


def stateful() -> Board:
    board = make_board("p1", "p2", "p3")
    assert board.ask(*map(parse_rule, STATEFUL)) == []
    return board


@pytest.mark.parametrize(
    ("arrivals", "left"),
    [
        ([FIRST, SECOND, LAST], [1, 1, 1]),
        ([LAST, SECOND, FIRST], [0, 0, 3]),
        ([SECOND, FIRST, LAST], [0, 2, 1]),
    ],
)
def test_each_leaves_once_the_first_has_come(arrivals: list[bytes], left: list[int]) -> None:
    board = stateful()
    sent = [board.send("p1", frame) for frame in arrivals]
    assert [len(frames) for frames in sent] == left
    assert sorted(frame for frames in sent for _, frame in frames) == sorted(arrivals)
    assert {port for frames in sent for port, _ in frames} == {"p2"}


def test_each_waits_for_its_own() -> None:
    board = stateful()
    other = fragment(LONG, 64, 128, ident=8)
    assert board.send("p1", other) == []
    assert board.send("p1", FIRST) == [("p2", FIRST)]


def test_who_waits_too_long_is_dropped() -> None:
    board = stateful()
    assert board.send("p1", LAST) == []
    board.now = LIFE_S
    assert board.switch.due() <= LIFE_S
    board.settle()
    assert not board.switch.datapath.conntrack.fragments.waiting
    assert board.send("p1", FIRST) == [("p2", FIRST)]


def test_a_flood_takes_no_more_room_than_there_is() -> None:
    board = stateful()
    for number in range(3 * MOST_WAITING):
        assert board.send("p1", fragment(LONG, 64, 128, ident=number)) == []
    assert len(board.switch.datapath.conntrack.fragments.waiting) == MOST_WAITING
    # The ones that came last are still there.
    last = 3 * MOST_WAITING - 1
    assert len(board.send("p1", fragment(LONG, 0, 64, ident=last))) == 2
    assert len(board.send("p1", fragment(LONG, 0, 64, ident=0))) == 1
