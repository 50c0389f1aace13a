"""What symbols imply."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pyovn.logical.annotate import annotate, field_needs
from pyovn.logical.expression import format_expression
from pyovn.logical.lexer import LogicalError
from pyovn.logical.parser import Scope, parse
from pyovn.logical.symbols import SYMBOLS
from tests.logical.recorded import SCOPE, parametrize


def read(text: str, scope: Scope = SCOPE) -> str:
    try:
        return format_expression(annotate(parse(text, scope), scope))
    except LogicalError as error:
        return str(error)


@parametrize("annotate.txt")
def test_annotate(text: str, expected: list[str]) -> None:
    assert [read(text)] == expected


FAULTY = {"broken": "nosuch", "own_tail": "own_tail != 0", "left": "right != 0", "right": "left != 0"}
SYMBOLS_THAT_FAIL = SYMBOLS | {name: replace(SYMBOLS["xxreg0"], name=name, needs=needs) for name, needs in FAULTY.items()}
HEAD = "Error parsing expression `{}' encountered as prerequisite or predicate of initial expression: "


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("broken == 1", HEAD.format("nosuch") + "Syntax error at `nosuch' expecting field name."),
        ("own_tail == 1", HEAD.format("own_tail != 0") + "Recursive expansion of symbol `own_tail'."),
        ("left == 1", HEAD.format("right != 0") + HEAD.format("left != 0") + "Recursive expansion of symbol `left'."),
    ],
)
def test_symbols_that_cannot_be_expanded(text: str, error: str) -> None:
    assert read(text, Scope(symbols=SYMBOLS_THAT_FAIL)) == error


def test_what_a_field_needs() -> None:
    needs = field_needs(SYMBOLS["ip4.src"])
    assert needs is not None and format_expression(needs) == "eth.type == 0x800"
    assert field_needs(SYMBOLS["reg0"]) is None
