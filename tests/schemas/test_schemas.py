"""The declared tables are the reference's schemas: equal canonical JSON, and a sentence for every table and column."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from pyovn.ovsdb.declare import schema_of

CANONICAL = Path(__file__).parent / "canonical"
MODULES = ("nb", "sb", "vswitch", "vtep", "ic_nb", "ic_sb", "local_config", "server")


@pytest.mark.parametrize("name", MODULES)
def test_the_declared_schema_is_the_canonical_one(name: str) -> None:
    declared = schema_of(importlib.import_module(f"pyovn.schemas.{name}"))
    assert declared.to_json() == json.loads((CANONICAL / f"{name}.json").read_text())
