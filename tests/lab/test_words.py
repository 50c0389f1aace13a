"""Lines of a tutorial as a shell reads them."""

from __future__ import annotations

import pytest

from pyovn.lab.words import assignment, commands, expand

VARIABLES = {"UUID": "1234", "name": "net0"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("lsp-set-dhcpv4-options port1 $UUID", "lsp-set-dhcpv4-options port1 1234"),
        ("echo ${UUID}x $name", "echo 1234x net0"),
        ("echo '$UUID'", "echo '$UUID'"),
        ("system-id=$(hostname)", "system-id=<hostname>"),
        ("uuid=`create x`", "uuid=<create x>"),
        ("echo $unknown.", "echo ."),
    ],
)
def test_expand(line: str, expected: str) -> None:
    assert expand(line, VARIABLES, lambda command: f"<{command}>\n") == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ovn-nbctl ls-add ls1  # a switch", [["ovn-nbctl", "ls-add", "ls1"]]),
        ("a b && c 'd e'; f", [["a", "b"], ["c", "d e"], ["f"]]),
        ("set interface p mac='[\"c0:ff:ee:00:00:11\"]'", [["set", "interface", "p", 'mac=["c0:ff:ee:00:00:11"]']]),
        ("trace 'inport==\"p\" && ip4'", [["trace", 'inport=="p" && ip4']]),
        ("a -- b", [["a", "--", "b"]]),
        ("# only a comment", []),
    ],
)
def test_commands(line: str, expected: list[list[str]]) -> None:
    assert commands(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [("A=$(ovn-nbctl ls-list)", ("A", "$(ovn-nbctl ls-list)")), ("A=b", ("A", "b")), ("a-b=c", None), ("A=b ls", None), ("ls A=b", None)],
)
def test_assignment(line: str, expected: tuple[str, str] | None) -> None:
    assert assignment(line) == expected
