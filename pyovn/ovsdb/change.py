"""What a commit did to one row: the difference in which databases, stores, monitors and queries speak."""

from __future__ import annotations

from typing import NamedTuple

from pyovn.ovsdb.row import Table


class Change(NamedTuple):
    """One row before and after; `old` is None for an insertion, `new` for a deletion, never both."""

    table: type[Table]
    uuid: str
    old: Table | None
    new: Table | None


def changed_columns(change: Change) -> tuple[str, ...]:
    """The columns whose values differ; all of them where the row came or went."""
    old, new = change.old, change.new
    columns = change.table.__columns__
    if old is None or new is None:
        return columns
    return tuple(name for name in columns if getattr(old, name) != getattr(new, name))
