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
    names: tuple[str, ...]
    values: tuple[Hashable, ...]
    """What these columns hold: maps as sorted pairs, sets as tuples, references as `Key`."""
    initial: tuple[tuple[str, Hashable], ...] = ()
    """Columns that are said once, when the row is made."""

    @property
    def columns(self) -> dict[str, Hashable]:
        """The values by name."""
        return dict(zip(self.names, self.values))


def wanted(table: type[Table], key: Hashable, initial: Mapping[str, Any] | None = None, /, **columns: Any) -> Wanted:
    """A wanted row from plain column values."""
    names = tuple(columns)
    first = tuple(initial.items()) if initial else ()
    return Wanted(table, key, _NAMES.setdefault(names, names), tuple(map(_frozen, columns.values())), first)


_NAMES: dict[tuple[str, ...], tuple[str, ...]] = {}
"""The same few tuples stand in all rows."""


def _frozen(value: Any) -> Hashable:
    return tuple(sorted(value.items())) if type(value) is dict else value
