"""The option parser of the daemons: GNU long and short options, wrong ones refused in getopt's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


class OptionError(Exception):
    """The command line is wrong; the text goes to stderr after the program's name."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `--name`, perhaps `-short`, and whether it takes an argument."""

    name: str
    argument: Literal["no", "required", "optional"] = "no"
    short: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What a command line said: each option's arguments in order (an option without argument gives ""), then the operands."""

    values: dict[str, tuple[str, ...]]
    operands: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def all(self, name: str) -> tuple[str, ...]:
        """Every argument given to `--name`."""
        return self.values.get(name, ())

    def last(self, name: str, default: str) -> str:
        """The last non-empty argument given to `--name`, or `default`."""
        return next((value for value in reversed(self.all(name)) if value), default)


COMMON = (Option("help", short="h"), Option("version", short="V"))
DAEMON = (
    Option("detach"),
    Option("no-chdir"),
    Option("pidfile", "optional"),
    Option("overwrite-pidfile"),
    Option("monitor"),
    Option("user", "required"),
    Option("no-self-confinement"),
    Option("unixctl", "required"),
)
LOGGING = (
    Option("verbose", "optional", short="v"),
    Option("log-file", "optional"),
    Option("syslog-method", "required"),
    Option("syslog-target", "required"),
)
TLS = (
    Option("private-key", "required", short="p"),
    Option("certificate", "required", short="c"),
    Option("ca-cert", "required", short="C"),
    Option("bootstrap-ca-cert", "required"),
    Option("peer-ca-cert", "required"),
    Option("ssl-protocols", "required"),
    Option("ssl-ciphers", "required"),
    Option("ssl-ciphersuites", "required"),
    Option("ssl-server-name", "required"),
)


def listing(known: Sequence[Option]) -> str:
    """What `--option` prints, for tab completion: a line for each way to write each option."""
    suffixes = {"no": ("", " "), "required": ("=ARG", " ARG"), "optional": ("=[ARG]", " [ARG]")}
    lines = []
    for option in known:
        long, short = suffixes[option.argument]
        lines.append(f"--{option.name}{long}\n")
        if option.short:
            lines.append(f"-{option.short}{short}\n")
    return "".join(lines)


def parse_options(arguments: Sequence[str], known: Sequence[Option], *, stop_at_operand: bool = False) -> Options:
    """Read a command line without the program's name; options and operands may be mixed unless `stop_at_operand`."""
    values: dict[str, list[str]] = {}
    operands: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--":
            operands += rest
            break
        if word.startswith("--"):
            _long(word[2:], rest, known, values)
        elif word.startswith("-") and word != "-":
            _short(word[1:], rest, known, values)
        else:
            operands.append(word)
            if stop_at_operand:
                operands += rest
                break
    return Options({name: tuple(given) for name, given in values.items()}, tuple(operands))


def _long(text: str, rest: list[str], known: Sequence[Option], values: dict[str, list[str]]) -> None:
    name, equals, argument = text.partition("=")
    option = _find_long(name, known)
    if option.argument == "no" and equals:
        raise OptionError(f"option '--{option.name}' doesn't allow an argument")
    if option.argument == "required" and not equals:
        if not rest:
            raise OptionError(f"option '--{option.name}' requires an argument")
        argument = rest.pop(0)
    values.setdefault(option.name, []).append(argument)


def _find_long(name: str, known: Sequence[Option]) -> Option:
    """The option called `name`, or the only one whose name begins so."""
    candidates = [option for option in known if option.name.startswith(name)]
    exact = [option for option in candidates if option.name == name]
    if exact:
        return exact[0]
    if not candidates:
        raise OptionError(f"unrecognized option '--{name}'")
    if len(candidates) > 1:
        possibilities = " ".join(f"'--{option.name}'" for option in candidates)
        raise OptionError(f"option '--{name}' is ambiguous; possibilities: {possibilities}")
    return candidates[0]


def _short(letters: str, rest: list[str], known: Sequence[Option], values: dict[str, list[str]]) -> None:
    by_letter = {option.short: option for option in known if option.short}
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter not in by_letter:
            raise OptionError(f"invalid option -- '{letter}'")
        option = by_letter[letter]
        argument = ""
        if option.argument != "no":
            argument, letters = letters, ""
        if option.argument == "required" and not argument:
            if not rest:
                raise OptionError(f"option requires an argument -- '{letter}'")
            argument = rest.pop(0)
        values.setdefault(option.name, []).append(argument)
