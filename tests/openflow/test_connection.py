"""Sessions: two machines on one stream, and what a peer may do wrong."""

from __future__ import annotations

import pytest

from pyovn.machine import NEVER, Close, Closed, Open, Opened
from pyovn.openflow import message as m
from pyovn.openflow.channel import channel_pair
from pyovn.openflow.connection import Connection
from pyovn.openflow.match import Match
from pyovn.openflow.message import OF10, OF13, OF15
from pyovn.openflow.message_codec import decode, encode


def pump(one: Connection, other: Connection, now: float = 0.0, size: int = 4096) -> None:
    """Carry bytes between two machines, `size` at a time, until both are silent."""
    moved = True
    while moved:
        moved = False
        for source, target in ((one, other), (other, one)):
            stream = b"".join(effect for effect in source.take() if isinstance(effect, bytes))
            moved = moved or bool(stream)
            for at in range(0, len(stream), size):
                target.receive(None, stream[at : at + size], now)


def session(ours: tuple[int, ...], theirs: tuple[int, ...], size: int = 4096) -> tuple[Connection, Connection]:
    switch, agent = Connection.accepted(ours), Connection.dialling("unix:br-int.mgmt", 5.0, theirs)
    agent.tick(0.0)
    assert agent.take() == [Open("unix:br-int.mgmt")]
    for machine in (switch, agent):
        machine.receive(None, Opened("peer"), 0.0)
    pump(switch, agent, size=size)
    return switch, agent


@pytest.mark.parametrize(
    ("ours", "theirs", "agreed"),
    [((OF10, OF13, OF15), (OF15,), OF15), ((OF10, OF13, OF15), (OF10, OF13), OF13), ((OF13,), (OF15,), 0)],
)
def test_the_highest_version_that_both_speak(ours: tuple[int, ...], theirs: tuple[int, ...], agreed: int) -> None:
    switch, agent = session(ours, theirs)
    assert switch.version == agent.version == agreed
    assert switch.channel.connected == agent.channel.connected == bool(agreed)


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_messages_arrive_however_the_stream_is_cut(size: int) -> None:
    switch, agent = session((OF15,), (OF15,), size)
    xid = agent.channel.send(m.FlowMod(Match.of({"reg0": 5})))
    agent.channel.send(m.BarrierRequest(), 9)
    pump(switch, agent, size=size)
    assert switch.channel.take() == [(xid, m.FlowMod(Match.of({"reg0": 5}))), (9, m.BarrierRequest())]
    assert switch.channel.take() == []


def test_long_replies_come_in_parts() -> None:
    switch, agent = session((OF15,), (OF15,))
    flows = tuple(m.FlowStats(Match.of({"reg0": n}), (), idle_s=0) for n in range(2000))
    switch.channel.send(m.FlowStatsReply(flows), 5)
    pump(switch, agent)
    parts = [message for _, message in agent.channel.take() if isinstance(message, m.FlowStatsReply)]
    assert [part.more for part in parts] == [True] * (len(parts) - 1) + [False]
    assert tuple(flow for part in parts for flow in part.flows) == flows


def test_silence_is_probed_and_then_ends_the_session() -> None:
    switch, agent = session((OF15,), (OF15,))
    assert agent.due() == 5.0
    agent.tick(5.0)
    pump(switch, agent, 5.5)
    assert agent.due() == 10.5
    agent.tick(10.5)
    assert len(agent.take()) == 1
    agent.tick(15.5)
    assert agent.take() == [Close("no answer")]
    assert not agent.channel.connected
    agent.tick(agent.due())
    assert agent.take() == [Open("unix:br-int.mgmt")]


def test_a_new_session_has_a_new_epoch() -> None:
    switch, agent = session((OF15,), (OF15,))
    switch.channel.send(m.BarrierReply())
    pump(switch, agent)
    epoch = agent.channel.epoch
    agent.receive(None, Closed("gone"), 1.0)
    assert not agent.channel.connected
    fresh = Connection.accepted((OF15,))
    agent.tick(agent.due())
    agent.take()
    for machine in (fresh, agent):
        machine.receive(None, Opened("peer"), 2.0)
    pump(fresh, agent, 2.0)
    assert agent.channel.epoch == epoch + 1
    assert agent.channel.take() == []


def test_what_is_not_understood_is_answered_with_an_error() -> None:
    switch, _agent = session((OF15,), (OF15,))
    request = bytes([OF15, 99, 0, 8, 0, 0, 0, 42])
    switch.receive(None, request, 0.0)
    (answer,) = switch.take()
    assert isinstance(answer, bytes)
    assert decode(answer) == (OF15, 42, m.Error(1, 1, request))


def test_errors_quote_the_request() -> None:
    switch, agent = session((OF15,), (OF15,))
    agent.channel.send(m.BarrierRequest(), 7)
    pump(switch, agent)
    switch.channel.send(m.Error(1, 5), 7)
    pump(switch, agent)
    assert agent.channel.take() == [(7, m.Error(1, 5, encode(m.BarrierRequest(), OF15, 7)))]


def test_a_message_shorter_than_its_header_ends_the_session() -> None:
    switch, _ = session((OF15,), (OF15,))
    switch.receive(None, bytes([OF15, 0, 0, 3, 0, 0, 0, 1]), 0.0)
    assert switch.take() == [Close("message of 3 bytes")]
    assert not switch.channel.connected
    assert switch.due() == NEVER


def test_packet_ins_come_in_the_form_asked_for() -> None:
    switch, agent = session((OF13,), (OF13,))
    packet = m.PacketIn(b"frame", metadata=Match.of({"in_port": 1}))
    agent.channel.send(m.SetPacketInFormat(m.PacketInFormat.NXT_PACKET_IN2))
    pump(switch, agent)
    switch.channel.send(packet)
    (data,) = switch.take()
    assert isinstance(data, bytes)
    assert data[1] == 4
    assert decode(data)[2] == packet


def test_a_channel_within_one_process() -> None:
    one, other = channel_pair()
    xid = one.send(m.BarrierRequest())
    assert other.take() == [(xid, m.BarrierRequest())]
    other.close()
    one.send(m.BarrierRequest())
    assert other.take() == []
    epoch = one.epoch
    one.join(other)
    assert one.connected and other.connected and one.epoch == epoch + 1
