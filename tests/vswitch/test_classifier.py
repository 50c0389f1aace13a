"""Looking rules up: the best one is found, and what was read to find it decides the answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.openflow.action import Actions, Conjunction, Output
from pyovn.openflow.match import Match
from pyovn.openflow.match_text import parse_match
from pyovn.packet import slot
from pyovn.packet.flow import empty_flow
from pyovn.vswitch import classifier
from pyovn.vswitch.classifier import Classifier
from pyovn.vswitch.rule import Rule, conjunctions_of


def rule(match: str, priority: int, actions: Actions = ()) -> Rule:
    return Rule(0, parse_match(match), priority, actions, conjunctions=conjunctions_of(actions))


def table(*rules: Rule) -> Classifier:
    made = Classifier()
    for each in rules:
        classifier.insert(made, each)
    return made


def find(made: Classifier, packet: str) -> tuple[Rule | None, dict[int, int]]:
    """The rule for a packet, and the bits read."""
    flow, consulted = empty_flow(), [0] * slot.SLOTS
    for at, value, _ in parse_match(packet).terms:
        flow[at] = value
    known = [0] * slot.SLOTS
    known[slot.CONJ_ID] = -1
    found = classifier.lookup(made, flow, known, consulted)
    return found, {at: mask for at, mask in enumerate(consulted) if mask}


CASES = [
    ("tcp,tcp_dst=80", "web"),
    ("tcp,tcp_dst=81", "tcp"),
    ("tcp,tcp_dst=80,ip_src=10.0.0.9", "host"),
    ("udp,udp_dst=80", "ip"),
    ("arp", "any"),
    ("arp,reg0=5", "reg"),
]


@pytest.mark.parametrize(("packet", "expected"), CASES)
def test_the_highest_priority_wins(packet: str, expected: str) -> None:
    rules = {
        "web": rule("tcp,tcp_dst=80", 30),
        "tcp": rule("tcp", 20),
        "host": rule("ip,ip_src=10.0.0.0/24", 40),
        "ip": rule("ip", 10),
        "any": rule("", 0),
        "reg": rule("reg0=5", 50),
    }
    found, _ = find(table(*rules.values()), packet)
    assert found is rules[expected]


def test_a_failed_stage_reads_no_further() -> None:
    # No rule of this network: its layer 4 is of no interest.
    _, consulted = find(table(rule("tcp,metadata=7,tcp_dst=80", 30)), "tcp,metadata=8,tcp_dst=80")
    assert slot.TP_DST not in consulted
    _, consulted = find(table(rule("tcp,metadata=7,tcp_dst=80", 30)), "tcp,metadata=7,tcp_dst=80")
    assert consulted[slot.TP_DST] == 0xFFFF


def test_what_the_pipeline_wrote_is_not_read_from_the_packet() -> None:
    flow, known, consulted = empty_flow(), [0] * slot.SLOTS, [0] * slot.SLOTS
    known[slot.REG0] = -1
    classifier.lookup(table(rule("reg0=5,in_port=1", 1)), flow, known, consulted)
    assert consulted[slot.REG0] == 0 and consulted[slot.IN_PORT] == 0xFFFF


CONJUNCTIVE = [
    # packet, name of the rule found
    ("tcp,ip_src=10.0.0.1,tcp_dst=80", "both"),
    ("tcp,ip_src=10.0.0.2,tcp_dst=443", "both"),
    ("tcp,ip_src=10.0.0.3,tcp_dst=80", "else"),
    ("tcp,ip_src=10.0.0.1,tcp_dst=22", "else"),
]


@pytest.mark.parametrize(("packet", "expected"), CONJUNCTIVE)
def test_a_conjunction_needs_every_clause(packet: str, expected: str) -> None:
    first, second = (Conjunction(7, 1, 2),), (Conjunction(7, 2, 2),)
    rules = {"both": rule("conj_id=7,ip", 100, (Output(1),)), "else": rule("ip", 1)}
    clauses = [
        rule("ip,ip_src=10.0.0.1", 100, first), rule("ip,ip_src=10.0.0.2", 100, first),
        rule("tcp,tcp_dst=80", 100, second), rule("tcp,tcp_dst=443", 100, second),
    ]  # fmt: skip
    found, _ = find(table(*rules.values(), *clauses), packet)
    assert found is rules[expected]


def test_a_harder_rule_beats_a_conjunction_below_it() -> None:
    hard = rule("tcp", 200)
    clauses = [rule("ip,ip_src=10.0.0.1", 100, (Conjunction(7, 1, 2),)), rule("tcp,tcp_dst=80", 100, (Conjunction(7, 2, 2),))]
    found, _ = find(table(hard, rule("conj_id=7,ip", 100), *clauses), "tcp,ip_src=10.0.0.1,tcp_dst=80")
    assert found is hard


WITHIN = [("", 4), ("ip", 3), ("tcp", 2), ("tcp,tcp_dst=80", 1), ("udp", 0), ("ip,ip_src=10.0.0.1", 0)]


@pytest.mark.parametrize(("match", "count"), WITHIN)
def test_a_loose_command_means_what_is_no_wider(match: str, count: int) -> None:
    made = table(rule("tcp,tcp_dst=80", 1), rule("tcp", 1), rule("ip", 1), rule("arp", 1))
    assert len(list(classifier.within(made, parse_match(match)))) == count


def test_overlaps_are_seen() -> None:
    made = table(rule("tcp,tcp_dst=80", 5), rule("udp", 5))
    assert len(list(classifier.overlapping(made, parse_match("ip,ip_src=10.0.0.1"), 5))) == 2
    assert not list(classifier.overlapping(made, parse_match("tcp,tcp_dst=81"), 5))
    assert not list(classifier.overlapping(made, parse_match("ip"), 6))


SLOTS = (slot.METADATA, slot.ETH_DST, slot.NW_SRC, slot.TP_DST)
TERMS = st.lists(st.tuples(st.sampled_from(SLOTS), st.integers(0, 3), st.sampled_from([1, 2, 3])), max_size=3)


@st.composite
def matches(draw: st.DrawFn) -> Match:
    asked = {at: (value & mask, mask) for at, value, mask in draw(TERMS)}
    return Match(tuple((at, *asked[at]) for at in sorted(asked)))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(matches(), st.integers(0, 3)), max_size=12), st.lists(st.integers(0, 3), min_size=4, max_size=4), st.data())
def test_a_search_equals_a_scan(entries: list[tuple[Match, int]], values: list[int], data: st.DataObject) -> None:
    unique = {(match, priority): Rule(0, match, priority, ()) for match, priority in entries}
    made = table(*unique.values())
    for gone in data.draw(st.lists(st.sampled_from(sorted(unique, key=repr)), unique=True)) if unique else []:
        classifier.remove(made, unique.pop(gone))
    flow = empty_flow()
    for at, value in zip(SLOTS, values):
        flow[at] = value
    consulted = [0] * slot.SLOTS
    found = classifier.lookup(made, flow, [0] * slot.SLOTS, consulted)
    best = max((r.priority for r in unique.values() if r.match.matches(flow)), default=None)
    assert (found.priority if found else None) == best and (found is None or found.match.matches(flow))
    # A packet that agrees in what was read gets the same answer.
    other = flow.copy()
    for at in SLOTS:
        other[at] = flow[at] & consulted[at] | data.draw(st.integers(0, 3)) & ~consulted[at]
    again = classifier.lookup(made, other, [0] * slot.SLOTS, [0] * slot.SLOTS)
    assert (again.priority if again else None) == best
