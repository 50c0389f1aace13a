"""Numbers given to OpenFlow groups and meters: the same thing always gets the same number, and what a number means is never forgotten."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(slots=True, eq=False)
class Numbers(Generic[K]):
    """Things and their numbers, from 1 on."""

    of: dict[K, int] = field(default_factory=dict)
    things: dict[int, K] = field(default_factory=dict)


def number_of(numbers: Numbers[K], thing: K) -> int:
    """The thing's number, given now if it has none."""
    number = numbers.of.get(thing)
    if number is None:
        number = numbers.of[thing] = len(numbers.of) + 1
        numbers.things[number] = thing
    return number
