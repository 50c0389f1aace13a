"""A bridge whose controllers are silent."""

from __future__ import annotations

from pyovn.openflow.channel import channel_pair
from pyovn.openflow.statistics import FlowStatsReply, FlowStatsRequest
from pyovn.ovsdb.operation import EVERY, Condition, Delete, Insert, Named, Update
from pyovn.schemas import vswitch as db
from tests.vswitch.board import Board, ethernet, make_board, parse_rule

FRAME = ethernet(2, 4, 0x88CC, bytes(46))
TARGET = "tcp:192.0.2.1:6653"
PROBE_MS = 2000


def controlled(fail_mode: str | None) -> Board:
    """A board whose bridge has a controller, which has not come yet, and a rule."""
    board = make_board("p1", "p2", "p3", fail_mode=fail_mode)
    row = {"target": TARGET, "inactivity_probe": PROBE_MS}
    board.transact(
        Insert(db.Controller, row, "c"), Update(db.Bridge, [Condition("name", "==", "br0")], {"controller": (Named("c"),)})
    )
    board.ask(parse_rule("in_port=1 actions=output:3"))
    return board


def later(board: Board, seconds: float) -> None:
    board.now += seconds
    board.settle()


def ports(board: Board) -> list[str]:
    """Where a frame from the first port leaves."""
    return sorted(port for port, _ in board.send("p1", FRAME))


def test_after_three_probes_it_is_an_ordinary_switch_until_its_controller_comes() -> None:
    board = controlled("standalone")
    later(board, 5.9)
    assert ports(board) == ["p3"]
    later(board, 0.1)
    assert ports(board) == ["p2", "p3"]
    assert board.ask(FlowStatsRequest()) == [FlowStatsReply()]
    ours, _ = channel_pair()
    board.switch.attach("br0", ours, service=False, target=TARGET)
    later(board, 0.0)
    assert ports(board) == []
    ours.close()
    later(board, 0.0)
    later(board, 5.0)
    assert ports(board) == []
    later(board, 1.0)
    assert ports(board) == ["p2", "p3"]
    board.transact(Update(db.Bridge, EVERY, {"fail_mode": "secure"}))
    assert ports(board) == []


def test_it_wakes_in_time() -> None:
    board = controlled(None)
    assert board.switch.due() <= 6.0
    later(board, 6.0)
    assert ports(board) == ["p2", "p3"]


def test_one_that_is_to_wait_waits() -> None:
    board = controlled("secure")
    later(board, 3600.0)
    assert ports(board) == ["p3"]


def test_one_that_has_no_controller_any_more_is_an_ordinary_switch() -> None:
    board = controlled("standalone")
    board.transact(Update(db.Bridge, EVERY, {"controller": ()}), Delete(db.Controller, EVERY))
    later(board, 60.0)
    assert ports(board) == ["p3"]
    board.ask(parse_rule("priority=40000,actions=drop"))
    assert ports(board) == []
