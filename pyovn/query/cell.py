"""What the engine remembers: one cell for each thing read or computed, kept small because there are hundreds of thousands."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

CLEAN, STAINED, DIRTY, DEAD = range(4)
"""How far an answer can be trusted: nothing it read has changed; something may have, ask that; something has; nobody asks any more."""

FEW = 16
"""Up to so many readers are kept in a tuple, a fifth of the smallest dict; most cells have one."""


class Cell:
    """A row, an index bucket, a table's membership, a query's answer or a collection's unit, with the edges recorded in both directions."""

    __slots__ = ("key", "owner", "readers", "reads", "state", "value")

    def __init__(self, key: tuple[Any, ...], state: int = CLEAN, owner: Any = None) -> None:
        self.key = key
        """Of what is computed: the function, then its arguments."""
        self.state = state
        self.owner = owner
        """The live collection this cell is a unit of, or None."""
        self.value: Any = None
        self.reads: tuple[Cell, ...] = ()
        self.readers: tuple[Cell, ...] | dict[Cell, None] = ()

    def add_reader(self, reader: Cell) -> None:
        """`reader` has read this for the first time."""
        readers = self.readers
        if type(readers) is dict:
            readers[reader] = None
        elif len(readers) < FEW:
            self.readers = (*readers, reader)
        else:
            self.readers = dict.fromkeys((*readers, reader))

    def remove_reader(self, reader: Cell) -> None:
        """`reader` reads this no more."""
        readers = self.readers
        if type(readers) is dict:
            del readers[reader]
        else:
            self.readers = tuple(other for other in readers if other is not reader)


def stain(changed: Cell, spared: Container[Any] = ()) -> list[Cell]:
    """`changed` has a new answer: its readers are dirty, theirs stained, and units among them wait in their collections.

    Readers that answer functions among the `spared` are dirty too, but nobody is told yet: they are returned.
    """
    if spared:
        kept = [reader for reader in changed.readers if reader.key[0] in spared and reader.owner is None]
        stack = [(reader, DIRTY) for reader in changed.readers if reader.owner is not None or reader.key[0] not in spared]
        for reader in kept:
            reader.state = DIRTY
    else:
        kept, stack = [], [(reader, DIRTY) for reader in changed.readers]
    while stack:
        cell, state = stack.pop()
        was = cell.state
        if state > was:
            cell.state = state
        if was != CLEAN:
            continue
        if cell.owner is not None:
            cell.owner.wait(cell)
        stack += [(reader, STAINED) for reader in cell.readers]
    return kept
