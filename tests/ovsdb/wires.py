"""Servers and replicas joined without sockets: bytes handed across, time as the test says."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from pyovn.machine import Close, Closed, Open, Opened, Reading
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.jsonrpc import Framer, Message, Notify, Reply, Request, encode, messages
from pyovn.ovsdb.replica import Replica
from pyovn.ovsdb.server import Server
from pyovn.schemas import nb
from pyovn.schemas import server as server_schema


def uuids() -> Callable[[], str]:
    """A source of uuids, in order."""
    counter = itertools.count(1)
    return lambda: f"{next(counter):08x}-0000-4000-8000-000000000000"


def empty_database(module: ModuleType = nb, new_uuid: Callable[[], str] | None = None) -> Database:
    """A database of that schema without rows."""
    return Database(schema_of(module), tables_of(module), new_uuid or uuids())


def new_server(*databases: Database, remembers: bool = False) -> Server:
    """A server that offers these databases."""
    new_uuid = uuids()
    server = Server(empty_database(server_schema, new_uuid), new_uuid, remembers=remembers)
    for database in databases:
        server.add_database(database)
    return server


@dataclass
class Client:
    """A session of a server, by hand."""

    server: Server
    port: int
    peer: str = "unix#1"
    now: float = 0.0
    framer: Framer = field(default_factory=Framer)
    heard: list[Message] = field(default_factory=list)
    closed: str | None = None

    def __post_init__(self) -> None:
        self.server.receive(self.port, Opened(self.peer), self.now)

    def send(self, message: Message | bytes) -> None:
        """Send a message, or bytes that may be none."""
        self.server.receive(self.port, message if isinstance(message, bytes) else encode(message), self.now)

    def call(self, method: str, *params: Any, ident: Any = "id") -> Any:
        """The result of a request, or its error; what came before it is in `heard`."""
        self.send(Request(method, list(params), ident))
        deliver(self.server, self)
        for message in self.heard:
            if isinstance(message, Reply) and message.id == ident:
                self.heard.remove(message)
                return message.result if message.error is None else message.error
        return None

    def updates(self) -> list[tuple[str, Any]]:
        """The notifications heard since last asked."""
        taken = [(message.method, message.params) for message in self.heard if isinstance(message, Notify)]
        self.heard = [message for message in self.heard if not isinstance(message, Notify)]
        return taken


def deliver(server: Server, *clients: Client) -> None:
    """Give each client what the server has for it."""
    by_port = {client.port: client for client in clients}
    for port, effect in server.take():
        client = by_port.get(port)
        if client is None or isinstance(effect, Reading):
            continue
        if isinstance(effect, Close):
            client.closed = effect.reason
        else:
            client.heard += messages(client.framer, effect)


@dataclass
class Wire:
    """A replica and the server that its remotes lead to, by the remote's name."""

    replica: Replica
    servers: dict[str, Server]
    now: float = 0.0
    port: int = 1000
    server: Server | None = None

    def run(self, seconds: float = 0.0) -> None:
        """Let both act until nothing is left to do, and time pass."""
        end = self.now + seconds
        while True:
            self.replica.tick(self.now)
            while self._exchange():
                pass
            due = min([self.replica.due(), *(server.due() for server in self.servers.values())])
            if due > end:
                self.now = end
                return
            self.now = max(due, self.now)
            for server in self.servers.values():
                server.tick(self.now)

    def cut(self) -> None:
        """Break the connection."""
        if self.server is not None:
            self.server.receive(self.port, Closed("cut"), self.now)
            self.server = None
            self.replica.receive(None, Closed("cut"), self.now)

    def _exchange(self) -> bool:
        effects: list[Any] = self.replica.take()
        for effect in effects:
            if isinstance(effect, Open):
                self._open(effect.remote)
            elif isinstance(effect, Close):
                if self.server is not None:
                    self.server.receive(self.port, Closed(""), self.now)
                    self.server = None
            elif self.server is not None:
                self.server.receive(self.port, effect, self.now)
        heard = False
        for server in self.servers.values():
            for port, effect in server.take():
                if server is self.server and port == self.port and not isinstance(effect, Reading):
                    heard = True
                    self._hear(effect)
        return bool(effects) or heard

    def _open(self, remote: str) -> None:
        self.server = self.servers.get(remote)
        self.port += 1
        if self.server is None:
            self.replica.receive(None, Closed("Connection refused"), self.now)
        else:
            self.server.receive(self.port, Opened("unix#9"), self.now)
            self.replica.receive(None, Opened(remote), self.now)

    def _hear(self, effect: bytes | Close) -> None:
        if isinstance(effect, Close):
            self.server = None
            self.replica.receive(None, Closed(""), self.now)
        else:
            self.replica.receive(None, effect, self.now)
