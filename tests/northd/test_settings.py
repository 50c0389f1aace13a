"""Numbers among settings."""

from __future__ import annotations

import pytest

from pyovn.northd.settings import clamped, integer, unsigned


@pytest.mark.parametrize(("text", "signed", "expected"), [
    ("5", 5, 5), (" 7", 7, 7), ("-3", -3, 9), ("+4", 4, 4), ("", 9, 9), ("0x8", 9, 9), ("99999999999", 9, 9), ("4294967295", 9, 4294967295),
])  # fmt: skip
def test_what_is_no_number_is_not_said(text: str, signed: int, expected: int) -> None:
    assert (integer({"a": text}, "a", 9), unsigned({"a": text}, "a", 9)) == (signed, expected)


@pytest.mark.parametrize(("value", "expected"), [(0, 1), (1, 1), (2, 2), (4, 3)])
def test_clamped(value: int, expected: int) -> None:
    assert clamped(value, 1, 3) == expected
