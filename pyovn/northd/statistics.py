"""How often each query ran: the compiler's engine as `inc-engine/show-stats` shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from pyovn.query import Engine


class Statistics:
    """Counts the runs of every query of an engine from now on."""

    def __init__(self, db: Engine) -> None:
        self.runs: Counter[str] = Counter()
        db.on_run = self._ran

    def _ran(self, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.runs[f"{function.__module__.removeprefix('pyovn.northd.')}.{function.__name__}"] += 1

    def show(self, words: Sequence[str]) -> str:
        """All counters, those of one query, or (`compute`, `recompute`, `cancel`) one counter: nothing is ever recomputed."""
        names = sorted(self.runs) if not words else [words[0]]
        if len(words) == 2:
            return f"{self.runs[words[0]] if words[1] == 'compute' else 0}\n"
        return "".join(f"Node: {name}\n- recompute: {0:12}\n- compute:   {self.runs[name]:12}\n- cancel:    {0:12}\n" for name in names)

    def clear(self) -> str:
        """Start counting anew."""
        self.runs.clear()
        return ""
