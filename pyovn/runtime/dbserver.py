"""A database server as a process has it: databases of files and of other servers, endpoints, compaction now and then."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from dataclasses import replace as with_fields

from pyovn.machine import NEVER
from pyovn.ovsdb.bulk import LARGE
from pyovn.ovsdb.configuration import ACTIVE_BACKUP, CLUSTERED, RELAY, Configuration, DatabaseConfig
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.database_file import DatabaseFile, FindClasses, World, create_file, open_file
from pyovn.ovsdb.declare import schema_of, tables_for, tables_of
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.followed import Followed, check_replicable
from pyovn.ovsdb.remotes import PLAIN, RemoteOptions, RemoteSpecError, check_spec, first_text
from pyovn.ovsdb.schema import DatabaseSchema, canonical
from pyovn.ovsdb.schema_json import schema_from_json
from pyovn.ovsdb.server import Server
from pyovn.runtime.endpoints import Endpoints
from pyovn.runtime.heap import trim
from pyovn.runtime.link import Network
from pyovn.runtime.sources import Source
from pyovn.runtime.storage import disk_world
from pyovn.schemas import server as server_schema

log = logging.getLogger("ovsdb_server")

COMPACT_INTERVAL_S = 600.0
COMPACT_SIZE = 10 * 1024 * 1024
"""A file is compacted when it is larger than this, and twice as large as it was after the last time."""


@dataclass(slots=True)
class Offer:
    """A database on offer, under the `key` that the configuration calls it by: its file, its source, both or one of them."""

    key: str
    name: str
    config: DatabaseConfig
    file: DatabaseFile | None = None
    source: Source | None = None
    connected: bool = False


class DatabaseServer:
    """A task beside those of its endpoints and sources: offers what the configuration says, compacts."""

    def __init__(self, network: Network, classes: FindClasses = tables_for, *, remembers: bool = False) -> None:
        """`classes` says which classes the rows are of; who compiles them in this process wants the declared ones.

        `remembers` is as `Server` takes it.
        """
        self.world: World = disk_world(classes)
        own = Database(schema_of(server_schema), tables_of(server_schema), self.world.new_uuid)
        self.server = Server(own, self.world.new_uuid, remembers=remembers)
        self.server.convert = self._convert
        self.endpoints = Endpoints(network, self.server, self.databases)
        self.offers: dict[str, Offer] = {}
        self._network = network
        self._tls = network.tls.settings
        self._has_named_identity = bool(_texts(self._tls))
        self._compactions: list[tuple[Iterator[None], Callable[[str], None]]] = []
        self._next_compaction = network.loop.now() + COMPACT_INTERVAL_S
        # First the remotes, then the replies: who adds a remote can use it as soon as he is told that it is there.
        network.loop.add(self)
        network.loop.add(self.endpoints)
        network.loop.add(self.endpoints.service)

    def databases(self) -> dict[str, Database]:
        """The databases on offer, by name."""
        return {name: served.database for name, served in self.server.databases.items()}

    @property
    def files(self) -> dict[str, DatabaseFile]:
        """The files in use, by the name of their database."""
        return {name: offer.file for name, offer in self.offers.items() if offer.file is not None}

    @property
    def configuration(self) -> Configuration:
        """What is offered, and where."""
        return Configuration({offer.key: offer.config for offer in self.offers.values()}, dict(self.endpoints.remotes))

    def configure(self, wanted: Configuration) -> list[str]:
        """Offer this from now on, and answer what of it cannot be had."""
        problems = []
        for offer in tuple(self.offers.values()):
            config = wanted.databases.get(offer.key)
            if config is None or (config.model == RELAY) != (offer.config.model == RELAY):
                self.remove(offer.name)
        offered = {offer.key: offer for offer in self.offers.values()}
        for key, config in wanted.databases.items():
            try:
                self._follow(offered[key], config) if key in offered else self.add(key, config)
            except OvsdbError as error:
                problems.append(f"failed to open database '{key}': {error}")
        if problems:
            problems.append("failed to configure databases")
        self.endpoints.remotes = dict(wanted.remotes)
        problems += self.check_remotes()
        self._read_identity()
        self.endpoints.update()
        return problems

    def check_remotes(self) -> list[str]:
        """What is wrong with remotes and TLS files that databases are to name."""
        problems = []
        for spec in (*self.endpoints.remotes, *_texts(self._tls)):
            try:
                check_spec(spec, self.databases())
            except RemoteSpecError as error:
                problems.append(str(error))
        return problems

    def add(self, key: str, config: DatabaseConfig) -> str:
        """Offer a database; its name, `OvsdbError` if it cannot be opened."""
        if config.model == RELAY:
            if key in self.offers or key in self.server.databases:
                raise OvsdbError("ovsdb error", f"{key}: duplicate database name")
            self.server.await_database(key)
            self.offers[key] = offer = Offer(key, key, DatabaseConfig())
        else:
            offer = self._add_file(key, config)
        self._follow(offer, config)
        return offer.name

    def add_file(self, path: str) -> str:
        """Offer the database in a file; its name, `OvsdbError` if it cannot be opened."""
        return self.add(path, DatabaseConfig())

    def _add_file(self, path: str, config: DatabaseConfig) -> Offer:
        if any(file.path == self.world.storage.real_path(path) for file in self.files.values()):
            raise OvsdbError("ovsdb error", f"{path}: already open")
        file = open_file(self.world, path)
        name = file.database.schema.name
        problem = ""
        if name in self.offers:
            problem = f"{name}: duplicate database name"
        elif config.model == CLUSTERED:
            problem = f"{path}: database is standalone and not clustered"
        if problem:
            file.close()
            raise OvsdbError("ovsdb error", problem)
        if file.warning:
            log.warning("%s", file.warning)
        self.offers[name] = offer = Offer(path, name, DatabaseConfig(), file)
        self.server.add_database(file.database)
        self.server.had_bulk |= file.log.end > LARGE
        return offer

    def add_file_of(self, path: str, schema: DatabaseSchema) -> Database:
        """Offer the database in a file, which is made if there is none, and converted if it is under an older version of the schema."""
        if not os.path.exists(path):
            create_file(self.world, path, schema)
        name = self.add_file(path)
        found = self.databases()[name].schema
        if name != schema.name or _numbers(found.version) > _numbers(schema.version):
            self.remove(name)
            wanted = f"{schema.name} {schema.version}"
            raise OvsdbError("ovsdb error", f"{path}: {name} {found.version} is not {wanted} nor an older version of it")
        if canonical(found) != canonical(schema):
            log.info("%s: converting from schema version %s to %s", path, found.version, schema.version)
            self._convert(self.databases()[name], schema.to_json())
        return self.databases()[name]

    def remove(self, name: str) -> None:
        """Offer a database no longer, and close its file."""
        offer = self.offers.pop(name)
        if offer.source is not None:
            offer.source.close()
        self.server.remove_database(name)
        if offer.file is not None:
            offer.file.close()
        self.endpoints.update()

    def add_remote(self, spec: str, options: RemoteOptions = PLAIN) -> None:
        """Use a connection method, or those in `db:DB,TABLE,COLUMN`, from now on; `RemoteSpecError` if it does not fit."""
        check_spec(spec, self.databases())
        self.endpoints.remotes[spec] = options
        self.endpoints.update()

    def remove_remote(self, spec: str) -> bool:
        """Use it no longer; False if it was not in use."""
        if self.endpoints.remotes.pop(spec, None) is None:
            return False
        self.endpoints.update()
        return True

    def close(self) -> None:
        """Stop listening, close the files."""
        self.endpoints.close()
        for offer in self.offers.values():
            if offer.source is not None:
                offer.source.close()
            if offer.file is not None:
                offer.file.close()

    # Sources

    def _follow(self, offer: Offer, config: DatabaseConfig) -> None:
        """Take over another server's changes, or no longer."""
        if config == offer.config:
            return
        if offer.source is not None:
            offer.source.close()
            offer.source = None
        was_read_only, offer.config = offer.config.backup, config
        if config.model == RELAY:
            followed = Followed(offer.name, lambda schema: self._relayed(offer, schema))
            offer.source = Source(self._network, followed, config)
            return
        if config.backup:
            followed = Followed(offer.name, lambda schema: self._backed_up(offer, schema), config.exclude)
            offer.source = Source(self._network, followed, config, not_server=self.server.server_id)
        self.server.databases[offer.name].read_only = config.backup
        if config.backup != was_read_only:
            self.endpoints.reconnect()

    def _relayed(self, offer: Offer, schema: DatabaseSchema) -> Database:
        """The database for what a source offers: the one there is, unless it has another schema."""
        served = self.server.databases.get(offer.name)
        if served is not None and canonical(served.database.schema) == canonical(schema):
            return served.database
        database = Database(schema, self.world.classes(schema), self.world.new_uuid)
        if served is not None:
            self.server.replace_database(database)
        else:
            self.server.add_database(database, forward=lambda params, then: self._pass_on(offer, params, then))
        return database

    def _backed_up(self, offer: Offer, schema: DatabaseSchema) -> Database:
        database = self.server.databases[offer.name].database
        check_replicable(offer.name, database.schema, schema)
        return database

    @staticmethod
    def _pass_on(offer: Offer, params: list[object], then: Callable[..., None]) -> None:
        assert offer.source is not None
        offer.source.forward(params, then)

    def _watch_source(self, offer: Offer, source: Source) -> None:
        """Say whether a relay's source is there; a source that will not do is given up."""
        if source.replica.connected != offer.connected:
            offer.connected = source.replica.connected
            if offer.config.model == RELAY:
                self.server.set_connected(offer.name, offer.connected)
        if source.replica.refusal and offer.config.model == ACTIVE_BACKUP:
            log.error("%s: %s", offer.name, source.replica.refusal)
            self._follow(offer, with_fields(offer.config, backup=False))

    # TLS

    def _read_identity(self) -> None:
        """Use the TLS files that rows name (`--private-key=db:DB,TABLE,COLUMN`)."""
        found = {}
        for name in self._tls.__dataclass_fields__:
            spec = getattr(self._tls, name)
            if spec.startswith("db:"):
                try:
                    found[name] = first_text(spec, self.databases())
                except RemoteSpecError:
                    found[name] = ""
        if found:
            self._network.tls.settings = with_fields(self._tls, **found)

    # Compaction and conversion

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
        self.endpoints.update()

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

    def _compact_large(self) -> None:
        for name, file in self.files.items():
            if file.log.end > COMPACT_SIZE and file.log.end > 2 * file.compacted_size:
                self.compact(name, _warn)

    # The task

    def turn(self, now: float) -> bool:
        """See `Task`."""
        for offer in self.offers.values():
            if offer.source is not None:
                self._watch_source(offer, offer.source)
        if self._has_named_identity:
            self._read_identity()
        if self.server.had_bulk:
            self.server.had_bulk = False
            trim()
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
        return self._next_compaction if self.files else NEVER


def _texts(settings: object) -> list[str]:
    """The settings that a database is to say."""
    return [text for name in getattr(settings, "__dataclass_fields__", ()) if (text := getattr(settings, name)).startswith("db:")]


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdecimal()]


def _warn(problem: str) -> None:
    if problem:
        log.warning("%s", problem)
