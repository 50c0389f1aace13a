"""How long what a program does again and again takes, as `stopwatch/show` prints it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pyovn.runtime.unixctl import CommandError, Commands

WINDOW = 1000
"""How many samples are kept, of which the percentile is taken."""

SHORT, LONG = 0.5, 0.01
"""The weight of the newest sample in the short-term and the long-term average."""


class Stopwatch:
    """Samples of one thing's duration, in milliseconds."""

    def __init__(self) -> None:
        self.samples: deque[float] = deque(maxlen=WINDOW)
        self.total = 0
        self.maximum = self.minimum = self.short = self.long = 0.0

    def sample(self, ms: float) -> None:
        """It has taken so long once more."""
        first = not self.total
        self.total += 1
        self.samples.append(ms)
        self.maximum, self.minimum = max(ms, self.maximum), ms if first else min(ms, self.minimum)
        self.short = ms if first else SHORT * ms + (1 - SHORT) * self.short
        self.long = ms if first else LONG * ms + (1 - LONG) * self.long

    def shown(self, name: str) -> str:
        """The figures so far."""
        ranked = sorted(self.samples)
        percentile = ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))] if ranked else 0.0
        lines = (
            f"Statistics for '{name}'", f"Total samples: {self.total}", f"Maximum: {self.maximum:.0f} msec",
            f"Minimum: {self.minimum:.0f} msec", f"95th percentile: {percentile:.6f} msec",
            f"Short term average: {self.short:.6f} msec", f"Long term average: {self.long:.6f} msec",
        )  # fmt: skip
        return "\n  ".join(lines) + "\n"


class Stopwatches:
    """A program's stopwatches, by name."""

    def __init__(self, *names: str) -> None:
        self._by_name = {name: Stopwatch() for name in names}

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Sample how long the block takes."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self._by_name[name].sample(1000 * (time.perf_counter() - start))

    def offer(self, commands: Commands) -> None:
        """Register `stopwatch/show` and `stopwatch/reset`."""
        commands.register("stopwatch/show", self._show, most=1, usage="[NAME]")
        commands.register("stopwatch/reset", self._reset, most=1, usage="[NAME]")

    def _show(self, words: Sequence[str]) -> str:
        return "".join(self._by_name[name].shown(name) for name in self._chosen(words))

    def _reset(self, words: Sequence[str]) -> str:
        for name in self._chosen(words):
            self._by_name[name] = Stopwatch()
        return ""

    def _chosen(self, words: Sequence[str]) -> list[str]:
        if words and words[0] not in self._by_name:
            raise CommandError("No such stopwatch")
        return list(words) or list(self._by_name)
