"""A declared collection at work in one engine: what it answers, who has to be run, and what has come and gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from heapq import heappush
from typing import Any

from pyovn.query.cell import DEAD, DIRTY, Cell
from pyovn.query.each import Cross, Declared, Difference, Each, Index

NO_DIFFERENCE = Difference[Any]((), ())


def _net(gained: Sequence[Any], lost: Sequence[Any]) -> Difference[Any]:
    """What came and went, without what did both."""
    if not gained or not lost:
        return Difference(tuple(gained), tuple(lost))
    left = Counter(lost)
    stayed = []
    for item in gained:
        if left.get(item):
            left[item] -= 1
        else:
            stayed.append(item)
    return Difference(tuple(stayed), tuple(left.elements()))


class Live:
    """A declared collection at work in one engine: its units, those that wait, and how many units vouch for each answer."""

    __slots__ = (
        "buckets", "changed", "counts", "crossings", "declared", "draining", "followers", "gained", "is_read", "lost", "news", "pending",
        "restless", "sides", "stirred", "taken", "units",
    )  # fmt: skip

    def __init__(self, declared: Declared, restless: list[tuple[int, Live]], followers: list[tuple[Live, int]]) -> None:
        self.declared = declared
        self.followers = followers
        """Collections that have a unit for each answer of this one, with the position of the part."""
        self.units: tuple[dict[Any, Cell], ...] = tuple({} for _ in declared.parts)
        """For each part, by item of its source."""
        self.pending: list[Cell] = []
        self.draining = False
        is_bag = isinstance(declared, Cross) or (isinstance(declared, Each) and not declared.counted)
        self.counts: dict[Any, int] | None = None if is_bag else {}
        """How many units vouch for each answer; None of a bag."""
        self.gained: list[Any] = []
        """Of a bag: what came since last taken."""
        self.lost: list[Any] = []
        self.buckets: dict[Any, dict[Any, None]] | None = {} if isinstance(declared, Index) else None
        self.changed: list[Any] = []
        """Keys of buckets that changed while draining."""
        self.is_read = False
        """A bucket was read: until then it need not be said which have changed."""
        self.taken: dict[Any, bool] | None = None
        """Since last taken: True for an answer gained, False for one lost; None while nobody takes."""
        self.crossings: list[tuple[Live, int]] = []
        """Of an index: the products that it is the left (0) or right (1) side of."""
        self.news: list[tuple[int, Any, Any, bool]] = []
        """Of a product: what came to a side and what left it (side, key, value, came) since it was last drained."""
        self.sides: tuple[dict[Any, dict[Any, None]], dict[Any, dict[Any, None]]] = ({}, {})
        """Of a product: the values on its left and on its right, by key."""
        self.restless = restless
        """The engine's heap, by order, of the collections in which something waits."""
        self.stirred = False
        """It is among them."""

    def stir(self) -> None:
        """Something waits here to be drained."""
        if not self.stirred:
            self.stirred = True
            heappush(self.restless, (self.declared.order, self))

    def wait(self, unit: Cell) -> None:
        """A unit is to be run."""
        self.pending.append(unit)
        if not self.stirred:
            self.stir()

    def gain_source(self, part: int, item: Any) -> None:
        """An item has appeared in the source of a part."""
        unit = self.units[part][item] = Cell((self.declared.parts[part][1], item), DIRTY, self)
        self.wait(unit)

    def lose_source(self, part: int, item: Any) -> Cell:
        """An item has left the source of a part: its unit is dead, and returned for its reads to be forgotten."""
        unit = self.units[part].pop(item)
        unit.state = DEAD
        return unit

    def vouch(self, item: Any) -> bool:
        """One more unit answers `item`; true if it is new and somebody may want to know."""
        if self.counts is None:
            self.gained.append(item)
            return False
        held = self.counts.get(item)
        if held is not None:
            self.counts[item] = held + 1
            return False
        self.counts[item] = 1
        self._note(item, True)
        return True

    def withdraw(self, item: Any) -> bool:
        """One unit less answers `item`; true if it is gone and somebody may want to know."""
        if self.counts is None:
            self.lost.append(item)
            return False
        held = self.counts[item] - 1
        if held:
            self.counts[item] = held
            return False
        del self.counts[item]
        self._note(item, False)
        return True

    def _note(self, item: Any, gained: bool) -> None:
        if self.taken is not None and self.taken.pop(item, gained) is gained:
            self.taken[item] = gained
        if self.buckets is None:
            return
        key, value = item
        bucket = self.buckets.setdefault(key, {})
        if gained:
            bucket[value] = None
        else:
            del bucket[value]
            if not bucket:
                del self.buckets[key]
        if self.is_read:
            self.changed.append(key)
            self.stir()
        for product, side in self.crossings:
            product.hear(side, key, value, gained)

    def hear(self, side: int, key: Any, value: Any, came: bool) -> None:
        """A value came to a side of this product, or left it."""
        self.news.append((side, key, value, came))
        self.stir()

    def multiply(self) -> None:
        """Of a product: yield for what came, and take back for what left."""
        if not isinstance(self.declared, Cross):
            return
        news, self.news = self.news, []
        function = self.declared.function
        for side, key, value, came in news:
            mine = self.sides[side].setdefault(key, {})
            if came:
                mine[value] = None
            else:
                del mine[value]
            answers = self.gained if came else self.lost
            for other in self.sides[1 - side].get(key, ()):
                answers += function(other, value) if side else function(value, other)

    def items(self) -> Collection[Any]:
        """All that is answered now."""
        if self.counts is not None:
            return self.counts.keys()
        if isinstance(self.declared, Cross):
            function, (left, right) = self.declared.function, self.sides
            return [answer for key in left for one in left[key] for other in right.get(key, ()) for answer in function(one, other)]
        return [answer for units in self.units for unit in units.values() for answer in unit.value or ()]

    def take(self) -> Difference[Any]:
        """What was gained and lost since last asked; the first time: everything, as gained."""
        if self.counts is None:
            gained, self.gained = self.gained, []
            lost, self.lost = self.lost, []
            return _net(gained, lost)
        if self.taken is None:
            self.taken = {}
            return Difference(tuple(self.counts), ())
        taken = self.taken
        if not taken:
            return NO_DIFFERENCE
        self.taken = {}
        return Difference(
            tuple(item for item, is_new in taken.items() if is_new),
            tuple(item for item, is_new in taken.items() if not is_new),
        )
