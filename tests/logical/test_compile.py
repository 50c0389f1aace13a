"""Matches to OpenFlow."""

from __future__ import annotations

import random
import time
from collections import defaultdict

import pytest
from hypothesis import given, settings

from pyovn.logical.compile import Compiled, Lookups, compile_match, number_rule, parse_match
from pyovn.logical.evaluate import evaluate
from pyovn.logical.lexer import LogicalError
from pyovn.openflow.fields import FIELDS
from pyovn.openflow.match_text import format_match
from pyovn.packet.flow import Flow
from tests.logical.expressions import NETWORK, PORTS, expressions, packets
from tests.logical.recorded import PORTS as RECORDED_PORTS
from tests.logical.recorded import SCOPE, parametrize

RECORDED = Lookups(RECORDED_PORTS.get, lambda port: port == "eth1", SCOPE)


def selects(compiled: Compiled, flow: Flow) -> bool:
    """Whether a switch with these rules would pick the packet."""
    met: dict[int, dict[int, int]] = defaultdict(dict)
    for rule in compiled.rules:
        for part in rule.parts if rule.match.matches(flow) else ():
            met[part.conjunction][part.dimension] = part.dimensions
    complete = {number for number, found in met.items() if set(found) == set(range(next(iter(found.values()))))}
    return any(
        rule.match.matches(flow) and (rule.conjunction == 0 or rule.conjunction in complete) for rule in compiled.rules if not rule.parts
    )


def lines(compiled: Compiled) -> list[str]:
    found = []
    for rule in compiled.rules:
        match, parts = number_rule(rule, 0)
        text = format_match(match)
        if parts:
            text += ": " + ", ".join(f"conjunction({part.conjunction}, {part.dimension}/{part.dimensions})" for part in parts)
        found.append(text)
    return sorted(found) or ["(no flows)"]


@parametrize("flows.txt")
def test_flows(text: str, expected: list[str]) -> None:
    assert lines(compile_match(text, RECORDED)) == expected


@settings(deadline=None)
@given(expressions(), packets())
def test_rules_select_what_the_expression_says(text: str, flow: Flow) -> None:
    compiled = compile_match(text, Lookups(PORTS.get, lambda port: True, NETWORK))
    assert selects(compiled, flow) == evaluate(parse_match(text, NETWORK), flow, PORTS.get)


def test_conjunctions_are_numbered_by_their_user() -> None:
    compiled = compile_match("ip4.src == {10.0.0.1, 10.0.0.2} && ip4.dst == {10.0.0.3, 10.0.0.4}", Lookups())
    assert compiled.conjunctions == 1
    numbered = [number_rule(rule, 40) for rule in compiled.rules]
    assert [match.get(FIELDS["conj_id"])[0] for match, parts in numbered if not parts] == [41]
    assert {part.conjunction for _, parts in numbered for part in parts} == {41}


def test_a_wrong_match_is_refused() -> None:
    with pytest.raises(LogicalError, match=r"Syntax error at `nosuch' expecting field name\."):
        compile_match("nosuch == 1", Lookups())


def test_a_complement_of_500_addresses_takes_no_time() -> None:
    draw = random.Random(5)
    text = "ip4 && ip4.src != {" + ", ".join(".".join(str(draw.randrange(256)) for _ in range(4)) for _ in range(500)) + "}"
    started = time.process_time()
    compiled = compile_match(text, Lookups())
    assert time.process_time() - started < 0.5  # 0.1 on a machine of its own
    assert 500 < len(compiled.rules) < 20_000
