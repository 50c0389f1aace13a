"""Text to expressions, and the errors of those that are none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from pyovn.logical.expression import format_expression
from pyovn.logical.lexer import LogicalError
from pyovn.logical.parser import MAX_DEPTH, parse
from tests.logical.expressions import NETWORK, expressions
from tests.logical.recorded import SCOPE, parametrize


def read(text: str) -> str:
    try:
        return format_expression(parse(text, SCOPE))
    except LogicalError as error:
        return str(error)


@parametrize("parse.txt")
def test_parse(text: str, expected: list[str]) -> None:
    assert [read(text)] == (expected or [""])


@settings(deadline=None)
@given(expressions())
def test_what_is_printed_is_read_again(text: str) -> None:
    printed = format_expression(parse(text, NETWORK))
    assert format_expression(parse(printed, NETWORK)) == printed


def test_depth_is_limited() -> None:
    assert read("(" * MAX_DEPTH + "ip4" + ")" * MAX_DEPTH) == "ip4"
    assert read("(" * (MAX_DEPTH + 1) + "ip4" + ")" * (MAX_DEPTH + 1)) == "Parentheses nested too deeply."
    with pytest.raises(LogicalError):
        parse("(" * 100_000)
