"""Expressions as values: joining, negating, printing."""

from __future__ import annotations

from hypothesis import given, settings

from pyovn.logical.annotate import annotate
from pyovn.logical.evaluate import evaluate
from pyovn.logical.expression import FALSE, TRUE, And, conjoin, disjoin, format_expression, negate
from pyovn.logical.parser import parse
from pyovn.packet.flow import Flow
from tests.logical.expressions import NETWORK, PORTS, expressions, packets


def test_nothing_and_everything() -> None:
    assert conjoin(()) == TRUE
    assert disjoin(()) == FALSE


def test_nested_conjunctions_are_taken_apart() -> None:
    one, two, three = (parse(f"reg0 == {n}") for n in (1, 2, 3))
    assert conjoin((one, conjoin((two, three)))) == And((one, two, three))
    assert format_expression(disjoin((one, conjoin((two, three))))) == "reg0 == 0x1 || (reg0 == 0x2 && reg0 == 0x3)"


@settings(deadline=None)
@given(expressions(), packets())
def test_a_negation_holds_when_the_expression_does_not(text: str, flow: Flow) -> None:
    expression = annotate(parse(text, NETWORK), NETWORK)
    ports = {**PORTS, "gone": 99}
    assert evaluate(negate(expression), flow, ports.get) != evaluate(expression, flow, ports.get)
