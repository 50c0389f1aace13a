"""What a database file's records say, as `ovsdb-tool show-log` prints it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pyovn.ovsdb.difference import diff_type
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.schema import DatabaseSchema, TableSchema
from pyovn.ovsdb.schema_json import schema_from_json
from pyovn.ovsdb.value import format_text, from_json

SECONDS_UNTIL = 2**31
"""A `_date` below this is in seconds, as files of old wrote it, else in milliseconds."""

Names = dict[str, dict[str, str]]
"""By table: the name of each row that is there, or its short uuid."""


def log_lines(records: Iterable[Mapping[str, Any]], more: int = 0) -> Iterator[str]:
    """The lines for a file's records; `more` = 1 shows rows, 2 columns too."""
    schema: DatabaseSchema | None = None
    names: Names = {}
    for number, record in enumerate(records):
        if schema is None:
            schema = schema_from_json(record)
            yield f'record {number}: "{schema.name}" schema, version="{schema.version}", cksum="{schema.cksum}"'
            yield ""
            continue
        yield f"record {number}:{_date(record)}{_comment(record)}"
        if more:
            yield from _tables(schema, record, names, more)
            yield ""


def _date(record: Mapping[str, Any]) -> str:
    stamp = record.get("_date")
    if type(stamp) is not int:
        return ""
    moment = datetime.fromtimestamp(stamp if stamp < SECONDS_UNTIL else stamp // 1000, UTC)
    return f" {moment:%Y-%m-%d %H:%M:%S}.{0 if stamp < SECONDS_UNTIL else stamp % 1000:03d}"


def _comment(record: Mapping[str, Any]) -> str:
    return f' "{record["_comment"]}"' if type(record.get("_comment")) is str else ""


def _tables(schema: DatabaseSchema, record: Mapping[str, Any], names: Names, more: int) -> Iterator[str]:
    is_diff = record.get("_is_diff") is True
    for table in sorted(name for name in record if not name.startswith("_")):
        if table not in schema.tables:
            raise OvsdbError("unknown table", f"No table named {table}.")
        for uuid, columns in sorted(record[table].items()):
            yield f"  table {table} {_row_title(names.setdefault(table, {}), uuid, columns, is_diff)}:"
            if columns is None:
                yield "    delete row"
            elif more > 1:
                yield from _columns(schema.tables[table], columns)


def _row_title(names: dict[str, str], uuid: str, columns: Any, is_diff: bool) -> str:
    """`insert row NAME (UUID)`, or `row NAME (UUID)` for one that was there, by the name that it had."""
    short, old = uuid[:8], names.get(uuid)
    if columns is None:
        names.pop(uuid, None)
    elif type(columns.get("name")) is str:
        names[uuid] = json.dumps(columns["name"], ensure_ascii=False)
    else:
        names.setdefault(uuid, short)
    if old is not None:
        return f"row {old} ({short})" + (" diff" if is_diff else "")
    return f"insert row {names[uuid]} ({short})" if names.get(uuid, short) != short else f"insert row {short}"


def _columns(table: TableSchema, columns: Mapping[str, Any]) -> Iterator[str]:
    for name, value in columns.items():
        if name not in table.columns:
            raise OvsdbError("unknown column", f"No column {name} in table {table.name}.")
        type_ = diff_type(table.columns[name].type)
        yield f"    {name}={format_text(type_, from_json(type_, value))}"
