"""What makes the columns of a row that is there as they are wanted: of a large set of which little differs, only what comes and goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyovn.ovsdb.operation import Mutate, Mutation, Operation, Update, by_uuid
from pyovn.ovsdb.row import Table

LARGE = 32
"""A set of fewer elements is soon said whole."""
FEW = 4
"""The set is said whole, too, if more than one in so many elements comes or goes."""


def corrections(table: type[Table], uuid: str, before: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[Operation]:
    """The operations for the columns of `wanted`, which hold what `before` says."""
    whole: dict[str, Any] = {}
    mutations: list[Mutation] = []
    for name, value in wanted.items():
        parts = _parts(name, before[name], value)
        mutations += parts
        if not parts:
            whole[name] = value
    if whole:
        yield Update(table, by_uuid(uuid), whole)
    if mutations:
        yield Mutate(table, by_uuid(uuid), mutations)


def _parts(name: str, before: Any, wanted: Any) -> list[Mutation]:
    """What comes into and goes out of a set; nothing if it had better be said whole."""
    if type(before) is not tuple or type(wanted) is not tuple or len(wanted) < LARGE:
        return []
    gone, come = set(before).difference(wanted), set(wanted).difference(before)
    if FEW * (len(gone) + len(come)) > len(wanted):
        return []
    named = (("delete", gone), ("insert", come))
    return [Mutation(name, mutator, tuple(sorted(atoms))) for mutator, atoms in named if atoms]
