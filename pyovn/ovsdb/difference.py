"""The difference between two values of a column, as files and `update2` write it (ovsdb-server(7), <row-update2>).

A column of at most one element differs by its new value; a set by the elements that come or go; a map by the pairs
that come or go and the new pairs of keys whose value changed.
"""

from __future__ import annotations

from dataclasses import replace as with_fields
from typing import Any

from pyovn.ovsdb.schema import Type


def diff_type(type_: Type) -> Type:
    """The type of a difference: as the column's, of any size."""
    return type_ if type_.max == 1 else with_fields(type_, min=0, max=None)


def difference(type_: Type, old: Any, new: Any) -> Any:
    """What makes `new` of `old`."""
    if type_.max == 1:
        return new
    if type_.is_map:
        gone = {key: value for key, value in old.items() if key not in new}
        come = {key: value for key, value in new.items() if key not in old or old[key] != value}
        return dict(sorted((gone | come).items()))
    return tuple(sorted(set(old) ^ set(new)))


def patched(type_: Type, old: Any, diff: Any) -> Any:
    """What `difference` was made from: `old` with the difference applied."""
    if type_.max == 1:
        return diff
    if type_.is_map:
        kept = {key: value for key, value in old.items() if key not in diff}
        come = {key: value for key, value in diff.items() if key not in old or old[key] != value}
        return dict(sorted((kept | come).items()))
    return tuple(sorted(set(old) ^ set(diff)))
