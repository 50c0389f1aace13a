"""Staining: readers become dirty, their readers stained, and units are queued once."""

from __future__ import annotations

from types import SimpleNamespace

from pyovn.query.cell import Cell, State, stain


def answer(owner: object = None) -> Cell:
    """A computed cell that is up to date."""
    cell = Cell(None, len, (), owner)
    cell.state = State.CLEAN
    return cell


def test_dirt_next_door_stains_beyond() -> None:
    waiting = SimpleNamespace(pending=[])
    row, near, far = Cell(("row",), None, ()), answer(), answer(waiting)
    row.readers, near.readers = {near: None}, {far: None}
    stain(row)
    stain(row)
    assert (row.state, near.state, far.state) == (State.CLEAN, State.DIRTY, State.STAINED)
    assert waiting.pending == [far]


def test_a_stained_cell_can_become_dirty() -> None:
    row, other, near, far = Cell(("row",), None, ()), Cell(("other",), None, ()), answer(), answer()
    row.readers, near.readers, other.readers = {near: None}, {far: None}, {far: None}
    stain(row)
    stain(other)
    assert far.state is State.DIRTY
