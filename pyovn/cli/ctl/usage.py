"""What --help, --version, --commands and --options print, made from the commands' signatures."""

from __future__ import annotations

from pyovn.cli.ctl.grammar import SHORT, global_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyovn.cli.ctl.program import Command, Program

OVN_VERSION = "26.03.2"
OVS_VERSION = "3.7.0"
INDENT = 28
SCHEMA_VERSIONS = {
    "OVN_Northbound": "7.18.0", "OVN_Southbound": "21.8.0", "OVN_IC_Northbound": "1.3.0", "OVN_IC_Southbound": "2.4.0",
    "Open_vSwitch": "8.8.0", "hardware_vtep": "1.7.0",
}  # fmt: skip
"""As `pyovn.schemas` has them, whose modules take longer to load than a command to run."""

GLOBAL_HELP = {
    "db": "connect to the database at this remote",
    "no-wait": "do not wait for anybody to follow",
    "wait": "wait until others have followed: northd or ovn-ic (sb), every chassis (hv)",
    "print-wait-time": "tell how long the waiting took",
    "no-leader-only": "any member of a cluster will do",
    "no-shuffle-remotes": "try the remotes in the order given",
    "timeout": "wait at most so many seconds",
    "dry-run": "show what would be done, and do nothing",
    "oneline": "one line for each command, whatever it prints",
    "retry": "try to connect until the server is there",
    "format": "table, list, html, csv or json",
    "data": "string, bare or json cells",
    "no-headings": "tables without their first row",
    "pretty": "JSON over several lines",
    "bare": "bare values in lists without headings",
    "help": "show this",
    "version": "show which release this is",
}


def text(program: Program, action: str, env: Mapping[str, str]) -> str:
    """The text of one of these options."""
    return {"help": help_text, "version": version_text, "commands": commands_text, "options": options_text}[action](program, env)


def version_text(program: Program, _env: Mapping[str, str]) -> str:
    """Which release this is compatible with."""
    version = SCHEMA_VERSIONS[program.database]
    if program.name in ("ovs-vsctl", "vtep-ctl"):
        return f"{program.name} (Open vSwitch) {OVS_VERSION}\nDB Schema {version}\n"
    return f"{program.name} {OVN_VERSION}\nOpen vSwitch Library {OVS_VERSION}\nDB Schema {version}\n"


def option_words(command: Command) -> list[str]:
    """[--flag] [--valued=X] …"""
    forms = {"bool": "", "str | bool": "[=ARG]"}
    return [f"[--{name}{forms.get(annotation, '=ARG')}]" for name, annotation in command.options.items()]


def command_lines(command: Command) -> str:
    """A command's usage and what it does."""
    options = " ".join(option_words(command))
    lines = [f"  {options}\n"] if options else []
    usage = f"  {command.name} {command.usage}".rstrip()
    if len(usage) < INDENT - 1:
        return "".join([*lines, f"{usage:<{INDENT}}{command.help}\n"])
    return "".join([*lines, f"{usage}\n", " " * INDENT + f"{command.help}\n"])


def help_text(program: Program, env: Mapping[str, str]) -> str:
    """Everything in order."""
    lines = [f"{program.name}: {program.title}\nusage: {program.name} [OPTIONS] COMMAND [ARG...]\n"]
    heading = ""
    for family in program.all_families():
        if family.title != heading:
            heading = family.title
            lines.append(f"\n{heading}:\n")
        lines += [command_lines(command) for command in family.commands.values()]
    lines.append("\nDatabase commands may name a row of each of these tables, beside its uuid:\n")
    lines += [f"  {table}: {', '.join(key_text(table, key) for key in keys)}\n" for table, keys in sorted(program.keys.items())]
    remote = env.get(program.database_variable) or program.default_remote(env)
    lines.append(f"\nOptions (default database: {remote}):\n")
    known = global_options(program)
    letters = {name: letter for letter, name in SHORT.items()}
    for name in [name for name in GLOBAL_HELP if name in known]:
        front = f"  -{letters[name]}, --{name}" if name in letters else f"  --{name}"
        lines.append(f"{front + ('=ARG' if known[name] else ''):<{INDENT}}{GLOBAL_HELP[name]}\n")
    return "".join(lines)


def key_text(table: str, key: tuple[str, str | None, str | None, str | None]) -> str:
    """How one key names a row."""
    where, column, map_key, reference = key
    if column is None:
        return '"."'
    name = column if map_key is None else f"{column}:{map_key}"
    return f"{name} of {where} (by its {reference})" if reference is not None and where != table else name


def commands_text(program: Program, _env: Mapping[str, str]) -> str:
    """A line a command, for tab completion: its options, its name, its arguments."""
    return "".join(
        f"{' '.join(completion_option(name, form) for name, form in command.options.items())}"
        f"{' ' if command.options else ''},{command.name},{completion_arguments(command)}\n"
        for family in program.all_families()
        for command in family.commands.values()
    )


def completion_option(name: str, annotation: str) -> str:
    """[--flag], [--valued=], [--perhaps?]"""
    return f"[--{name}{ {'bool': '', 'str | bool': '?'}.get(annotation, '=') }]"


def completion_arguments(command: Command) -> str:
    """!REQUIRED ?OPTIONAL *ANY +SOME; within an argument `?` stands before a part that may be missing."""
    return " ".join(completion_argument(*argument) for argument in arguments_of(command.usage))


def arguments_of(usage: str) -> list[tuple[str, bool]]:
    """The arguments of a usage line, and whether each may be missing; alternatives are one."""
    found: list[tuple[str, bool]] = []
    depth = 0
    alternative = False
    for word in usage.replace("{", "").replace("}", "").replace(",...", "").split():
        if word == "|":
            alternative = True
            continue
        text = without_outer_brackets(word)
        missing = depth > 0 or text[0] != word[0]
        depth += word.count("[") - word.count("]")
        if alternative:
            before, missing = found.pop()
            text, alternative = f"{before}|{text}", False
        found.append((text, missing))
    return found


def without_outer_brackets(word: str) -> str:
    """An argument without the brackets around it, of which either may stand in another word; `...` stays, at the end."""
    text = word
    while text.startswith("[") and not closes_within(text):
        text = text[1:]
    dots = "..." if "..." in text else ""
    text = text.replace("...", "")
    while text.count("]") > text.count("["):
        text = text[: text.rindex("]")]
    return text + dots


def closes_within(text: str) -> bool:
    """Whether the bracket that text begins with ends before it does."""
    depth = 0
    for at, char in enumerate(text):
        depth += {"[": 1, "]": -1}.get(char, 0)
        if not depth:
            return bool(text[at + 1 :].strip("]."))
    return False


def completion_argument(text: str, missing: bool) -> str:
    """One argument with its mark."""
    many = text.endswith("...")
    mark = ("*" if missing else "+") if many else ("?" if missing else "!")
    return mark + text.removesuffix("...").replace("[", "?").replace("]", "")


def options_text(program: Program, _env: Mapping[str, str]) -> str:
    """A line an option, for tab completion."""
    letters = {name: letter for letter, name in SHORT.items()}
    lines = []
    own = program.options if program.daemon_variable else {}
    for name, valued in (global_options(program) | own).items():
        suffix = "" if valued is False else "=ARG"
        lines.append(f"--{name}{suffix}\n")
        if name in letters:
            lines.append(f"-{letters[name]}{' ARG' if suffix else ''}\n")
    return "".join(lines)
