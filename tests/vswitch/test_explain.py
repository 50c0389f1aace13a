"""A packet's fate in words."""

from __future__ import annotations

import pytest

from pyovn.vswitch import show
from pyovn.vswitch.show import CommandRefused
from tests.vswitch.board import Board, make_board, parse_rule, udp

RULES = """
    priority=5,ip,cookie=0x77 actions=load:1->NXM_NX_REG0[],ct(table=1,zone=5)
    table=1,ct_state=+new+trk,ip actions=ct(commit,zone=5),resubmit(,2)
    table=1,ct_state=+est+trk,ip actions=resubmit(,2)
    table=2,in_port=1 actions=dec_ttl,output:2
    table=2,in_port=2 actions=drop
"""


@pytest.fixture
def board() -> Board:
    made = make_board("p1", "p2")
    made.ask(*(parse_rule(line) for line in RULES.strip().splitlines()))
    return made


def test_every_look_up_is_told(board: Board) -> None:
    text = show.trace(board.switch.datapath, ["br0", "in_port=1,udp,nw_src=10.0.0.1,nw_ttl=64"])
    for line in (
        'bridge("br0")', " 0. ip, priority 5, cookie 0x77", "    ct(table=1,zone=5)",
        " 1. ct_state=+new+trk,ip, priority 32768", " 2. in_port=1, priority 32768", "    dec_ttl", "    output:2",
    ):  # fmt: skip
        assert line in text.splitlines()
    assert "resume conntrack with default ct_state=trk|new (use --ct-next to customize)" in text
    assert text.splitlines()[-1] == "Datapath actions: ct(commit,zone=5),set(nw_ttl=63),p2"


def test_the_tracker_may_be_answered_for(board: Board) -> None:
    text = show.trace(board.switch.datapath, ["br0", "in_port=2,udp", "--ct-next=trk,est"])
    assert " 1. ct_state=+est+trk,ip, priority 32768" in text and text.splitlines()[-1] == "Datapath actions: drop"


def test_nothing_happens(board: Board) -> None:
    show.trace(board.switch.datapath, ["br0", "in_port=1,udp,nw_ttl=64"])
    assert not board.switch.datapath.conntrack.by_key and not board.switch.take()
    assert "n_packets=0" in show.dump_rules(board.switch.datapath, board.switch.datapath.bridges["br0"], 0.0)


WRONG = [
    (["br9", "in_port=1"], "br9: unknown bridge"),
    (["in_port=1"], "Must specify bridge name"),
    (["br0", "bogus"], "Bad openflow flow syntax: bogus"),
    (["br0", "udp", "--ct-next=nonsense"], "nonsense: unknown connection tracking state"),
]


@pytest.mark.parametrize(("arguments", "error"), WRONG)
def test_what_is_wrong_is_named(board: Board, arguments: list[str], error: str) -> None:
    with pytest.raises(CommandRefused, match=error):
        show.trace(board.switch.datapath, arguments)


def test_what_the_switch_holds_can_be_shown(board: Board) -> None:
    datapath = board.switch.datapath
    board.send("p1", udp("10.0.0.1", "10.0.0.2", 1000, 53))
    assert "udp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=1000,dport=53),reply=(src=10.0.0.2," in show.dump_connections(datapath, 5)
    assert show.dump_connections(datapath, 6) == ""
    assert "actions:ct(zone=5),recirc(" in show.dump_cache(datapath, datapath.bridges["br0"])
    assert "p1 1/1: (dummy)" in show.show_dpif(datapath)
    show.flush_connections(datapath)
    assert show.dump_connections(datapath) == ""
