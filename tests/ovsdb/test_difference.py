"""Differences of values, applied."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.ovsdb.difference import diff_type, difference, patched
from pyovn.ovsdb.schema import BaseType, Type

MAYBE = Type(BaseType("string"), min=0)
SET = Type(BaseType("integer"), min=1, max=3)
MAP = Type(BaseType("string"), BaseType("string"), 0, None)


@pytest.mark.parametrize(
    ("type_", "old", "new", "diff"),
    [
        (MAYBE, "a", None, None),
        (MAYBE, None, "b", "b"),
        (SET, (1, 2), (2, 3), (1, 3)),
        (MAP, {"a": "b", "c": "d"}, {"c": "d", "e": "f"}, {"a": "b", "e": "f"}),
        (MAP, {"c": "d", "e": "f"}, {"c": "x"}, {"c": "x", "e": "f"}),
    ],
)
def test_difference(type_: Type, old: Any, new: Any, diff: Any) -> None:
    assert difference(type_, old, new) == diff
    assert patched(type_, old, diff) == new


def test_a_difference_may_be_of_any_size() -> None:
    assert diff_type(SET) == Type(BaseType("integer"), min=0, max=None)
    assert diff_type(MAYBE) is MAYBE


SETS = st.sets(st.integers(0, 5)).map(lambda held: tuple(sorted(held)))
MAPS = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz")).map(lambda held: dict(sorted(held.items())))


@given(SETS, SETS, MAPS, MAPS)
def test_what_differs_makes_the_new_of_the_old(a: Any, b: Any, c: Any, d: Any) -> None:
    assert patched(SET, a, difference(SET, a, b)) == b
    assert patched(MAP, c, difference(MAP, c, d)) == d
