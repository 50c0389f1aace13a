"""Tables in each format."""

from __future__ import annotations

import pytest

from pyovn.cli.table import Cell, Grid, Style, render

FIRST = [Cell("sw", "sw", "sw"), Cell("[1, 2]", "1 2", ["set", [1, 2]])]
SECOND = [Cell('""', "", ""), Cell("[]", "", ["set", []])]
GRID = Grid(["name", "tags"], [FIRST, SECOND])
NAME, TAGS = f"{'name':<20}: ", f"{'tags':<20}: "


@pytest.mark.parametrize(
    ("form", "data", "headings", "text"),
    [
        ("list", "string", True, f'{NAME}sw\n{TAGS}[1, 2]\n\n{NAME}""\n{TAGS}[]\n'),
        ("list", "bare", False, "sw\n1 2\n\n\n\n"),
        ("list", "json", True, f'{NAME}"sw"\n{TAGS}["set",[1,2]]\n\n{NAME}""\n{TAGS}["set",[]]\n'),
        ("table", "string", True, 'name tags\n---- ------\nsw   [1, 2]\n""   []\n'),
        ("csv", "string", True, 'name,tags\nsw,"[1, 2]"\n"""""",[]\n'),
        ("json", "string", True, '{"data":[["sw",["set",[1,2]]],["",["set",[]]]],"headings":["name","tags"]}\n'),
    ],
)
def test_formats(form: str, data: str, headings: bool, text: str) -> None:
    style = Style()
    style.set_format(form)
    style.set_data(data)
    style.headings = headings
    assert render(GRID, style) == text


def test_html() -> None:
    style = Style()
    style.set_format("html")
    assert render(Grid(["a"], [[Cell("<&", "", "")]]), style) == (
        "<table border=1>\n  <tr>\n    <th>a</th>\n  </tr>\n  <tr>\n    <td>&lt;&amp;</td>\n  </tr>\n</table>\n"
    )
