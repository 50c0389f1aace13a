"""Text to actions, back to text, and what they need; the errors of those that are none."""

from __future__ import annotations

import pytest

from pyovn.logical.actions.environment import format_actions
from pyovn.logical.actions.read import parse_actions
from pyovn.logical.actions.reader import Place
from pyovn.logical.expression import format_expression
from pyovn.logical.lexer import LogicalError
from tests.logical.recorded import TABLE, cases, parametrize

PLACE = Place(table=TABLE)
WORDS = ("encodes as ", "uses group: ", "formats as ", "has prereqs ")


def said(lines: list[str], word: str) -> str | None:
    return next((line.removeprefix(word) for line in lines if line.startswith(word)), None)


@parametrize("actions.txt")
def test_read(text: str, expected: list[str]) -> None:
    if not expected[0].startswith(WORDS):
        with pytest.raises(LogicalError) as caught:
            parse_actions(text, PLACE)
        assert str(caught.value) == expected[0]
        return
    actions, needs = parse_actions(text, PLACE)
    assert format_actions(actions) == (said(expected, "formats as ") or text)
    assert (format_expression(needs) if needs is not None else None) == said(expected, "has prereqs ")


@pytest.mark.parametrize("text", [text for text, expected in cases("actions.txt") if expected[0].startswith(WORDS)], ids=lambda t: t[:60])
def test_what_is_printed_is_read_again(text: str) -> None:
    actions, _ = parse_actions(text, PLACE)
    assert parse_actions(format_actions(actions), PLACE).actions == actions


@pytest.mark.parametrize("text", ["clone { " * 20 + "output;" + " };" * 20])
def test_depth_is_limited(text: str) -> None:
    with pytest.raises(LogicalError, match="nested too deeply"):
        parse_actions(text)


@pytest.mark.parametrize("keyword", ["ct_next", "ct_dnat", "ct_lb_mark", "ct_commit_nat"])
def test_what_goes_on_by_itself_needs_a_next_table(keyword: str) -> None:
    last = Place(table=Place().ingress_length - 1)
    with pytest.raises(LogicalError, match=f'"{keyword}" action not allowed in last table.'):
        parse_actions(f"{keyword};", last)


@pytest.mark.parametrize(("text", "pipeline_end"), [("next(34);", 34), ("next(pipeline=egress, table=16);", 16)])
def test_a_pipeline_ends(text: str, pipeline_end: int) -> None:
    with pytest.raises(LogicalError, match=f'"next" action cannot advance beyond table {pipeline_end}.'):
        parse_actions(text)
