"""Which lines of a log the console shows, and how."""

from __future__ import annotations

from datetime import datetime

import pytest

from pyovn.cli.ctl.vlog import Console

NOW = datetime(2026, 1, 2, 3, 4, 5, 6000)


@pytest.mark.parametrize(
    ("specifications", "module", "level", "shown"),
    [
        ([], "nbctl", "WARN", True),
        ([], "nbctl", "INFO", False),
        (["dbg"], "nbctl", "DBG", True),
        (["nbctl:err"], "nbctl", "WARN", False),
        (["nbctl:err"], "sbctl", "WARN", True),
        (["console:off"], "nbctl", "EMER", False),
        (["syslog:off"], "nbctl", "WARN", True),
        (["nbctl:off", "any:any:dbg"], "nbctl", "DBG", True),
    ],
)
def test_levels(specifications: list[str], module: str, level: str, shown: bool) -> None:
    assert Console(specifications).shows(module, level) is shown


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("", "2026-01-02T03:04:05Z|00007|nbctl|WARN|text"),
        ("PATTERN:console:%c|%p|%m", "nbctl|WARN|text"),
        ("PATTERN:any:%A %-8c|%8c|%3N%%", "ovn-nbctl nbctl   |   nbctl|  7%"),
        ("PATTERN:console:%D{%H:%M:%S.###}", "03:04:05.006"),
        ("PATTERN:file:%m", "2026-01-02T03:04:05Z|00007|nbctl|WARN|text"),
    ],
)
def test_patterns(pattern: str, line: str) -> None:
    assert Console([pattern] if pattern else []).line("ovn-nbctl", ("nbctl", "WARN", "text"), 7, NOW) == line + "\n"
