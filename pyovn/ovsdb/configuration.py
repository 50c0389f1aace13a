"""What a database server is to offer and how: databases with their service models, remotes with their options.

It comes from a command line or from a JSON file (ovsdb-server(1), --config-file), whose faults are worded as the reference words them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.members import check_members, refused
from pyovn.ovsdb.remotes import PLAIN, RemoteOptions

STANDALONE, CLUSTERED, RELAY, ACTIVE_BACKUP = MODELS = ("standalone", "clustered", "relay", "active-backup")

SESSION_MEMBERS = {"inactivity-probe": "integer", "max-backoff": "integer", "dscp": "integer"}
REMOTE_MEMBERS = {**SESSION_MEMBERS, "read-only": "boolean", "role": "string"}
DATABASE_MEMBERS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "": ({}, {}),
    STANDALONE: ({}, {}),
    CLUSTERED: ({}, {}),
    RELAY: ({"source": "object"}, {}),
    ACTIVE_BACKUP: ({"backup": "boolean"}, {"source": "object", "exclude-tables": "array"}),
}
"""What a database's entry must and may have beside its model."""

Warn = Callable[[str], None]


class ConfigurationError(Exception):
    """A configuration cannot be used; what is wrong with it has been said by then."""


@dataclass(frozen=True, slots=True)
class DatabaseConfig:
    """How one database is offered; `model` "" means as its file is. `source` and `source_options` say where a copy comes from."""

    model: str = ""
    source: str = ""
    source_options: RemoteOptions = PLAIN
    backup: bool = False
    exclude: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Configuration:
    """Databases by file (by name for a relay), and connection methods."""

    databases: dict[str, DatabaseConfig] = field(default_factory=dict)
    remotes: dict[str, RemoteOptions] = field(default_factory=dict)


def parse_configuration(text: str, warn: Warn) -> Configuration:
    """Read a configuration file; `warn` hears what is wrong with it, and `ConfigurationError` follows if that cannot be ignored."""
    try:
        given = json.loads(text)
    except ValueError as error:
        warn(f"config: reading JSON failed ({_place(error)})")
        raise ConfigurationError from None
    if type(given) is not dict:
        warn("config: a JSON object was expected")
        raise ConfigurationError
    remotes = _part(given, "remotes", warn, lambda name, said: _options(said, REMOTE_MEMBERS, warn))
    return Configuration(_part(given, "databases", warn, lambda name, said: _database(name, said, warn)), remotes)


def configuration_to_json(configuration: Configuration) -> str:
    """The text that `parse_configuration` reads as this."""
    databases = {name: _database_to_json(config) for name, config in configuration.databases.items()}
    return json.dumps({"remotes": {name: _said(options) for name, options in configuration.remotes.items()}, "databases": databases})


def relay_operand(word: str) -> tuple[str, DatabaseConfig] | None:
    """The name and source of `relay:NAME:REMOTES`, None if a word is not of that form."""
    kind, _, rest = word.partition(":")
    name, _, source = rest.partition(":")
    return (name, DatabaseConfig(RELAY, source)) if kind == RELAY and name and source else None


def excluded_tables(text: str) -> Mapping[str, frozenset[str]]:
    """The tables of `DB:TABLE,DB:TABLE…` by database; `ValueError` for anything else."""
    found: dict[str, set[str]] = {}
    for word in filter(None, text.split(",")):
        name, colon, table = word.partition(":")
        if not colon or not table:
            raise ValueError(f'"{text}": expected a list of DB:TABLE')
        found.setdefault(name, set()).add(table)
    return {name: frozenset(tables) for name, tables in found.items()}


def _part(given: Mapping[str, Any], name: str, warn: Warn, read: Callable[[str, Any], Any]) -> dict[str, Any]:
    entries = given.get(name)
    try:
        if type(entries) is not dict:
            raise OvsdbError("syntax error", f"config: '{name}' must be a JSON object")
        return {key: read(key, {} if said is None else said) for key, said in entries.items()}
    except OvsdbError as error:
        warn(str(error))
        warn(f"config: failed to parse '{name}'")
        raise ConfigurationError from None


def _database(name: str, said: Any, warn: Warn) -> DatabaseConfig:
    what = f"database {name}"
    model = said.get("service-model", "") if type(said) is dict else ""
    if model not in DATABASE_MEMBERS:
        warn(f"Unrecognized database service model: '{model}'")
        raise refused(said, what, f"'{model}' is not a valid service model")
    required, optional = DATABASE_MEMBERS[model]
    if model == ACTIVE_BACKUP and said.get("backup") is True:
        required, optional = {**required, "source": "object"}, {"exclude-tables": "array"}
    check_members(said, what, required, {"service-model": "string", **optional})
    sources = said.get("source") or {"": None}
    if len(sources) != 1:
        raise refused(said, what, "'source' should be an object with exactly one element")
    ((source, options),) = sources.items()
    return DatabaseConfig(
        model, source, _options({} if options is None else options, SESSION_MEMBERS, warn), said.get("backup", False),
        frozenset(_strings(said.get("exclude-tables", []))),
    )  # fmt: skip


def _strings(value: Any) -> list[str]:
    """The strings of an array, however they are nested."""
    return [word for each in value for word in _strings(each)] if isinstance(value, list) else [str(value)]


def _options(said: Any, members: Mapping[str, str], warn: Warn) -> RemoteOptions:
    """What is wrong with options is said, and the rest used."""
    try:
        check_members(said, "JSON-RPC options", {}, members)
    except OvsdbError as error:
        warn(str(error))
    if type(said) is not dict:
        return PLAIN
    return RemoteOptions(said.get("inactivity-probe"), said.get("max-backoff"), said.get("read-only") is True, str(said.get("role", "")))


def _said(options: RemoteOptions) -> dict[str, Any]:
    said = {"inactivity-probe": options.probe_interval_ms, "max-backoff": options.max_backoff_ms}
    known: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if options.read_only:
        known["read-only"] = True
    if options.role:
        known["role"] = options.role
    return known


def _database_to_json(config: DatabaseConfig) -> dict[str, Any]:
    said: dict[str, Any] = {"service-model": config.model} if config.model else {}
    if config.model == ACTIVE_BACKUP:
        said["backup"] = config.backup
    if config.source:
        said["source"] = {config.source: _said(config.source_options)}
    if config.exclude:
        said["exclude-tables"] = sorted(config.exclude)
    return said


def _place(error: ValueError) -> str:
    """Where a JSON text goes wrong, counted as the reference counts: up to the byte that does not fit."""
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    position, text = error.pos, error.doc
    reason = error.msg
    if reason.startswith(("Expecting property name", "Illegal trailing comma")):
        reason = "syntax error parsing object expecting string"
        position += len(text[position:]) - len(text[position:].lstrip(", \t\r\n"))
    before = text[:position]
    line = before.count("\n")
    return f"line {line}, column {len(before) - before.rfind(chr(10)) - 1}, byte {len(before.encode())}: {reason}"
