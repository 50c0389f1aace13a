"""Names in matches and actions."""

from __future__ import annotations

import pytest

from pyovn.northd.flow import quoted


@pytest.mark.parametrize(
    ("name", "text"), [("p1", '"p1"'), ('a"b', '"a\\"b"'), ("a\\b", '"a\\\\b"'), ("a\nb", '"a\\nb"'), ("\x01", '"\\u0001"'), ("é", '"é"')]
)
def test_names_are_quoted_as_the_language_reads_them(name: str, text: str) -> None:
    assert quoted(name) == text
