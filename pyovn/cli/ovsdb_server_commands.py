"""What `ovs-appctl -t ovsdb-server` can ask of a running server (ovsdb-server(1), Runtime management commands)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

from pyovn.ovsdb.condition import ATTRIBUTE
from pyovn.ovsdb.configuration import (
    ACTIVE_BACKUP,
    RELAY,
    Configuration,
    ConfigurationError,
    DatabaseConfig,
    configuration_to_json,
    excluded_tables,
    parse_configuration,
)
from pyovn.ovsdb.database import Committed
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.remotes import RemoteOptions, RemoteSpecError
from pyovn.ovsdb.tabledata import TableData
from pyovn.runtime.dbserver import DatabaseServer, Offer
from pyovn.runtime.memory import Memory
from pyovn.runtime.unixctl import CommandError, Commands, Later

log = logging.getLogger("ovsdb_server")

HIDDEN_COLUMNS = 2
"""`_uuid` and `_version`."""

UNSUPPORTED_COUNTERS = "performance counter is not supported on this platform\n"


@dataclass(slots=True)
class Sync:
    """From where the databases of the command line are backed up (--sync-from and its commands); `backup` says whether they are now."""

    source: str = ""
    excluded: str = ""
    backup: bool = False
    switched: bool = False
    probe_interval_ms: int | None = None

    def config(self, name: str) -> DatabaseConfig:
        """What follows for the database of that name."""
        if not self.source and not self.switched:
            return DatabaseConfig()
        options = RemoteOptions(self.probe_interval_ms)
        exclude = excluded_tables(self.excluded).get(name, frozenset())
        return DatabaseConfig(ACTIVE_BACKUP, self.source, options, self.backup, exclude)


@dataclass(slots=True)
class Desk:
    """A server and what its commands have made of it; `file` is its configuration file, "" where the command line is its configuration."""

    databases: DatabaseServer
    memory: Memory
    file: str = ""
    sync: Sync = field(default_factory=Sync)
    logged: set[tuple[str, str]] = field(default_factory=set)

    def reload(self) -> str:
        """Offer what the configuration file says; "" if all of it can be had."""
        try:
            wanted = parse_configuration(Path(self.file).read_text(encoding="utf-8"), lambda line: log.warning("%s", line))
        except OSError as error:
            log.warning("failed to read configuration file '%s': %s", self.file, error.strerror)
            return f"failed to load configuration from {self.file}"
        except ConfigurationError:
            log.warning("failed to load configuration from %s", self.file)
            return f"failed to load configuration from {self.file}"
        problems = self.databases.configure(wanted)
        for problem in problems:
            log.warning("%s", problem)
        return f"failed to load configuration from {self.file}" if problems else ""

    def follow(self) -> list[str]:
        """Have the databases of files follow what `sync` says."""
        now = self.databases.configuration
        wanted = {offer.key: offer.config if offer.file is None else self.sync.config(offer.name) for offer in self._offers()}
        return self.databases.configure(Configuration(wanted, now.remotes))

    def remember(self) -> None:
        """Keep what is offered for a successor of this process."""
        self.memory.write(json.dumps([configuration_to_json(self.databases.configuration), asdict(self.sync)]))

    def recall(self) -> bool:
        """Offer what a forerunner of this process offered; False if there was none."""
        text = self.memory.read()
        if not text:
            return False
        configuration, sync = json.loads(text)
        self.sync = Sync(**sync)
        for problem in self.databases.configure(parse_configuration(configuration, log.warning)):
            log.warning("%s", problem)
        return True

    def _offers(self) -> list[Offer]:
        return [offer for _, offer in sorted(self.databases.offers.items())]

    # What is offered, and where

    def add_remote(self, words: list[str]) -> str:
        """Use a connection method."""
        try:
            self.databases.add_remote(words[0])
        except RemoteSpecError as error:
            raise CommandError(str(error)) from None
        return self._done()

    def remove_remote(self, words: list[str]) -> str:
        """Use it no longer."""
        if not self.databases.remove_remote(words[0]):
            raise CommandError("no such remote")
        return self._done()

    def add_db(self, words: list[str]) -> str:
        """Offer the database of a file."""
        try:
            self.databases.add_file(words[0])
        except OvsdbError as error:
            raise CommandError(str(error)) from None
        self.follow()
        return self._done()

    def remove_db(self, words: list[str]) -> str:
        """Offer a database no longer."""
        if words[0].startswith("_"):
            raise CommandError("Cannot remove reserved database.")
        if words[0] not in self.databases.offers:
            raise CommandError("Failed to find the database.")
        self.databases.remove(words[0])
        return self._done()

    def list_dbs(self, words: list[str]) -> str:
        """The databases, whether their source is there or not."""
        return _lines({*self.databases.databases(), *self.databases.offers})

    def list_remotes(self, words: list[str]) -> str:
        """The remotes as they were asked for."""
        return _lines(self.databases.endpoints.remotes)

    def reconnect(self, words: list[str]) -> str:
        """Cut every session off."""
        self.databases.endpoints.reconnect()
        return ""

    def reload_file(self, words: list[str]) -> str:
        """Read the configuration file again."""
        if not self.file:
            raise CommandError("Configuration file was not specified on command line")
        problem = self.reload()
        if problem:
            raise CommandError(problem)
        return ""

    def _done(self) -> str:
        self.remember()
        return ""

    # Active and backup

    def set_active(self, words: list[str]) -> str:
        """Name the server to back up from."""
        self.sync.source = words[0]
        return self._resync()

    def get_active(self, words: list[str]) -> str:
        """That server."""
        return self.sync.source + ("\n" if self.sync.source else "")

    def connect_active(self, words: list[str]) -> str:
        """Be its backup."""
        if not self.sync.source:
            return "Unable to connect: active server is not specified.\n"
        self.sync.backup = self.sync.switched = True
        return self._resync()

    def disconnect_active(self, words: list[str]) -> str:
        """Be an active server."""
        self.sync.backup = False
        self.sync.switched = True
        return self._resync()

    def set_active_probe(self, words: list[str]) -> str:
        """Set the interval of probes to the active server."""
        self.sync.probe_interval_ms = _milliseconds(words[0])
        return self._resync()

    def set_relay_probe(self, words: list[str]) -> str:
        """Set the interval of probes to the sources of relays."""
        interval = _milliseconds(words[0])
        now = self.databases.configuration
        wanted = dict(now.databases)
        for key, config in now.databases.items():
            if config.model == RELAY:
                options = RemoteOptions(interval, config.source_options.max_backoff_ms)
                wanted[key] = DatabaseConfig(RELAY, config.source, options)
        self.databases.configure(Configuration(wanted, now.remotes))
        return self._done()

    def set_excluded(self, words: list[str]) -> str:
        """Leave tables out of the backup."""
        try:
            excluded_tables(words[0])
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.sync.excluded = words[0]
        return self._resync()

    def get_excluded(self, words: list[str]) -> str:
        """The tables left out."""
        return self.sync.excluded + ("\n" if self.sync.excluded else "")

    def sync_status(self, words: list[str]) -> str:
        """Which databases are active, which are kept equal to whose."""
        text = "".join(map(_sync_status, self._offers()))
        return text or "state: active\n"

    def _resync(self) -> str:
        self.follow()
        return self._done()

    # Care

    def compact(self, words: list[str]) -> Later:
        """Write files anew."""
        files = self.databases.files
        if words and words[0].startswith("_"):
            raise CommandError("cannot compact built-in databases")
        if words and words[0] not in files:
            raise CommandError("no database by that name")
        later, left, problems = Later(), list(words or files), list[str]()

        def one_done(problem: str) -> None:
            left.pop()
            problems.extend(filter(None, [problem]))
            if not left:
                later.finish("\n".join(problems))

        for name in tuple(left):
            self.databases.compact(name, one_done)
        if not left:
            later.finish()
        return later

    def trim(self, words: list[str]) -> str:
        """Memory goes back to the system by itself."""
        if words[0] not in ("on", "off"):
            raise CommandError("invalid argument")
        return ""

    def storage_status(self, words: list[str]) -> str:
        """Whether a database can be written."""
        offer = self.databases.offers.get(words[0])
        if offer is None and words[0] not in self.databases.databases():
            raise CommandError("Failed to find the database.")
        problem = "" if offer is None or offer.file is None else offer.file.log.problem
        return f"status: {problem or 'ok'}\n"

    def disable_conditions(self, words: list[str]) -> str:
        """Know only RFC 7047's monitors, to test clients that must live with that."""
        self.databases.server.conditional = False
        self.databases.endpoints.reconnect()
        return ""

    def memory_usage(self, words: list[str]) -> str:
        """How much there is of what takes memory; most of what there is none of goes without saying."""
        server = self.databases.server
        sessions = server.sessions.values()
        tables = [data for database in self.databases.databases().values() for data in database.tables.values()]
        atoms, weak_references = (sum(counts) for counts in zip((0, 0), *map(_atoms, tables), strict=True))
        histories = [served.history for served in server.databases.values() if served.history.kept]
        counts = {
            "atoms": atoms,
            "cells": sum(len(data.rows) * (len(data.schema.columns) + HIDDEN_COLUMNS) for data in tables),
            "json-caches": sum(len(view.updates) for view in server.views.values()),
            "monitors": len(server.views),
            "n-weak-refs": weak_references,
            "sessions": len(sessions),
            "triggers": sum(len(session.parked) for session in sessions),
            "txn-history": sum(len(history.commits) for history in histories),
        }
        said = (f"{name}:{count}" for name, count in counts.items() if count or name in ("monitors", "n-weak-refs"))
        return " ".join(said) + "\n"

    # Logs of changes

    def log_table(self, words: list[str]) -> str:
        """Log the changes of a table, or no longer."""
        name, colon, table = words[0].partition(":")
        if not colon:
            raise CommandError("invalid DB:TABLE argument")
        database = self.databases.databases().get(name)
        if database is None or table not in database.tables:
            raise CommandError("no such database" if database is None else "no such table")
        if words[1] not in ("on", "off"):
            raise CommandError("invalid command argument")
        hears = any(isinstance(listener, _Logger) for listener in database.listeners)
        (self.logged.add if words[1] == "on" else self.logged.discard)((name, table))
        if self.logged and not hears:
            database.listeners.append(_Logger(name, self.logged))
        return ""

    def list_logged(self, words: list[str]) -> str:
        """Every table, and whether its changes are logged."""
        lines = [f"{'database':<16}{'table':<28}logging", f"{'--------':<16}{'-----':<28}-------"]
        for name, database in sorted(self.databases.databases().items()):
            lines.append(f"{name:<16} ")
            lines += [f"{'':<16}{table:<28}{'ON' if (name, table) in self.logged else 'OFF'}" for table in sorted(database.tables)]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Logger:
    """Logs commits of a database that change logged tables."""

    database: str
    logged: set[tuple[str, str]]

    def __call__(self, committed: Committed) -> None:
        for change in committed.changes:
            table = change.table.__table__
            if (self.database, table) in self.logged:
                word = "insert" if change.old is None else "delete" if change.new is None else "modify"
                log.info("%s: %s %s %s: %r", self.database, table, word, change.uuid, change.new or change.old)


def register(commands: Commands, desk: Desk) -> None:
    """Offer the commands; those that a configuration file does the work of are not there with one."""
    offer = commands.register
    if not desk.file:
        _register_changes(commands, desk)
    offer("ovsdb-server/list-remotes", desk.list_remotes)
    offer("ovsdb-server/list-dbs", desk.list_dbs)
    offer("ovsdb-server/reload", desk.reload_file)
    offer("ovsdb-server/compact", desk.compact, usage="", most=1)
    offer("ovsdb-server/reconnect", desk.reconnect)
    offer("ovsdb-server/sync-status", desk.sync_status)
    offer("ovsdb-server/get-db-storage-status", desk.storage_status, usage="DB", least=1, most=1)
    offer("ovsdb-server/memory-trim-on-compaction", desk.trim, usage="on|off", least=1, most=1)
    offer("ovsdb-server/disable-monitor-cond", desk.disable_conditions)
    offer("ovsdb-server/tlog-set", desk.log_table, usage="DB:TABLE on|off", least=2, most=2)
    offer("ovsdb-server/tlog-list", desk.list_logged)
    offer("ovsdb-server/perf-counters-show", lambda words: UNSUPPORTED_COUNTERS)
    offer("ovsdb-server/perf-counters-clear", lambda words: "")
    offer("memory/show", desk.memory_usage)


def _register_changes(commands: Commands, desk: Desk) -> None:
    offer = commands.register
    offer("ovsdb-server/add-remote", desk.add_remote, usage="REMOTE", least=1, most=1)
    offer("ovsdb-server/remove-remote", desk.remove_remote, usage="REMOTE", least=1, most=1)
    offer("ovsdb-server/add-db", desk.add_db, usage="DB", least=1, most=1)
    offer("ovsdb-server/remove-db", desk.remove_db, usage="DB", least=1, most=1)
    offer("ovsdb-server/set-active-ovsdb-server", desk.set_active, least=1, most=1)
    offer("ovsdb-server/get-active-ovsdb-server", desk.get_active)
    offer("ovsdb-server/connect-active-ovsdb-server", desk.connect_active)
    offer("ovsdb-server/disconnect-active-ovsdb-server", desk.disconnect_active)
    offer("ovsdb-server/set-active-ovsdb-server-probe-interval", desk.set_active_probe, least=1, most=1)
    offer("ovsdb-server/set-relay-source-probe-interval", desk.set_relay_probe, least=1, most=1)
    offer("ovsdb-server/set-sync-exclude-tables", desk.set_excluded, least=1, most=1)
    offer("ovsdb-server/get-sync-exclude-tables", desk.get_excluded)


def _atoms(data: TableData) -> tuple[int, int]:
    """How many values a table's rows hold, and how many of them are weak references; only those of columns with several are counted."""
    several = [column for column in data.schema.columns.values() if not column.type.is_scalar]
    atoms = len(data.rows) * (len(data.schema.columns) - len(several) + HIDDEN_COLUMNS)
    weak_references = 0
    for column in several:
        get = attrgetter(ATTRIBUTE.get(column.name, column.name))
        count = sum(_size(get(row)) for row in data.rows.values())
        atoms += count
        weak_references += count if any(base is not None and base.weak for base in (column.type.key, column.type.value)) else 0
    return atoms, weak_references


def _size(value: Any) -> int:
    return 0 if value is None else len(value) if isinstance(value, tuple | dict) else 1


def _sync_status(offer: Offer) -> str:
    config = offer.config
    if config.model != ACTIVE_BACKUP:
        return ""
    if not config.backup:
        return f"database: {offer.name}\nstate: active\n"
    state = "replicating" if offer.connected else "connecting"
    excluded = ",".join(f"{offer.name}:{table}" for table in sorted(config.exclude))
    return f"database: {offer.name}\nstate: backup\n{state}: {config.source}\n" + (f"exclude: {excluded}\n" if excluded else "")


def _milliseconds(word: str) -> int:
    if not word.isascii() or not word.isdigit():
        raise CommandError("Invalid probe interval, integer value expected")
    return int(word)


def _lines(words: Iterable[str]) -> str:
    return "".join(f"{word}\n" for word in sorted(words))
