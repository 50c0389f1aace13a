"""Collections computed row by row: what queries say for each row of a table (or item of another collection), kept by differences.

No query loops over a large collection: it says what one item contributes, and the engine runs it for items that appear
or whose reads changed. An `Each` is a set of answers, an `Index` a set of (key, value) answers that queries read by key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heappush
from itertools import count
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from pyovn.query.cell import DEAD, DIRTY, Cell

if TYPE_CHECKING:
    from pyovn.query.engine import Engine

T = TypeVar("T")
I = TypeVar("I")  # noqa: E741 - item
K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Hashable)
W = TypeVar("W", bound=Hashable)

Source = Any
"""A table (a row class: items are the references of its rows), `some` of its rows, an `Each` (its answers) or an `Index` (its keys)."""

_orders = count()


@dataclass(frozen=True, eq=False)
class Some:
    """The rows of a table that pass a test, which looks at nothing but the row: where few do, the others cost nothing."""

    table: type[Any]
    test: Callable[[Any], bool]


@dataclass(frozen=True, eq=False)
class Each(Generic[I]):
    """What the queries of `parts` yield for every item of their source; it may only read collections declared before it."""

    parts: tuple[tuple[Source, Callable[[Engine, Any], Iterable[I]]], ...]
    order: int
    counted: bool = True
    """False of a bag: an answer that several items give is gained as often, and no other collection is made of it."""


@dataclass(frozen=True, eq=False)
class Index(Generic[K, V]):
    """Like `Each`, of (key, value) pairs; `index(db, key)` reads, and records, one bucket: its values, sorted."""

    parts: tuple[tuple[Source, Callable[[Engine, Any], Iterable[tuple[K, V]]]], ...]
    order: int

    def __call__(self, db: Engine, key: K) -> tuple[V, ...]:
        """The values under `key`, sorted; empty if there are none."""
        return db.bucket(self, key)


@dataclass(frozen=True, eq=False)
class Cross(Generic[I]):
    """What a pure function yields for every two values that stand under one key of two indexes.

    No cell is kept for a pair, and none is looked at again: a value that comes is met with those on the other side, one that
    goes takes what it yielded along. It is a bag: what several pairs yield is gained as often.
    """

    left: Index[Any, Any]
    right: Index[Any, Any]
    function: Callable[[Any, Any], Iterable[I]]
    order: int

    @property
    def parts(self) -> tuple[()]:
        """It has no units."""
        return ()


Declared = Each[Any] | Index[Any, Any] | Cross[Any]


def cross(left: Index[Any, V], right: Index[Any, W], function: Callable[[V, W], Iterable[I]]) -> Cross[I]:
    """Declare the collection of all that `function`, which reads nothing, yields for values of two indexes with the same key."""
    return Cross(left, right, function, next(_orders))


def some(table: type[T], test: Callable[[T], bool]) -> Some:
    """Declare a source: the rows of `table` that pass `test`."""
    return Some(table, test)


def each(*parts: tuple[Source, Callable[[Engine, Any], Iterable[I]]]) -> Each[I]:
    """Declare the collection of all that `query` yields for every item of `source`, for each (source, query) given."""
    return Each(parts, next(_orders))


def bag(*parts: tuple[Source, Callable[[Engine, Any], Iterable[I]]]) -> Each[I]:
    """Declare the same where nobody counts who else answers what a query yields, because there is very much, or who takes it does that."""
    return Each(parts, next(_orders), counted=False)


def index(*parts: tuple[Source, Callable[[Engine, Any], Iterable[tuple[K, V]]]]) -> Index[K, V]:
    """Declare the index of all (key, value) pairs that `query` yields for every item of `source`, for each (source, query) given."""
    return Index(parts, next(_orders))


class Difference(NamedTuple, Generic[I]):
    """What a collection gained and lost since last asked."""

    gained: tuple[I, ...]
    lost: tuple[I, ...]


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
