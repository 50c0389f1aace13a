"""Schemas from JSON: what is a schema, what is none, and why."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.schema_json import schema_from_json


def schema(columns: Any, **table: Any) -> dict[str, Any]:
    """A schema with one table `t`."""
    return {"name": "d", "version": "1.2.3", "tables": {"t": {"columns": columns, **table}}}


def column(key: Any, **type_: Any) -> dict[str, Any]:
    """A schema with one column `c`."""
    return schema({"c": {"type": {"key": key, **type_}}})


@pytest.mark.parametrize(
    ("given", "details"),
    [
        ([], "Parsing database schema failed: Object expected."),
        ({}, "Parsing database schema failed: Required 'name' member is missing."),
        ({"name": "a b", "tables": {}}, "Parsing database schema failed: Type mismatch for member 'name'."),
        ({"name": "a", "tables": {}, "x": 1}, "Parsing database schema failed: Member 'x' is present but not allowed here."),
        ({"name": "a", "version": "1", "tables": {}}, 'schema version "1" not in format x.y.z'),
        ({"name": "a", "tables": {"_t": {}}}, 'names beginning with "_" are reserved'),
        ({"name": "a", "tables": {"t": 3}}, "Parsing table schema for table t failed: Object expected."),
        (schema({}), "table must have at least one column"),
        (schema({"_c": {"type": "integer"}}), 'names beginning with "_" are reserved'),
        (schema({"c": {}}), "Parsing schema for column c failed: Required 'type' member is missing."),
        (schema({"c": {"type": 3}}), "Parsing schema for column c failed: Type mismatch for member 'type'."),
        (schema({"c": {"type": "void"}}), '"void" is not an atomic-type'),
        (schema({"c": {"type": "integer"}}, maxRows=0), "maxRows must be at least 1"),
        (schema({"c": {"type": "integer"}}, indexes=[["d"]]), "d is not a valid column name"),
        (schema({"c": {"type": "integer"}}, indexes=[["c", "c"]]), "array of distinct column names expected"),
        (schema({"c": {"type": "integer"}}, indexes=[[]]), "index must have at least one column"),
        (schema({"c": {"type": "integer", "ephemeral": True}}, indexes=[["c"]]), "ephemeral columns (such as c) may not be indexed"),
        (column("integer", min=2), "ovsdb type fails constraint checks"),
        (column("integer", max=0), "ovsdb type fails constraint checks"),
        (column("integer", max="x"), "bad min or max value"),
        (column({"type": "integer", "minInteger": 3, "maxInteger": 1}), "minInteger exceeds maxInteger"),
        (column({"type": "string", "minInteger": 3}), "Parsing ovsdb type failed: Member 'minInteger' is present but not allowed here."),
        (column({"type": "string", "maxLength": -1}), "maxLength out of valid range 0 to 4294967295"),
        (column({"type": "string", "enum": ["set", []]}), "set must have 1 to 4294967295 members but 0 are present"),
        (column({"type": "uuid", "refTable": "u"}), "column c key refers to undefined table u"),
        (column({"type": "uuid", "refTable": "t", "refType": "x"}), 'refType must be "strong" or "weak" (not "x")'),
    ],
)
def test_refused(given: Any, details: str) -> None:
    with pytest.raises(OvsdbError) as refusal:
        schema_from_json(given)
    assert (refusal.value.tag, refusal.value.details) == ("syntax error", details)


def test_where_no_table_is_a_root_all_are() -> None:
    read = schema_from_json({"name": "d", "tables": {"t": {"columns": {"c": {"type": "integer"}}}}})
    assert read.tables["t"].is_root
    assert "isRoot" not in read.to_json()["tables"]["t"]


def test_columns_that_cannot_be_what_they_are_said_to_be() -> None:
    strong, weak = {"type": "uuid", "refTable": "t"}, {"type": "uuid", "refTable": "t", "refType": "weak"}
    given = schema({"s": {"type": {"key": strong, "min": 0}, "ephemeral": True}, "w": {"type": {"key": weak, "min": 0}, "mutable": False}})
    given["tables"]["root"] = {"columns": {"c": {"type": "integer"}}, "isRoot": True}
    columns = schema_from_json(given).tables["t"].columns
    assert not columns["s"].ephemeral
    assert columns["w"].mutable
