"""A database that outlives its process: from a file of records to tables in memory, and from each commit to a record.

What is written can be read by the reference's programs and the other way round: changed sets and maps are written as
their difference (`_is_diff`), as Open vSwitch does since 2.15.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from pyovn.ovsdb.atom import UUID
from pyovn.ovsdb.bulk import collector_at_rest
from pyovn.ovsdb.database import Committed, Database
from pyovn.ovsdb.declare import tables_for
from pyovn.ovsdb.difference import diff_type, difference, patched
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.log import Contents, File, Log, Storage, decode, encode
from pyovn.ovsdb.row import Table, make, replaced
from pyovn.ovsdb.schema import DatabaseSchema
from pyovn.ovsdb.schema_json import schema_from_json
from pyovn.ovsdb.tabledata import TableData
from pyovn.ovsdb.value import from_json, to_json

Classes = Mapping[str, type[Table]]
FindClasses = Callable[[DatabaseSchema], Classes]
"""Which classes the rows of a database with this schema are of."""


@dataclass(frozen=True, slots=True)
class World:
    """What a database on disk needs of the world: files, uuids, the wall clock in milliseconds, and classes for its rows."""

    storage: Storage
    new_uuid: Callable[[], str]
    now_ms: Callable[[], int]
    classes: FindClasses = lambda schema: tables_for(schema)


class DatabaseFile:
    """A database and its file, locked: commits are appended, `compact` writes the file anew."""

    def __init__(self, world: World, path: str, unlock: Callable[[], None]) -> None:
        """Read the file, whose lock is held; see `open_file`."""
        self.path = path
        self._world = world
        self._unlock = unlock
        self.database, contents = load(world, path)
        self.warning = contents.warning
        try:
            self.log = Log(world.storage.open(path), path, contents.end)
        except OSError as error:
            raise io_error(path, "open failed", error) from None
        if contents.warning:
            self.log.cut()
        self.compacted_size = contents.end
        self.database.journal = self._append

    def _append(self, committed: Committed) -> None:
        record = record_of(self.database, committed)
        if record:
            self.log.append({"_date": self._world.now_ms(), "_is_diff": True, **record}, durable=committed.durable)

    def compact(self, comment: str) -> None:
        """Replace the file by the schema and one record of every row; on `OvsdbError` the old file stays in use."""
        data = snapshot(self.database, self._world.now_ms(), comment)
        file = write_beside(self._world.storage, self.path, data)
        self.log.continue_in(file, len(data))
        self.compacted_size = len(data)

    def close(self) -> None:
        """Close the file and let others have it; what is committed after that is not kept."""
        self.database.journal = None
        self.log.close()
        self._unlock()


def open_file(world: World, path: str) -> DatabaseFile:
    """Open a database for reading and writing; `OvsdbError` if it is damaged or somebody else writes it."""
    path = world.storage.real_path(path)
    unlock = lock_file(world.storage, path)
    try:
        return DatabaseFile(world, path, unlock)
    except BaseException:
        unlock()
        raise


def create_file(world: World, path: str, schema: DatabaseSchema) -> None:
    """Create an empty database; `OvsdbError` if there is a file of that name."""
    write_new(world.storage, path, encode(schema.to_json()))


def load(world: World, path: str) -> tuple[Database, Contents]:
    """The database that a file holds; nothing is locked or written."""
    with collector_at_rest():
        contents = read_file(world.storage, path, members=msgspec.Raw)
        schema = schema_from_json({name: msgspec.json.decode(member) for name, member in contents.records[0].items()})
        database = Database(schema, world.classes(schema), world.new_uuid)
        rows = _replayed(database, contents.records[1:], path)
        database.apply((database.tables[name], uuid, row) for name, table in rows.items() for uuid, row in table.items())
    return database, contents


def read_file(storage: Storage, path: str, *, members: type = object) -> Contents:
    """The records of a file, of which there is at least the schema; `members` as in `log.decode`."""
    try:
        data = storage.read(path)
    except OSError as error:
        raise io_error(path, "open failed", error) from None
    contents = decode(data, path, members=members)
    if not contents.records:
        raise OvsdbError("ovsdb error", f"{path}: the file holds no schema")
    return contents


def lock_file(storage: Storage, path: str) -> Callable[[], None]:
    """Keep other writers away; answers how to let them in again."""
    try:
        return storage.lock(path)
    except OSError as error:
        raise io_error(path, "failed to lock lockfile", error) from None


def write_new(storage: Storage, path: str, data: bytes) -> None:
    """Create a file that must not exist yet, with this content, on disk."""
    unlock = lock_file(storage, storage.real_path(path))
    try:
        file = storage.create(path)
        try:
            file.append(data)
            file.sync()
        finally:
            file.close()
    except OSError as error:
        raise io_error(path, "create failed", error) from None
    finally:
        unlock()


def write_beside(storage: Storage, path: str, data: bytes) -> File:
    """Put a new file with this content in the place of `path`, in one step; answers it, open for more."""
    temporary = f"{path}.tmp"
    try:
        storage.remove(temporary)
        file = storage.create(temporary)
        try:
            file.append(data)
            file.sync()
            storage.replace(path, temporary)
        except OSError:
            file.close()
            raise
    except OSError as error:
        raise io_error(temporary, "write failed", error) from None
    return file


def io_error(path: str, what: str, error: OSError) -> OvsdbError:
    """What the system said, as the one error of the database."""
    return OvsdbError("I/O error", f"{path}: {what}", io_error=error.strerror or str(error))


# Records to rows


def _replayed(database: Database, records: list[dict[str, msgspec.Raw]], path: str) -> dict[str, dict[str, Table]]:
    """The rows that stand at the end of the records, whose members are decoded row by row."""
    rows: dict[str, dict[str, Table]] = {name: {} for name in database.tables}
    version = database.new_uuid()
    for number, record in enumerate(records, 1):
        try:
            _replay(database, rows, record, version)
        except (OvsdbError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise OvsdbError("syntax error", f"{path}: record {number}: {error}") from None
    return rows


def _replay(database: Database, rows: dict[str, dict[str, Table]], record: dict[str, msgspec.Raw], version: str) -> None:
    is_diff = bytes(record.get("_is_diff", b"")) == b"true"
    for name, changes in record.items():
        if name.startswith("_"):
            if name not in ("_date", "_comment", "_is_diff"):
                raise OvsdbError("syntax error", f"unknown member {name}")
            continue
        if name not in database.tables:
            raise OvsdbError("unknown table", f"No table named {name}.")
        data, table = database.tables[name], rows[name]
        for uuid, columns in msgspec.json.decode(changes, type=dict[str, msgspec.Raw]).items():
            _replay_row(data, table, uuid, msgspec.json.decode(columns), (is_diff, version))


def _replay_row(data: TableData, table: dict[str, Table], uuid: str, columns: Any, how: tuple[bool, str]) -> None:
    is_diff, version = how
    if not UUID.match(uuid):
        raise OvsdbError("syntax error", f'"{uuid}" is not a valid UUID')
    old = table.get(uuid)
    if columns is None:
        if old is None:
            raise OvsdbError("syntax error", f"row {uuid} of table {data.schema.name} is deleted but was not there")
        del table[uuid]
        return
    if type(columns) is not dict or not columns.keys() <= data.readers.keys():
        raise OvsdbError("unknown column", f"row {uuid} of table {data.schema.name} has columns that the schema has not")
    if old is None:
        values = {name: data.readers[name](value, None) for name, value in columns.items()}
        table[uuid] = make(data.table, uuid, (data.defaults | values).values(), version)
    elif is_diff:
        types = {name: data.schema.columns[name].type for name in columns}
        changed = {name: patched(types[name], getattr(old, name), from_json(diff_type(types[name]), columns[name])) for name in columns}
        table[uuid] = replaced(old, changed, version)
    else:
        table[uuid] = replaced(old, {name: data.readers[name](value, None) for name, value in columns.items()}, version)


# Rows to records


def record_of(database: Database, committed: Committed) -> dict[str, Any]:
    """What a commit changed of what is kept, as a record without date; empty if that is nothing."""
    record: dict[str, Any] = {}
    for change in committed.changes:
        data = database.tables[change.table.__table__]
        columns = None if change.new is None else _written(data, change.old, change.new)
        if columns is None or columns or change.old is None:
            record.setdefault(data.schema.name, {})[change.uuid] = columns
    if record and committed.comment:
        record["_comment"] = committed.comment
    return record


def _written(data: TableData, old: Table | None, new: Table) -> dict[str, Any]:
    """The kept columns of a new row that are not default, or the differences of a changed one."""
    if old is None:
        return {
            name: value if write is None else write(value)
            for name, default, write in data.kept
            if (value := getattr(new, name)) != default
        }
    written = {}
    for name, _, _ in data.kept:
        before, after = getattr(old, name), getattr(new, name)
        if before is not after and before != after:
            type_ = data.schema.columns[name].type
            written[name] = to_json(diff_type(type_), difference(type_, before, after))
    return written


def snapshot(database: Database, now_ms: int, comment: str) -> bytes:
    """The whole file: the schema, and one record that inserts every row."""
    record: dict[str, Any] = {"_date": now_ms, "_comment": comment}
    for name, data in database.tables.items():
        if data.rows:
            record[name] = {uuid: _written(data, None, row) for uuid, row in data.rows.items()}
    return encode(database.schema.to_json()) + encode(record)


def converted(database: Database, schema: DatabaseSchema, world: World) -> Database:
    """The same rows under another schema: what it does not have is left out, what it has more holds its default.

    `OvsdbError` if a value does not fit the new type of its column.
    """
    target = Database(schema, world.classes(schema), world.new_uuid)
    version = world.new_uuid()
    rows = []
    for name, data in target.tables.items():
        source = database.tables.get(name)
        for uuid, row in source.rows.items() if source is not None else ():
            assert source is not None
            shared = [column for column in data.readers if column in source.writers]
            values = {column: data.readers[column](source.writers[column](getattr(row, column)), None) for column in shared}
            rows.append((data, uuid, make(data.table, uuid, (data.defaults | values).values(), version)))
    target.apply(rows)
    return target
