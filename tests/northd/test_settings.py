"""Numbers and flags among settings."""

from __future__ import annotations

import pytest

from pyovn.northd.settings import clamped, flag, integer, unsigned


@pytest.mark.parametrize(("text", "signed", "expected"), [
    ("5", 5, 5), (" 7", 7, 7), ("-3", -3, 9), ("+4", 4, 4), ("", 9, 9), ("0x8", 9, 9), ("99999999999", 9, 9), ("4294967295", 9, 4294967295),
])  # fmt: skip
def test_what_is_no_number_is_not_said(text: str, signed: int, expected: int) -> None:
    assert (integer({"a": text}, "a", 9), unsigned({"a": text}, "a", 9)) == (signed, expected)


@pytest.mark.parametrize(("value", "expected"), [(0, 1), (1, 1), (2, 2), (4, 3)])
def test_clamped(value: int, expected: int) -> None:
    assert clamped(value, 1, 3) == expected


@pytest.mark.parametrize(
    ("text", "by_default_off", "by_default_on"),
    [
        ("true", True, True), ("True", True, True), ("false", False, False), ("FALSE", False, False), ("maybe", False, True),
        ("", False, True),
    ],
)  # fmt: skip
def test_flags(text: str, by_default_off: bool, by_default_on: bool) -> None:
    assert (flag({"said": text}, "said"), flag({"said": text}, "said", True)) == (by_default_off, by_default_on)
    assert (flag({}, "said"), flag({}, "said", True)) == (False, True)
