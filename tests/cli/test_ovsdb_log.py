"""What `show-log` prints."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.cli.ovsdb_log import log_lines

SCHEMA = {
    "name": "T",
    "version": "1.0.0",
    "tables": {
        "a": {"columns": {"name": {"type": "string"}, "x": {"type": {"key": "integer", "min": 0, "max": "unlimited"}}}},
        "b": {"columns": {"y": {"type": "integer"}}},
    },
}
U, V = "aaaaaaaa-0000-0000-0000-000000000001", "bbbbbbbb-0000-0000-0000-000000000001"
RECORDS: list[dict[str, Any]] = [
    SCHEMA,
    {"_date": 1700000000123, "a": {U: {"name": "foo bar"}}},
    {"a": {U: {"name": "zip", "x": ["set", [1, 2]]}}, "b": {V: {"y": 3}}, "_comment": "c"},
    {"_date": 1700000000, "_is_diff": True, "b": {V: {"y": 4}}, "a": {U: None}},
    {"_date": 5},
]
HEAD = ['record 0: "T" schema, version="1.0.0", cksum=""', ""]


@pytest.mark.parametrize(
    ("more", "lines"),
    [
        (
            0,
            [
                "record 1: 2023-11-14 22:13:20.123",
                'record 2: "c"',
                "record 3: 2023-11-14 22:13:20.000",
                "record 4: 1970-01-01 00:00:05.000",
            ],
        ),
        (
            1,
            [
                "record 1: 2023-11-14 22:13:20.123",
                '  table a insert row "foo bar" (aaaaaaaa):',
                "",
                'record 2: "c"',
                '  table a row "foo bar" (aaaaaaaa):',
                "  table b insert row bbbbbbbb:",
                "",
                "record 3: 2023-11-14 22:13:20.000",
                '  table a row "zip" (aaaaaaaa) diff:',
                "    delete row",
                "  table b row bbbbbbbb (bbbbbbbb) diff:",
                "",
                "record 4: 1970-01-01 00:00:05.000",
                "",
            ],
        ),
    ],
)
def test_lines(more: int, lines: list[str]) -> None:
    assert list(log_lines(RECORDS, more)) == [*HEAD, *lines]


def test_columns() -> None:
    lines = list(log_lines(RECORDS, 2))
    assert lines[2:12] == [
        "record 1: 2023-11-14 22:13:20.123",
        '  table a insert row "foo bar" (aaaaaaaa):',
        '    name="foo bar"',
        "",
        'record 2: "c"',
        '  table a row "foo bar" (aaaaaaaa):',
        "    name=zip",
        "    x=[1, 2]",
        "  table b insert row bbbbbbbb:",
        "    y=3",
    ]
