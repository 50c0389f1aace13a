"""The collector's turns."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from pyovn.runtime.collector import YOUNG, Collector


class Ring:
    """Refers to itself."""

    def __init__(self) -> None:
        self.ring = self


@pytest.fixture
def collector() -> Iterator[Collector]:
    gc.collect()
    yield Collector()
    gc.unfreeze()
    gc.enable()


def test_cycles_that_nobody_has_any_more_go_and_the_rest_is_not_looked_at_again(collector: Collector) -> None:
    before = gc.get_freeze_count()
    gone, kept = weakref.ref(Ring()), [Ring() for _ in range(YOUNG)]
    collector.turn(0.0)
    assert gone() is None
    assert gc.get_freeze_count() >= before + len(kept)


def test_it_waits_until_there_is_something_to_look_at(collector: Collector) -> None:
    collector.turn(0.0)
    gone = weakref.ref(Ring())
    collector.turn(0.0)
    assert gone() is not None
