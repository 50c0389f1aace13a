"""The normal form."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from pyovn.logical.annotate import annotate
from pyovn.logical.evaluate import evaluate
from pyovn.logical.expression import format_expression
from pyovn.logical.normalize import Clause, clause_expression, normalize
from pyovn.logical.parser import parse
from pyovn.logical.simplify import simplify
from pyovn.packet.flow import Flow
from tests.logical.expressions import NETWORK, PORTS, expressions, packets


def form(text: str) -> list[Clause]:
    return normalize(simplify(annotate(parse(text, NETWORK), NETWORK), lambda port: True))


CASES = [
    ("1", "1"),
    ("0", "0"),
    ("reg0 == 1 && reg0 == 2", "0"),
    ('inport == "p1" && inport == {"p1", "p2"}', 'inport == "p1"'),
    ("reg0[4..7] > 3 && reg0[4..7] < 9", "xxreg0[100..103] == 0x8 || xxreg0[102..103] == 0x1"),
    ("(reg0[0] || reg0[1]) && (reg4[0] || reg4[1])", "(xxreg0[96] || xxreg0[97]) && (xxreg1[96] || xxreg1[97])"),
    ("(reg0[0] || reg4[1]) && reg8 == 1", "(xreg4[32..63] == 0x1 && xxreg0[96]) || (xreg4[32..63] == 0x1 && xxreg1[97])"),
    ("ip && ip.ttl == 1", "(eth.type == 0x800 && ip.ttl == 0x1) || (eth.type == 0x86dd && ip.ttl == 0x1)"),
    ("ip4 && ip.ttl == {0, 1}", "eth.type == 0x800 && (ip.ttl == 0 || ip.ttl == 0x1)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_normal_form(text: str, expected: str) -> None:
    assert format_expression(clause_expression(form(text))) == expected


@settings(deadline=None)
@given(expressions(), packets())
def test_the_meaning_stays(text: str, flow: Flow) -> None:
    expression = annotate(parse(text, NETWORK), NETWORK)
    assert evaluate(clause_expression(form(text)), flow, PORTS.get) == evaluate(expression, flow, PORTS.get)


@settings(deadline=None)
@given(expressions())
def test_what_decides_other_fields_has_one_value(text: str) -> None:
    for clause in form(text):
        assert all(len(values) == 1 for symbol, values in clause.items() if symbol.crossed)
