"""Variables of a chassis in matches and actions."""

from __future__ import annotations

import pytest

from pyovn.logical.actions.read import parse_actions
from pyovn.logical.lexer import LogicalError
from pyovn.logical.parser import parse
from pyovn.logical.templates import expand_templates, template_names

CASES = [
    ("ip4.dst == ^vip && tcp.dst == ^port", "ip4.dst == 10.0.0.9 && tcp.dst == 80"),
    ("ct_lb_mark(backends=^backends);", "ct_lb_mark(backends=10.0.0.2:80,10.0.0.3:80);"),
    ('log(name="^vip", verdict=drop);', 'log(name="^vip", verdict=drop);'),
    ("ip4.dst == ^nosuch", "ip4.dst == ^nosuch"),
]
VARIABLES = {"vip": "10.0.0.9", "port": "80", "backends": "10.0.0.2:80,10.0.0.3:80"}


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_expansion(text: str, expected: str) -> None:
    assert expand_templates(text, VARIABLES) == expected


def test_names() -> None:
    assert template_names('ip4.dst == ^vip && inport == "^no"') == {"vip"}


def test_what_is_not_expanded_does_not_parse() -> None:
    for read in (parse, parse_actions):
        with pytest.raises(LogicalError, match="Unexpanded template"):
            read("ip4.dst == ^vip" if read is parse else "ct_lb_mark(backends=^backends);")
