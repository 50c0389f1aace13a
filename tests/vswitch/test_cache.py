"""A verdict from the cache is the verdict from the tables: random tables, any packet after any other, tables changing in between."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.openflow.action import (
    Action,
    Clone,
    Ct,
    CtClear,
    DecTtl,
    Learn,
    LearnMatch,
    LearnOutput,
    Move,
    Output,
    PopVlan,
    PushVlan,
    Resubmit,
    set_field,
)
from pyovn.openflow.fields import whole
from pyovn.openflow.match import Match
from pyovn.openflow.message import FlowCommand, FlowMod
from pyovn.vswitch import cache
from pyovn.vswitch.datapath import Datapath
from tests.vswitch.board import Board, ethernet, icmp, make_board, parse_rule, tcp, udp

MACS = st.sampled_from([2, 4, 0x0100000000FF])
HOSTS = st.sampled_from(["10.0.0.1", "10.0.0.2", "10.0.1.1", "10.1.0.1"])
PORTS = st.sampled_from([1, 2, 3])
TRANSPORT = st.sampled_from([53, 80, 81, 5353])

ASKED: dict[str, st.SearchStrategy[object]] = {
    "in_port": PORTS,
    "eth_dst": st.sampled_from([4, (0x010000000000, 0x010000000000)]),
    "vlan_tci": st.sampled_from([0, (0x1000, 0x1000), 0x1005]),
    "ip_src": st.sampled_from([0x0A000001, (0x0A000000, 0xFFFFFF00), (0x0A000000, 0xFFFF0000)]),
    "ip_dst": st.sampled_from([0x0A000002, (0x0A000000, 0xFFFF0000)]),
    "nw_proto": st.sampled_from([1, 6, 17]),
    "nw_ttl": st.sampled_from([64, 1, 63]),
    "tcp_dst": st.sampled_from([80, 53, (80, 0xFFFE)]),
    "reg0": st.sampled_from([0, 1, 5]),
    "metadata": st.sampled_from([0, 7]),
    "ct_state": st.sampled_from([(0x21, 0x21), (0x22, 0x22), (0, 0x20)]),
}

PLAIN: st.SearchStrategy[Action] = st.one_of(
    st.builds(Output, PORTS),
    st.builds(lambda value: set_field("eth_dst", value), MACS),
    st.builds(lambda value: set_field("reg0", value), st.sampled_from([1, 5])),
    st.builds(lambda value: set_field("ip_dst", value, 0xFF), st.sampled_from([1, 2])),
    st.builds(lambda value: set_field("metadata", value), st.sampled_from([0, 7])),
    st.just(Move(whole("eth_src"), whole("eth_dst"))),
    st.just(Move(whole("in_port"), whole("reg0")._replace(bits=16))),
    st.just(DecTtl()),
    st.just(CtClear()),
    st.just(PopVlan()),
    st.just(PushVlan()),
    st.just(Learn(2, (LearnMatch(whole("eth_src"), whole("eth_dst")), LearnOutput(whole("in_port"))), priority=90)),
    st.builds(lambda zone, table: Ct(zone=zone, table=table), st.sampled_from([1, 2]), st.sampled_from([1, 2])),
    st.builds(lambda zone: Ct(commit=True, zone=zone), st.sampled_from([1, 2])),
)


def actions(table: int) -> st.SearchStrategy[tuple[Action, ...]]:
    """Lists that only go on to later tables, so that they end."""
    later = [st.builds(Resubmit, table=st.just(number)) for number in range(table + 1, 3)]
    one = st.one_of(PLAIN.map(lambda action: _later(action, table)), *later)
    return st.lists(st.one_of(one, st.lists(one, max_size=2).map(lambda inner: Clone(tuple(inner)))), min_size=1, max_size=5).map(tuple)


def _later(action: Action, table: int) -> Action:
    """Recirculate only forward."""
    if isinstance(action, Ct) and action.table != 0xFF and action.table <= table:
        return replace(action, table=0xFF)
    return action


@st.composite
def rules(draw: st.DrawFn) -> FlowMod:
    table = draw(st.sampled_from([0, 0, 1, 2]))
    names = draw(st.lists(st.sampled_from(sorted(ASKED)), max_size=2, unique=True))
    asked = {name: draw(ASKED[name]) for name in names}
    if {"ip_src", "ip_dst", "nw_ttl", "nw_proto", "tcp_dst"} & asked.keys():
        asked["eth_type"] = 0x0800
    if "tcp_dst" in asked:
        asked["nw_proto"] = 6
    return FlowMod(Match.of(asked), draw(actions(table)), table=table, priority=draw(st.sampled_from([10, 20, 30])))  # type: ignore[arg-type]


class Arrival(NamedTuple):
    """A frame on a port, by what may differ from the next one's."""

    port: str
    kind: str
    src: str
    dst: str
    sport: int
    dport: int
    ttl: int
    macs: tuple[int, int]
    tci: int

    @property
    def frame(self) -> bytes:
        """The bytes."""
        if self.kind == "udp":
            frame = udp(self.src, self.dst, self.sport, self.dport, ttl=self.ttl)
        elif self.kind == "icmp":
            frame = icmp(self.src, self.dst, 8 if self.sport == 53 else 0)
        elif self.kind == "arp":
            frame = ethernet(2, 4, 0x0806, bytes(28))
        else:
            frame = tcp(self.src, self.dst, self.sport, self.dport, {"syn": 2, "ack": 0x10, "syn-ack": 0x12, "fin": 0x11}[self.kind])
        frame = self.macs[1].to_bytes(6, "big") + self.macs[0].to_bytes(6, "big") + frame[12:]
        return frame if not self.tci else frame[:12] + b"\x81\0" + self.tci.to_bytes(2, "big") + frame[12:]


PARTS: dict[str, st.SearchStrategy[object]] = {
    "port": st.sampled_from(["p1", "p2", "p3"]),
    "kind": st.sampled_from(["udp", "udp", "syn", "syn-ack", "ack", "fin", "icmp", "arp"]),
    "src": HOSTS,
    "dst": HOSTS,
    "sport": TRANSPORT,
    "dport": TRANSPORT,
    "ttl": st.sampled_from([64, 1, 63]),
    "macs": st.tuples(MACS, MACS),
    "tci": st.sampled_from([0, 0, 0, 5, 0x2005]),
}


@st.composite
def pools(draw: st.DrawFn) -> list[Arrival]:
    """A frame, and others that differ from it in one thing each."""
    first = Arrival(**{name: draw(part) for name, part in PARTS.items()})  # type: ignore[arg-type]
    variants = [first._replace(**{name: draw(part)}) for name, part in PARTS.items()]  # type: ignore[arg-type]
    return [first, *draw(st.permutations(variants))]


@st.composite
def histories(draw: st.DrawFn) -> list[object]:
    """Few frames, each several times, and now and then a change of the tables."""
    pool = draw(pools())
    changes = st.one_of(rules(), rules().map(lambda rule: replace(rule, command=FlowCommand.DELETE, actions=())))
    arrival = st.integers(0, len(pool) - 1).map(lambda at: pool[at])
    return [*pool, *draw(st.lists(st.one_of(arrival, changes), max_size=6)), *pool]


EVERYTHING = [
    FlowMod(actions=(Output(2), Resubmit(table=1)), priority=1),
    FlowMod(actions=(Output(3), Move(whole("eth_src"), whole("eth_dst")), Resubmit(table=2)), table=1, priority=1),
    FlowMod(actions=(Output(1), set_field("eth_dst", 9), Output(3)), table=2, priority=1),
]
"""What happens to packets that no other rule wants."""


def forget_verdicts(datapath: Datapath) -> None:
    for entrance in datapath.entrances.values():
        cache.clear(entrance.cache)


def check(tables: list[FlowMod], steps: list[object]) -> None:
    warm, cold = make_board("p1", "p2", "p3"), make_board("p1", "p2", "p3")
    for board in (warm, cold):
        board.ask(*EVERYTHING, *tables)
    for step in steps:
        if isinstance(step, FlowMod):
            warm.ask(step)
            cold.ask(step)
        else:
            assert isinstance(step, Arrival)
            forget_verdicts(cold.switch.datapath)
            assert warm.send(step.port, step.frame) == cold.send(step.port, step.frame)
    assert counts(warm) == counts(cold)


def counts(board: Board) -> list[tuple[int, ...]]:
    from pyovn.vswitch.datapath import every_rule, settle

    settle(board.switch.datapath)
    bridge = board.switch.datapath.bridges["br0"]
    return sorted((rule.table, rule.priority, rule.packets, rule.bytes) for rule in every_rule(bridge))


BASE = Arrival("p1", "udp", "10.0.0.1", "10.0.0.2", 53, 80, 64, (2, 4), 0)
PAIRS: list[tuple[str, dict[str, object]]] = [
    # what is done, and in what the second packet differs
    ("dec_ttl,output:2", {"ttl": 63}),
    ("dec_ttl,output:2", {"ttl": 1}),
    ("dec_ttl,output:2", {"kind": "arp"}),
    ("move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[],output:2", {"macs": (0x42, 4)}),
    ("move:NXM_OF_IP_SRC[0..7]->NXM_NX_REG0[0..7],resubmit(,1)", {"src": "10.0.0.9"}),
    ("push:NXM_OF_UDP_SRC[],pop:NXM_OF_UDP_DST[],output:2", {"sport": 99}),
    ("output:NXM_OF_ETH_DST[0..15]", {"macs": (2, 3)}),
    ("NORMAL", {"macs": (2, 6)}),
    ("NORMAL", {"tci": 5}),
    ("strip_vlan,output:2", {"tci": 5}),
    ("push_vlan:0x8100,output:2", {"tci": 5}),
    ("learn(table=1,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[]),resubmit(,1)", {"macs": (4, 2)}),
    ("ct(zone=NXM_OF_IP_DST[0..3],table=1,commit)", {"dst": "10.0.0.7"}),
    ("check_pkt_larger(80)->NXM_NX_REG0[0],resubmit(,1)", {"kind": "syn"}),
    ("multipath(symmetric_l4,0,modulo_n,8,0,NXM_NX_REG0[]),resubmit(,1)", {"sport": 99}),
    ("bundle(symmetric_l4,0,hrw,ofport,members:2,3)", {"sport": 99}),
]


@pytest.mark.parametrize(("actions", "difference"), PAIRS)
def test_one_packet_does_not_decide_for_another(actions: str, difference: dict[str, object]) -> None:
    told = "table=1,priority=1,actions=move:NXM_NX_REG0[0..7]->NXM_OF_ETH_DST[0..7],output:3"
    rules = [parse_rule(f"actions={actions}"), parse_rule(told)]
    other = BASE._replace(**difference)  # type: ignore[arg-type]
    check(rules, [BASE, other, BASE, other])
    check(rules, [other, BASE, other])


@settings(max_examples=50, deadline=None)
@given(st.lists(rules(), min_size=6, max_size=16), histories())
def test_a_cached_verdict_is_the_tables_verdict(tables: list[FlowMod], steps: list[object]) -> None:
    check(tables, steps)
