"""A running daemon's log, managed from outside."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from pyovn.runtime import logging as vlog
from pyovn.runtime.unixctl import CommandError, Commands
from pyovn.runtime.vlog_commands import offer_log_commands


def offered(log: vlog.Log) -> Commands:
    commands = Commands()
    offer_log_commands(commands, log)
    return commands


def test_a_file_is_closed_and_opened_anew(tmp_path: Path) -> None:
    log = vlog.Log("prog")
    commands = offered(log)
    with pytest.raises(CommandError, match="not configured"):
        commands.call("vlog/reopen", [])
    vlog.open_log_file(log, str(tmp_path / "prog.log"))
    commands.call("vlog/close", [])
    assert "file" not in log.handlers
    commands.call("vlog/reopen", [])
    assert "file" in log.handlers
    commands.call("vlog/close", [])


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (["vlog/set", "jsonrpc:dbg", "info"], ""), (["vlog/set", "nope"], "no destination, level, or module"),
        (["vlog/set", "FACILITY:local0"], ""), (["vlog/set", "FACILITY:nope"], "invalid facility"),
        (["vlog/disable-rate-limit"], ""), (["vlog/enable-rate-limit", "jsonrpc"], ""),
        (["vlog/disable-rate-limit", "nope"], "unknown module"),
    ],
)  # fmt: skip
def test_words(words: list[str], refused: str) -> None:
    commands = offered(vlog.Log("prog"))
    if not refused:
        assert commands.call(words[0], words[1:]) == ""
        return
    with pytest.raises(CommandError, match=refused):
        commands.call(words[0], words[1:])


def test_patterns_are_listed() -> None:
    commands = offered(vlog.Log("prog"))
    commands.call("vlog/set", ["PATTERN:console:%m"])
    listed = str(commands.call("vlog/list-pattern", [])).splitlines()
    assert [line.split()[0] for line in listed[2:]] == ["SYSLOG", "CONSOLE", "FILE"]
    assert listed[3].split() == ["CONSOLE", "none", "%m"] and listed[4].endswith("|%05N|%c%T|%p|%m")


def test_who_has_no_console_says_so() -> None:
    log = vlog.Log("prog")
    vlog.close_console(log)
    assert vlog.list_levels(log).splitlines()[2].split()[1:] == ["OFF", "INFO", "INFO"]


def test_a_facility_is_in_the_priority(tmp_path: Path) -> None:
    log = vlog.Log("prog")
    commands = offered(log)
    commands.call("vlog/set", ["PATTERN:file:<%B>%m"])
    vlog.open_log_file(log, str(tmp_path / "prog.log"))
    commands.call("vlog/set", ["FACILITY:daemon"])
    logging.getLogger("vlog").warning("a")
    commands.call("vlog/close", [])
    lines = (tmp_path / "prog.log").read_text().splitlines()
    assert [line.partition(">")[0] for line in lines] == ["<133", "<28"]
