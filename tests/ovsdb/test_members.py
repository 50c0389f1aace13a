"""What a JSON object must and may hold."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.members import check_members


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"a": 1}, None),
        ({"a": 1, "b": "x"}, None),
        ([], "syntax error: Parsing thing failed: Object expected."),
        ({"b": "x"}, """syntax "{"b":"x"}": syntax error: Parsing thing failed: Required 'a' member is missing."""),
        ({"a": True}, """syntax "{"a":true}": syntax error: Parsing thing failed: Type mismatch for member 'a'."""),
        ({"a": 1, "b": "x y"}, """syntax "{"a":1,"b":"x y"}": syntax error: Parsing thing failed: Type mismatch for member 'b'."""),
        ({"a": 1, "c": 2}, """syntax "{"a":1,"c":2}": syntax error: Parsing thing failed: Member 'c' is present but not allowed here."""),
    ],
)
def test_members(given: Any, complaint: str | None) -> None:
    try:
        check_members(given, "thing", {"a": "integer"}, {"b": "id"})
        found = None
    except OvsdbError as error:
        found = str(error)
    assert found == complaint
