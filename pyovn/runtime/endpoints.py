"""Where a database server is reached: remotes listened on or connected to, as a configuration and rows of databases want them.

What cannot be had is tried again; rows that remotes come from say how each fares (ovsdb-server(1), --remote).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as with_fields

from pyovn.machine import NEVER
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.reconnect import Action, Reconnect, State
from pyovn.ovsdb.remotes import RemoteOptions, databases_of, status_updates, wanted_remotes
from pyovn.ovsdb.server import Server
from pyovn.ovsdb.session import Session
from pyovn.runtime.link import Network, Service, listen_on
from pyovn.runtime.remote import RemoteError, is_passive
from pyovn.runtime.stream import Listener, Stream

log = logging.getLogger("ovsdb_jsonrpc_server")

STATUS_INTERVAL_S = 2.5
"""How often rows of remotes are told how long their connections have lasted."""


@dataclass(slots=True)
class Endpoint:
    """One connection method in use: what listens, the life of the connection made or of the attempts to listen, its sessions.

    `error` is why there is neither; `since` says when each session came.
    """

    remote: str
    options: RemoteOptions
    life: Reconnect
    listener: Listener | None = None
    error: str = ""
    since: dict[int, float] = field(default_factory=dict)
    lost: float | None = None

    @property
    def sessions(self) -> tuple[int, ...]:
        """The numbers of its sessions."""
        return tuple(self.since)


class Endpoints:
    """A task beside the `Service` of a `Server`; `remotes` is what is wanted, to be followed by `update`."""

    def __init__(self, network: Network, server: Server, databases: Callable[[], Mapping[str, Database]]) -> None:
        self.remotes: dict[str, RemoteOptions] = {}
        self.open: dict[str, Endpoint] = {}
        self.service = Service(network, server)
        self.service.on_closed = self._session_closed
        server.admit = self._admit
        self._network = network
        self._server = server
        self._databases = databases
        self._read: dict[str, str] = {}
        self._unreported = True
        """Whether connections have come or gone since rows were told of them."""
        self._next_report = NEVER

    def update(self) -> None:
        """Open what is wanted and not there, close what is there and not wanted."""
        databases = self._databases()
        self._read = {name: databases[name].last_transaction_id for name in databases_of(self.remotes) if name in databases}
        wanted = wanted_remotes(self.remotes, databases)
        for remote in [remote for remote, endpoint in self.open.items() if wanted.get(remote) != endpoint.options]:
            self._close(self.open.pop(remote))
        for remote, options in wanted.items():
            if remote not in self.open:
                self.open[remote] = self._open(remote, options)

    def reconnect(self) -> None:
        """Cut every session off."""
        for endpoint in self.open.values():
            self._end_sessions(endpoint)

    def close(self) -> None:
        """Use no remote any more."""
        for endpoint in self.open.values():
            self._close(endpoint)
        self.open.clear()

    def turn(self, now: float) -> bool:
        """See `Task`."""
        if self._read and self._has_changed():
            self.update()
        for endpoint in self.open.values():
            if endpoint.listener is None and endpoint.life.due() <= now:
                self._establish(endpoint, now)
        if self._unreported or now >= self._next_report:
            self._report(now)
        return False

    def _has_changed(self) -> bool:
        databases = self._databases()
        return any(name not in databases or databases[name].last_transaction_id != seen for name, seen in self._read.items())

    def due(self) -> float:
        """See `Task`."""
        earliest = self._next_report
        for endpoint in self.open.values():
            if endpoint.listener is None:
                earliest = min(earliest, endpoint.life.due())
        return earliest

    def _report(self, now: float) -> None:
        """Have the rows that methods come from say who is connected by them."""
        self._unreported = False
        connected = {remote: _status(endpoint, self._server, now) for remote, endpoint in self.open.items()}
        for database, update in list(status_updates(self.remotes, self._databases(), connected)):
            database.transact([update])
        self._next_report = now + STATUS_INTERVAL_S if databases_of(self.remotes) and any(self._sessions()) else NEVER

    def _sessions(self) -> Iterator[int]:
        return (number for endpoint in self.open.values() for number in endpoint.since)

    def _open(self, remote: str, options: RemoteOptions) -> Endpoint:
        # Once a connection stands, the session's own probes watch over it.
        life = Reconnect([remote], 0.0, max_backoff_s=max((options.max_backoff_ms or 8000) / 1000, 1.0))
        endpoint = Endpoint(remote, options, life)
        self._unreported = True
        self._establish(endpoint, self._network.loop.now())
        return endpoint

    def _establish(self, endpoint: Endpoint, now: float) -> None:
        """Listen or connect; where that fails at once, it is tried again later."""
        if endpoint.life.run(now) is not Action.CONNECT:
            return
        try:
            if is_passive(endpoint.remote):
                endpoint.listener = listen_on(self._network, endpoint.remote, lambda stream: self._accept(endpoint, stream))
            else:
                self._adopt(endpoint, self.service.connect(endpoint.remote))
                endpoint.life.opened(now)
        except RemoteError as error:
            endpoint.error = str(error)
            log.error("%s: %s failed: %s", endpoint.remote, "listen" if is_passive(endpoint.remote) else "connection attempt", error)
            endpoint.life.closed(now)
        else:
            endpoint.error = ""

    def _accept(self, endpoint: Endpoint, stream: Stream) -> None:
        self._adopt(endpoint, self.service.accept(stream))

    def _adopt(self, endpoint: Endpoint, number: int) -> None:
        endpoint.since[number] = self._network.loop.now()
        self._unreported = True
        session = self._server.sessions.get(number)
        if session is not None:
            _settle(session, endpoint.options)
            self._server.plan(session)

    def _admit(self, session: Session) -> None:
        """A session whose stream took its time to open (a handshake, a connection of ours)."""
        for endpoint in self.open.values():
            if session.port in endpoint.since:
                _settle(session, endpoint.options)

    def _session_closed(self, number: int) -> None:
        for endpoint in self.open.values():
            if endpoint.since.pop(number, None) is not None:
                endpoint.lost = self._network.loop.now()
                self._unreported = True
                if endpoint.listener is None:
                    endpoint.life.closed(endpoint.lost)
                return

    def _close(self, endpoint: Endpoint) -> None:
        if endpoint.listener is not None:
            endpoint.listener.close()
        self._end_sessions(endpoint)

    def _end_sessions(self, endpoint: Endpoint) -> None:
        for number in endpoint.sessions:
            self.service.drop(number)
            if endpoint.listener is None:
                endpoint.life.closed(self._network.loop.now())
        endpoint.since.clear()
        self._unreported = True


def _status(endpoint: Endpoint, server: Server, now: float) -> tuple[bool, dict[str, str]]:
    """Whether somebody is connected by a method, and what its row says of that (ovs-vswitchd.conf.db(5), Manager:status)."""
    status: dict[str, str] = {}
    if not is_passive(endpoint.remote):
        status["state"] = "ACTIVE" if endpoint.since else "BACKOFF" if endpoint.life.state is State.BACKOFF else "CONNECTING"
    if endpoint.error:
        status["last_error"] = endpoint.error
    if endpoint.since or endpoint.listener is not None:
        status["sec_since_connect"] = str(int(now - min(endpoint.since.values(), default=now)))
    if endpoint.lost is not None or endpoint.listener is not None:
        status["sec_since_disconnect"] = str(int(now - (now if endpoint.lost is None else endpoint.lost)))
    if endpoint.since:
        held, waiting = server.locks_of(min(endpoint.since))
        status |= {name: " ".join(locks) for name, locks in (("locks_held", held), ("locks_waiting", waiting)) if locks}
    if len(endpoint.since) > 1:
        status["n_connections"] = str(len(endpoint.since))
    if endpoint.listener is not None and endpoint.listener.port:
        status["bound_port"] = str(endpoint.listener.port)
    return bool(endpoint.since), status


def _settle(session: Session, options: RemoteOptions) -> None:
    """What the options of its remote make of a session."""
    session.read_only = options.read_only
    session.actor = with_fields(session.actor, role=options.role)
    if options.probe_interval_ms is not None:
        session.probe_interval_s = options.probe_interval_ms / 1000
