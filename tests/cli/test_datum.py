"""Values as command lines write them: what is printed can be read back, what is wrong is named."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.cli.client import CommandError
from pyovn.cli.ctl import datum
from pyovn.cli.ctl.schema import Column

TEXT = st.text(alphabet=string.printable + "äß€", max_size=12).filter(lambda text: "\x0b" not in text and "\x0c" not in text)
COLUMNS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "string": ("string", TEXT),
    "integer": ("integer", st.integers(-(1 << 63), (1 << 63) - 1)),
    "boolean": ("boolean", st.booleans()),
    "set": ({"key": "string", "min": 0, "max": "unlimited"}, st.lists(TEXT, unique=True).map(sorted)),
    "optional": ({"key": "integer", "min": 0, "max": 1}, st.none() | st.integers(0, 9)),
    "map": (
        {"key": "string", "value": "integer", "min": 0, "max": "unlimited"},
        st.dictionaries(TEXT, st.integers(-5, 5)).map(lambda pairs: dict(sorted(pairs.items()))),
    ),
}


@pytest.mark.parametrize("name", COLUMNS)
@given(data=st.data())
def test_what_is_printed_can_be_read_back(name: str, data: st.DataObject) -> None:
    kind, values = COLUMNS[name]
    column = Column("c", {"type": kind})
    value = data.draw(values)
    assert datum.parse(column, datum.text(column, value), {}) == value


@pytest.mark.parametrize("name", COLUMNS)
@given(data=st.data())
def test_the_wire_and_back(name: str, data: st.DataObject) -> None:
    kind, values = COLUMNS[name]
    column = Column("c", {"type": kind})
    value = data.draw(values)
    assert datum.from_wire(column, datum.to_wire(column, value, lambda uuid: False)) == value


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [
        ("integer", "1d", '"1d" is not a valid integer or range'),
        ("integer", "[1,2]", "[1,2]: 2 value(s) specified but the maximum number is 1"),
        ("integer", "[]", "[]: 0 value(s) specified but the minimum number is 1"),
        ("boolean", "True", '"True" is not a valid boolean (use "true" or "false")'),
        ("string", '"a', '"a: quoted string extends past end of argument'),
        ("string", "a:b", 'a:b: unexpected ":" parsing string'),
        ("uuid", "12", '"12" is not a valid UUID'),
        (COLUMNS["map"][0], "a:b=1", 'a:b=1: syntax error at ":" expecting "="'),
        (COLUMNS["map"][0], "{a=1", '{a=1: missing "}" at end of data'),
        (COLUMNS["map"][0], "a=1,a=2", "a=1,a=2: map contains duplicate key"),
        (
            {"key": {"type": "integer", "minInteger": 0, "maxInteger": 9}},
            "10",
            "constraint violation: 10 is not in the valid range 0 to 9 (inclusive)",
        ),
        (
            {"key": {"type": "string", "enum": ["set", ["b", "a"]]}},
            "c",
            "constraint violation: c is not one of the allowed values ([a, b])",
        ),
    ],
)
def test_what_is_wrong_is_named(kind: Any, text: str, error: str) -> None:
    with pytest.raises(CommandError) as raised:
        datum.parse(Column("c", {"type": kind}), text, {})
    assert str(raised.value) == error
