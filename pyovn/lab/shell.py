"""A host's shell: the programs that tutorials call, run against the world without processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from pyovn.lab.words import assignment, commands, expand

NO_SUCH_PROGRAM = 127
REDIRECT = ">"
"""The program that writes its second word into the file named by the first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command line printed, and its exit status."""

    out: str = ""
    err: str = ""
    status: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.out + other.out, self.err + other.err, other.status)


class Program(Protocol):
    """A program of a host: the words after its name, and the namespace it is called in ("" for the host's own)."""

    def __call__(self, words: list[str], namespace: str) -> Outcome: ...


@dataclass(slots=True)
class Shell:
    """The programs that a host has and the variables that were set on it."""

    programs: dict[str, Program]
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, line: str) -> Outcome:
        """Run one line, as typed; a line that cannot be read fails with one message."""
        assigned = assignment(line)
        try:
            if assigned is not None:
                return self._assign(*assigned)
            return self._run_all(commands(expand(line, self.variables, self._output)))
        except ValueError as error:
            return Outcome(err=f"sh: {line}: {error}\n", status=2)

    def call(self, words: list[str], namespace: str = "") -> Outcome:
        """Run one program in a namespace."""
        program = self.programs.get(words[0])
        if program is None:
            return Outcome(err=f"sh: {words[0]}: command not found\n", status=NO_SUCH_PROGRAM)
        return program(words[1:], namespace)

    def _run_all(self, lines: list[list[str]]) -> Outcome:
        outcome = Outcome()
        for words in lines:
            outcome += self._run_one(words)
            if outcome.status:
                break
        return outcome

    def _run_one(self, words: list[str]) -> Outcome:
        """One command; what it prints goes into a file where `> FILE` ends it."""
        if words[-2:-1] != [REDIRECT] or REDIRECT not in self.programs:
            return self.call(words)
        outcome = self.call(words[:-2])
        return Outcome("", outcome.err, outcome.status) + self.call([REDIRECT, words[-1], outcome.out])

    def _assign(self, name: str, value: str) -> Outcome:
        words = commands(expand(value, self.variables, self._output))
        self.variables[name] = " ".join(words[0]) if words else ""
        return Outcome()

    def _output(self, line: str) -> str:
        return self.run(line).out


def echo(words: list[str], namespace: str) -> Outcome:
    """echo(1)."""
    return Outcome(" ".join(words) + "\n")


def says(text: str) -> Program:
    """A program that prints a line, whatever it is asked: hostname(1)."""

    def program(words: list[str], namespace: str) -> Outcome:
        return Outcome(f"{text}\n")

    return program
