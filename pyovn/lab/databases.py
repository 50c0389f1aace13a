"""A database server in the world: for machines beside it, and for command lines that talk to it as they would over a socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import blake2b
from itertools import count
from types import ModuleType
from typing import Any

from pyovn.cli.client import ServerError, TimedOut
from pyovn.lab.world import World
from pyovn.machine import Close, Closed, Opened
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.jsonrpc import Framer
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.server import Server
from pyovn.schemas import server as server_schema

PATIENCE_S = 60.0
"""A command line waits for an answer for so long at the most; a network at rest never gives one."""


def uuid_source(seed: str) -> Callable[[], str]:
    """Uuids that are the same for the same seed."""
    numbers = count()

    def draw() -> str:
        digits = blake2b(f"{seed} {next(numbers)}".encode(), digest_size=16).hexdigest()
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    return draw


def new_database(module: ModuleType, new_uuid: Callable[[], str]) -> Database:
    """An empty database of a schema, in memory."""
    return Database(schema_of(module), tables_of(module), new_uuid)


class Databases:
    """A server with its databases; `local` gives a machine a store, `connect` a command line a client."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.new_uuid = uuid_source(name)
        self.server = Server(new_database(server_schema, self.new_uuid), self.new_uuid)
        self.bell = world.join(self.server, self._carry)
        self._clients: dict[int, LabClient] = {}
        self._ports = count(1)

    def add(self, module: ModuleType) -> Database:
        """Serve a new database of a schema."""
        database = new_database(module, self.new_uuid)
        self.server.add_database(database)
        database.listeners.append(lambda committed: self.bell())
        return database

    def local(self, database: Database, bell: Callable[[], None], lock: str | None = None) -> Local:
        """A store for a machine, whose bell rings after each commit."""
        store = Local(database, self.server.locks, lock)
        database.listeners.append(lambda committed: bell())
        return store

    def connect(self, peer: str) -> LabClient:
        """A new session for a command line."""
        port = next(self._ports)
        client = self._clients[port] = LabClient(self, port)
        self.server.receive(port, Opened(peer), self.world.now)
        return client

    def disconnect(self, port: int) -> None:
        """End a session."""
        self._clients.pop(port, None)
        self.server.receive(port, Closed(""), self.world.now)
        self.bell()

    def _carry(self, effects: list[Any]) -> None:
        for port, data in effects:
            client = self._clients.get(port)
            if client is not None and not isinstance(data, Close):
                client.hear(data)


class LabClient:
    """A command line's conversation with a server: while it waits, the world goes on."""

    def __init__(self, databases: Databases, port: int) -> None:
        self._databases = databases
        self._port = port
        self._framer = Framer()
        self._next_id = 0
        self._replies: dict[int, dict[str, Any]] = {}
        self._unasked = 0

    def hear(self, data: bytes) -> None:
        """Bytes from the server."""
        for text in self._framer.feed(data):
            message = json.loads(text)
            if message.get("method") == "echo":
                self._say({"id": message["id"], "result": message["params"], "error": None})
            elif "method" in message:
                self._unasked += 1
            else:
                self._replies[message["id"]] = message

    def call(self, method: str, params: list[Any], /) -> Any:
        """The result of a request."""
        ident, self._next_id = self._next_id, self._next_id + 1
        self._say({"id": ident, "method": method, "params": params})
        world = self._databases.world
        if not world.run_until(lambda: ident in self._replies, world.now + PATIENCE_S):
            raise TimedOut
        reply = self._replies.pop(ident)
        if reply.get("error") is not None:
            raise ServerError(reply["error"])
        return reply["result"]

    def wait(self, seconds: float | None, /) -> None:
        """Let the world go on until the server has said something unasked, or `seconds` are over."""
        world = self._databases.world
        heard = world.run_until(lambda: self._unasked > 0, world.now + (PATIENCE_S if seconds is None else seconds))
        self._unasked = 0
        if seconds is None and not heard:
            raise TimedOut

    def close(self) -> None:
        """Hang up."""
        self._databases.disconnect(self._port)

    def _say(self, message: dict[str, Any]) -> None:
        self._databases.server.receive(self._port, json.dumps(message).encode(), self._databases.world.now)
        self._databases.bell()
