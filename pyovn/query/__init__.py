"""Memoized queries with recorded reads, and collections kept by differences: the one incremental mechanism there is."""

from pyovn.query.each import Cross, Difference, Each, Index, bag, cross, each, index, some
from pyovn.query.engine import Change, Engine, Query, projection, query

__all__ = [
    "Change", "Cross", "Difference", "Each", "Engine", "Index", "Query",
    "bag", "cross", "each", "index", "projection", "query", "some",
]  # fmt: skip
