"""The seam between a command line and a database: whoever offers `Client` can run every ctl program, over a socket or inside a lab.

Rule: this module and those below `ctl/` import nothing that costs time at start-up (no typing, dataclasses, re, argparse).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    class Writer(Protocol):
        """Where a program's output goes: anything with `write`."""

        def write(self, text: str, /) -> object:
            """Take a piece of text."""

    class Client(Protocol):
        """A conversation with one OVSDB server (RFC 7047 section 4), in JSON values."""

        def call(self, method: str, params: list[Any], /) -> Any:
            """The result of a request; `ServerError` when the server refuses it, `Unreachable` when it is gone."""

        def wait(self, seconds: float | None, /) -> None:
            """Return when the server has said something unasked since the last call of `wait`, or when the time is over."""

        def close(self) -> None:
            """End the conversation."""

    Connect = Callable[["Target"], Client]


class Target:
    """Which server a command line wants, and how hard it tries: the connection options in one value."""

    __slots__ = ("database", "leader_only", "remotes", "retry", "shuffle", "timeout_s", "tls")

    def __init__(
        self,
        remotes: str,
        database: str,
        *,
        leader_only: bool = True,
        shuffle: bool = True,
        retry: bool = False,
        timeout_s: int = 0,
        tls: dict[str, str] | None = None,
    ) -> None:
        self.remotes = remotes
        """Connection methods, separated by commas: unix:FILE, tcp:HOST:PORT, ssl:HOST:PORT."""
        self.database = database
        self.leader_only = leader_only
        self.shuffle = shuffle
        self.retry = retry
        """Keep trying for ever."""
        self.timeout_s = timeout_s
        """The whole command may take so long; 0 is for ever."""
        self.tls = tls or {}
        """private-key, certificate, ca-cert, bootstrap-ca-cert, ssl-protocols …, as given."""


class CommandError(Exception):
    """What a user asked for cannot be done; the text is the line after `program: `."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


class ServerError(Exception):
    """The server answered a request with an error; `error` is its JSON value."""

    def __init__(self, error: object) -> None:
        super().__init__(str(error))
        self.error = error


class Unreachable(Exception):
    """No server at `remote`: the text says why."""

    def __init__(self, remote: str, text: str, log: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__(text)
        self.remote = remote
        self.log = log
        """What the log should say of it: module, level, text."""


class TimedOut(Exception):
    """The time allowed with --timeout is over (a client on a socket is ended by SIGALRM instead, as scripts expect)."""


class TryAgain(Exception):
    """A command (wait-until) waits for the database to change: run it again when it has."""


class Exit(Exception):
    """End quietly with this status (br-exists)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
