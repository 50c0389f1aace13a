"""What can follow on a command line of `ovs-appctl` or `ovn-appctl`: options, running daemons, the commands of the one chosen."""

from __future__ import annotations

import os

from pyovn.cli.appctl import AppctlError, ask, default_target, known_options, socket_of
from pyovn.cli.ctl.shell_words import replies, split
from pyovn.runtime.options import OptionError, parse_options
from pyovn.runtime.paths import paths_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def complete(name: str, words: Sequence[str], env: Mapping[str, str]) -> str:
    """The candidates, one a line, for a line up to the cursor; the second word has the characters that break words there."""
    given = split(words[0])[1:] or [""]
    current = given.pop()
    found = replies(current, candidates(name, given, current, env), words[1] if len(words) > 1 else "")
    return "".join(f"{word}\n" for word in found)


def candidates(name: str, given: list[str], current: str, env: Mapping[str, str]) -> list[str]:
    """What the current word can become."""
    if given[-1:] in (["-t"], ["--target"]):
        return daemons(name, env)
    if current.startswith("--target="):
        return [f"--target={daemon}" for daemon in daemons(name, env)]
    try:
        options = parse_options(given, known_options(), stop_at_operand=True)
    except OptionError:
        return []
    if options.operands:
        return []
    if current.startswith("-"):
        return [f"--{option.name}" + ("=" if option.argument == "required" else "") for option in known_options()]
    return commands(name, options.last("target", default_target(name)), env)


def daemons(name: str, env: Mapping[str, str]) -> list[str]:
    """The daemons that have a pid file."""
    try:
        files = os.listdir(paths_of(name, env).rundir)
    except OSError:
        return []
    return [file.removesuffix(".pid") for file in files if file.endswith(".pid")]


def commands(name: str, target: str, env: Mapping[str, str]) -> list[str]:
    """The commands that a running daemon knows."""
    try:
        text = str(ask(socket_of(name, target, env), target, "text", ["list-commands"]))
    except AppctlError:
        return []
    return [line.split()[0] for line in text.splitlines()[1:] if line.strip()]
