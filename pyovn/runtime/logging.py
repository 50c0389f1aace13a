"""Log lines as the reference's vlog writes them: `2026-01-01T00:00:00.000Z|00001|module|INFO|text`.

Programs log with the standard library's `logging`, one logger a module; this module gives its records the vlog form, destinations
(console, file, syslog) and levels that can be set by module while the program runs.
"""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pyovn.cli.ctl.vlog import LOCAL0, written
from pyovn.runtime.vlog_modules import MODULES

LEVELS = {
    "off": logging.CRITICAL + 10,
    "emer": logging.CRITICAL,
    "err": logging.ERROR,
    "warn": logging.WARNING,
    "info": logging.INFO,
    "dbg": logging.DEBUG,
}
WORD_OF_LEVEL = {number: word.upper() for word, number in LEVELS.items()}
DESTINATIONS = ("console", "syslog", "file")
USUAL_PATTERNS = {
    "syslog": ("<%B> %D{%h %e %T} %E %A:", "ovs|%05N|%c%T|%p|%m"),
    "console": ("none", "%D{%Y-%m-%dT%H:%M:%SZ}|%05N|%c%T|%p|%m"),
    "file": ("none", "%D{%Y-%m-%dT%H:%M:%S.###Z}|%05N|%c%T|%p|%m"),
}
"""What stands before a line, and how it is written, where nothing else was asked for."""
EMER = logging.CRITICAL


class VlogError(Exception):
    """A level specification is wrong; the text says how."""


class VlogFormatter(logging.Formatter):
    """Writes a record as vlog does, numbering the lines of its destination; a `pattern` that was asked for says how (ovs-appctl(8))."""

    def __init__(self, program: str, *, milliseconds: bool, pattern: str | None = None) -> None:
        super().__init__()
        self._program = program
        self._milliseconds = milliseconds
        self._count = 0
        self.pattern = pattern
        self.facility = LOCAL0

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        self._count += 1
        text = self._usual(record) if self.pattern is None else self._by_pattern(record, self.pattern)
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return text

    def _by_pattern(self, record: logging.LogRecord, pattern: str) -> str:
        said = (_module(record.name), WORD_OF_LEVEL.get(record.levelno, record.levelname), record.getMessage())
        return written(
            pattern, self._program, said, self._count, datetime.fromtimestamp(record.created, UTC), facility=self.facility
        )  # fmt: skip

    def _usual(self, record: logging.LogRecord) -> str:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        if self._milliseconds:
            stamp += f".{int(record.msecs):03d}"
        level = WORD_OF_LEVEL.get(record.levelno, record.levelname)
        return f"{stamp}Z|{self._count:05d}|{_module(record.name)}|{level}|{record.getMessage()}"


@dataclass(slots=True)
class Log:
    """The state of one process's logging."""

    program: str
    levels: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DESTINATIONS, logging.INFO))
    by_module: dict[tuple[str, str], int] = field(default_factory=dict)
    patterns: dict[str, str] = field(default_factory=dict)
    """How lines are written at a destination, where that was asked for."""
    facility: int = LOCAL0
    """Syslog's number that patterns show (`%B`)."""
    handlers: dict[str, logging.Handler] = field(default_factory=dict)
    file: str = ""


def start_log(program: str) -> Log:
    """Log to the console from now on."""
    log = Log(program)
    handler = logging.StreamHandler(sys.stderr)
    _install(log, "console", handler, milliseconds=False)
    return log


def open_log_file(log: Log, file: str) -> None:
    """Log to `file` too, or open it anew; `OSError` when it cannot be opened."""
    handler = logging.FileHandler(file, encoding="utf-8")
    _remove(log, "file")
    log.file = file
    _install(log, "file", handler, milliseconds=True)
    logging.getLogger("vlog").info("opened log file %s", file)


def open_syslog(log: Log, method: str, target: str = "") -> None:
    """Log to syslog too: `libc`, `unix:FILE` or `udp:IP:PORT`; quietly nothing where no syslog listens."""
    where: str | tuple[str, int] = "/dev/log"
    if method.startswith("unix:"):
        where = method[5:]
    elif method.startswith("udp:") or target:
        host, _, port = (target or method[4:]).rpartition(":")
        where = (host, int(port or 514))
    if isinstance(where, str) and not os.path.exists(where):
        return
    try:
        handler = logging.handlers.SysLogHandler(where, logging.handlers.SysLogHandler.LOG_DAEMON)
    except OSError:
        return
    handler.ident = f"{log.program}: ovs|"
    _install(log, "syslog", handler, milliseconds=False)


def close_console(log: Log) -> None:
    """Log to the console no longer (a detached program has none)."""
    set_levels(log, "console:off")
    _remove(log, "console")


def close_log_file(log: Log) -> None:
    """Log to the file no longer, until it is opened anew."""
    _remove(log, "file")


def reopen(log: Log) -> None:
    """Open the log file anew, after something else has renamed it."""
    if log.file:
        open_log_file(log, log.file)


def set_levels(log: Log, specification: str) -> None:
    """Apply `[MODULE][:DESTINATION][:LEVEL]` in any order, or `PATTERN:DESTINATION:PATTERN` (ovs-appctl(8), vlog/set).

    Raises `VlogError` for a word that is none of these.
    """
    kind, _, rest = specification.partition(":")
    if kind.upper() == "PATTERN":
        _set_pattern(log, *rest.partition(":")[::2])
    if kind.upper() == "FACILITY":
        _set_facility(log, rest.lower())
    if kind.upper() in ("PATTERN", "FACILITY"):
        return
    level, destination, module = logging.DEBUG, "", ""
    for word in filter(None, specification.replace(",", ":").replace(" ", ":").split(":")):
        lower = word.lower()
        if lower in LEVELS:
            level = LEVELS[lower]
        elif lower in DESTINATIONS:
            destination = lower
        elif lower != "any":
            module = _check_module(word)
    for chosen in (destination,) if destination else DESTINATIONS:
        _set_level(log, chosen, module, level)


def set_all_levels(log: Log, specifications: Iterable[str]) -> None:
    """Apply what a command line's `--verbose` options say; `VlogError` names the one that is wrong."""
    for specification in specifications:
        try:
            set_levels(log, specification)
        except VlogError as error:
            raise VlogError(f'processing "{specification}": {error}') from None


def _set_pattern(log: Log, destination: str, pattern: str) -> None:
    named = destination.lower()
    if named not in (*DESTINATIONS, "any"):
        raise VlogError(f'unknown destination "{destination}"' if destination else "missing destination")
    for chosen in DESTINATIONS if named == "any" else (named,):
        log.patterns[chosen] = pattern
        handler = log.handlers.get(chosen)
        if handler is not None and isinstance(handler.formatter, VlogFormatter):
            handler.formatter.pattern = pattern


def _set_facility(log: Log, name: str) -> None:
    if name not in logging.handlers.SysLogHandler.facility_names:
        raise VlogError("invalid facility")
    log.facility = logging.handlers.SysLogHandler.facility_names[name]
    for handler in log.handlers.values():
        if isinstance(handler.formatter, VlogFormatter):
            handler.formatter.facility = log.facility


def list_levels(log: Log) -> str:
    """The table that `vlog/list` prints."""
    lines = ["                 console    syslog    file", "                 -------    ------    ------"]
    for module in sorted(known_modules() | {name for _, name in log.by_module}):
        words = [WORD_OF_LEVEL[log.by_module.get((destination, module), log.levels[destination])] for destination in DESTINATIONS]
        lines.append(f"{module:<16}  {words[0]:>4}       {words[1]:>4}       {words[2]:>4}")
    return "\n".join(lines) + "\n"


def list_patterns(log: Log) -> str:
    """The table that `vlog/list-pattern` prints."""
    lines = [f"{'':<9}{'prefix':<34}format", f"{'':<9}{'------':<34}------"]
    for destination in ("syslog", "console", "file"):
        prefix, pattern = USUAL_PATTERNS[destination]
        lines.append(f"{destination.upper():<9}{prefix:<34}{log.patterns.get(destination, pattern)}")
    return "\n".join(lines) + "\n"


def known_modules() -> set[str]:
    """The modules that log, by vlog's names."""
    ours = (name for name in logging.root.manager.loggerDict if not name.startswith(("pyroute2", "asyncio", "concurrent")))
    return {"vlog", *map(_module, ours)}


def _module(logger: str) -> str:
    return logger.rpartition(".")[2]


def is_module(word: str) -> bool:
    """Whether a module of that name has a level, in this program or in one of the reference's."""
    module = word.replace("-", "_")
    return module in MODULES or module in known_modules()


def _check_module(word: str) -> str:
    if not is_module(word):
        raise VlogError(f'no destination, level, or module "{word}"')
    return word.replace("-", "_")


def _set_level(log: Log, destination: str, module: str, level: int) -> None:
    if module:
        log.by_module[destination, module] = level
    else:
        log.levels[destination] = level
        log.by_module = {key: value for key, value in log.by_module.items() if key[0] != destination}
    everything = [*log.levels.values(), *log.by_module.values()]
    logging.root.setLevel(min(everything))


def _install(log: Log, destination: str, handler: logging.Handler, *, milliseconds: bool) -> None:
    def allowed(record: logging.LogRecord) -> bool:
        return record.levelno >= log.by_module.get((destination, _module(record.name)), log.levels[destination])

    formatter = VlogFormatter(log.program, milliseconds=milliseconds, pattern=log.patterns.get(destination))
    formatter.facility = log.facility
    handler.setFormatter(formatter)
    handler.addFilter(allowed)
    log.handlers[destination] = handler
    logging.root.addHandler(handler)
    logging.root.setLevel(min([*log.levels.values(), *log.by_module.values()]))


def _remove(log: Log, destination: str) -> None:
    handler = log.handlers.pop(destination, None)
    if handler is not None:
        logging.root.removeHandler(handler)
        handler.close()
