"""One client of a database server: what it watches, holds and waits for, and what is on its way to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pyovn.coverage import counter
from pyovn.machine import NEVER
from pyovn.ovsdb.history import History
from pyovn.ovsdb.jsonrpc import Framer
from pyovn.ovsdb.monitor import View
from pyovn.ovsdb.rbac import ANYBODY, Actor

UPDATES = counter("ovsdb_monitor_update")

LARGEST_REQUEST = 256 * 1024 * 1024
"""Bytes that one message of a client may have; what inserts a few hundred thousand flows has 100 MB."""


@dataclass(slots=True)
class Watch:
    """A monitor: whose view, under which id, and how far its client has been told."""

    ident: bytes
    database: str
    key: bytes
    view: View
    position: int


class Parked(NamedTuple):
    """A transaction whose `wait` does not hold yet; `since` when it came, `due` when the next of its waits gives up."""

    ident: Any
    database: str
    operations: Sequence[Any]
    since: float
    due: float


@dataclass(slots=True, eq=False)
class Session:
    """The state of one connection. `probe_interval_s` 0: the client may be silent for ever; `orderly`: nobody's fault closes it;
    `frames` are requests that wait for their turn, as the framer gave them."""

    port: int
    peer: str
    heard: float
    probe_interval_s: float = 0.0
    read_only: bool = False
    actor: Actor = ANYBODY
    framer: Framer = field(default_factory=lambda: Framer(LARGEST_REQUEST))
    frames: deque[bytes | Any] = field(default_factory=deque)
    watches: dict[bytes, Watch] = field(default_factory=dict)
    parked: list[Parked] = field(default_factory=list)
    locks: set[str] = field(default_factory=set)
    change_aware: bool = False
    probed: bool = False
    slow: bool = False
    out: list[bytes] = field(default_factory=list)
    closing: str | None = None
    orderly: bool = False

    def due(self) -> float:
        """When something is to be done for the session though nothing comes."""
        probe = self.heard + self.probe_interval_s * (2 if self.probed else 1) if self.probe_interval_s else NEVER
        return min([probe, *[parked.due for parked in self.parked]]) if self.parked else probe


def flush_watches(session: Session, histories: dict[str, History]) -> None:
    """Tell the session what was committed since it was last told; a laggard beyond what is remembered is closed."""
    for watch in session.watches.values():
        history = histories[watch.database]
        if watch.position == history.end:
            continue
        if watch.position < history.start:
            session.closing = "too slow: changes it has not been told of are no longer remembered"
            return
        for committed in history.since(watch.position):
            update = watch.view.update(committed.transaction_id, committed.changes)
            if update:
                UPDATES.count += 1
                session.out.append(notification(watch, history.told(committed.transaction_id), update))
        watch.position = history.end


def notification(watch: Watch, transaction_id: str, update: bytes) -> bytes:
    """The message that tells of an update, already encoded, in the form of the watch."""
    form = watch.view.form
    if form == "update3":
        return b'{"id":null,"method":"update3","params":[%b,"%b",%b]}' % (watch.ident, transaction_id.encode(), update)
    return b'{"id":null,"method":"%b","params":[%b,%b]}' % (form.encode(), watch.ident, update)
