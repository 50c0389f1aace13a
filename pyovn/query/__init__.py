"""Memoized queries with recorded reads, and collections kept by differences: the one incremental mechanism there is."""

from pyovn.query.each import Difference, Each, Index, each, index
from pyovn.query.engine import Change, Engine, Query, query

__all__ = ["Change", "Difference", "Each", "Engine", "Index", "Query", "each", "index", "query"]
