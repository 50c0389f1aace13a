"""The world's clock: order, due times, waiting."""

from __future__ import annotations

import pytest

from pyovn.lab.world import Stalled, World
from pyovn.machine import NEVER


class Ticker:
    """Says a number at each second, up to a limit."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.said: list[int] = []
        self.next = 1

    def receive(self, port: object, data: object, now: float) -> None:
        self.limit += 1

    def tick(self, now: float) -> None:
        while self.next <= min(now, self.limit):
            self.said.append(self.next)
            self.next += 1

    def due(self) -> float:
        return float(self.next) if self.next <= self.limit else NEVER

    def take(self) -> list[object]:
        said, self.said = self.said, []
        return list(said)


def test_a_machine_is_ticked_when_it_is_due() -> None:
    world, heard = World(), list[object]()
    world.join(Ticker(3), lambda effects: heard.append((world.now, effects)))
    world.run(10)
    assert heard == [(1.0, [1]), (2.0, [2]), (3.0, [3])]
    assert world.now == 10


def test_a_bell_wakes_a_machine_that_had_nothing_planned() -> None:
    world, heard = World(), list[object]()
    ticker = Ticker(0)
    bell = world.join(ticker, heard.extend)
    world.run(5)
    ticker.receive(None, None, world.now)
    bell()
    world.run(0)
    assert heard == [1]


def test_events_of_one_instant_keep_their_order() -> None:
    world, heard = World(), list[str]()
    for letter in "abc":
        world.after(1, lambda letter=letter: heard.append(letter))  # type: ignore[misc]
    world.run(1)
    assert heard == ["a", "b", "c"]


def test_waiting_in_vain_names_what_did_not_come() -> None:
    world = World()
    world.after(20, lambda: None)
    with pytest.raises(Stalled, match="the ship: did not come within 10 s"):
        world.wait(lambda: False, "the ship")
