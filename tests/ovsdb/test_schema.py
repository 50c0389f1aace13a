"""Schemas as canonical JSON."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.ovsdb.schema import BaseType, Column, DatabaseSchema, TableSchema, Type, canonical

ID = "550e8400-e29b-41d4-a716-446655440000"


@pytest.mark.parametrize(
    ("type_", "json"),
    [
        (Type(BaseType("integer")), "integer"),
        (Type(BaseType("integer", low=1)), {"key": {"type": "integer", "minInteger": 1}}),
        (Type(BaseType("real", low=0.5, high=2.0)), {"key": {"type": "real", "minReal": 0.5, "maxReal": 2}}),
        (Type(BaseType("string", high=63), min=0), {"key": {"type": "string", "maxLength": 63}, "min": 0}),
        (Type(BaseType("string", enum=("a",))), {"key": {"type": "string", "enum": "a"}}),
        (Type(BaseType("uuid", enum=(ID,))), {"key": {"type": "uuid", "enum": ["uuid", ID]}}),
        (Type(BaseType("uuid", ref_table="T", weak=True), max=None),
         {"key": {"type": "uuid", "refTable": "T", "refType": "weak"}, "max": "unlimited"}),
        (Type(BaseType("string"), BaseType("string"), 0, 3), {"key": "string", "value": "string", "min": 0, "max": 3}),
    ],
)  # fmt: skip
def test_types(type_: Type, json: Any) -> None:
    assert type_.to_json() == json


@pytest.mark.parametrize(
    ("type_", "shapes"),
    [
        (Type(BaseType("integer")), "scalar"),
        (Type(BaseType("integer"), min=0), "optional"),
        (Type(BaseType("integer"), min=0, max=None), "set"),
        (Type(BaseType("integer"), max=4), "set"),
        (Type(BaseType("integer"), BaseType("integer"), 0, None), "map"),
        (Type(BaseType("integer"), BaseType("integer")), "map"),
    ],
)
def test_a_type_has_one_shape(type_: Type, shapes: str) -> None:
    found = [shape for shape in ("scalar", "optional", "set", "map") if getattr(type_, f"is_{shape}")]
    assert found == [shapes]


def test_canonical() -> None:
    table = TableSchema("t", {"c": Column("c", Type(BaseType("integer")))}, is_root=True)
    assert canonical(DatabaseSchema("d", "", "", {"t": table})) == '{"name":"d","tables":{"t":{"columns":{"c":{"type":"integer"}}}}}'
    strict = DatabaseSchema("d", "1.0.0", "5 6", {"t": table, "u": TableSchema("u", table.columns, max_rows=1)})
    assert canonical(strict) == (
        '{"cksum":"5 6","name":"d","tables":{"t":{"columns":{"c":{"type":"integer"}},"isRoot":true},'
        '"u":{"columns":{"c":{"type":"integer"}},"maxRows":1}},"version":"1.0.0"}'
    )
