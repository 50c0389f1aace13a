"""When which of many sessions is due: asking for the earliest costs the same whether there are ten or ten thousand.

Rule: an entry may be too early, never too late. Whoever is found ripe too early says anew when it is due.
"""

from __future__ import annotations

from heapq import heappop, heappush

from pyovn.machine import NEVER


class Agenda:
    """Numbers of sessions by due time."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int]] = []
        self._planned: dict[int, float] = {}

    def plan(self, number: int, due: float) -> None:
        """The session is due then, or later."""
        if due < self._planned.get(number, NEVER):
            self._planned[number] = due
            heappush(self._heap, (due, number))

    def forget(self, number: int) -> None:
        """The session is over."""
        self._planned.pop(number, None)

    def earliest(self) -> float:
        """When the next session is due, or thinks so."""
        heap = self._heap
        while heap and self._planned.get(heap[0][1]) != heap[0][0]:
            heappop(heap)
        return heap[0][0] if heap else NEVER

    def take_ripe(self, now: float) -> list[int]:
        """The sessions due by `now`, which are on the agenda no more."""
        ripe = []
        while self.earliest() <= now:
            _, number = heappop(self._heap)
            del self._planned[number]
            ripe.append(number)
        return ripe
