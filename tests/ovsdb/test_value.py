"""Values of columns between JSON and Python."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import Named
from pyovn.ovsdb.schema import BaseType, Type, describe
from pyovn.ovsdb.value import atoms_of, from_json, settler, to_json

ONE = Type(BaseType("integer"))
MAYBE = Type(BaseType("integer"), min=0)
SET = Type(BaseType("integer"), min=0, max=None)
SOME = Type(BaseType("integer"), min=1, max=2)
MAP = Type(BaseType("string"), BaseType("integer"), 0, None)
REFS = Type(BaseType("uuid"), min=0, max=None)
REAL = Type(BaseType("real"))


@pytest.mark.parametrize(
    ("type_", "json", "value"),
    [
        (ONE, 5, 5),
        (MAYBE, 5, 5),
        (MAYBE, ["set", []], None),
        (SET, ["set", []], ()),
        (SET, 5, (5,)),
        (SET, ["set", [3, 1, 2]], (1, 2, 3)),
        (MAP, ["map", [["b", 1], ["a", 2]]], {"a": 2, "b": 1}),
        (MAP, ["map", []], {}),
    ],
)
def test_from_json_and_back(type_: Type, json: Any, value: Any) -> None:
    read = from_json(type_, json)
    assert read == value
    assert from_json(type_, to_json(type_, read)) == value


@pytest.mark.parametrize(("type_", "json"), [(ONE, ["set", [5]]), (MAYBE, ["set", [5]]), (SET, ["set", [5]])])
def test_a_set_of_one_is_its_element(type_: Type, json: Any) -> None:
    assert to_json(type_, from_json(type_, json)) == 5


@pytest.mark.parametrize(
    ("type_", "json", "complaint"),
    [
        (ONE, ["set", []], 'syntax "["set",[]]": syntax error: set must have exactly one member but 0 are present'),
        (SOME, ["set", [1, 2, 3]], 'syntax "["set",[1,2,3]]": syntax error: set must have 1 to 2 members but 3 are present'),
        (
            Type(BaseType("integer"), min=1, max=None),
            ["set", []],
            'syntax "["set",[]]": syntax error: set must have 1 to 4294967295 members but 0 are present',
        ),
        (SET, ["set", [1, 1]], "ovsdb error: set contains duplicate"),
        (SET, ["set", 3], 'syntax "["set",3]": syntax error: expected ["set", <array>]'),
        (SET, ["set", [1], 2], 'syntax "["set",[1],2]": syntax error: expected ["set", <array>]'),
        (SET, [], 'syntax "[]": syntax error: expected integer'),
        (MAP, [], 'syntax "[]": syntax error: expected ["map", <array>]'),
        (MAP, {"a": 1}, 'syntax "{"a":1}": syntax error: expected ["map", <array>]'),
        (MAP, ["map", [["a"]]], 'syntax "["a"]": syntax error: expected 2-element array'),
        (MAP, ["map", [["a", 1], ["a", 2]]], "ovsdb error: map contains duplicate key"),
    ],
)
def test_refused_json(type_: Type, json: Any, complaint: str) -> None:
    with pytest.raises(OvsdbError) as refusal:
        from_json(type_, json)
    assert str(refusal.value) == complaint


@pytest.mark.parametrize(
    ("type_", "given", "value"),
    [
        (ONE, 5, 5),
        (MAYBE, None, None),
        (SET, [3, 1, 3], (1, 3)),
        (SET, {2, 1}, (1, 2)),
        (MAP, {"b": 1, "a": 2}, {"a": 2, "b": 1}),
        (REFS, (Named("x"),), ("<x>",)),
        (REAL, 3, 3.0),
    ],
)
def test_values_of_this_process_are_settled(type_: Type, given: Any, value: Any) -> None:
    settled = settler(type_)(given, lambda name: f"<{name}>")
    assert settled == value
    assert list(settled) == list(value) if isinstance(value, dict) else True


@pytest.mark.parametrize(
    ("type_", "given", "complaint"),
    [
        (ONE, "5", "expected integer"),
        (ONE, True, "expected integer"),
        (SET, 5, "expected set of integers"),
        (MAP, (), r"expected map of \(string, integer\) pairs"),
        (SOME, (), "Attempted to store 0 elements in set of 1 to 2 integers."),
        (SOME, (1, 2, 3), "Attempted to store 3 elements in set of 1 to 2 integers."),
        (Type(BaseType("integer", low=1)), 0, "0 is less than minimum allowed value 1"),
    ],
)
def test_refused_values(type_: Type, given: Any, complaint: str) -> None:
    with pytest.raises(OvsdbError, match=complaint):
        settler(type_)(given, None)


@pytest.mark.parametrize(
    ("type_", "words"),
    [
        (ONE, "integer"),
        (MAYBE, "set of up to 1 integers"),
        (SET, "set of integers"),
        (SOME, "set of 1 to 2 integers"),
        (Type(BaseType("uuid"), min=1, max=None), "set of 1 or more uuids"),
        (Type(BaseType("string"), BaseType("string"), 0, None), "map of (string, string) pairs"),
    ],
)
def test_types_in_english(type_: Type, words: str) -> None:
    assert describe(type_) == words


@pytest.mark.parametrize(
    ("type_", "value", "atoms"), [(ONE, 1, [1]), (MAYBE, None, []), (MAYBE, 2, [2]), (SET, (1, 2), [1, 2]), (MAP, {"a": 1}, ["a"])]
)
def test_atoms_of(type_: Type, value: Any, atoms: list[Any]) -> None:
    assert list(atoms_of(type_, value)) == atoms


KIND_ATOMS = {
    "integer": st.integers(-(2**63), 2**63 - 1),
    "real": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "string": st.text(alphabet="ab01-_.\"\\ ,={}[]\n\tné𝄞", max_size=6),
    "uuid": st.uuids().map(str),
}


@st.composite
def typed_values(draw: st.DrawFn) -> tuple[Type, Any]:
    """A type and a value of it."""
    key = draw(st.sampled_from(sorted(KIND_ATOMS)))
    shape = draw(st.sampled_from(["one", "maybe", "set", "map"]))
    if shape == "one":
        return Type(BaseType(key)), draw(KIND_ATOMS[key])
    if shape == "maybe":
        return Type(BaseType(key), min=0), draw(st.none() | KIND_ATOMS[key])
    if shape == "set":
        return Type(BaseType(key), min=0, max=None), tuple(sorted(draw(st.sets(KIND_ATOMS[key], max_size=4))))
    value = draw(st.sampled_from(sorted(KIND_ATOMS)))
    pairs = draw(st.dictionaries(KIND_ATOMS[key], KIND_ATOMS[value], max_size=4))
    return Type(BaseType(key), BaseType(value), 0, None), dict(sorted(pairs.items()))


@given(typed_values())
def test_what_is_written_is_read(typed: tuple[Type, Any]) -> None:
    type_, value = typed
    assert from_json(type_, to_json(type_, value)) == value
    assert settler(type_)(value, None) == value
