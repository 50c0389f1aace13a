"""Collections computed row by row: what queries say for each row of a table (or item of another collection), kept by differences.

No query loops over a large collection: it says what one item contributes, and the engine runs it for items that appear
or whose reads changed. An `Each` is a set of answers, an `Index` a set of (key, value) answers that queries read by key.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

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
