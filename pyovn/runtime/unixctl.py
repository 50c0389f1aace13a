"""Run-time management of a daemon: JSON-RPC on a socket in the run folder, one command at a time (ovs-appctl(8))."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pyovn.coverage import counter
from pyovn.machine import NEVER, Close, Opened
from pyovn.ovsdb.jsonrpc import Framer, Message, ProtocolError, Reply, Request, encode, messages
from pyovn.runtime.link import Network, Service, listen_on
from pyovn.runtime.stream import Listener

log = logging.getLogger("unixctl")

MANY = 1000

RECEIVED, REPLIED = counter("unixctl_received"), counter("unixctl_replied")


class CommandError(Exception):
    """A command cannot be done; the text is what the user sees."""


@dataclass(slots=True, eq=False)
class Later:
    """A command whose end is awaited: `text` is what is printed then, `problem` what went wrong."""

    done: bool = False
    text: str = ""
    problem: str = ""

    def finish(self, problem: str = "") -> None:
        """It has ended, well unless there is a problem."""
        self.done, self.problem = True, problem


Handler = Callable[[list[str]], "str | Later"]
"""Takes a command's arguments, returns what is printed, now or later; raises `CommandError`."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command and how many arguments it takes."""

    name: str
    usage: str
    least: int
    most: int
    handler: Handler


@dataclass(slots=True)
class Commands:
    """The commands of one daemon, by name."""

    by_name: dict[str, Command] = field(default_factory=dict)

    def register(self, name: str, handler: Handler, *, usage: str = "", least: int = 0, most: int = 0) -> None:
        """Offer a command, in place of one of the same name."""
        self.by_name[name] = Command(name, usage, least, most, handler)

    def call(self, name: str, arguments: list[str]) -> str | Later:
        """Run a command; `CommandError` in the reference's words."""
        command = self.by_name.get(name)
        if command is None:
            raise CommandError(f'"{name}" is not a valid command (use "list-commands" to see a list of valid commands)')
        if len(arguments) < command.least:
            raise CommandError(f'"{name}" command requires at least {command.least} arguments')
        if len(arguments) > command.most:
            raise CommandError(f'"{name}" command takes at most {command.most} arguments')
        return command.handler(arguments)

    def listing(self) -> str:
        """What `list-commands` prints."""
        lines = [f"  {command.name:<23} {command.usage}" for _, command in sorted(self.by_name.items())]
        return "\n".join(["The available commands are:", *lines]) + "\n"


class ControlServer:
    """A machine that answers commands on any number of connections."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._framers: dict[int, Framer] = {}
        self._in_json: set[int] = set()
        self._awaited: list[tuple[int, object, Later]] = []
        self._effects: list[tuple[int, bytes | Close]] = []

    def receive(self, port: int, data: object, now: float) -> None:
        """See `Machine`; a port is a connection."""
        if isinstance(data, Opened):
            self._framers[port] = Framer()
        elif isinstance(data, bytes):
            self._arrived(port, data)
        else:
            self._framers.pop(port, None)
            self._in_json.discard(port)

    def tick(self, now: float) -> None:
        """See `Machine`."""

    def due(self) -> float:
        """See `Machine`."""
        return NEVER

    def take(self) -> list[tuple[int, bytes | Close]]:
        """See `Machine`."""
        for port, ident, later in [each for each in self._awaited if each[2].done]:
            self._awaited.remove((port, ident, later))
            if port in self._framers:
                self._reply(port, ident, later.text, later.problem)
        effects, self._effects = self._effects, []
        return effects

    def _arrived(self, port: int, data: bytes) -> None:
        try:
            for message in messages(self._framers[port], data):
                self._answer(port, message)
        except ProtocolError as error:
            log.warning("connection %d: %s", port, error)
            self._effects.append((port, Close(str(error))))

    def _answer(self, port: int, message: Message) -> None:
        if not isinstance(message, Request):
            return
        RECEIVED.count += 1
        log.debug("received request %s%s", message.method, message.params)
        try:
            if not all(isinstance(argument, str) for argument in message.params):
                raise CommandError(f'"{message.method}" command has non-string argument')
            said = self._run(port, message.method, message.params)
        except CommandError as error:
            self._reply(port, message.id, "", str(error) or "error")
            return
        if isinstance(said, Later):
            self._awaited.append((port, message.id, said))
        else:
            self._reply(port, message.id, said, "")

    def _reply(self, port: int, ident: object, text: str, problem: str) -> None:
        REPLIED.count += 1
        result = {"reply-format": "plain", "reply": text} if port in self._in_json else text
        reply = Reply(ident, None, _line(problem)) if problem else Reply(ident, result, None)
        self._effects.append((port, encode(reply)))

    def _run(self, port: int, method: str, arguments: list[str]) -> str | Later:
        if method != "set-options":
            return self._commands.call(method, arguments)
        self._set_options(port, arguments)
        return ""

    def _set_options(self, port: int, arguments: Sequence[str]) -> None:
        if len(arguments) > 2:
            raise CommandError('"set-options" command takes at most 2 arguments')
        if len(arguments) != 2 or arguments[0] != "--format" or arguments[1] not in ("json", "text"):
            what = f"option format has invalid value {arguments[1]}" if arguments[:1] == ["--format"] else "unrecognized option"
            raise CommandError(what)
        (self._in_json.add if arguments[1] == "json" else self._in_json.discard)(port)


def serve_commands(network: Network, commands: Commands, file: str) -> tuple[Service, Listener]:
    """Listen for commands on the socket `file`; `RemoteError` if that cannot be. The caller adds the task to its loop."""
    service = Service(network, ControlServer(commands))
    return service, listen_on(network, f"punix:{file}", service.accept)


def _line(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def socket_file(rundir: str, program: str, unixctl: str) -> str:
    """Where the control socket goes: `RUNDIR/PROGRAM.PID.ctl` unless `--unixctl` says otherwise; "" for `--unixctl=none`."""
    if unixctl == "none":
        return ""
    if unixctl:
        return unixctl if unixctl.startswith("/") else f"{rundir}/{unixctl}"
    return f"{rundir}/{program}.{os.getpid()}.ctl"


def to_json(value: object) -> str:
    """A value as the text of a command's reply."""
    return json.dumps(value)
