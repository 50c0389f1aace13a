"""OpenFlow sessions: rules, groups, meters and bundles as a controller sees them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.openflow import ports as of
from pyovn.openflow.action import Controller, Ct, Group, Meter, Note, Output, Resubmit, set_field
from pyovn.openflow.commands import Band, Bucket, BundleAdd, BundleControl, BundleKind, CtFlushZone, FlowFlag, MeterFlag, RemovedReason
from pyovn.openflow.match_text import format_match, parse_match
from pyovn.openflow.message import (
    Error,
    FlowCommand,
    FlowMod,
    FlowRemoved,
    FlowStatsReply,
    FlowStatsRequest,
    GroupCommand,
    GroupMod,
    GroupType,
    Message,
    MeterCommand,
    MeterMod,
    PacketIn,
    PacketOut,
    Resume,
    Role,
    RoleReply,
    RoleRequest,
    SetConfig,
    SetControllerId,
    TlvCommand,
    TlvMapping,
    TlvTableMod,
)
from pyovn.openflow.statistics import AggregateReply, AggregateRequest
from pyovn.packet import slot
from tests.vswitch.board import Board, make_board, udp

FRAME = udp("10.0.0.1", "10.0.0.2", 1000, 53)


def rule(match: str, priority: int = 100, table: int = 0, cookie: int = 0, command: FlowCommand = FlowCommand.ADD, **more: int) -> FlowMod:
    return FlowMod(parse_match(match), (Output(2),), command, table, priority, cookie, **more)


def rules(board: Board) -> list[str]:
    """The tables as lines, by table and priority."""
    lines = []
    for reply in board.ask(FlowStatsRequest()):
        assert isinstance(reply, FlowStatsReply)
        lines += [f"{flow.table} {format_match(flow.match, flow.priority)} {len(flow.actions)}" for flow in reply.flows]
    return lines


START = [rule("tcp,tcp_dst=80", 30, cookie=1), rule("tcp", 20, cookie=2), rule("ip", 10, cookie=0x101), rule("arp", 10, 1, cookie=4)]
EVERYTHING = ["0 priority=30,tcp,tp_dst=80 1", "0 priority=20,tcp 1", "0 priority=10,ip 1", "1 priority=10,arp 1"]
DELETE, DELETE_STRICT = FlowCommand.DELETE, FlowCommand.DELETE_STRICT
COMMANDS = [
    # command, what is left of START, by position
    (rule("", command=DELETE, table=255), []),
    (rule("tcp", command=DELETE), [2, 3]),
    (rule("tcp", 20, command=DELETE_STRICT), [0, 2, 3]),
    (rule("tcp", 21, command=DELETE_STRICT), [0, 1, 2, 3]),
    (rule("", command=DELETE, table=1), [0, 1, 2]),
    (rule("", command=DELETE, table=255, cookie=2, cookie_mask=0xFFFFFFFFFFFFFFFF), [0, 2, 3]),
    (rule("", command=DELETE, table=255, cookie=1, cookie_mask=0xFF), [1, 3]),
    (rule("", command=DELETE, table=255, out_port=9), [0, 1, 2, 3]),
    (rule("", command=DELETE, table=255, out_port=2), []),
]


@pytest.mark.parametrize(("command", "left"), COMMANDS)
def test_deletions(command: FlowMod, left: list[int]) -> None:
    board = make_board("p1", "p2")
    assert board.ask(*START, command) == []
    assert rules(board) == [EVERYTHING[at] for at in left]


def test_a_modification_changes_actions_and_keeps_counters() -> None:
    board = make_board("p1", "p2", "p3")
    board.ask(rule("ip", 10))
    assert board.send("p1", FRAME) == [("p2", FRAME)]
    board.ask(FlowMod(parse_match("ip"), (Output(3),), FlowCommand.MODIFY))
    assert board.send("p1", FRAME) == [("p3", FRAME)]
    (reply,) = board.ask(AggregateRequest())
    assert reply == AggregateReply(2, 2 * len(FRAME), 1)


ERRORS = [
    (rule("ip", flags=FlowFlag.CHECK_OVERLAP, priority=20), Error(5, 3)),
    (rule("ip", table=254), Error(5, 2)),
    (FlowMod(actions=(Group(9),)), Error(2, 9)),
    (GroupMod(GroupCommand.MODIFY, 9), Error(6, 8)),
    (GroupMod(GroupCommand.ADD, 1, GroupType.INDIRECT), Error(6, 1)),
    (MeterMod(MeterCommand.MODIFY, 9), Error(12, 3)),
    (BundleControl(9, BundleKind.COMMIT_REQUEST), Error(17, 2)),
]


@pytest.mark.parametrize(("message", "error"), ERRORS)
def test_errors_leave_everything_as_it_was(message: Message, error: Error) -> None:
    board = make_board("p1", "p2")
    board.ask(*START)
    assert board.ask(message) == [error]
    assert rules(board) == EVERYTHING


def bundle(*messages: FlowMod | GroupMod) -> list[Message]:
    return [
        BundleControl(1, BundleKind.OPEN_REQUEST),
        *(BundleAdd(1, message) for message in messages),
        BundleControl(1, BundleKind.CLOSE_REQUEST),
        BundleControl(1, BundleKind.COMMIT_REQUEST),
    ]


STEPS: list[FlowMod | GroupMod] = [
    rule("udp", 7), rule("tcp", 20), rule("", command=DELETE, table=255), rule("ip", 10, command=DELETE_STRICT),
    FlowMod(parse_match("tcp"), (Output(1), Note(b"x")), FlowCommand.MODIFY),
    GroupMod(GroupCommand.ADD, 5, buckets=(Bucket((Output(1),)),)),
    GroupMod(GroupCommand.DELETE, 3), FlowMod(parse_match("tcp"), (Group(3),), priority=20),
]  # fmt: skip
WRONG = FlowMod(actions=(Group(99),))


def check_rollback(steps: list[FlowMod | GroupMod], at: int) -> None:
    """A bundle whose message at a place fails changes nothing."""
    board = make_board("p1", "p2")
    board.ask(*START, GroupMod(GroupCommand.ADD, 3, buckets=(Bucket((Output(1),)),)), FlowMod(actions=(Group(3),), table=2))
    before, groups = rules(board), set(board.switch.datapath.bridges["br0"].groups)
    answers = board.ask(*bundle(*steps[:at], WRONG, *steps[at:]))
    assert any(isinstance(answer, Error) and (answer.type, answer.code) == (17, 13) for answer in answers)
    assert rules(board) == before and set(board.switch.datapath.bridges["br0"].groups) == groups


@pytest.mark.parametrize("at", range(len(STEPS) + 1))
def test_a_bundle_fails_whole_wherever_it_fails(at: int) -> None:
    check_rollback(STEPS, at)
    check_rollback(STEPS[::-1], at)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(STEPS), max_size=6), st.data())
def test_any_bundle_that_fails_changes_nothing(steps: list[FlowMod | GroupMod], data: st.DataObject) -> None:
    check_rollback(steps, data.draw(st.integers(0, len(steps))))


def test_a_bundle_happens_at_once() -> None:
    board = make_board("p1", "p2")
    board.ask(*bundle(rule("ip", 10))[:-1])
    assert rules(board) == [] and board.send("p1", FRAME) == []
    board.ask(BundleControl(1, BundleKind.COMMIT_REQUEST))
    assert board.send("p1", FRAME) == [("p2", FRAME)]


def test_rules_end_and_say_so() -> None:
    board = make_board("p1", "p2")
    board.ask(SetConfig(0, 128), rule("ip", 10, idle_timeout=10, flags=FlowFlag.SEND_FLOW_REM), rule("arp", 5, hard_timeout=20))
    board.now = 8.0
    board.send("p1", FRAME)
    board.now = 15.0
    assert len(rules(board)) == 2
    board.now = 18.5
    (removed,) = board.ask()
    assert isinstance(removed, FlowRemoved)
    assert (removed.reason, removed.packets, removed.duration_s) == (RemovedReason.IDLE_TIMEOUT, 1, 18)
    board.now = 20.0
    assert rules(board) == []


def test_a_paused_packet_goes_on_where_it_stopped() -> None:
    board = make_board("p1", "p2")
    punt = Controller(userdata=b"\0\0\0\2", pause=True)
    board.ask(
        SetConfig(0, 0xFFFF),
        FlowMod(actions=(set_field("reg0", 7), Resubmit(table=1), Output(2)), priority=1),
        FlowMod(actions=(punt, Resubmit(table=2)), table=1, cookie=0xABC),
        FlowMod(parse_match("reg0=8"), (set_field("eth_dst", 9),), table=2),
    )
    assert board.send("p1", FRAME) == []
    (message,) = board.ask()
    assert isinstance(message, PacketIn)
    assert (message.data, message.cookie, message.table, message.userdata) == (FRAME, 0xABC, 1, b"\0\0\0\2")
    assert {(at, value) for at, value, _ in message.metadata.terms} == {(slot.IN_PORT, 1), (slot.REG0, 7)}
    board.channel().send(Resume(replace(message, metadata=parse_match("reg0=8,in_port=1"))))
    board.switch.tick(board.now)
    assert [(e.interface, e.frame[:6].hex()) for e in board.switch.take()] == [("p2", "000000000009")]  # type: ignore[union-attr]


def test_a_pause_that_nobody_knows_is_refused() -> None:
    board = make_board("p1")
    assert board.ask(Resume(PacketIn(FRAME, continuation=bytes(8)))) == [Error(35, 0, b"", 0x2320)]


def test_who_hears_a_packet() -> None:
    board = make_board("p1")
    ears = {name: board.switch.open_channel("br0") for name in ("silent", "default", "third")}
    ears["default"].send(SetConfig(0, 128))
    for message in (SetConfig(0, 128), SetControllerId(3)):
        ears["third"].send(message)
    board.ask(FlowMod(actions=(Controller(controller_id=3), Controller(controller_id=0, max_len=20))))
    board.send("p1", FRAME)
    heard = {name: [m.data for _, m in ear.take() if isinstance(m, PacketIn)] for name, ear in ears.items()}
    assert heard == {"silent": [], "default": [FRAME[:20]], "third": [FRAME]}


def test_a_packet_from_a_controller_is_not_remembered() -> None:
    board = make_board("p1", "p2")
    board.channel().send(PacketOut(FRAME, (set_field("eth_dst", 5), Output(2)), of.CONTROLLER))
    board.switch.tick(0.0)
    (sent,) = board.switch.take()
    assert sent.interface == "p2" and sent.frame[:6] == bytes(5) + b"\5"  # type: ignore[union-attr]
    assert board.switch.datapath.hits == board.switch.datapath.misses == 0


def test_a_meter_drops_what_exceeds_it() -> None:
    board = make_board("p1", "p2")
    board.ask(MeterMod(MeterCommand.ADD, 1, MeterFlag.PKTPS | MeterFlag.BURST, (Band(2, 3),)), FlowMod(actions=(Meter(1), Output(2))))
    assert [len(board.send("p1", FRAME)) for _ in range(5)] == [1, 1, 1, 0, 0]
    board.now = 1.0
    assert [len(board.send("p1", FRAME)) for _ in range(4)] == [1, 1, 0, 0]


def test_a_group_sends_a_connection_one_way_and_many_by_weight() -> None:
    board = make_board("p1", "p2", "p3")
    buckets = (Bucket((Output(2),), weight=100), Bucket((Output(3),), weight=300))
    board.ask(GroupMod(GroupCommand.ADD, 7, GroupType.SELECT, buckets, selection_method="dp_hash"), FlowMod(actions=(Group(7),)))
    chosen = [board.send("p1", udp("10.0.0.1", "10.0.0.2", port, 53))[0][0] for port in range(1, 401)]
    assert chosen == [board.send("p1", udp("10.0.0.1", "10.0.0.2", port, 53))[0][0] for port in range(1, 401)]
    assert 60 < chosen.count("p2") < 140


def test_deleting_a_group_deletes_the_rules_that_lead_to_it() -> None:
    board = make_board("p1", "p2")
    board.ask(GroupMod(GroupCommand.ADD, 7, buckets=(Bucket((Output(2),)),)), FlowMod(actions=(Group(7),)), rule("arp"))
    assert board.send("p1", FRAME) == [("p2", FRAME)]
    board.ask(GroupMod(GroupCommand.DELETE, 7))
    assert len(rules(board)) == 1 and board.send("p1", FRAME) == []


def test_tunnel_options_become_fields() -> None:
    board = make_board("p1", "p2", ("g1", "geneve", {"remote_ip": "192.0.2.2", "key": "flow"}))
    board.ask(TlvTableMod(TlvCommand.ADD, (TlvMapping(0x102, 0x80, 4, 0),)))
    number = board.numbers()["g1"]
    assert number is not None
    board.ask(FlowMod(actions=(set_field("tun_id", 5), set_field("tun_metadata0", 0x10002), Output(number))))
    (datagram,) = board.send_for_udp("p1", FRAME)
    assert datagram.payload[:16].hex() == "0240655800000500" + "0102800100010002" and datagram.remote == 0xC0000202


def test_roles() -> None:
    board = make_board("p1", "p2")
    other = board.switch.open_channel("br0")
    assert board.ask(RoleRequest(Role.MASTER, 5)) == [RoleReply(Role.MASTER, 5)]
    other.send(RoleRequest(Role.SLAVE, 4))
    other.send(RoleRequest(Role.SLAVE, 6))
    other.send(rule("ip"))
    board.settle()
    assert [message for _, message in other.take()] == [Error(11, 0), RoleReply(Role.SLAVE, 6), Error(1, 5)]


def test_a_zone_is_flushed() -> None:
    board = make_board("p1", "p2")
    board.ask(FlowMod(actions=(Ct(commit=True, zone=5), Ct(commit=True, zone=6))))
    board.send("p1", FRAME)
    assert board.switch.datapath.conntrack.zone_counts == {5: 1, 6: 1}
    board.ask(CtFlushZone(5))
    assert board.switch.datapath.conntrack.zone_counts == {6: 1}
