"""A command line taken apart: global options, then commands separated by `--`, each with options before its name and arguments after."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import takes
from pyovn.cli.table import Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pyovn.cli.ctl.program import Command, Program

COMMON = takes(
    "db= no-syslog help version commands options dry-run oneline timeout= verbose? log-file? syslog-method= syslog-target= format= data= "
    "no-headings pretty bare max-column-width= private-key= certificate= ca-cert= ssl-protocols= ssl-ciphers= ssl-ciphersuites= "
    "ssl-server-name= bootstrap-ca-cert="
)
"""Global options of every program: whether they take a value; None: one may follow after `=`."""

DAEMON = takes("unixctl= detach no-self-confinement no-chdir pidfile? overwrite-pidfile monitor user=")
"""Global options of the programs that can stay as a daemon."""

SHORT = {
    "h": "help", "V": "version", "t": "timeout", "u": "unixctl", "v": "verbose", "p": "private-key", "c": "certificate", "C": "ca-cert",
    "f": "format", "d": "data",
}  # fmt: skip

TLS = frozenset(
    (
        "private-key", "certificate", "ca-cert", "bootstrap-ca-cert", "peer-ca-cert", "ssl-protocols", "ssl-ciphers", "ssl-ciphersuites",
        "ssl-server-name",
    )
)  # fmt: skip


LONGEST_TIMEOUT_S = 2**31 - 1


class Call:
    """One command with its options and arguments."""

    __slots__ = ("arguments", "command", "options")

    def __init__(self, command: Command, options: dict[str, str | bool], arguments: list[str]) -> None:
        self.command = command
        self.options = options
        self.arguments = arguments


class Options:
    """The global options, with what they mean when they are not given."""

    __slots__ = (
        "action", "bare_words", "daemon", "database", "dry_run", "leader_only", "oneline", "print_wait_time", "retry", "shuffle", "style",
        "timeout_s", "tls", "verbose", "wait", "waits_for",
    )  # fmt: skip

    def __init__(self, waits_for: tuple[str, ...] = ()) -> None:
        self.waits_for = waits_for
        """Who --wait can name."""
        self.action = ""
        """help, version, commands or options: what to show instead of running commands."""
        self.database: str | None = None
        self.dry_run = False
        self.leader_only = True
        self.oneline = False
        self.print_wait_time = False
        self.retry = False
        self.shuffle = True
        self.style = Style()
        self.timeout_s = 0
        self.tls: dict[str, str] = {}
        self.verbose: list[str] = []
        """What -v asks of the log."""
        self.wait = ""
        """sb or hv; for ovs-vsctl "none" is --no-wait."""
        self.daemon: dict[str, str] = {}
        """--detach and what belongs to it."""


def global_options(program: Program) -> dict[str, bool | None]:
    """The global options of this program."""
    return COMMON | program.global_options | (DAEMON if program.daemon_variable else {})


def parse(program: Program, argv: list[str]) -> tuple[Options, list[Call]]:
    """Take a command line apart; `argv` is without the program's name."""
    options, local, words = parse_front(program, argv)
    if options.action:
        return options, []
    calls = []
    for number, segment in enumerate(split(words) or [[]]):
        calls.append(parse_command(program, segment, local if number == 0 else {}))
    return options, calls


def parse_globals(program: Program, argv: list[str]) -> tuple[Options, list[str]]:
    """The global options of a command line, and its commands as they are."""
    options, _, words = parse_front(program, argv)
    return options, words


def parse_front(program: Program, argv: list[str]) -> tuple[Options, dict[str, str | bool], list[str]]:
    """What stands before the first command: global options, options of that command; and the rest."""
    options = Options(program.waits_for)
    globals_ = global_options(program)
    known = program.options | globals_
    local: dict[str, str | bool] = {}
    given: list[tuple[str, str | bool]] = []
    at = 0
    while at < len(argv) and argv[at].startswith("-") and argv[at] not in ("-", "--"):
        try:
            name, value, at = next_option(known, argv, at)
        except WrongOption as wrong:
            raise CommandError(wrong.wording(getopt=not program.daemon_variable)) from None
        given.append((name, value))
    for name, value in given:
        if name in program.unsupported:
            raise CommandError(f"--{name} not supported")
        if name in globals_:
            take_global(options, name, value)
        else:
            local[f"--{name}"] = add_once(local, f"--{name}", value, f"--{name}")
    return options, local, argv[at:]


def split(words: list[str]) -> list[list[str]]:
    """The commands of a chain; empty ones are dropped."""
    segments: list[list[str]] = [[]]
    for word in words:
        if word == "--":
            segments.append([])
        else:
            segments[-1].append(word)
    return [segment for segment in segments if segment]


def next_option(known: dict[str, bool | None], argv: list[str], at: int) -> tuple[str, str | bool, int]:
    """The option at `at`: its whole name, its value (True for a flag), and where to go on."""
    given = argv[at]
    if not given.startswith("--"):
        return short_option(known, argv, at)
    word, equals, value = given[2:].partition("=")
    name = whole_name(known, word, given)
    valued = known[name]
    if valued is True and not equals:
        if at + 1 == len(argv):
            raise WrongOption("needs", name, given)
        return name, argv[at + 1], at + 2
    if valued is False and equals:
        raise WrongOption("takes none", name, given)
    return name, value if equals else True, at + 1


def short_option(known: dict[str, bool | None], argv: list[str], at: int) -> tuple[str, str | bool, int]:
    """-tSECS, -t SECS; flags may stand together (-hV)."""
    letter, rest = argv[at][1], argv[at][2:]
    name = SHORT.get(letter, "")
    if name not in known:
        raise WrongOption("unknown", letter, "")
    if known[name] is None:
        return name, rest or True, at + 1
    if known[name] is False:
        if rest:
            argv[at] = "-" + rest
        return name, True, at if rest else at + 1
    if rest:
        return name, rest, at + 1
    if at + 1 == len(argv):
        raise WrongOption("needs", letter, "")
    return name, argv[at + 1], at + 2


def whole_name(known: dict[str, bool | None], word: str, given: str) -> str:
    """The option that this is, or is an unambiguous beginning of."""
    found = [word] if word in known else [name for name in known if name.startswith(word)]
    if not found:
        raise WrongOption("unknown", word, given)
    if len(found) > 1:
        raise WrongOption("ambiguous", word, given, found)
    return found[0]


class WrongOption(CommandError):
    """An option that there is not, or not so; `given` is empty for one of a single letter."""

    def __init__(self, fault: str, name: str, given: str, likely: list[str] | None = None) -> None:
        self.fault = fault
        self.name = name
        self.given = given
        self.likely = likely or []
        super().__init__(self.wording(getopt=False))

    def wording(self, *, getopt: bool) -> str:
        """What to say: programs of Open vSwitch speak as getopt does, those of OVN in their own words."""
        given = self.given or self.name
        if self.fault == "needs":
            if getopt and not self.given:
                return f"option requires an argument -- '{self.name}'"
            return f"option '{'--' + self.name if self.given else '-' + self.name}' requires an argument"
        if self.fault == "takes none":
            return f"option '{'--' + self.name if getopt else given}' doesn't allow an argument"
        if self.fault == "ambiguous" and getopt:
            likely = " ".join(f"'--{name}'" for name in self.likely)
            return f"option '{given}' is ambiguous; possibilities: {likely}"
        return f"invalid option -- '{self.name}'" if getopt and not self.given else f"unrecognized option '{given}'"


def add_once(options: dict[str, str | bool], name: str, value: str | bool, given: str) -> str | bool:
    """The value of an option that was not given before."""
    if name in options:
        raise CommandError(f"'{given}' option specified multiple times")
    return value


def parse_command(program: Program, words: list[str], local: dict[str, str | bool]) -> Call:
    """One command of a chain; `local` holds options of its that stood among the global ones."""
    options = dict(local)
    at = 0
    while at < len(words) and words[at].startswith("-"):
        name, equals, value = words[at].partition("=")
        options[name] = add_once(options, name, value if equals else True, words[at])
        at += 1
    if at == len(words):
        raise CommandError("missing command name (use --help for help)")
    command = program.command(words[at])
    if command is None:
        raise CommandError(f"unknown command '{words[at]}'; use --help for help")
    keywords = {name.removeprefix("--"): check_option(command, name, value) for name, value in options.items()}
    check_arguments(command, words[at + 1 :])
    return Call(command, {keyword(command, name): value for name, value in keywords.items()}, words[at + 1 :])


def check_option(command: Command, name: str, value: str | bool) -> str | bool:
    """Refuse an option that the command does not have, or not so."""
    annotation = command.options.get(name.removeprefix("--"))
    if annotation is None:
        raise CommandError(f"'{command.name}' command has no '{name}' option")
    if annotation == "bool" and value is not True:
        raise CommandError(f"'{name}' option on '{command.name}' does not accept an argument")
    if annotation == "str | None" and value is True:
        raise CommandError(f"missing argument to '{name}' option on '{command.name}' command")
    return value


def check_arguments(command: Command, arguments: list[str]) -> None:
    """Refuse too few or too many arguments."""
    if len(arguments) < command.minimum:
        raise CommandError(f"'{command.name}' command requires at least {command.minimum} arguments")
    if len(arguments) > command.maximum:
        hint = ""
        if any(argument.startswith("-") for argument in arguments):
            hint = ' (note that options must precede command names and follow a "--" argument)'
        raise CommandError(f"'{command.name}' command takes at most {command.maximum} arguments{hint}")


def keyword(command: Command, option: str) -> str:
    """The parameter that an option goes to."""
    name = option.replace("-", "_")
    code = command.function.__code__
    return name if name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] else name + "_"


def take_global(options: Options, name: str, value: str | bool) -> None:
    """Note a global option."""
    text = "" if value is True else str(value)
    if name in FLAGS:
        attribute, meaning = FLAGS[name]
        setattr(options, attribute, meaning)
    elif name in TLS:
        options.tls[name] = text
    elif name in DAEMON:
        options.daemon[name] = text
    elif name in VALUES:
        VALUES[name](options, text)


FLAGS: dict[str, tuple[str, object]] = {
    "help": ("action", "help"), "version": ("action", "version"), "commands": ("action", "commands"), "options": ("action", "options"),
    "leader-only": ("leader_only", True), "no-leader-only": ("leader_only", False), "shuffle-remotes": ("shuffle", True),
    "no-shuffle-remotes": ("shuffle", False), "dry-run": ("dry_run", True), "oneline": ("oneline", True),
    "retry": ("retry", True), "print-wait-time": ("print_wait_time", True),
}  # fmt: skip


def set_timeout(options: Options, text: str) -> None:
    """--timeout."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= LONGEST_TIMEOUT_S):
        raise CommandError(f"value {text} on -t or --timeout is invalid")
    options.timeout_s = int(text)


def no_wait(options: Options, _text: str) -> None:
    """--no-wait."""
    options.wait = "none"


def set_wait(options: Options, text: str) -> None:
    """--wait."""
    if text not in ("none", *options.waits_for):
        last = ', or "hv"' if "hv" in options.waits_for else " "
        raise CommandError(f'argument to --wait must be "none", "sb"{last}')
    options.wait = text


def limit_by_environment(options: Options, env: Mapping[str, str]) -> None:
    """Without --timeout, OVS_CTL_TIMEOUT is the time limit."""
    text = env.get("OVS_CTL_TIMEOUT", "")
    if not options.timeout_s and text.isdigit() and int(text) <= LONGEST_TIMEOUT_S:
        options.timeout_s = int(text)


def set_database(options: Options, text: str) -> None:
    """--db."""
    options.database = text


def set_column_width(options: Options, text: str) -> None:
    """--max-column-width."""
    options.style.max_column_width = int(text) if text.isdigit() else 0


def no_headings(options: Options, _text: str) -> None:
    """--no-headings."""
    options.style.headings = False


def set_pretty(options: Options, _text: str) -> None:
    """--pretty."""
    options.style.pretty = True


VALUES: dict[str, Callable[[Options, str], None]] = {
    "timeout": set_timeout, "wait": set_wait, "no-wait": no_wait, "db": set_database, "max-column-width": set_column_width,
    "no-headings": no_headings, "pretty": set_pretty, "format": lambda options, text: options.style.set_format(text),
    "data": lambda options, text: options.style.set_data(text), "bare": lambda options, _text: options.style.set_bare(),
    "verbose": lambda options, text: options.verbose.append(text or "any:any:dbg"),
}  # fmt: skip
