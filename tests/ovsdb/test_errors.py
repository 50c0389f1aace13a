"""The error's line and its JSON."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.ovsdb.errors import OvsdbError, error_from_json


@pytest.mark.parametrize(
    ("error", "line", "json"),
    [
        (OvsdbError("aborted"), "aborted", {"error": "aborted"}),
        (OvsdbError("timed out", "too late"), "timed out: too late", {"error": "timed out", "details": "too late"}),
        (OvsdbError("", "x is no number"), "x is no number", {"error": "", "details": "x is no number"}),
        (
            OvsdbError("syntax error", "expected integer", syntax='"x"'),
            'syntax ""x"": syntax error: expected integer',
            {"error": "syntax error", "details": "expected integer", "syntax": '"x"'},
        ),
        (
            OvsdbError("I/O error", "f: write failed", io_error="No space left on device"),
            "I/O error: f: write failed (No space left on device)",
            {"error": "I/O error", "details": "f: write failed", "io-error": "No space left on device"},
        ),
    ],
)
def test_line_and_json(error: OvsdbError, line: str, json: dict[str, Any]) -> None:
    assert str(error) == line
    assert error.to_json() == json
    assert error_from_json(json).to_json() == json
