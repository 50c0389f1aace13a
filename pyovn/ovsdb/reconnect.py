"""When to connect, when to ask whether the other end still lives, when to give up and for how long: a connection's life as a state machine.

The first attempt is made at once; each failure doubles the pause, a connection that held for a while ends it. Several remotes are tried
in turn, and only after all of them failed there is a pause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from pyovn.coverage import counter
from pyovn.machine import NEVER

MIN_BACKOFF_S = 1.0
MAX_BACKOFF_S = 8.0
PROBE_INTERVAL_S = 5.0
SHORTEST_PROBE_S = 1.0

ATTEMPTS = counter("reconnect_attempt")


class State(Enum):
    """Where a connection is in its life."""

    BACKOFF = "backoff"
    CONNECTING = "connecting"
    ACTIVE = "active"
    PROBED = "probed"


class Action(Enum):
    """What is to be done now."""

    CONNECT = "connect"
    PROBE = "probe"
    DISCONNECT = "disconnect"


@dataclass(slots=True)
class Reconnect:
    """The life of one connection to one of `remotes`; `probe_interval_s` 0 means that silence proves nothing."""

    remotes: Sequence[str]
    probe_interval_s: float = PROBE_INTERVAL_S
    min_backoff_s: float = MIN_BACKOFF_S
    max_backoff_s: float = MAX_BACKOFF_S
    state: State = State.BACKOFF
    since: float = 0.0
    backoff_s: float = 0.0
    heard: float = 0.0
    failures: int = 0
    index: int = -1

    @property
    def remote(self) -> str:
        """The remote in use, or tried last."""
        return self.remotes[max(self.index, 0)]

    def probe_every(self, setting: str) -> None:
        """Leave a silent peer alone for so many milliseconds, a second at least, or for ever (0), as an option says it.

        An option that says nothing leaves it to the remotes: one of this machine is never silent but when it is busy.
        """
        if setting.isdecimal():
            self.probe_interval_s = max(int(setting) / 1000, SHORTEST_PROBE_S) if int(setting) else 0.0
        else:
            self.probe_interval_s = 0.0 if all(remote.startswith("unix:") for remote in self.remotes) else PROBE_INTERVAL_S

    @property
    def connected(self) -> bool:
        """Whether there is a connection."""
        return self.state in (State.ACTIVE, State.PROBED)

    def due(self) -> float:
        """When `run` next has something to say; never, where there is nobody to connect to."""
        if not self.remotes:
            return NEVER
        if self.state is State.BACKOFF:
            return self.since + self.backoff_s
        if self.state is State.CONNECTING:
            return self.since + max(self.backoff_s, self.min_backoff_s)
        if not self.probe_interval_s:
            return NEVER
        return (self.heard if self.state is State.ACTIVE else self.since) + self.probe_interval_s

    def run(self, now: float) -> Action | None:
        """What is to be done at `now`, if anything; a disconnection ends in `closed`."""
        if now < self.due():
            return None
        if self.state is State.BACKOFF:
            self.index = (self.index + 1) % len(self.remotes)
            self._become(State.CONNECTING, now)
            ATTEMPTS.count += 1
            return Action.CONNECT
        if self.state is State.ACTIVE:
            self._become(State.PROBED, now)
            return Action.PROBE
        self.closed(now)
        return Action.DISCONNECT

    def opened(self, now: float) -> None:
        """The connection stands."""
        self.heard = now
        self._become(State.ACTIVE, now)

    def activity(self, now: float) -> None:
        """The other end was heard."""
        self.heard = now
        if self.state is State.PROBED:
            self.state = State.ACTIVE

    def closed(self, now: float) -> None:
        """The connection is gone, or could not be had."""
        if self.connected:
            # A connection that held is tried again at once; one that is always cut soon is not, or it would be tried without pause.
            self.backoff_s = 0.0 if now - self.since >= self.min_backoff_s else self.min_backoff_s
            self.failures = 0
        else:
            self.failures += 1
            rounds = self.failures // len(self.remotes)
            whole_round = self.failures % len(self.remotes) == 0
            self.backoff_s = min(self.min_backoff_s * 2 ** min(rounds - 1, 16), self.max_backoff_s) if whole_round else 0.0
        self._become(State.BACKOFF, now)

    def skip(self, now: float) -> None:
        """Leave this remote for the next one: it is not the one that is wanted."""
        self._become(State.BACKOFF, now)
        self.failures += 1
        self.backoff_s = 0.0 if self.failures % len(self.remotes) else self.min_backoff_s

    def _become(self, state: State, now: float) -> None:
        self.state = state
        self.since = now
