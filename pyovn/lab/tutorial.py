"""Tutorials that run: the `console` blocks of a Markdown page, each line `HOST# command` followed by what it prints.

In what is expected, `…` stands for anything within a line, a line of `…` for any lines, and each uuid for any uuid. Databases
have no order, so the lines may come in another one. A command without expected lines may print what it likes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyovn.lab.shell import Outcome

_PROMPT = re.compile(r"(?P<host>[A-Za-z][\w-]*)# (?P<command>.*)")
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ANYTHING = re.compile(rf"…|{_UUID}")


@dataclass(frozen=True, slots=True)
class Step:
    """One command on one host, and the lines that it must print."""

    host: str
    command: str
    expected: tuple[str, ...]
    line: int
    """Where it stands on the page, from 1."""


def parse(page: str) -> list[Step]:
    """The steps of a Markdown page, in order."""
    steps: list[Step] = []
    inside = continued = False
    for number, line in enumerate(page.splitlines(), 1):
        if line.startswith("```"):
            inside, continued = line.strip() == "```console", False
        elif inside:
            _read(steps, line, number, continued)
            continued = (continued or _PROMPT.fullmatch(line) is not None) and line.endswith("\\")
    return [Step(s.host, s.command, _trim(s.expected), s.line) for s in steps]


def _read(steps: list[Step], line: str, number: int, continued: bool) -> None:
    prompt = _PROMPT.fullmatch(line)
    if continued:
        last = steps[-1]
        steps[-1] = Step(last.host, last.command.removesuffix("\\") + line.strip(), (), last.line)
    elif prompt:
        steps.append(Step(prompt["host"], prompt["command"], (), number))
    elif steps:
        last = steps[-1]
        steps[-1] = Step(last.host, last.command, (*last.expected, line.rstrip()), last.line)


def _trim(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Without the empty lines at the end, which only part one command from the next."""
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def matches(expected: tuple[str, ...], printed: str) -> bool:
    """Whether `printed` is what a page expects."""
    lines = [f"{line.rstrip()}\n" for line in printed.rstrip("\n").splitlines()]
    pattern = "".join(_line_pattern(line) for line in expected)
    if re.fullmatch(pattern, "".join(lines)):
        return True
    return sorted(_nameless(f"{line}\n") for line in expected) == sorted(map(_nameless, lines))


def _nameless(line: str) -> str:
    """A line with every uuid the same."""
    return re.sub(_UUID, "-", line)


def _line_pattern(line: str) -> str:
    if line.strip() == "…":
        return "(?:[^\n]*\n)*"
    literals = (re.escape(text) for text in _ANYTHING.split(line))
    wild = ("[^\n]*" if found == "…" else _UUID for found in _ANYTHING.findall(line))
    return "".join(text + next(wild, "") for text in literals) + "\n"


@dataclass(frozen=True, slots=True)
class Played:
    """A step, what came of it, and whether that is what the page says."""

    step: Step
    outcome: Outcome
    as_written: bool


def play(steps: list[Step], run: Callable[[str, str], Outcome]) -> Iterator[Played]:
    """Run the steps, `run(host, command)`; a command that fails is not as written unless the page shows its message."""
    for step in steps:
        outcome = run(step.host, step.command)
        printed = outcome.out + outcome.err
        right = matches(step.expected, printed) if step.expected else outcome.status == 0
        yield Played(step, outcome, right)
