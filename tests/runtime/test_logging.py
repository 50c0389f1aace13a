"""Log lines and levels."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyovn.runtime import logging as vlog


@pytest.fixture
def log(tmp_path: Path) -> Iterator[vlog.Log]:
    made = vlog.Log("prog")
    level = logging.root.level
    vlog.open_log_file(made, str(tmp_path / "prog.log"))
    yield made
    for destination in tuple(made.handlers):
        logging.root.removeHandler(made.handlers.pop(destination))
    logging.root.setLevel(level)


def lines(log: vlog.Log) -> list[str]:
    return Path(log.file).read_text().splitlines()


def test_the_form_of_a_line(log: vlog.Log) -> None:
    logging.getLogger("pyovn.binding").warning("claimed %s", "lp1")
    last = lines(log)[-1]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\|00002\|binding\|WARN\|claimed lp1", last)


LEVELS = [
    (["info"], "info", True),
    (["file:err"], "warn", False),
    (["binding:file:dbg"], "dbg", True),
    (["dbg:binding"], "dbg", True),
    (["file:off"], "emer", False),
    (["console:dbg"], "dbg", False),
    (["file:dbg", "binding:file:err"], "warn", False),
    ([""], "dbg", True),
    (["jsonrpc:dbg", "file:err:stream-ssl"], "info", True),
]


@pytest.mark.parametrize(("specifications", "level", "logged"), LEVELS)
def test_levels(log: vlog.Log, specifications: list[str], level: str, logged: bool) -> None:
    logger = logging.getLogger("binding")
    for specification in specifications:
        vlog.set_levels(log, specification)
    logger.log(vlog.LEVELS[level], "here")
    assert any(line.endswith("|here") for line in lines(log)) == logged


PATTERNS = [
    ("PATTERN:file:%m", "here"),
    ("pattern:ANY:%05N|%c|%p|%m", "00002|binding|WARN|here"),
    ("PATTERN:file:%A%T %-6p<%m>%%", "prog WARN  <here>%"),
    ("PATTERN:console:%m", None),
]


@pytest.mark.parametrize(("specification", "line"), PATTERNS)
def test_how_lines_are_written(log: vlog.Log, specification: str, line: str | None) -> None:
    vlog.set_levels(log, specification)
    logging.getLogger("binding").warning("here")
    assert (lines(log)[-1] == line) if line else lines(log)[-1].endswith("|binding|WARN|here")


def test_a_pattern_for_nowhere_is_refused(log: vlog.Log) -> None:
    for specification, message in (("PATTERN:nowhere:%m", 'unknown destination "nowhere"'), ("PATTERN", "missing destination")):
        with pytest.raises(vlog.VlogError, match=message):
            vlog.set_levels(log, specification)


def test_a_word_that_is_nothing_is_refused(log: vlog.Log) -> None:
    with pytest.raises(vlog.VlogError, match='no destination, level, or module "nope"'):
        vlog.set_levels(log, "nope:info")


def test_the_list_of_levels(log: vlog.Log) -> None:
    logging.getLogger("binding")
    vlog.set_levels(log, "binding:console:dbg")
    assert vlog.list_levels(log).startswith("                 console    syslog    file\n                 -------    ------    ------\n")
    assert "binding            DBG       INFO       INFO\n" in vlog.list_levels(log)


def test_reopening_follows_a_rename(log: vlog.Log) -> None:
    old = Path(log.file)
    old.rename(old.with_suffix(".1"))
    vlog.reopen(log)
    assert "opened log file" in old.read_text()
