"""What makes a ctl program: its name, its database, its commands. A command is a function whose signature is its usage line.

`def lsp_add(nb: Rows, switch: str, port: str, parent: str = "", *, may_exist: bool = False)` is `lsp-add SWITCH PORT [PARENT]` with the
option --may-exist. A `bool` is a flag, `str | None` an option with a value, `str | bool` one that may have a value. `*ports` takes
any number; if the parameter before it is its singular, at least one. What a command returns is what it prints: text, a table, or a
row (whose uuid is known after the commit).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from pyovn.cli.client import Client, Writer
    from pyovn.cli.ctl.records import Key
    from pyovn.cli.ctl.rows import Rows

    Function = Callable[..., Any]

TAKES_ANY = 0x04
"""The flag of a code object whose function has `*arguments` (inspect.CO_VARARGS)."""
MANY = 1 << 30

CLUSTER = "leader-only no-leader-only shuffle-remotes no-shuffle-remotes no-wait"
"""Global options of the programs whose database may be a cluster."""

WAITING = "wait= print-wait-time"
"""Global options of the programs that can wait for the network to follow."""


class Command:
    """One command, as its function's signature tells."""

    __slots__ = ("function", "maximum", "minimum", "name", "options", "usage")

    def __init__(self, function: Function, name: str = "", usage: str | None = None, minimum: int | None = None) -> None:
        code = function.__code__
        names = code.co_varnames
        positional = names[1 : code.co_argcount]
        required = len(positional) - len(function.__defaults__ or ())
        keywords = names[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
        rest = names[code.co_argcount + code.co_kwonlyargcount] if code.co_flags & TAKES_ANY else ""
        self.function = function
        self.name = name or function.__name__.rstrip("_").replace("_", "-")
        self.minimum = required if minimum is None else minimum
        self.maximum = MANY if rest else len(positional)
        self.options = {word(keyword): function.__annotations__.get(keyword, "bool") for keyword in keywords}
        """Option → the annotation of its parameter."""
        self.usage = usage_line(positional, required, rest) if usage is None else usage

    @property
    def help(self) -> str:
        """The first line of what the function says of itself."""
        return (self.function.__doc__ or "").strip().partition("\n")[0]


def word(parameter: str) -> str:
    """A parameter's name on the command line."""
    return parameter.rstrip("_").replace("_", "-")


def usage_line(positional: tuple[str, ...], required: int, rest: str) -> str:
    """SWITCH PORT [PARENT [TAG]] …"""
    words = [word(name).upper() for name in positional]
    line = " ".join(words[:required])
    if rest and positional and rest == positional[-1] + "s" and required == len(positional):
        return line + "..."
    for optional in words[required:]:
        line += f" [{optional}"
    line += "]" * (len(words) - required)
    if rest:
        line += f" [{word(rest).upper()}]..."
    return line.strip()


class Family:
    """The commands of one module, in the order of their definition."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.commands: dict[str, Command] = {}

    def command(self, function: Function) -> Function:
        """Declare a command."""
        made = Command(function)
        self.commands[made.name] = made
        return function

    def with_usage(self, usage: str, minimum: int | None = None, maximum: int | None = None) -> Callable[[Function], Function]:
        """Declare a command whose usage line says more than its signature can."""

        def declare(function: Function) -> Function:
            made = Command(function, usage=usage, minimum=minimum)
            if maximum is not None:
                made.maximum = maximum
            self.commands[made.name] = made
            return function

        return declare


def takes(options: str) -> dict[str, bool | None]:
    """Option → whether it takes a value, of words such as `flag`, `valued=` and `perhaps?`."""
    return {word.rstrip("=?"): {"=": True, "?": None}.get(word[-1], False) for word in options.split()}


class Program:
    """One ctl program."""

    def __init__(
        self,
        name: str,
        title: str,
        database: str,
        *,
        families: dict[str, str],
        package: str,
        options: str,
        global_options: str = "",
        unsupported: tuple[str, ...] = (),
        waits_for: tuple[str, ...] = ("sb", "hv"),
        keys: Mapping[str, tuple[Key, ...]],
        root: str,
        default_remote: Callable[[Mapping[str, str]], str],
        database_variable: str = "",
        options_variable: str = "",
        daemon_variable: str = "",
        after_commit: Callable[[Client, Rows, Writer, Mapping[str, str]], int] | None = None,
    ) -> None:
        self.name = name
        self.title = title
        self.database = database
        self.families = families
        """Module → its commands, so that one command line loads one module."""
        self.package = package
        self.options = takes(options)
        """The commands' options and whether they take a value (None: perhaps), so that a line is split before its commands are loaded."""
        self.global_options = takes(global_options)
        """The options of the program itself, beside those that every program has."""
        self.unsupported = unsupported
        """Options among them that are known but refused."""
        self.waits_for = waits_for
        """Who --wait can name."""
        self.keys = keys
        """How a row of each table can be named."""
        self.root = root
        """The table whose only row every command line makes sure of."""
        self.default_remote = default_remote
        self.database_variable = database_variable
        self.options_variable = options_variable
        self.daemon_variable = daemon_variable
        """Whether --wait=sb|hv has a meaning."""
        self.after_commit = after_commit
        """What to look at when the others have followed (ovs-vsctl: interfaces that could not be opened)."""

    @property
    def module_name(self) -> str:
        """How the log names it."""
        return self.name.removeprefix("ovn-").removeprefix("ovs-").replace("-", "_")

    def family(self, module: str) -> Family:
        """Load a module of commands."""
        package = "pyovn.cli.ctl" if module.startswith("ctl.") else self.package
        loaded = __import__(f"{package}.{module.removeprefix('ctl.')}", fromlist=["family"])
        family: Family = loaded.family
        return family

    def command(self, name: str) -> Command | None:
        """The command of this name, or None."""
        for module, names in self.families.items():
            if name in names.split():
                return self.family(module).commands[name]
        return None

    def all_families(self) -> list[Family]:
        """Every family, loaded; families of one title become one heading."""
        return [self.family(module) for module in self.families]
