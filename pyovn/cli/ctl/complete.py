"""What can follow on a command line: options, commands, tables, columns and the names of rows in the running database (tab completion).

bash asks with `PROGRAM --complete LINE BREAKS`, and gets a candidate a line. Status 3 says that a file is wanted.
"""

from __future__ import annotations

from pyovn.cli.client import CommandError, ServerError, TryAgain, Unreachable
from pyovn.cli.ctl import grammar
from pyovn.cli.ctl.datum import keys
from pyovn.cli.ctl.records import find_column, find_table
from pyovn.cli.ctl.rows import Rows
from pyovn.cli.ctl.schema import Schema
from pyovn.cli.ctl.session import Session, target_of
from pyovn.cli.ctl.shell_words import replies, split
from pyovn.cli.ctl.usage import arguments_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyovn.cli.client import Connect, Writer
    from pyovn.cli.ctl.program import Command, Program
    from pyovn.cli.ctl.schema import Column, Table

FILE_WANTED = 3
"""The exit status that sends bash to its own completion of file names."""

OPTION_VALUES = {
    "format": "table list html csv json", "data": "string bare json", "wait": "none sb hv", "type": "switch port-group",
    "severity": "alert warning notice info debug", "policy": "src-ip dst-ip",
}  # fmt: skip
"""Option → what its value can be."""

FILES = frozenset(("db", "unixctl", "private-key", "certificate", "ca-cert", "bootstrap-ca-cert", "peer-ca-cert", "log-file", "pidfile"))
"""Options whose value is, or may be, a file."""


class FileWanted(Exception):
    """A file is to be named here."""


class Line:
    """A command line under way: what stands before the current word of its last command."""

    __slots__ = ("arguments", "command", "first", "given", "local", "lost", "program", "waiting")

    def __init__(self, program: Program, given: list[str]) -> None:
        self.program = program
        self.given = given
        self.waiting = ""
        """The option whose value is the current word, if it is."""
        self.local: list[str] = []
        """The options of the command so far."""
        self.command: Command | None = None
        self.arguments: list[str] = []
        self.lost = False
        """Whether the command is none that there is."""
        self.first = "--" not in given
        """Whether global options can still come."""
        self._read()

    def _read(self) -> None:
        known = self.program.options | grammar.global_options(self.program)
        at = 0
        while at < len(self.given) and self.given[at].startswith("-") and self.given[at] != "--":
            word = self.given[at]
            try:
                name, _, at = grammar.next_option(known, list(self.given), at)
            except CommandError:
                self.waiting = grammar.SHORT.get(word[1:], word.lstrip("-"))
                return
            if name in self.program.options:
                self.local.append(name)
        rest = self.given[at:]
        if "--" in rest:
            rest = rest[len(rest) - rest[::-1].index("--") :]
            self.local = []
        while rest and rest[0].startswith("-"):
            self.local.append(rest.pop(0).lstrip("-").partition("=")[0])
        if rest:
            self.command = self.program.command(rest[0])
            self.lost = self.command is None
            self.arguments = rest[1:]

    def placeholder(self) -> str:
        """What the usage line calls the current argument, or empty."""
        assert self.command is not None
        wanted = arguments_of(self.command.usage)
        at = len(self.arguments)
        if at < len(wanted):
            return wanted[at][0].removesuffix("...")
        return wanted[-1][0].removesuffix("...") if wanted and wanted[-1][0].endswith("...") else ""

    def enough(self) -> bool:
        """Whether the command could end here."""
        return self.command is not None and len(self.arguments) >= self.command.minimum


class Database:
    """The database that the line is for, asked when first needed."""

    def __init__(self, program: Program, given: list[str], env: Mapping[str, str], connect: Connect) -> None:
        session = Session(program, given, env, Silence())
        try:
            session.options, _ = grammar.parse_globals(program, given)
        except CommandError:
            session.options = grammar.Options()
        client = connect(target_of(session))
        self.rows = Rows(client, Schema(client.call("get_schema", [program.database])), program.keys)

    def table(self, given: str) -> Table:
        """The table that a word names."""
        return find_table(self.rows.schema, given)

    def names(self, table: str, column: str) -> list[str]:
        """What a column holds, in every row."""
        described = self.rows.schema.tables[table].column(column)
        rows = self.rows.all(table, column)
        return [str(key) for row in rows for key in keys(described, row[column]) if key != ""]

    def records(self, table: str) -> list[str]:
        """What the rows of a table can be called, their uuids if they have no names."""
        found: list[str] = []
        for where, column, map_key, _ in self.rows.record_keys.get(table, ()):
            if column is None:
                found.append(".")
            elif map_key is not None:
                found += [row[column][map_key] for row in self.rows.all(where, column) if map_key in row[column]]
            else:
                found += self.names(where, column)
        return found or self.names(table, "_uuid")


class Silence:
    """Where messages go that nobody would read."""

    def write(self, _text: str, /) -> object:
        """Forget it."""
        return None


def run(program: Program, words: list[str], env: Mapping[str, str], *, out: Writer, connect: Connect) -> int:
    """Answer one question of bash's: the line up to the cursor, and the characters that break words there."""
    given = split(words[0])[1:] or [""]
    current = given.pop()
    try:
        found = candidates(Line(program, given), current, lambda: Database(program, given, env, connect))
    except FileWanted:
        return FILE_WANTED
    except (CommandError, ServerError, TryAgain, Unreachable):
        return 0
    out.write("".join(f"{word}\n" for word in replies(current, found, words[1] if len(words) > 1 else "")))
    return 0


def candidates(line: Line, current: str, database: Ask) -> list[str]:
    """What the current word can become."""
    if line.lost:
        return []
    if line.waiting:
        return values_of_option(line.waiting)
    if line.command is not None:
        found = arguments(line, current, database) if (name := line.placeholder()) else []
        return [*found, *(["--"] if line.enough() and (not name or not current.strip("-")) else [])]
    if current.startswith("-"):
        name, equals, _ = current[2:].partition("=")
        if equals:
            return [f"--{name}={value}" for value in values_of_option(name)]
        return options(line)
    return [command.name for command in commands(line)]


def values_of_option(name: str) -> list[str]:
    """What the value of an option can be."""
    if name in FILES:
        raise FileWanted
    return OPTION_VALUES.get(name, "").split()


def options(line: Line) -> list[str]:
    """The options that can come here: global ones before any other, then those that go with what was given."""
    valued = {"bool": "", "str | bool": "="}
    known = {name: valued.get(form, "=") for command in commands(line) for name, form in command.options.items()}
    if line.first and not line.local:
        known |= {name: "=" if takes else "" for name, takes in grammar.global_options(line.program).items()}
    return [f"--{name}{suffix}" for name, suffix in known.items() if name not in line.local]


def commands(line: Line) -> list[Command]:
    """The commands that have the options given."""
    families = line.program.all_families()
    return [command for family in families for command in family.commands.values() if set(line.local) <= set(command.options)]


def arguments(line: Line, current: str, database: Ask) -> list[str]:
    """What the current argument can be."""
    assert line.command is not None
    name = line.placeholder()
    if name == "TABLE":
        return list(database().rows.schema.tables)
    if name == "RECORD":
        asked = database()
        return asked.records(asked.table(line.arguments[0]).name)
    meaning = meaning_of(line.program, line.command.name, name)
    if table := table_of(line, meaning):
        return settings(line, current, database(), table)
    return [word for part in meaning.split("|") for word in named(part, database)]


def table_of(line: Line, meaning: str) -> str:
    """The table whose columns the current argument is about, or empty."""
    assert line.command is not None
    if meaning.startswith("@"):
        return meaning[1:]
    return line.arguments[0] if line.command.usage.startswith("TABLE") else ""


def meaning_of(program: Program, command: str, name: str) -> str:
    """What an argument of a command stands for, as the program's `arguments` module says, alternatives separated by |."""
    known: dict[str, str] = __import__(f"{program.package}.arguments", fromlist=["ARGUMENTS"]).ARGUMENTS
    family = command.partition("-")[0]
    meanings = []
    for part in name.split("|"):
        key = next((key for key in (f"{command}:{part}", f"{family}:{part}", part) if key in known), "")
        meanings += [known[key]] if key else []
    return "|".join(meanings)


def named(meaning: str, database: Ask) -> list[str]:
    """The words of a meaning: what TABLE.COLUMN holds, what #TABLE's rows are called, or the words themselves."""
    if meaning.startswith("#"):
        return database().records(meaning[1:])
    table, dot, column = meaning.partition(".")
    if not dot:
        return meaning.split()
    return database().names(table, column)


def settings(line: Line, current: str, database: Database, given: str) -> list[str]:
    """COLUMN, COLUMN[:KEY] and COLUMN[:KEY]=VALUE of a table, as far as the current word goes."""
    table = database.table(given)
    name = line.placeholder()
    if name in ("?KEY=VALUE", "[KEY=]VALUE", "KEY|VALUE|KEY=VALUE"):
        return values_of_column(find_column(table, line.arguments[2]))
    word, equals, _ = current.partition("=")
    column, colon, _ = word.partition(":")
    if equals:
        return [f"{word}={value}" for value in values_of_column(find_column(table, column))] if not colon else []
    if colon:
        rows = database.rows.all(table.name, column)
        suffix = "=" if "=" in name else ""
        return [f"{column}:{key}{suffix}" for row in rows for key in keys(table.column(column), row[column])]
    columns = [table.column(each) for each in table.column_names]
    return [each.name + ending(each, name) for each in columns]


def ending(column: Column, name: str) -> str:
    """What follows a column: a key of a map, a value, or nothing."""
    if column.value is not None and "KEY" in name:
        return ":"
    return "=" if "=" in name else ""


def values_of_column(column: Column) -> list[str]:
    """What a column can hold, if it is of few values."""
    if column.key.type == "boolean":
        return ["false", "true"]
    return [str(choice) for choice in column.key.choices or ()] if column.value is None else []


if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[[], Database]
