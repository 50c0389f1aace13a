"""What the engine remembers: one cell for each thing read or computed, kept small because there are hundreds of thousands."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import IntEnum
from typing import Any


class State(IntEnum):
    """How far a cell's answer can be trusted."""

    CLEAN = 0
    """Nothing it read has changed."""
    STAINED = 1
    """Something it read may change; ask that first."""
    DIRTY = 2
    """Something it read has changed; compute again."""
    DEAD = 3
    """Nobody asks any more."""


class Cell:
    """A row, an index bucket, a table's membership (no `compute`), or a query's answer, with the edges recorded in both directions."""

    __slots__ = ("args", "compute", "key", "owner", "readers", "reads", "state", "value")

    def __init__(self, key: Hashable, compute: Callable[..., Any] | None, args: tuple[Any, ...], owner: Any = None) -> None:
        self.key = key
        self.compute = compute
        self.args = args
        self.owner = owner
        """The live collection this cell is a unit of, or None."""
        self.value: Any = None
        self.state = State.CLEAN if compute is None else State.DIRTY
        self.reads: tuple[Cell, ...] = ()
        self.readers: dict[Cell, None] | None = None


def stain(changed: Cell) -> None:
    """`changed` has a new answer: its readers are dirty, theirs stained, and units among them wait in their collections."""
    if not changed.readers:
        return
    stack = [(reader, State.DIRTY) for reader in changed.readers]
    while stack:
        cell, state = stack.pop()
        was = cell.state
        if state > was:
            cell.state = state
        if was is not State.CLEAN:
            continue
        if cell.owner is not None:
            cell.owner.pending.append(cell)
        if cell.readers:
            stack.extend((reader, State.STAINED) for reader in cell.readers)
