"""A database that outlives its process: from a file of records to tables in memory, and from each commit to a record.

What is written can be read by the reference's programs and the other way round: changed sets and maps are written as
their difference (`_is_diff`), as Open vSwitch does since 2.15.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from pyovn.ovsdb.atom import UUID
from pyovn.ovsdb.bulk import collector_at_rest
from pyovn.ovsdb.database import Committed, Database
from pyovn.ovsdb.declare import tables_for
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.log import Contents, File, Log, Storage, Total, decode, encode
from pyovn.ovsdb.record import pieces_of_file, record_of, row_from_json, snapshot, snapshot_pieces
from pyovn.ovsdb.row import Table, make
from pyovn.ovsdb.schema import DatabaseSchema
from pyovn.ovsdb.schema_json import schema_from_json
from pyovn.ovsdb.tabledata import TableData

Classes = Mapping[str, type[Table]]
FindClasses = Callable[[DatabaseSchema], Classes]
"""Which classes the rows of a database with this schema are of."""


LATE_RECORDS = 100
"""How many records that came during a compaction are copied in one step of it."""


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
        """Read the file, whose lock is held; see `open_file`. It is found again wherever the process goes."""
        self.path = world.storage.real_path(path)
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
        self._late: list[bytes] | None = None
        self.database.journal = self._append

    def _append(self, committed: Committed) -> None:
        record = record_of(self.database, committed)
        if record:
            # Scripts cut the stamps out of a record as text, and look for them before the tables.
            stamped = {"_date": self._world.now_ms(), "_is_diff": True, **record}
            written = self.log.append(stamped, durable=committed.durable)
            if self._late is not None:
                self._late.append(written)

    def compact(self, comment: str) -> None:
        """Replace the file by the schema and one record of every row, at once; see `compaction`."""
        for _ in self.compaction(comment):
            pass

    def compaction(self, comment: str) -> Iterator[None]:
        """Compact in short steps, one at each `next`; transactions may come in between.

        What they commit goes to the old file and, at the end, behind the snapshot; until the last step the old file is the
        database. `OvsdbError` if that fails: the old file stays in use.
        """
        if self._late is not None:
            raise OvsdbError("ovsdb error", f"{self.path}: is being compacted")
        late: list[bytes] = []
        self._late = late
        try:
            yield from self._compact(self._world.storage, comment, late)
        finally:
            self._late = None

    def _compact(self, storage: Storage, comment: str, late: list[bytes]) -> Iterator[None]:
        pieces, total = [], Total()
        for piece in snapshot_pieces(self.database, self._world.now_ms(), comment):
            pieces.append(piece)
            total.add(piece)
            yield
        temporary = f"{self.path}.tmp"
        file = None
        try:
            storage.remove(temporary)
            file = storage.create(temporary)
            end = 0
            for data in pieces_of_file(self.database, pieces, total):
                end += _write(file, data)
                yield
            while len(late) > LATE_RECORDS:
                end += _write(file, b"".join(late[:LATE_RECORDS]))
                del late[:LATE_RECORDS]
                yield
            end += _write(file, b"".join(late))
            storage.replace(self.path, temporary)
        except BaseException as error:
            if file is not None:
                file.close()
            if not isinstance(error, OSError):
                raise
            raise io_error(temporary, "write failed", error) from None
        self._use(file, end)

    def convert(self, schema: DatabaseSchema) -> Database:
        """Keep the same rows under another schema from now on, in a database that takes the place of the one before.

        `OvsdbError` if they do not fit: nothing has changed then.
        """
        storage, temporary = self._world.storage, f"{self.path}.tmp"
        database = converted(self.database, schema, self._world)
        data = snapshot(database, self._world.now_ms(), "converted")
        try:
            file = _written_file(storage, temporary, data)
            storage.replace(self.path, temporary)
        except OSError as error:
            raise io_error(temporary, "write failed", error) from None
        self.database.journal, self.database = None, database
        database.journal = self._append
        self._use(file, len(data))
        return database

    def _use(self, file: File, end: int) -> None:
        """The database is in another file now, of this length, that has its name."""
        self.log.continue_in(file, end)
        self.compacted_size = end
        try:
            self._world.storage.sync_folder(self.path)
        except OSError as error:
            # After a crash the name may mean the old file again, which lacks what would be added to the new one.
            self.log.distrust(error)
            raise io_error(self.path, "fsync of its folder failed", error) from None

    def close(self) -> None:
        """Close the file and let others have it; what is committed after that is not kept."""
        self.database.journal = None
        self.log.close()
        self._unlock()


def open_file(world: World, path: str) -> DatabaseFile:
    """Open a database for reading and writing; `OvsdbError` if it is damaged or somebody else writes it."""
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
        database = _empty(world, contents, path)
        contents = _possible(contents, database, path)
        return _filled(database, contents, path), contents


def _possible(contents: Contents, database: Database, path: str) -> Contents:
    """Without a last record about a table that the schema lacks, which no server can have acknowledged."""
    last = contents.records[-1]
    alien = next((name for name in last if not name.startswith("_") and name not in database.tables), None)
    if len(contents.records) == 1 or alien is None or contents.warning:
        return contents
    error = OvsdbError("unknown table", f"No table named {alien}.", syntax=msgspec.json.encode(last).decode())
    warning = f"{path}: {error}; dropping the last record, at offset {contents.last}"
    return Contents(contents.records[:-1], contents.last, contents.last, warning)


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
    """Keep other writers away from a file, by whatever name; answers how to let them in again."""
    try:
        return storage.lock(storage.real_path(path))
    except OSError as error:
        raise io_error(path, "failed to lock lockfile", error) from None


def write_new(storage: Storage, path: str, data: bytes) -> None:
    """Create a file that must not exist yet, with this content, on disk."""
    unlock = lock_file(storage, path)
    try:
        file = storage.create(path)
        try:
            _write(file, data)
        finally:
            file.close()
        storage.sync_folder(path)
    except OSError as error:
        raise io_error(path, "create failed", error) from None
    finally:
        unlock()


def write_over(storage: Storage, path: str, data: bytes) -> None:
    """Put a new file with this content in the place of `path`, in one step that outlives a crash."""
    temporary = f"{path}.tmp"
    try:
        _written_file(storage, temporary, data).close()
        storage.replace(path, temporary)
        storage.sync_folder(path)
    except OSError as error:
        raise io_error(temporary, "write failed", error) from None


def _written_file(storage: Storage, path: str, data: bytes) -> File:
    """A file with this content, on disk, in place of any of that name, open for more."""
    storage.remove(path)
    file = storage.create(path)
    try:
        _write(file, data)
    except OSError:
        file.close()
        raise
    return file


def _write(file: File, data: bytes) -> int:
    """Add to a file what is on disk when this returns; the number of bytes."""
    file.append(data)
    file.sync()
    return len(data)


def io_error(path: str, what: str, error: OSError) -> OvsdbError:
    """What the system said, as the one error of the database."""
    return OvsdbError("I/O error", f"{path}: {what}", io_error=error.strerror or str(error))


# Records to rows


def _decoded(record: dict[str, msgspec.Raw], path: str) -> dict[str, Any]:
    """The record of the schema; that its strings are text shows only now."""
    try:
        return {name: msgspec.json.decode(member) for name, member in record.items()}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OvsdbError("syntax error", f"{path}: the schema: {error}") from None


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
    table[uuid] = row_from_json(data, (uuid, old), columns, is_diff=is_diff, version=version)


def database_of(world: World, contents: Contents, path: str) -> Database:
    """The database that records come to, whose members are still encoded."""
    return _filled(_empty(world, contents, path), contents, path)


def _empty(world: World, contents: Contents, path: str) -> Database:
    schema = schema_from_json(_decoded(contents.records[0], path))
    return Database(schema, world.classes(schema), world.new_uuid)


def _filled(database: Database, contents: Contents, path: str) -> Database:
    rows = _replayed(database, contents.records[1:], path)
    database.apply((database.tables[name], uuid, row) for name, table in rows.items() for uuid, row in table.items())
    return database


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
