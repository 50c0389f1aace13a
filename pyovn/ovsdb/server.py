"""A database server as a machine: sessions of JSON-RPC bytes on one side, databases on the other (RFC 7047 4, ovsdb-server(7)).

A port is a session's number. `receive` takes `Opened`, bytes, `Slow` and `Closed`; `take` gives `(port, effect)`, an effect being bytes,
`Close` or `Reading`. A session hears of a commit before it gets the reply to its own transaction, and a slow or busy one costs nobody
else anything.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from pyovn.coverage import counter
from pyovn.machine import Close, Closed, Opened, Reading, Slow
from pyovn.ovsdb.agenda import Agenda
from pyovn.ovsdb.bulk import LARGE, collector_at_rest
from pyovn.ovsdb.database import Committed, Database
from pyovn.ovsdb.history import History
from pyovn.ovsdb.jsonrpc import Message, Notify, ProtocolError, Reply, Request, decode, encode
from pyovn.ovsdb.lock import Locks
from pyovn.ovsdb.monitor import View
from pyovn.ovsdb.rbac import Actor
from pyovn.ovsdb.request import answer, cancel, run_transaction
from pyovn.ovsdb.serverdb import forget, record, set_connected
from pyovn.ovsdb.session import Session, flush_watches
from pyovn.ovsdb.undecoded import decode_long

log = logging.getLogger("jsonrpc")

COMMITS = counter("ovsdb_commit")

PROBE_INTERVAL_S = 5.0

REQUESTS_A_TURN = 50
"""How many requests of one session are answered before the others have their turn."""

ENOUGH = 1024 * 1024
"""From how many bytes of answers on a session's next requests wait until it has taken them."""


Forward = Callable[[list[Any], Callable[[Reply], None]], None]
"""Passes the parameters of a `transact` on to another server, and calls back with its reply."""


@dataclass(slots=True, eq=False)
class Served:
    """A database on offer; what changes it is passed on by `forward`, where it is another server's."""

    name: str
    database: Database
    history: History
    read_only: bool = False
    forward: Forward | None = None


class Server:
    """Offers databases to any number of sessions.

    `own` is an empty `_Server` database, `new_uuid` draws uuids, `locks` may be shared with `Local` stores. `convert` carries out
    a request for another schema, `admit` sets what a new session may do; whoever has the files and the remotes puts them here.
    `awaited` names relayed databases that nothing is known of yet; without `conditional` only RFC 7047's monitors are known.
    Whoever comes back to a relayed database hears only what it missed; with `remembers` so does who comes back to any other.
    """

    def __init__(self, own: Database, new_uuid: Callable[[], str], locks: Locks | None = None, *, remembers: bool = False) -> None:
        self.server_id = new_uuid()
        self.locks = locks or Locks()
        self.databases: dict[str, Served] = {}
        self.awaited: set[str] = set()
        self.conditional = True
        self._remembers = remembers
        self.sessions: dict[int, Session] = {}
        self.views: WeakValueDictionary[bytes, View] = WeakValueDictionary()
        self.convert: Callable[[Database, Any], None] | None = None
        self.admit: Callable[[Session], None] | None = None
        self.had_bulk = False
        """Whether work was done that leaves much free memory behind; for whoever gives that back, and says so here."""
        self._news: set[str] = set()
        self._busy: set[Session] = set()
        self._listening: dict[Session, None] = {}
        """Those who watch, or wait for something: a commit concerns nobody else."""
        self._agenda = Agenda()
        self._held: dict[Session, None] = {}
        """Those of which more requests wait than one turn answers, in the order in which they are served: one history, one outcome."""
        self._reading: list[tuple[int, Reading]] = []
        self._now = 0.0
        self._stirred = False
        self._own = own
        self._serve(own, read_only=True)

    # Databases

    def add_database(self, database: Database, *, forward: Forward | None = None) -> None:
        """Offer a database under its schema's name."""
        self.awaited.discard(database.schema.name)
        self._serve(database, read_only=False, forward=forward)

    def await_database(self, name: str) -> None:
        """Say that a relayed database will be on offer once its source tells what it is like."""
        self.awaited.add(name)
        record(self._own, name, None, model="relay", connected=False)

    def remove_database(self, name: str) -> None:
        """Offer it no longer; those who watch it are told, or cut off if they do not know how to be told."""
        forget(self._own, name)
        if name in self.awaited:
            self.awaited.discard(name)
        else:
            self._withdraw(name)

    def replace_database(self, database: Database) -> None:
        """Offer this one in place of the one of the same name; whoever watches that is told as when it is removed."""
        served = self._withdraw(database.schema.name)
        self._serve(database, read_only=served.read_only, forward=served.forward)

    def set_connected(self, name: str, connected: bool) -> None:
        """Say whether the source of a relayed database is there."""
        set_connected(self._own, name, connected)

    def _withdraw(self, name: str) -> Served:
        served = self.databases.pop(name)
        served.database.listeners[:] = [each for each in served.database.listeners if getattr(each, "served", None) is not served]
        for session in self.sessions.values():
            self._lose_database(session, name)
        return served

    # The four verbs

    def receive(self, port: int, data: object, now: float) -> None:
        """See the module."""
        self._now = max(self._now, now)
        if isinstance(data, Opened):
            probe = 0.0 if data.peer.startswith("unix") else PROBE_INTERVAL_S
            new = self.sessions[port] = Session(port, data.peer, now, probe, actor=Actor(data.client))
            if self.admit is not None:
                self.admit(new)
            self.plan(new)
            return
        session = self.sessions.get(port)
        if session is None:
            return
        if isinstance(data, Closed):
            self._end(session)
        elif isinstance(data, Slow):
            session.slow = data.slow
            self._busy.add(session)
        else:
            assert isinstance(data, bytes)
            self._arrived(session, data, now)

    def tick(self, now: float) -> None:
        """Give up waits that have lasted long enough; probe the silent, drop those that stay silent."""
        self._now = max(self._now, now)
        self._stirred = False
        for session in [session for session in self._held if not session.slow]:
            self._work(session)
        for port in self._agenda.take_ripe(now):
            session = self.sessions[port]
            if session.due() <= now:
                self._busy.add(session)
                self._retry(session, None)
                self._probe(session, now)
            self.plan(session)

    def due(self) -> float:
        """The earliest due time of a session; at once when requests wait, or a wait has ended in a commit, of which others want to hear."""
        if self._stirred or (self._held and any(not session.slow for session in self._held)):
            return self._now
        return self._agenda.earliest()

    def take(self) -> list[tuple[int, bytes | Close | Reading]]:
        """What is to be sent, after the transactions that a commit may have set free have been tried again."""
        self._settle()
        effects: list[tuple[int, bytes | Close | Reading]] = [*self._reading]
        self._reading.clear()
        for session in self._busy:
            if session.port not in self.sessions:
                continue
            out, session.out = session.out, []
            effects += [(session.port, data) for data in out]
            if session.closing is not None:
                log.log(logging.INFO if session.orderly else logging.WARNING, "%s: connection dropped (%s)", session.peer, session.closing)
                effects.append((session.port, Close(session.closing)))
                self._end(session)
        self._busy.clear()
        return effects

    # What requests use

    def send(self, session: Session, message: Message | bytes) -> None:
        """Queue a message, or one that is encoded already."""
        session.out.append(message if isinstance(message, bytes) else encode(message))
        self._busy.add(session)

    def flush(self, session: Session) -> None:
        """Tell a session all it has not been told."""
        if session.watches:
            flush_watches(session, {name: served.history for name, served in self.databases.items()})
        self._busy.add(session)

    def plan(self, session: Session) -> None:
        """Take note that the session may be due earlier than it was."""
        self._agenda.plan(session.port, session.due())

    def now(self) -> float:
        """The time of the latest event."""
        return self._now

    def holds(self, session: Session) -> Callable[[str], bool]:
        """A function that says whether the session has a lock."""
        return lambda name: self.locks.owner(name) is session

    def locks_of(self, port: int) -> tuple[list[str], list[str]]:
        """The locks that a session holds, and those that it waits for."""
        session = self.sessions.get(port)
        names = sorted(session.locks) if session is not None else []
        held = [name for name in names if self.locks.owner(name) is session]
        return held, [name for name in names if name not in held]

    def tell_owner(self, name: str, owner: object) -> None:
        """Tell a session that a lock is its own now."""
        if isinstance(owner, Session):
            self.send(owner, Notify("locked", [name]))

    def tell_robbed(self, name: str, robbed: object) -> None:
        """Tell a session that a lock was stolen from it."""
        if isinstance(robbed, Session):
            self.send(robbed, Notify("stolen", [name]))

    # Within

    def _serve(self, database: Database, *, read_only: bool, forward: Forward | None = None) -> None:
        for session in self.sessions.values():
            if not session.change_aware:
                self._cut_off(session, f"database {database.schema.name} was added or converted")
        history = History(kept=self._remembers or forward is not None)
        served = Served(database.schema.name, database, history, read_only, forward)
        self.databases[served.name] = served
        database.listeners.append(_Listener(self, served))
        record(self._own, served.name, database.schema, model="standalone" if forward is None else "relay")

    def committed(self, served: Served, committed: Committed) -> None:
        """Hear of a commit, whoever made it."""
        COMMITS.count += 1
        served.history.append(committed)
        self._news.add(served.name)

    def _settle(self) -> None:
        """Tell of commits and retry what waits for them, until nothing new comes of it."""
        told: set[str] = set()
        while self._news:
            news, self._news = self._news, set()
            told |= news
            for session in tuple(self._listening):
                if session.parked:
                    self._retry(session, news)
                if session.watches and not session.slow and any(watch.database in news for watch in session.watches.values()):
                    self.flush(session)
                if not session.watches and not session.parked:
                    del self._listening[session]
        for session in self._busy:
            if session.watches and not session.slow:
                self.flush(session)
        if told and not any(session.slow for session in self._listening):
            for name in told & self.databases.keys():
                self.databases[name].history.forget()

    def _arrived(self, session: Session, data: bytes, now: float) -> None:
        session.heard, session.probed = now, False
        self._busy.add(session)
        try:
            session.frames.extend(session.framer.take(data))
        except ProtocolError as error:
            self._refuse(session, error)
        else:
            self._work(session)

    def _work(self, session: Session) -> None:
        """Answer requests, as many as are a session's share of a turn; while more of them wait, nothing is read from it."""
        self._busy.add(session)
        try:
            for _ in range(REQUESTS_A_TURN):
                if not session.frames or session.closing is not None or sum(map(len, session.out)) > ENOUGH:
                    break
                frame = session.frames.popleft()
                if len(frame) <= LARGE:
                    self._handle(session, decode(frame))
                else:
                    self._handle_large(session, frame)
        except ProtocolError as error:
            self._refuse(session, error)
        except Exception:
            # A fault of ours, found by one client, must not end the others' sessions.
            log.exception("%s: internal error", session.peer)
            session.closing = "internal error"
        self._hold(session, bool(session.frames))
        if session.watches or session.parked:
            self._listening[session] = None
            self.plan(session)

    def _hold(self, session: Session, hold: bool) -> None:
        if hold is not (session in self._held):
            if hold:
                self._held[session] = None
            else:
                del self._held[session]
            self._reading.append((session.port, Reading(not hold)))

    def _refuse(self, session: Session, error: ProtocolError) -> None:
        log.warning("%s: received bad JSON-RPC message: %s", session.peer, error)
        session.closing = "Protocol error"

    def _handle_large(self, session: Session, frame: bytes) -> None:
        with collector_at_rest():
            self._handle(session, decode_long(frame))
        self.had_bulk = True

    def _handle(self, session: Session, message: Message) -> None:
        if isinstance(message, Request):
            reply = answer(self, session, message)
            if reply is not None:
                self.send(session, reply)
        elif isinstance(message, Notify) and message.method == "cancel":
            cancel(self, session, message.params)

    def _retry(self, session: Session, news: set[str] | None) -> None:
        """Try parked transactions again: those of databases with news, or all."""
        parked, session.parked = session.parked, []
        for each in parked:
            if news is None or each.database in news:
                result = run_transaction(self, session, each)
                if result is not None:
                    self._stirred = True
                    self.flush(session)
                    self.send(session, Reply(each.ident, result))
            else:
                session.parked.append(each)

    def _probe(self, session: Session, now: float) -> None:
        if not session.probe_interval_s:
            return
        silent_s = now - session.heard
        if session.probed and silent_s >= 2 * session.probe_interval_s:
            session.closing = f"no response to inactivity probe after {session.probe_interval_s:g} seconds"
        elif not session.probed and silent_s >= session.probe_interval_s:
            session.probed = True
            self.send(session, Request("echo", [], "echo"))

    def _lose_database(self, session: Session, name: str) -> None:
        lost = [key for key, watch in session.watches.items() if watch.database == name]
        if session.change_aware:
            for key in lost:
                watch = session.watches.pop(key)
                session.out.append(b'{"id":null,"method":"monitor_canceled","params":[%b]}' % watch.ident)
            for parked in [each for each in session.parked if each.database == name]:
                session.parked.remove(parked)
                self.send(session, Reply(parked.ident, None, "canceled"))
        else:
            self._cut_off(session, f"database {name} was removed or converted")
        self._busy.add(session)

    def _cut_off(self, session: Session, reason: str) -> None:
        """Close a session that does not know how to be told of databases that come and go: it is to look again."""
        session.closing, session.orderly = reason, True
        self._busy.add(session)

    def _end(self, session: Session) -> None:
        """The session is over: nothing of it is left, and its locks go to whoever waits."""
        self.sessions.pop(session.port, None)
        self._agenda.forget(session.port)
        self._listening.pop(session, None)
        self._held.pop(session, None)
        for name, heir in self.locks.forget(session):
            self.tell_owner(name, heir)


@dataclass(frozen=True, slots=True)
class _Listener:
    """Tells a server of a database's commits."""

    server: Server
    served: Served

    def __call__(self, committed: Committed) -> None:
        self.server.committed(self.served, committed)
