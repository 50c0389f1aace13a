"""Python's cyclic collector in a process that is full of rows: it looks once at what is new, between two rounds, and never again.

By itself it would look at all rows again and again, for a second where there are millions, and in the middle of a change. Rows, queries and
sessions make no cycles: what goes is freed by its reference count. A cycle that goes after it was looked at stays.
"""

from __future__ import annotations

import gc

from pyovn.machine import NEVER

YOUNG = 700
"""From how many new objects on they are looked at."""


class Collector:
    """A task, to be the last of its loop: nobody waits for it."""

    def __init__(self) -> None:
        gc.disable()

    def turn(self, now: float) -> bool:
        """See `Task`."""
        if gc.get_count()[0] >= YOUNG:
            gc.collect(1)
            gc.freeze()
        return False

    def due(self) -> float:
        """See `Task`."""
        return NEVER
