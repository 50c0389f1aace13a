"""`coverage/show` and `coverage/read-counter`: how often the counters of `pyovn.coverage` have risen, in all and lately (ovs-appctl(8)).

A sample is taken every five seconds while the program is awake anyway; what a longer sleep ended in is spread over the time slept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from zlib import crc32

from pyovn.coverage import ALL, Counter
from pyovn.machine import NEVER
from pyovn.runtime.loop import Loop
from pyovn.runtime.unixctl import CommandError, Commands

INTERVAL_S = 5.0
MINUTE = 12
"""Samples of a minute."""
HOUR = 60
"""Minutes of an hour."""


@dataclass(slots=True)
class Past:
    """What a counter rose by: in each of the last samples, and in each of the last minutes."""

    known: int = 0
    samples: deque[float] = field(default_factory=lambda: deque([0.0] * MINUTE, MINUTE))
    minutes: deque[float] = field(default_factory=lambda: deque([0.0] * HOUR, HOUR))


class Coverage:
    """A task that remembers how counters rise; it never asks for a turn."""

    def __init__(self, now: float, counters: Mapping[str, Counter] = ALL) -> None:
        self._counters = counters
        self._past: dict[str, Past] = {}
        self._sampled = now
        self._samples = 0

    def turn(self, now: float) -> bool:
        """See `Task`."""
        if now >= self._sampled + INTERVAL_S:
            self._sample(now)
        return False

    def due(self) -> float:
        """See `Task`."""
        return NEVER

    def show(self, now: float) -> str:
        """The counters that have risen at all, and how many have not."""
        self.turn(now)
        risen = {name: each for name, each in self._counters.items() if each.count}
        ranked = sorted(risen.values(), key=lambda each: (-each.count, each.name))
        kind = crc32(" ".join(each.name for each in ranked).encode())
        lines = [f"Event coverage, avg rate over last: {INTERVAL_S:g} seconds, last minute, last hour,  hash={kind:08x}:"]
        lines += [_line(each, self._past.get(name) or Past()) for name, each in risen.items()]
        return "\n".join([*lines, f"{len(self._counters) - len(risen)} events never hit"])

    def read(self, name: str) -> str:
        """One counter's total."""
        if name not in self._counters:
            raise CommandError("No such counter")
        return f"{self._counters[name].count}\n"

    def _sample(self, now: float) -> None:
        passed = int((now - self._sampled) / INTERVAL_S)
        self._sampled += passed * INTERVAL_S
        shares = min(passed, MINUTE * HOUR)
        for name, each in self._counters.items():
            past = self._past.setdefault(name, Past())
            share, past.known = (each.count - past.known) / passed, each.count
            for number in range(self._samples, self._samples + shares):
                past.samples.append(share)
                if (number + 1) % MINUTE == 0:
                    past.minutes.append(sum(past.samples))
        self._samples += shares


def _line(counter: Counter, past: Past) -> str:
    lately, minute, hour = past.samples[-1] / INTERVAL_S, sum(past.samples) / 60, sum(past.minutes) / 3600
    return f"{counter.name:<24} {lately:5.1f}/sec {minute:9.3f}/sec {hour:13.4f}/sec   total: {counter.count}"


def offer_coverage(commands: Commands, loop: Loop) -> None:
    """Register the commands, and remember from now on."""
    coverage = Coverage(loop.now())
    loop.add(coverage)
    commands.register("coverage/show", lambda _: coverage.show(loop.now()))
    commands.register("coverage/read-counter", lambda words: coverage.read(words[0]), least=1, most=1, usage="COUNTER")
