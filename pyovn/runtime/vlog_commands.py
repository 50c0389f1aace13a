"""The commands by which a running daemon's log is managed (ovs-appctl(8), LOGGING COMMANDS)."""

from __future__ import annotations

from collections.abc import Sequence

from pyovn.runtime import logging as vlog
from pyovn.runtime.unixctl import MANY, CommandError, Commands


def offer_log_commands(commands: Commands, log: vlog.Log) -> None:
    """Register `vlog/…`."""
    register = commands.register
    register("vlog/set", lambda words: _set_levels(log, words), least=1, most=MANY, usage="{spec | PATTERN:destination:pattern}")
    register("vlog/list", lambda _: vlog.list_levels(log))
    register("vlog/list-pattern", lambda _: vlog.list_patterns(log))
    register("vlog/reopen", lambda _: _reopen(log))
    register("vlog/close", lambda _: _close(log))
    for word in ("enable", "disable"):
        register(f"vlog/{word}-rate-limit", _limit, most=MANY, usage="[module]...")


def _set_levels(log: vlog.Log, words: Sequence[str]) -> str:
    try:
        for word in words:
            vlog.set_levels(log, word)
    except vlog.VlogError as error:
        raise CommandError(str(error)) from None
    return ""


def _reopen(log: vlog.Log) -> str:
    if not log.file:
        raise CommandError("Logging to file not configured")
    try:
        vlog.reopen(log)
    except OSError as error:
        raise CommandError(error.strerror or str(error)) from None
    return ""


def _close(log: vlog.Log) -> str:
    vlog.close_log_file(log)
    return ""


def _limit(words: Sequence[str]) -> str:
    """Nothing is limited here, so there is nothing to change."""
    if not all(vlog.is_module(word) for word in words):
        raise CommandError("unknown module")
    return ""
