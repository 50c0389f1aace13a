"""The switch's session: bundles, refusals, groups and meters."""

from __future__ import annotations

from pyovn.controller.installed import OPTION, Switch
from pyovn.controller.rule import Rule, resubmit
from pyovn.openflow.action import Controller, Group
from pyovn.openflow.connection import channel_pair
from pyovn.openflow.match import Match
from pyovn.openflow.message import (
    BarrierReply,
    BarrierRequest,
    BundleAdd,
    Error,
    FlowCommand,
    FlowMod,
    GroupCommand,
    GroupMod,
    MeterCommand,
    MeterMod,
    TlvTableMod,
    TlvTableReply,
    TlvTableRequest,
)


class Bench:
    """A session with its other end in hand."""

    def __init__(self) -> None:
        ours, self.peer = channel_pair()
        self.switch = Switch(ours, lambda number: GroupMod(GroupCommand.ADD, number), lambda number: MeterMod(MeterCommand.ADD, number))

    def step(self, *, known_options: bool = False, refuse: int | None = None, now: float = 0.0) -> list[object]:
        """A round: what the switch was told; the message at place `refuse` of the bundle is refused."""
        self.switch.listen(now)
        self.switch.flush(now)
        heard = self.peer.take()
        added = [xid for xid, message in heard if isinstance(message, BundleAdd)]
        for xid, message in heard:
            if isinstance(message, TlvTableRequest):
                self.peer.send(TlvTableReply((OPTION,) if known_options else ()), xid)
            elif isinstance(message, BarrierRequest):
                self.peer.send(BarrierReply(), xid)
        if refuse is not None:
            self.peer.send(Error(4, 9), added[refuse])
        self.switch.listen(now)
        return [message.message if isinstance(message, BundleAdd) else message for _, message in heard]


def rule(number: int, *actions: object) -> Rule:
    """A rule, told from others by `number`."""
    return Rule(8, 100, Match.of({"metadata": number}), actions or (resubmit(9),), number)  # type: ignore[arg-type]


def flows(messages: list[object]) -> list[tuple[FlowCommand, int]]:
    """Commands and cookies of flow messages."""
    return [(message.command, message.cookie) for message in messages if isinstance(message, FlowMod)]


def synced(*rules: Rule) -> Bench:
    """A session in which everything was told once."""
    bench = Bench()
    bench.switch.want(rules, ())
    bench.step()
    bench.step()
    assert bench.switch.connected
    return bench


def test_the_tunnel_option_is_made_known_once() -> None:
    bench = Bench()
    bench.step()
    assert any(isinstance(message, TlvTableMod) for message in bench.step())
    again = Bench()
    again.step(known_options=True)
    assert not any(isinstance(message, TlvTableMod) for message in again.step())


def test_everything_is_replaced_at_first_then_only_what_changes() -> None:
    bench = Bench()
    bench.switch.want([rule(1), rule(2)], ())
    bench.step()
    assert flows(bench.step()) == [(FlowCommand.DELETE, 0), (FlowCommand.ADD, 1), (FlowCommand.ADD, 2)]
    bench.switch.want([rule(3)], [rule(1)])
    assert flows(bench.step()) == [(FlowCommand.DELETE_STRICT, 0), (FlowCommand.ADD, 3)]
    assert bench.step() == []


def test_what_comes_and_goes_unseen_is_never_said() -> None:
    bench = synced(rule(1))
    bench.switch.want([rule(2)], ())
    bench.switch.want((), [rule(2)])
    assert bench.step() == []


def test_an_update_is_confirmed_by_its_barrier() -> None:
    bench = synced(rule(1))
    assert bench.switch.confirmed == bench.switch.mark()


def test_a_rule_that_is_refused_is_left_out_and_the_rest_said_again() -> None:
    bench = Bench()
    bench.switch.want([rule(1), rule(2)], ())
    bench.step()
    bench.step(refuse=2)
    assert flows(bench.step()) == [(FlowCommand.DELETE, 0), (FlowCommand.ADD, 2)]


def test_groups_come_before_and_go_after_their_rules() -> None:
    bench = synced(rule(1))
    bench.switch.want([rule(2, Group(5)), rule(3, Group(5))], ())
    told = bench.step()
    assert [type(message) for message in told if isinstance(message, (FlowMod, GroupMod))] == [GroupMod, FlowMod, FlowMod]
    bench.switch.want((), [rule(2, Group(5))])
    assert not any(isinstance(message, GroupMod) for message in bench.step())
    bench.switch.want((), [rule(3, Group(5))])
    assert isinstance([message for message in bench.step() if isinstance(message, (FlowMod, GroupMod))][-1], GroupMod)


def test_meters_come_before_and_go_after_the_bundle() -> None:
    bench = synced(rule(1))
    bench.switch.want([rule(2, Controller(meter_id=4))], ())
    assert isinstance(bench.step()[0], MeterMod)
    bench.switch.want((), [rule(2, Controller(meter_id=4))])
    assert any(isinstance(message, MeterMod) and message.command is MeterCommand.DELETE for message in bench.step())
