"""Values as command lines write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.schema import BaseType, Type
from pyovn.ovsdb.text import format_text, next_token, parse_text
from tests.ovsdb.test_value import typed_values

STRING = Type(BaseType("string"))
STRINGS = Type(BaseType("string"), min=0, max=None)
INTEGERS = Type(BaseType("integer"), min=0, max=None)
MAP = Type(BaseType("string"), BaseType("string"), 0, None)
NUMBERED = Type(BaseType("integer"), BaseType("string"), 0, None)


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        (STRING, "[a]", "a"),
        (STRING, '"a b"', "a b"),
        (STRINGS, "a b c", ("a", "b", "c")),
        (STRINGS, "c,b, a", ("a", "b", "c")),
        (STRINGS, "[a,]", ("a",)),
        (STRINGS, "[]", ()),
        (STRINGS, 'a;b "c,d"', ("a;b", "c,d")),
        (INTEGERS, "1-3,7", (1, 2, 3, 7)),
        (INTEGERS, "-3--1", (-3, -2, -1)),
        (MAP, "{}", {}),
        (MAP, 'b=1, "a b"= "c d" x=y', {"a b": "c d", "b": "1", "x": "y"}),
        (MAP, "{a=b}", {"a": "b"}),
        (Type(BaseType("integer"), min=0), "[]", None),
    ],
)
def test_parse(type_: Type, text: str, value: Any) -> None:
    assert parse_text(type_, text) == value


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        (STRING, "a", "a"),
        (STRINGS, (), "[]"),
        (STRINGS, ("a", "b c"), '[a, "b c"]'),
        (Type(BaseType("integer"), min=0), None, "[]"),
        (Type(BaseType("integer"), min=0), 5, "5"),
        (MAP, {"a": "b", "c": ""}, '{a=b, c=""}'),
        (MAP, {}, "{}"),
        (Type(BaseType("integer"), BaseType("boolean")), {1: True}, "1=true"),
    ],
)
def test_format(type_: Type, value: Any, text: str) -> None:
    assert format_text(type_, value) == text


@pytest.mark.parametrize(
    ("type_", "text", "complaint"),
    [
        (STRING, "a b", "a b: 2 value(s) specified but the maximum number is 1"),
        (STRINGS, "", 'use "[]" to specify the empty set'),
        (MAP, "", 'use "{}" to specify the empty map'),
        (STRINGS, "[a, b", '[a, b: missing "]" at end of data'),
        (STRINGS, "[a]x", '[a]x: trailing garbage after "]"'),
        (STRINGS, ",a", ',a: unexpected "," parsing set of strings'),
        (STRINGS, "a:b", 'a:b: unexpected ":" parsing set of strings'),
        (STRINGS, 'a"b', 'a"b: quoted string extends past end of argument'),
        (STRINGS, "a a", "a a: set contains duplicate value"),
        (INTEGERS, "5-1", '"5-1" is not a valid range. Range end cannot be before start.'),
        (INTEGERS, "1-5000", 'constraint violation: Range "1-5000" is too big. Maximum allowed size is 4096.'),
        (INTEGERS, "1-x", '"1-x" is not a valid integer or range'),
        (Type(BaseType("integer"), min=0, max=4), "1-5", "1-5: 5 value(s) specified but the maximum number is 4"),
        (Type(BaseType("integer"), max=2), "[]", "[]: 0 value(s) specified but the minimum number is 1"),
        (MAP, "a=b=c", 'a=b=c: unexpected "=" parsing map of (string, string) pairs'),
        (MAP, "a!=b", 'a!=b: syntax error at "!" expecting "="'),
        (MAP, "a", 'a: syntax error at "'),
        (MAP, "a=", 'An empty string is not valid as input; use "" to represent the empty string'),
        (NUMBERED, "1=a,1=b", "1=a,1=b: map contains duplicate key"),
        (Type(BaseType("string", enum=("a", "b"))), "c", "constraint violation: c is not one of the allowed values ([a, b])"),
    ],
)
def test_refused(type_: Type, text: str, complaint: str) -> None:
    with pytest.raises(OvsdbError) as refusal:
        parse_text(type_, text)
    assert str(refusal.value) == complaint


@pytest.mark.parametrize(
    ("text", "start", "token"), [("a=b", 0, ("a", 1)), ('"x=y"=1', 0, ('"x=y"', 5)), ("a b", 2, ("b", 3)), ("=", 0, ("", 0))]
)
def test_tokens(text: str, start: int, token: tuple[str, int]) -> None:
    assert next_token(text, start) == token


@given(typed_values())
def test_what_is_shown_is_read(typed: tuple[Type, Any]) -> None:
    type_, value = typed
    if type_.key.kind != "real" and (type_.value is None or type_.value.kind != "real"):
        assert parse_text(type_, format_text(type_, value)) == value
