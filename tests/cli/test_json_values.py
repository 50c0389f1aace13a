"""JSON read and written without `json` is what `json` reads and writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.cli.json_values import text_of, value_at, value_of

ATOMS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(ATOMS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(VALUES)
def test_values_come_back(value: Any) -> None:
    assert text_of(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert text_of(value, spaced=True, sort_keys=True) == json.dumps(value, ensure_ascii=False, sort_keys=True)
    assert value_of(f" {text_of(value)}\n") == value


@pytest.mark.parametrize("text", ["", " ", "{", "[1", '"a', "[1] 2", "{1:2}", "nul", '"\t"'])
def test_what_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        value_of(text)


def test_a_value_ends_where_the_next_begins() -> None:
    assert value_at('{"a":1}{"b":2}') == ({"a": 1}, 7)
    assert value_at('{"a":1}{"b":2}', 7) == ({"b": 2}, 14)
