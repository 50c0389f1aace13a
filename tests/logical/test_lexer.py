"""Text to tokens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.logical.lexer import Cursor, LogicalError, format_token, quote, tokenize
from tests.logical.recorded import parametrize


@parametrize("lexer.txt")
def test_tokens(text: str, expected: list[str]) -> None:
    assert [" ".join(format_token(token) for token in tokenize(text)[:-1])] == expected


@settings(deadline=None)
@given(st.text())
def test_any_text_is_tokens(text: str) -> None:
    assert tokenize(text)[-1].kind == ""


@settings(deadline=None)
@given(st.text())
def test_a_string_is_read_as_it_was_written(text: str) -> None:
    token = tokenize(quote(text))[0]
    assert (token.kind, token.name) == ("string", text)


def test_a_cursor_says_where_it_stands() -> None:
    cursor = Cursor("a , b")
    assert cursor.match_id("a") and cursor.match(",")
    with pytest.raises(LogicalError, match=r"Syntax error at `b' expecting `;'\."):
        cursor.expect(";")
