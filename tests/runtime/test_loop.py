"""The loop: turns, due times, descriptors, calls from other threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from pyovn.machine import NEVER
from pyovn.runtime.loop import Drive, Loop


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.close()


class Alarm:
    """A machine that rings some times, a little apart."""

    def __init__(self, start: float, times: int) -> None:
        self.next = start
        self.left = times
        self.effects: list[int] = []

    def receive(self, port: object, data: object, now: float) -> None:
        """Nothing comes."""

    def tick(self, now: float) -> None:
        """Ring."""
        if self.left and now >= self.next:
            self.left -= 1
            self.next = now + 0.001
            self.effects.append(self.left)

    def due(self) -> float:
        """The next ring."""
        return self.next if self.left else NEVER

    def take(self) -> list[int]:
        """The rings."""
        effects, self.effects = self.effects, []
        return effects


def test_a_machine_is_ticked_when_due_and_its_effects_carried_out(loop: Loop) -> None:
    rings: list[int] = []
    loop.add(Drive(Alarm(loop.now(), 3), rings.append))
    assert loop.run(until=lambda: len(rings) == 3, timeout_s=5)
    assert rings == [2, 1, 0]


def test_a_signal_between_readiness_and_the_first_round_is_not_lost(loop: Loop) -> None:
    loop.stop()
    assert loop.run(timeout_s=5)
    assert not loop.run(timeout_s=0)  # the next one goes on


def test_a_task_that_was_removed_gets_no_turn(loop: Loop) -> None:
    rings: list[int] = []
    task = Drive(Alarm(loop.now(), 3), rings.append)
    loop.add(task)
    loop.remove(task)
    loop.remove(task)
    assert not loop.run(timeout_s=0.01)
    assert rings == []


def test_a_descriptor_is_told_of_until_forgotten(loop: Loop) -> None:
    reading, writing = os.pipe()
    heard: list[bytes] = []
    loop.watch_read(reading, lambda: heard.append(os.read(reading, 10)))
    os.write(writing, b"a")
    assert loop.run(until=lambda: bool(heard), timeout_s=5)
    loop.forget(reading)
    os.write(writing, b"b")
    assert not loop.run(timeout_s=0.01)
    assert heard == [b"a"]
    os.close(reading)
    os.close(writing)


def test_a_call_from_another_thread_is_made_by_the_loop(loop: Loop) -> None:
    made_by: list[int] = []
    threading.Thread(target=lambda: loop.post(lambda: made_by.append(threading.get_ident()))).start()
    assert loop.run(until=lambda: bool(made_by), timeout_s=5)
    assert made_by == [threading.get_ident()]


def test_stop_ends_the_run(loop: Loop) -> None:
    loop.post(loop.stop)
    assert loop.run(timeout_s=5)
