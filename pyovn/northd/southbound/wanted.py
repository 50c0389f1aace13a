"""Southbound rows as queries want them: by the table and a natural key, with the columns that are the compiler's to say.

Columns that belong to others (a port's chassis, a monitor's status) are not mentioned and never touched.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

from pyovn.ovsdb.row import Table


class Key(NamedTuple):
    """A row by its natural key, where a column refers to it: the row may not exist yet."""

    table: type[Table]
    key: Hashable


class Wanted(NamedTuple):
    """One row: hashable, so that it can be compared and counted."""

    table: type[Table]
    key: Hashable
    columns: tuple[tuple[str, Hashable], ...]
    """Maps as sorted pairs, sets as tuples, references as `Key`."""
    initial: tuple[tuple[str, Hashable], ...] = ()
    """Columns that are said once, when the row is made."""


def wanted(table: type[Table], key: Hashable, initial: Mapping[str, Any] | None = None, /, **columns: Any) -> Wanted:
    """A wanted row from plain column values."""
    return Wanted(table, key, _frozen(columns), _frozen(initial or {}))


def _frozen(columns: Mapping[str, Any]) -> tuple[tuple[str, Hashable], ...]:
    return tuple((name, tuple(sorted(value.items())) if isinstance(value, dict) else value) for name, value in columns.items())
