"""Annotations say what a schema's JSON says."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.ovsdb.declare import class_name, default_of, defaults_of, table_schema, tables_for
from pyovn.ovsdb.row import NO_UUID, Table
from pyovn.ovsdb.schema import BaseType, Type, canonical
from pyovn.ovsdb.schema_json import schema_from_json
from tests.ovsdb.sample import Guest, House, Room, sample_schema

REF = {"type": "uuid", "refTable": "House", "refType": "weak"}


@pytest.mark.parametrize(
    ("table", "column", "json"),
    [
        (House, "name", {"type": "string"}),
        (House, "height", {"type": "real"}),
        (House, "rooms", {"type": {"key": {"type": "uuid", "refTable": "Room"}, "min": 0, "max": "unlimited"}}),
        (House, "best", {"type": {"key": {"type": "uuid", "refTable": "Room", "refType": "weak"}, "min": 0}}),
        (
            House,
            "by_floor",
            {
                "type": {
                    "key": {"type": "integer", "minInteger": 0, "maxInteger": 99},
                    "value": {"type": "uuid", "refTable": "Room"},
                    "min": 0,
                    "max": "unlimited",
                }
            },
        ),
        (House, "colour", {"type": {"key": {"type": "string", "enum": ["set", ["blue", "green", "red"]]}, "min": 0}}),
        (House, "options", {"type": {"key": "string", "value": "string", "min": 0, "max": "unlimited"}}),
        (House, "seen", {"type": "integer", "ephemeral": True}),
        (Room, "number", {"type": "integer", "mutable": False}),
        (Room, "label", {"type": {"key": {"type": "string", "minLength": 0, "maxLength": 8}, "min": 0}}),
        (Room, "ports", {"type": {"key": "integer", "min": 0, "max": 3}}),
        (Guest, "must", {"type": {"key": REF, "max": "unlimited"}}),
    ],
)
def test_a_column(table: type[Table], column: str, json: Any) -> None:
    assert table_schema(table).columns[column].to_json() == json


def test_a_table() -> None:
    said = table_schema(Guest).to_json()
    assert {name: said[name] for name in said if name != "columns"} == {"indexes": [["first", "last"]], "maxRows": 3, "isRoot": True}
    assert "isRoot" not in table_schema(Room).to_json()


def test_classes_made_at_run_time_have_the_same_schema() -> None:
    tables = tables_for(schema_from_json(sample_schema().to_json()))
    made = tables["House"]("u", name="x")
    assert type(made).__name__ == "House"
    assert table_schema(tables["House"]).to_json() == table_schema(House).to_json()
    assert canonical(schema_from_json(sample_schema().to_json())) == canonical(sample_schema())


def test_class_names() -> None:
    assert class_name("Logical_Switch_Port") == "LogicalSwitchPort"


@pytest.mark.parametrize(
    ("type_", "default"),
    [
        (Type(BaseType("integer")), 0),
        (Type(BaseType("real")), 0.0),
        (Type(BaseType("boolean")), False),
        (Type(BaseType("string", enum=("a", "b"))), ""),
        (Type(BaseType("uuid")), NO_UUID),
        (Type(BaseType("integer"), min=0), None),
        (Type(BaseType("integer"), min=0, max=None), ()),
        (Type(BaseType("integer"), min=1, max=None), (0,)),
        (Type(BaseType("string"), BaseType("integer"), 0, None), {}),
        (Type(BaseType("string"), BaseType("integer"), 1, None), {"": 0}),
    ],
)
def test_defaults(type_: Type, default: Any) -> None:
    assert default_of(type_) == default


def test_defaults_of_a_table() -> None:
    assert defaults_of(Room) == {"number": 0, "label": None, "ports": (), "next": None}
