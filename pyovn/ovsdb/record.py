"""Rows to the records of a file and back: what a commit changed, and everything at once (ovsdb(5)).

Written as Open vSwitch does since 2.15: a changed set or map is its difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from pyovn.ovsdb.database import Committed, Database
from pyovn.ovsdb.difference import diff_type, difference, patched
from pyovn.ovsdb.log import Total, encode
from pyovn.ovsdb.row import Table, make, replaced
from pyovn.ovsdb.tabledata import TableData
from pyovn.ovsdb.value import from_json

PIECE_ROWS = 250
"""Rows of a snapshot in one piece of JSON: a few milliseconds' work."""

WRITTEN_PIECES = 8
"""Pieces that are written, and synced, together."""


def record_of(database: Database, committed: Committed) -> dict[str, Any]:
    """What a commit changed of what is kept, as a record without date; empty if that is nothing."""
    record: dict[str, Any] = {}
    for change in committed.changes:
        name = change.table.__table__
        columns = None if change.new is None else _written(database.tables[name], change.old, change.new)
        if columns is None or columns or change.old is None:
            record.setdefault(name, {})[change.uuid] = columns
    if record and committed.comment:
        record["_comment"] = committed.comment
    return record


def _written(data: TableData, old: Table | None, new: Table) -> dict[str, Any]:
    """The kept columns of a new row that are not default, or the differences of a changed one."""
    if old is None:
        return {
            name: value if write is None else write(value)
            for (name, default, write, _, _), value in zip(data.kept, data.fetch_kept(new))
            if value is not default and value != default
        }
    written = {}
    for (name, _, _, type_, write), before, after in zip(data.kept, data.fetch_kept(old), data.fetch_kept(new)):
        if before is not after and before != after:
            told = difference(type_, before, after)
            written[name] = told if write is None else write(told)
    return written


def row_from_json(data: TableData, known: tuple[str, Table | None], columns: dict[str, Any], *, is_diff: bool, version: str) -> Table:
    """The row that written columns make of a known uuid and row (None: a new one), where they are differences or new values."""
    uuid, old = known
    if old is None:
        values = {name: data.readers[name](value, None) for name, value in columns.items()}
        return make(data.table, uuid, (data.defaults | values).values(), version)
    if not is_diff:
        return replaced(old, {name: data.readers[name](value, None) for name, value in columns.items()}, version)
    types = {name: data.schema.columns[name].type for name in columns}
    changed = {name: patched(types[name], getattr(old, name), from_json(diff_type(types[name]), columns[name])) for name in columns}
    return replaced(old, changed, version)


def snapshot(database: Database, now_ms: int, comment: str) -> bytes:
    """The whole file: the schema, and one record that inserts every row."""
    pieces, total = list(snapshot_pieces(database, now_ms, comment)), Total()
    for piece in pieces:
        total.add(piece)
    return b"".join(pieces_of_file(database, pieces, total))


def snapshot_pieces(database: Database, now_ms: int, comment: str) -> Iterator[bytes]:
    """The JSON of a record that inserts every row there is when this begins, in pieces that take a moment each."""
    tables = [(data, tuple(data.rows.values())) for data in database.tables.values() if data.rows]
    yield msgspec.json.encode({"_date": now_ms, "_comment": comment})[:-1]
    for data, rows in tables:
        before = b",%b:{" % msgspec.json.encode(data.schema.name)
        for first in range(0, len(rows), PIECE_ROWS):
            piece = {row.uuid: _written(data, None, row) for row in rows[first : first + PIECE_ROWS]}
            yield before + msgspec.json.encode(piece)[1:-1]
            before = b","
        yield b"}"
    yield b"}\n"


def pieces_of_file(database: Database, pieces: Sequence[bytes], total: Total) -> Iterator[bytes]:
    """The bytes of a file that holds the schema and one record, whose JSON and its total are given, a few pieces at a time."""
    yield encode(database.schema.to_json()) + total.header()
    for first in range(0, len(pieces), WRITTEN_PIECES):
        yield b"".join(pieces[first : first + WRITTEN_PIECES])
