"""The tables by which a command line is split and its module found agree with the commands' signatures."""

from __future__ import annotations

import pytest

from pyovn.cli import nbctl, sbctl, vsctl, vtepctl
from pyovn.cli.ctl.program import Command, Program
from pyovn.cli.ctl.rows import Rows

PROGRAMS = [nbctl.PROGRAM, sbctl.PROGRAM, vsctl.PROGRAM, vtepctl.PROGRAM]
TAKES = {"bool": False, "str | bool": None, "str | None": True}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_families_list_their_modules_commands(program: Program) -> None:
    for module, names in program.families.items():
        assert sorted(program.family(module).commands) == sorted(names.split()), module


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_options_are_those_of_the_signatures(program: Program) -> None:
    every = [command for family in program.all_families() for command in family.commands.values()]
    declared = {name: TAKES[annotation] for command in every for name, annotation in command.options.items()}
    assert {name: takes for name, takes in program.options.items() if name in declared} == declared
    assert set(declared) == set(program.options)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_every_command_says_what_it_does(program: Program) -> None:
    assert [c.name for f in program.all_families() for c in f.commands.values() if not c.help] == []


def one(db: Rows, port: str, tag: str = "", *, may_exist: bool = False) -> None:
    """one"""


def many(db: Rows, bridge: str, *bridges: str, columns: str | None = None) -> None:
    """many"""


def any_number(db: Rows, port: str, *address: str, bfd: str | bool = False) -> None:
    """any"""


@pytest.mark.parametrize(
    ("function", "usage", "minimum", "maximum", "options"),
    [
        (one, "PORT [TAG]", 1, 2, {"may-exist": "bool"}),
        (many, "BRIDGE...", 1, 1 << 30, {"columns": "str | None"}),
        (any_number, "PORT [ADDRESS]...", 1, 1 << 30, {"bfd": "str | bool"}),
    ],
)
def test_a_signature_is_a_usage_line(function: object, usage: str, minimum: int, maximum: int, options: dict[str, str]) -> None:
    command = Command(function)  # type: ignore[arg-type]
    assert (command.usage, command.minimum, command.maximum, command.options) == (usage, minimum, maximum, options)
