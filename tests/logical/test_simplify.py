"""Orders and exclusions become equalities."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings

from pyovn.logical.annotate import annotate
from pyovn.logical.evaluate import evaluate
from pyovn.logical.expression import And, Compare, Expression, Or, format_expression
from pyovn.logical.parser import parse
from pyovn.logical.simplify import simplify
from pyovn.packet.flow import Flow
from tests.logical.expressions import NETWORK, PORTS, expressions, packets
from tests.logical.recorded import SCOPE, parametrize


def reduce(text: str) -> Expression:
    return simplify(annotate(parse(text, SCOPE), SCOPE), lambda port: port == "eth1")


def operators(expression: Expression) -> set[str]:
    if isinstance(expression, Compare):
        return {expression.operator}
    parts = expression.parts if isinstance(expression, And | Or) else ()
    return set().union(*map(operators, parts))


@parametrize("simplify.txt")
def test_simplify(text: str, expected: list[str]) -> None:
    assert [format_expression(reduce(text))] == expected


@settings(deadline=None)
@given(expressions(), packets())
def test_the_meaning_stays(text: str, flow: Flow) -> None:
    expression = annotate(parse(text, NETWORK), NETWORK)
    simple = simplify(expression, lambda port: True)
    assert operators(simple) <= {"=="}
    assert evaluate(simple, flow, PORTS.get) == evaluate(expression, flow, PORTS.get)


@pytest.mark.parametrize("count", [500])
def test_excluding_many_addresses_is_cheap(count: int) -> None:
    draw = random.Random(3)
    addresses = [".".join(str(draw.randrange(256)) for _ in range(4)) for _ in range(count)]
    expression = annotate(parse("ip4.src != {" + ", ".join(addresses) + "}"))
    started = time.process_time()
    simple = simplify(expression, lambda port: True)
    assert time.process_time() - started < 0.3
    assert len(format_expression(simple).split("||")) < 32 * count
