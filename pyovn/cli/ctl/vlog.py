"""What `-v` says about a command line's log on the console: which lines are shown, and how (ovs-vsctl(8), "Logging Options").

Rule: it is loaded only when there is a line to show.
"""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LEVELS = ("off", "emer", "err", "warn", "info", "dbg")
DESTINATIONS = ("console", "syslog", "file")
SEVERITIES = {"emer": 1, "err": 3, "warn": 4, "info": 5, "dbg": 7}
"""The severity in syslog of each level."""
LOCAL0 = 16
USUAL_LEVEL = "warn"
USUAL_PATTERN = "%D{%Y-%m-%dT%H:%M:%SZ}|%05N|%c%T|%p|%m"
ESCAPE = re.compile(r"%(-?)(0?)(\d*)([ABcdDEmnNpPrtT%])(?:\{([^}]*)\})?")


class Console:
    """The levels that the console shows, by module, and the pattern of its lines."""

    __slots__ = ("levels", "pattern")

    def __init__(self, specifications: Sequence[str]) -> None:
        self.levels = {"": USUAL_LEVEL}
        """Module → the least important level shown; "" is every other module."""
        self.pattern = USUAL_PATTERN
        for specification in specifications:
            self._apply(specification)

    def _apply(self, specification: str) -> None:
        kind, _, rest = specification.partition(":")
        if kind.upper() == "PATTERN":
            destination, _, pattern = rest.partition(":")
            if destination.lower() in ("console", "any"):
                self.pattern = pattern
            return
        words = [word for word in re.split("[ ,:]", specification) if word]
        level = next((word.lower() for word in words if word.lower() in LEVELS), "dbg")
        modules = [word.replace("-", "_") for word in words if word.lower() not in (*LEVELS, *DESTINATIONS, "any")]
        if "console" in words or not any(word.lower() in DESTINATIONS for word in words):
            if not modules:
                self.levels = {}
            self.levels |= dict.fromkeys(modules or [""], level)

    def shows(self, module: str, level: str) -> bool:
        """Whether a line of this module and level is for the console."""
        least = self.levels.get(module, self.levels[""])
        return LEVELS.index(level.lower()) <= LEVELS.index(least)

    def line(self, program: str, said: tuple[str, str, str], number: int, now: datetime) -> str:
        """A line of the log: `said` is its module, level and text."""
        return written(self.pattern, program, said, number, now) + "\n"


def written(pattern: str, program: str, said: tuple[str, str, str], number: int, now: datetime, *, facility: int = LOCAL0) -> str:
    """What a pattern makes of a line; `now` is the time of day in UTC, `facility` one of syslog's numbers (RFC 5424 6.2.1)."""
    module, level, text = said
    values = {
        "A": program, "B": str(facility * 8 + SEVERITIES[level.lower()]),
        "c": module, "E": os.uname().nodename, "m": text, "n": "\n", "N": str(number), "p": level,
        "P": str(os.getpid()), "r": "0", "t": "main", "T": "", "%": "%",
    }  # fmt: skip

    def value(found: re.Match[str]) -> str:
        left, zero, width, letter, argument = found.groups()
        if letter in "dD":
            form = (argument or "%Y-%m-%d %H:%M:%S.###").replace("###", f"{now.microsecond // 1000:03}")
            return now.strftime(form)
        known = values[letter]
        return known.ljust(int(width or 0)) if left else known.rjust(int(width or 0), "0" if zero else " ")

    return ESCAPE.sub(value, pattern)
