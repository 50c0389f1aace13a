"""A shell's line turned into words: quotes, variables, command substitution, comments, `&&` and `&`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping

Substitute = Callable[[str], str]
"""Runs a command line and gives what it printed."""

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_EXPANSION = re.compile(r"\$\((?P<command>[^()]*)\)|`(?P<old>[^`]*)`|\$\{(?P<braced>\w+)\}|\$(?P<plain>\w+)")
_SINGLE_QUOTED = re.compile(r"('[^']*')")


def expand(line: str, variables: Mapping[str, str], substitute: Substitute) -> str:
    """Replace variables and `$(command)` everywhere but between single quotes, as sh(1) does."""

    def value(match: re.Match[str]) -> str:
        command = match["command"] or match["old"]
        if command is not None:
            return substitute(command).rstrip("\n")
        return variables.get(match["braced"] or match["plain"], "")

    parts = _SINGLE_QUOTED.split(line)
    return "".join(part if part.startswith("'") else _EXPANSION.sub(value, part) for part in parts)


def assignment(line: str) -> tuple[str, str] | None:
    """The name and the unexpanded value if `line` is just `NAME=VALUE`."""
    match = _ASSIGNMENT.fullmatch(line.strip())
    if match is None:
        return None
    value = match[2]
    whole = value[:1] in "`$" or len(shlex.split(value)) <= 1
    return (match[1], value) if whole else None


def commands(line: str) -> list[list[str]]:
    """The words of each command that `&&`, `&` or `;` ends on a line; a comment is left out. ValueError: an open quote."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&")
    lexer.whitespace_split = True
    found: list[list[str]] = [[]]
    for word in lexer:
        if word in (";", "&&", "&"):
            found.append([])
        else:
            found[-1].append(word)
    return [words for words in found if words]
