"""What a database server is to connect to or listen on: methods as given, or read from a database (ovsdb-server(1), --remote)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyovn.ovsdb.database import Database
from pyovn.ovsdb.operation import Update, by_uuid
from pyovn.ovsdb.schema import Column
from pyovn.ovsdb.tabledata import TableData, elements


class RemoteSpecError(Exception):
    """A `db:DB,TABLE,COLUMN` does not fit the databases; the text is as the reference words it."""


@dataclass(frozen=True, slots=True)
class RemoteOptions:
    """What a row says of its connections; None where it says nothing."""

    probe_interval_ms: int | None = None
    max_backoff_ms: int | None = None
    read_only: bool = False
    role: str = ""


PLAIN = RemoteOptions()


def wanted_remotes(specs: Mapping[str, RemoteOptions], databases: Mapping[str, Database]) -> dict[str, RemoteOptions]:
    """The connection methods that `specs` come to at the moment; a spec that no longer fits comes to nothing."""
    wanted: dict[str, RemoteOptions] = {}
    for spec, options in specs.items():
        if not spec.startswith("db:"):
            wanted[spec] = options
            continue
        try:
            data, column, target = _resolve(spec, databases)
        except RemoteSpecError:
            continue
        for row in data.rows.values():
            for atom in elements(getattr(row, column.name)):
                wanted.update(_from_row(target.rows.get(atom)) if target is not None else {atom: PLAIN})
    return {method: options for method, options in wanted.items() if method}


def check_spec(spec: str, databases: Mapping[str, Database]) -> None:
    """Raise `RemoteSpecError` for a `db:` that does not fit the databases."""
    if spec.startswith("db:"):
        _resolve(spec, databases)


def status_updates(
    specs: Iterable[str], databases: Mapping[str, Database], connected: Mapping[str, tuple[bool, Mapping[str, str]]]
) -> Iterator[tuple[Database, Update]]:
    """What has to be written so that the rows of methods say whether somebody is `connected` by them, and the status of each."""
    for spec in specs:
        if not spec.startswith("db:"):
            continue
        try:
            _, _, target = _resolve(spec, databases)
        except RemoteSpecError:
            continue
        said_of = {"is_connected", "status"} & set(() if target is None else target.schema.columns)
        if target is None or not said_of:
            continue
        for row in target.rows.values():
            is_connected, status = connected.get(getattr(row, "target", ""), (False, {}))
            said = {"is_connected": is_connected, "status": dict(sorted(status.items()))}
            said = {name: said[name] for name in said_of}
            if any(getattr(row, name) != value for name, value in said.items()):
                yield databases[spec[3:].split(",")[0]], Update(target.table, by_uuid(row.uuid), said)


def first_text(spec: str, databases: Mapping[str, Database]) -> str:
    """The first string that is not empty in the column that `db:DB,TABLE,COLUMN` names; `RemoteSpecError` if it does not fit."""
    data, column, target = _resolve(spec, databases)
    texts = (atom for row in data.rows.values() for atom in elements(getattr(row, column.name)) if target is None and atom)
    return next(texts, "")


def databases_of(specs: Iterable[str]) -> set[str]:
    """The databases that `db:` specs read."""
    return {spec[3:].split(",")[0] for spec in specs if spec.startswith("db:")}


def _resolve(spec: str, databases: Mapping[str, Database]) -> tuple[TableData, Column, TableData | None]:
    """The table and column that a spec names, and the table that the column refers to, if any."""
    words = spec[3:].split(",")
    if len(words) != 3:
        raise RemoteSpecError(f'"{spec}": invalid syntax')
    name, table, column_name = words
    if name not in databases:
        raise RemoteSpecError(f'"{spec}": no database named {name}')
    data = databases[name].tables.get(table)
    if data is None:
        raise RemoteSpecError(f'"{spec}": no table named {table}')
    column = data.schema.columns.get(column_name)
    if column is None:
        raise RemoteSpecError(f'"{spec}": table "{table}" has no column "{column_name}"')
    key = column.type.key
    if column.type.is_map or (key.kind != "string" and key.ref_table is None):
        raise RemoteSpecError(f'"{spec}": type of table "{table}" column "{column_name}" must be string or reference')
    return data, column, None if key.ref_table is None else databases[name].tables[key.ref_table]


def _from_row(row: Any) -> dict[str, RemoteOptions]:
    target = getattr(row, "target", "")
    if not isinstance(target, str) or not target:
        return {}
    return {
        target: RemoteOptions(
            getattr(row, "inactivity_probe", None), getattr(row, "max_backoff", None), getattr(row, "read_only", False) is True,
            str(getattr(row, "role", "")),
        )
    }
