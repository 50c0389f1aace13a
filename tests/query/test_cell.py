"""Staining: readers become dirty, their readers stained, and units are queued once; readers are kept whether few or many."""

from __future__ import annotations

from pyovn.query.cell import CLEAN, DIRTY, FEW, STAINED, Cell, stain


class Waiting:
    """A collection that only notes which units wait."""

    def __init__(self) -> None:
        self.pending: list[Cell] = []

    def wait(self, unit: Cell) -> None:
        """A unit is to be run."""
        self.pending.append(unit)


def test_dirt_next_door_stains_beyond() -> None:
    waiting = Waiting()
    row, near, far = Cell(("row",)), Cell((len,)), Cell((len,), owner=waiting)
    row.add_reader(near)
    near.add_reader(far)
    stain(row)
    stain(row)
    assert (row.state, near.state, far.state) == (CLEAN, DIRTY, STAINED)
    assert waiting.pending == [far]


def test_a_stained_cell_can_become_dirty() -> None:
    row, other, near, far = Cell(("row",)), Cell(("other",)), Cell((len,)), Cell((len,))
    row.add_reader(near)
    near.add_reader(far)
    other.add_reader(far)
    stain(row)
    stain(other)
    assert far.state == DIRTY


def test_many_readers_come_and_go() -> None:
    row, readers = Cell(("row",)), [Cell((len,)) for _ in range(2 * FEW)]
    for count, reader in enumerate(readers, 1):
        row.add_reader(reader)
        assert list(row.readers) == readers[:count]
    for reader in readers:
        row.remove_reader(reader)
    assert not row.readers
