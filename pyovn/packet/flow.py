"""A packet as the fields that a switch matches on: what Open vSwitch extracts from a frame, never failing."""

from __future__ import annotations

from typing import TypeAlias

from pyovn.packet import slot

Flow: TypeAlias = list[int]
"""One integer a slot (see `slot`); 0 where the packet has no such field."""


def empty_flow() -> Flow:
    """A flow with every field zero."""
    return [0] * slot.SLOTS
