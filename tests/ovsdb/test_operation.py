"""Operations are values."""

from __future__ import annotations

from pyovn.ovsdb.operation import Condition, Delete, Named, Result, by_uuid
from tests.ovsdb.sample import House


def test_operations_are_values() -> None:
    assert Delete(House, by_uuid("u")) == Delete(House, [Condition("_uuid", "==", "u")])
    assert Result() == Result(None, None, None)
    assert Named("x") == "x" and type(Named("x")) is not str
