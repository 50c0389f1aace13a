"""The declared tables are the reference's schemas: equal canonical JSON, and a sentence for every table and column."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.manual import column_docs
from pyovn.ovsdb.schema_json import schema_from_json
from pyovn.schemas import classes_for, nb, schema_of_file

CANONICAL = Path(__file__).parent / "canonical"
MODULES = ("nb", "sb", "vswitch", "vtep", "ic_nb", "ic_sb", "local_config", "server")


@pytest.mark.parametrize("name", MODULES)
def test_the_declared_schema_is_the_canonical_one(name: str) -> None:
    declared = schema_of(importlib.import_module(f"pyovn.schemas.{name}"))
    assert declared.to_json() == json.loads((CANONICAL / f"{name}.json").read_text())


@pytest.mark.parametrize("name", MODULES)
def test_every_table_and_column_has_its_sentence(name: str) -> None:
    module = importlib.import_module(f"pyovn.schemas.{name}")
    for table in tables_of(module).values():
        assert table.__doc__ and table.__doc__.endswith("."), table
        assert list(column_docs(table)) == list(table.__columns__)
        assert all(sentence.endswith(".") and len(sentence) > 5 for sentence in column_docs(table).values()), table


def test_a_schema_that_is_declared_has_its_classes() -> None:
    given = json.loads((CANONICAL / "nb.json").read_text())
    assert classes_for(schema_from_json(given))["Logical_Switch"] is nb.LogicalSwitch
    given["version"] = "7.19.0"
    made = classes_for(schema_from_json(given))["Logical_Switch"]
    assert made is not nb.LogicalSwitch
    assert made.__columns__ == tuple(given["tables"]["Logical_Switch"]["columns"])


def test_schema_files_are_known_by_name() -> None:
    schema = schema_of_file("/usr/share/ovn/ovn-sb.ovsschema")
    assert schema is not None and schema.name == "OVN_Southbound"
    assert schema_of_file("/usr/share/ovn/other.ovsschema") is None
