"""Durations of what is done again and again."""

from __future__ import annotations

import pytest

from pyovn.runtime.stopwatch import Stopwatch, Stopwatches
from pyovn.runtime.unixctl import CommandError, Commands


def test_figures_of_samples() -> None:
    watch = Stopwatch()
    for ms in (2.0, 4.0, 1.0):
        watch.sample(ms)
    assert watch.shown("loop").splitlines() == [
        "Statistics for 'loop'", "  Total samples: 3", "  Maximum: 4 msec", "  Minimum: 1 msec",
        "  95th percentile: 4.000000 msec", "  Short term average: 2.000000 msec", "  Long term average: 2.009800 msec",
    ]  # fmt: skip


def test_commands() -> None:
    watches, commands = Stopwatches("loop"), Commands()
    watches.offer(commands)
    with watches.timed("loop"):
        pass
    assert "Total samples: 1" in str(commands.call("stopwatch/show", ["loop"]))
    commands.call("stopwatch/reset", [])
    assert "Total samples: 0" in str(commands.call("stopwatch/show", []))
    with pytest.raises(CommandError, match="No such stopwatch"):
        commands.call("stopwatch/show", ["nope"])
