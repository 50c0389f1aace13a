"""Who speaks again when: everything in a collection has its turn at once, and then whenever it is put off to.

Asking who is next costs the same whether there are ten or ten thousand.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

from pyovn.machine import NEVER
from pyovn.query import Each, Engine

Key = TypeVar("Key", bound=Hashable)


class Turns(Generic[Key]):
    """The turns of what is in a collection; one that leaves it and comes back begins anew."""

    def __init__(self, db: Engine, collection: Each[Key]) -> None:
        self._db, self._collection = db, collection
        self._taken: dict[Key, tuple[float, int]] = {}
        """When each one's turn is next, and how many it has had."""
        self._heap: list[tuple[float, int, Key]] = []
        self._order = count()

    def ripe(self, now: float) -> Iterator[tuple[Key, int]]:
        """Whose turn it is, and the how manieth; it has no other until it is put off."""
        gained, lost = self._db.take(self._collection)
        for gone in lost:
            self._taken.pop(gone, None)
        for new in gained:
            self._plan(new, now, 0)
        while self.due() <= now:
            _, _, key = heappop(self._heap)
            had = self._taken[key][1] + 1
            self._taken[key] = NEVER, had
            yield key, had

    def put_off(self, key: Key, until: float) -> None:
        """Its next turn is then."""
        self._plan(key, until, self._taken[key][1])

    def due(self) -> float:
        """When the next turn is."""
        heap = self._heap
        while heap and self._taken.get(heap[0][2], (NEVER, 0))[0] != heap[0][0]:
            heappop(heap)
        return heap[0][0] if heap else NEVER

    def _plan(self, key: Key, at: float, had: int) -> None:
        self._taken[key] = at, had
        if at != NEVER:
            heappush(self._heap, (at, next(self._order), key))
