"""The four verbs of everything that lives in time.

A machine never waits, reads no clock, opens no socket and draws no random number that it was not given: time and
bytes are passed in, effects are values that come out, and whoever owns the world carries them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

NEVER = float("inf")
"""What `due` answers when nothing is planned."""


class Machine(Protocol):
    """Something with a past and a future: a session, a connection, a peer, a switch."""

    def receive(self, port: Any, data: Any, now: float) -> None:
        """Take what arrived on `port` at `now` (seconds)."""

    def tick(self, now: float) -> None:
        """Do what is due at `now`; harmless when nothing is."""

    def due(self) -> float:
        """The absolute time, in seconds, at which `tick` next has something to do; `NEVER` if nothing is planned."""

    def take(self) -> list[Any]:
        """The effects wanted since the last call, in order; they are handed over once."""


@dataclass(frozen=True, slots=True)
class Opened:
    """To a machine on a byte stream, as `data`: the stream is open.

    `peer` names the other end for messages, `client` is the name on its certificate.
    """

    peer: str
    client: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """To a machine on a byte stream, as `data`: the stream is gone or never was; `reason` is for people, empty if the peer just left."""

    reason: str


@dataclass(frozen=True, slots=True)
class Open:
    """An effect: open a stream to `remote` (`unix:FILE`, `tcp:HOST:PORT`, `ssl:HOST:PORT`), answered by `Opened` or `Closed`."""

    remote: str


@dataclass(frozen=True, slots=True)
class Close:
    """An effect: close the stream once what was sent has left; no `Closed` follows."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An effect of a machine with many streams: read from the stream, or leave what comes with the peer for now."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class Slow:
    """To a machine on a byte stream, as `data`: from now on the peer takes bytes slower than they come (`slow`), or has caught up."""

    slow: bool
