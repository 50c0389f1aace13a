"""Virtual time: machines, what they are due to do, and what is under way between them. One seed gives one history."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from pyovn.machine import NEVER, Machine

Carry = Callable[[list[object]], None]
"""Carries out a machine's effects."""

MAX_STEPS_AT_ONCE = 1_000_000
"""More steps than this without time passing means that two machines keep each other busy for ever."""


@dataclass(slots=True, eq=False)
class Resident:
    """A machine that lives in the world, and who carries out what it wants."""

    machine: Machine
    carry: Carry
    awake: bool = False
    due: float = NEVER


class Stalled(Exception):
    """The world waited for something that did not come in time."""


class World:
    """A clock that jumps from one event to the next; nothing in it waits or polls."""

    def __init__(self, start: float = 0.0) -> None:
        self.now = start
        self._order = count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []

    def at(self, when: float, act: Callable[[], None]) -> None:
        """Do `act` at the absolute time `when` (seconds), or now if that is past."""
        heapq.heappush(self._events, (max(when, self.now), next(self._order), act))

    def after(self, delay: float, act: Callable[[], None]) -> None:
        """Do `act` in `delay` seconds."""
        self.at(self.now + delay, act)

    def join(self, machine: Machine, carry: Carry) -> Callable[[], None]:
        """Let a machine live here; ring the bell that is returned whenever it has been given something."""
        resident = Resident(machine, carry)

        def bell() -> None:
            if not resident.awake:
                resident.awake = True
                self.at(self.now, lambda: self._step(resident))

        bell()
        return bell

    def _step(self, resident: Resident) -> None:
        resident.awake = False
        resident.machine.tick(self.now)
        effects = resident.machine.take()
        if effects:
            resident.carry(effects)
        self._plan(resident)

    def _plan(self, resident: Resident) -> None:
        """Come back when the machine is next due; a plan that it dropped meanwhile is recognised when its time comes."""
        due = resident.machine.due()
        if due == resident.due and due > self.now:
            return
        resident.due = due
        if due < NEVER:
            self.at(due, lambda: self._step(resident) if resident.due == due else None)

    def run(self, seconds: float) -> None:
        """Let `seconds` pass."""
        end = self.now + seconds
        self.run_until(lambda: False, end)
        self.now = end

    def run_until(self, condition: Callable[[], bool], end: float) -> bool:
        """Run until `condition` holds, or until the absolute time `end`; says whether it came to hold."""
        steps = 0
        while not condition():
            if not self._events or self._events[0][0] > end:
                return False
            when, _, act = heapq.heappop(self._events)
            steps = 0 if when > self.now else steps + 1
            assert steps < MAX_STEPS_AT_ONCE, "machines keep each other busy without time passing"
            self.now = when
            act()
        return True

    def wait(self, condition: Callable[[], bool], what: str, seconds: float = 10.0) -> None:
        """Run until `condition` holds; after `seconds` without it raise `Stalled`, naming `what` did not come."""
        if not self.run_until(condition, self.now + seconds):
            raise Stalled(f"{what}: did not come within {seconds:g} s")
