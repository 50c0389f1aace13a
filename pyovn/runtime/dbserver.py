"""A database server as a process has it: files opened, remotes listened on or connected to, files compacted now and then."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from dataclasses import replace as with_fields

from pyovn.machine import NEVER
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.database_file import DatabaseFile, World, open_file
from pyovn.ovsdb.declare import schema_of, tables_for, tables_of
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.reconnect import Action, Reconnect
from pyovn.ovsdb.remotes import RemoteOptions, check_spec, databases_of, status_updates, wanted_remotes
from pyovn.ovsdb.schema_json import schema_from_json
from pyovn.ovsdb.server import Server
from pyovn.ovsdb.session import Session
from pyovn.runtime.link import Network, Service, listen_on
from pyovn.runtime.remote import RemoteError, is_passive
from pyovn.runtime.storage import disk_world
from pyovn.runtime.stream import Listener, Stream
from pyovn.schemas import server as server_schema

log = logging.getLogger("ovsdb_server")

COMPACT_INTERVAL_S = 600.0
COMPACT_SIZE = 10 * 1024 * 1024
"""A file is compacted when it is larger than this, and twice as large as it was after the last time."""


@dataclass(slots=True)
class Endpoint:
    """One connection method in use: what listens, the life of the connection made or of the attempts to listen, its sessions.

    `error` is why there is neither.
    """

    remote: str
    options: RemoteOptions
    life: Reconnect
    listener: Listener | None = None
    error: str = ""
    sessions: set[int] = field(default_factory=set)


class DatabaseServer:
    """A task beside the `Service` of its `Server`: keeps the endpoints as the remotes want them, compacts."""

    def __init__(self, network: Network) -> None:
        self.world: World = disk_world(tables_for)
        own = Database(schema_of(server_schema), tables_of(server_schema), self.world.new_uuid)
        self.server = Server(own, self.world.new_uuid)
        self.service = Service(network, self.server)
        self.service.on_closed = self._session_closed
        self.server.admit = self._admit
        self.server.convert = self._convert
        self.files: dict[str, DatabaseFile] = {}
        self.specs: list[str] = []
        self.endpoints: dict[str, Endpoint] = {}
        self._network = network
        self._read: dict[str, str] = {}
        self._reported: dict[str, int] = {}
        self._compactions: list[tuple[Iterator[None], Callable[[str], None]]] = []
        self._next_compaction = network.loop.now() + COMPACT_INTERVAL_S
        # First the remotes, then the replies: who adds a remote can use it as soon as he is told that it is there.
        network.loop.add(self)
        network.loop.add(self.service)

    def databases(self) -> dict[str, Database]:
        """The databases on offer, by name."""
        return {name: served.database for name, served in self.server.databases.items()}

    def add_file(self, path: str) -> str:
        """Offer the database in a file; its name, `OvsdbError` if it cannot be opened."""
        if any(file.path == self.world.storage.real_path(path) for file in self.files.values()):
            raise OvsdbError("ovsdb error", f"{path}: already open")
        file = open_file(self.world, path)
        name = file.database.schema.name
        if name in self.files:
            file.close()
            raise OvsdbError("ovsdb error", f"{path}: duplicate database name")
        if file.warning:
            log.warning("%s", file.warning)
        self.files[name] = file
        self.server.add_database(file.database)
        return name

    def remove_file(self, name: str) -> None:
        """Offer a database no longer and close its file."""
        self.server.remove_database(name)
        self.files.pop(name).close()
        self.update_endpoints()

    def add_remote(self, spec: str) -> None:
        """Use a connection method, or those in `db:DB,TABLE,COLUMN`, from now on; `RemoteSpecError` if it does not fit."""
        check_spec(spec, self.databases())
        if spec not in self.specs:
            self.specs.append(spec)
            self.update_endpoints()

    def remove_remote(self, spec: str) -> bool:
        """Use it no longer; False if it was not in use."""
        if spec not in self.specs:
            return False
        self.specs.remove(spec)
        self.update_endpoints()
        return True

    def reconnect(self) -> None:
        """Cut every session off."""
        for endpoint in self.endpoints.values():
            for number in tuple(endpoint.sessions):
                self.service.drop(number)
            endpoint.sessions.clear()

    def update_endpoints(self) -> None:
        """Open what is wanted and not there, close what is there and not wanted."""
        databases = self.databases()
        self._read = {name: databases[name].last_transaction_id for name in databases_of(self.specs) if name in databases}
        wanted = wanted_remotes(self.specs, databases)
        for remote in [remote for remote, endpoint in self.endpoints.items() if wanted.get(remote) != endpoint.options]:
            self._close(self.endpoints.pop(remote))
        for remote, options in wanted.items():
            if remote not in self.endpoints:
                self.endpoints[remote] = self._open(remote, options)

    def close(self) -> None:
        """Stop listening, close the files."""
        for endpoint in self.endpoints.values():
            self._close(endpoint)
        self.endpoints.clear()
        for file in self.files.values():
            file.close()

    def compact(self, name: str, done: Callable[[str], None]) -> None:
        """Write a database's file anew, a step each turn; `done` hears how it went, "" if well."""
        self._compactions.append((self.files[name].compaction("compacting database online"), done))

    def _convert(self, database: Database, schema: object) -> None:
        """Put a database under another schema while it is served (ovsdb-server(7), Schema Conversion)."""
        wanted = schema_from_json(schema)
        name = database.schema.name
        if wanted.name != name:
            raise OvsdbError("invalid parameters", f"the schema is of {wanted.name}, the database of {name}")
        while self._compactions:
            self._compact_some()
        self.server.replace_database(self.files[name].convert(wanted))
        self.update_endpoints()

    def _compact_some(self) -> bool:
        """One step of the first compaction under way; True if that was its last."""
        if not self._compactions:
            return False
        steps, done = self._compactions[0]
        problem = ""
        try:
            next(steps)
            return False
        except StopIteration:
            pass
        except OvsdbError as error:
            problem = str(error)
        del self._compactions[0]
        done(problem)
        return True

    def turn(self, now: float) -> bool:
        """See `Task`."""
        databases = self.server.databases
        if any(name not in databases or databases[name].database.last_transaction_id != seen for name, seen in self._read.items()):
            self.update_endpoints()
        for endpoint in self.endpoints.values():
            if endpoint.listener is None and endpoint.life.due() <= now:
                self._establish(endpoint, now)
        self._report()
        has_ended = self._compact_some()
        if now >= self._next_compaction:
            self._next_compaction = now + COMPACT_INTERVAL_S
            self._compact_large()
        # Somebody may wait for the end of a compaction.
        return has_ended

    def due(self) -> float:
        """See `Task`."""
        if self._compactions:
            return self._network.loop.now()
        lives = (endpoint.life.due() for endpoint in self.endpoints.values() if endpoint.listener is None)
        return min([*lives, self._next_compaction if self.files else NEVER])

    def _report(self) -> None:
        """Have the rows that methods come from say who is connected by them."""
        counts = {remote: len(endpoint.sessions) for remote, endpoint in self.endpoints.items()}
        if counts == self._reported:
            return
        self._reported = counts
        connected = {remote: self._status(endpoint) for remote, endpoint in self.endpoints.items()}
        for database, update in list(status_updates(self.specs, self.databases(), connected)):
            database.transact([update])

    def _status(self, endpoint: Endpoint) -> dict[str, str] | None:
        if not endpoint.sessions:
            return None
        status = {"bound_port": str(endpoint.listener.port)} if endpoint.listener is not None else {"state": "ACTIVE"}
        return status | ({"n_connections": str(len(endpoint.sessions))} if len(endpoint.sessions) > 1 else {})

    def _open(self, remote: str, options: RemoteOptions) -> Endpoint:
        # Once a connection stands, the session's own probes watch over it.
        life = Reconnect([remote], 0.0, max_backoff_s=max((options.max_backoff_ms or 8000) / 1000, 1.0))
        endpoint = Endpoint(remote, options, life)
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
        endpoint.sessions.add(number)
        session = self.server.sessions.get(number)
        if session is not None:
            _settle(session, endpoint.options)
            self.server.plan(session)

    def _admit(self, session: Session) -> None:
        """A session whose stream took its time to open (a handshake, a connection of ours)."""
        for endpoint in self.endpoints.values():
            if session.port in endpoint.sessions:
                _settle(session, endpoint.options)

    def _session_closed(self, number: int) -> None:
        for endpoint in self.endpoints.values():
            if number in endpoint.sessions:
                endpoint.sessions.discard(number)
                if endpoint.listener is None:
                    endpoint.life.closed(self._network.loop.now())
                return

    def _close(self, endpoint: Endpoint) -> None:
        if endpoint.listener is not None:
            endpoint.listener.close()
        self._end_sessions(endpoint)

    def _end_sessions(self, endpoint: Endpoint) -> None:
        for number in endpoint.sessions:
            self.service.drop(number)
        endpoint.sessions.clear()

    def _compact_large(self) -> None:
        for name, file in self.files.items():
            if file.log.end > COMPACT_SIZE and file.log.end > 2 * file.compacted_size:
                self.compact(name, _warn)


def _settle(session: Session, options: RemoteOptions) -> None:
    """What the options of its remote make of a session."""
    session.read_only = options.read_only
    session.actor = with_fields(session.actor, role=options.role)
    if options.probe_interval_ms is not None:
        session.probe_interval_s = options.probe_interval_ms / 1000


def _warn(problem: str) -> None:
    if problem:
        log.warning("%s", problem)
