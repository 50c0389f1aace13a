"""A schema from its JSON (RFC 7047 3.2), checked as ovsdb-server checks it; the way back is `DatabaseSchema.to_json`."""

from __future__ import annotations

import re
from dataclasses import replace as with_fields
from typing import Any

from pyovn.ovsdb.atom import syntax_error
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.members import check_members
from pyovn.ovsdb.schema import KINDS, BaseType, Column, DatabaseSchema, TableSchema, Type
from pyovn.ovsdb.value import NO_LIMIT, from_json

VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\Z")
LIMITS = {"integer": "Integer", "real": "Real", "string": "Length"}
"""How the members for a kind's lower and upper limit end."""


def schema_from_json(given: Any) -> DatabaseSchema:
    """A <database-schema>."""
    check_members(given, "database schema", {"name": "id", "tables": "object"}, {"version": "string", "cksum": "string"})
    version = given.get("version", "")
    if "version" in given and not VERSION.match(version):
        raise syntax_error(given, f'schema version "{version}" not in format x.y.z')
    tables = {}
    for name, table in given["tables"].items():
        _check_name(name, given, "table")
        tables[name] = _table(name, table)
    if not any(table.is_root for table in tables.values()):
        tables = {name: _as_root(table) for name, table in tables.items()}
    schema = DatabaseSchema(given["name"], version, given.get("cksum", ""), tables)
    _check_references(schema)
    return with_fields(schema, tables={name: _with_due_marks(table, tables) for name, table in tables.items()})


def _with_due_marks(table: TableSchema, tables: dict[str, TableSchema]) -> TableSchema:
    """Columns that cannot be what they were said to be.

    One that holds rows alive outlives a restart, else they would be lost; one from which references vanish may change.
    """
    columns = {}
    for name, column in table.columns.items():
        bases = [base for base in (column.type.key, column.type.value) if base is not None and base.ref_table is not None]
        holds = any(base.is_strong and not tables[str(base.ref_table)].is_root for base in bases)
        loses = any(base.weak for base in bases)
        columns[name] = with_fields(column, ephemeral=column.ephemeral and not holds, mutable=column.mutable or loses)
    return with_fields(table, columns=columns)


def _check_name(name: str, given: Any, what: str) -> None:
    if name.startswith("_"):
        raise syntax_error(given, 'names beginning with "_" are reserved')
    if not re.match(r"[a-zA-Z][a-zA-Z0-9_]*\Z", name):
        raise syntax_error(given, f"name must be a valid id ({what} {name})")


def _as_root(table: TableSchema) -> TableSchema:
    """Where no table is said to be a root, all are."""
    return with_fields(table, is_root=True)


def _check_references(schema: DatabaseSchema) -> None:
    """Every reference is to a table of the schema."""
    columns = (column for table in schema.tables.values() for column in table.columns.values())
    for column in columns:
        for part, base in (("key", column.type.key), ("value", column.type.value)):
            if base is not None and base.ref_table is not None and base.ref_table not in schema.tables:
                raise OvsdbError("syntax error", f"column {column.name} {part} refers to undefined table {base.ref_table}")


def _table(name: str, given: Any) -> TableSchema:
    optional = {"maxRows": "integer", "isRoot": "boolean", "indexes": "array"}
    check_members(given, f"table schema for table {name}", {"columns": "object"}, optional)
    if given.get("maxRows", 1) < 1:
        raise syntax_error(given, "maxRows must be at least 1")
    if not given["columns"]:
        raise syntax_error(given, "table must have at least one column")
    columns = {}
    for column, said in given["columns"].items():
        _check_name(column, given, "column")
        columns[column] = _column(column, said)
    indexes = tuple(_index(index, columns, given) for index in given.get("indexes", []))
    return TableSchema(name, columns, indexes, given.get("maxRows"), given.get("isRoot", False))


def _index(given: Any, columns: dict[str, Column], table: Any) -> tuple[str, ...]:
    if type(given) is not list or not all(type(name) is str for name in given) or len(set(given)) != len(given):
        raise syntax_error(given, "array of distinct column names expected")
    if not given:
        raise syntax_error(table, "index must have at least one column")
    for name in given:
        if name not in columns:
            raise syntax_error(given, f"{name} is not a valid column name")
        if columns[name].ephemeral:
            raise syntax_error(table, f"ephemeral columns (such as {name}) may not be indexed")
    return tuple(given)


def _column(name: str, given: Any) -> Column:
    check_members(given, f"schema for column {name}", {"type": "type"}, {"mutable": "boolean", "ephemeral": "boolean"})
    return Column(name, type_from_json(given["type"]), given.get("mutable", True), given.get("ephemeral", False))


def type_from_json(given: Any) -> Type:
    """A <type>."""
    if type(given) is str:
        return Type(_base(given))
    check_members(given, "ovsdb type", {"key": "type"}, {"value": "type", "min": "integer", "max": "any"})
    key = _base(given["key"])
    value = _base(given["value"]) if "value" in given else None
    low, high = given.get("min", 1), given.get("max", 1)
    for limit in (low, high):
        if limit != "unlimited" and (type(limit) is not int or limit < 0):
            raise syntax_error(limit, "bad min or max value")
    high = None if high == "unlimited" else high
    if low not in (0, 1) or (high is not None and high < max(low, 1)):
        raise syntax_error(given, "ovsdb type fails constraint checks")
    return Type(key, value, low, high)


def _base(given: Any) -> BaseType:
    """A <base-type>."""
    kind = given if type(given) is str else given.get("type")
    if type(given) is dict and "type" not in given:
        check_members(given, "ovsdb type", {"type": "string"}, {})
    if kind not in KINDS:
        raise syntax_error(kind, f'"{kind}" is not an atomic-type')
    if type(given) is str:
        return BaseType(kind)
    if "enum" in given:
        check_members(given, "ovsdb type", {"type": "string"}, {"enum": "any"})
        return BaseType(kind, enum=from_json(Type(BaseType(kind), min=1, max=None), given["enum"]))
    if kind == "uuid":
        return _reference(given)
    return _limited(kind, given)


def _limited(kind: str, given: dict[str, Any]) -> BaseType:
    """A number with a range, a string with a length."""
    word = LIMITS.get(kind)
    number = "number" if kind == "real" else "integer"
    check_members(given, "ovsdb type", {"type": "string"}, {f"min{word}": number, f"max{word}": number} if word else {})
    low, high = given.get(f"min{word}"), given.get(f"max{word}")
    for which, limit in (("min", low), ("max", high)):
        if kind == "string" and limit is not None and not 0 <= limit <= NO_LIMIT:
            raise syntax_error(limit, f"{which}Length out of valid range 0 to {NO_LIMIT}")
    if low is not None and high is not None and low > high:
        raise syntax_error(given, f"min{word} exceeds max{word}")
    return BaseType(kind, low=low, high=high)


def _reference(given: dict[str, Any]) -> BaseType:
    optional = {"refTable": "id"} | ({"refType": "string"} if "refTable" in given else {})
    check_members(given, "ovsdb type", {"type": "string"}, optional)
    strength = given.get("refType", "strong")
    if strength not in ("strong", "weak"):
        raise syntax_error(given, f'refType must be "strong" or "weak" (not "{strength}")')
    return BaseType("uuid", ref_table=given.get("refTable"), weak=strength == "weak")
