"""Counters of what a program does, for `coverage/show`: declared where they count, one addition each (ovs-appctl(8))."""

from __future__ import annotations


class Counter:
    """How often something has happened since the program began."""

    __slots__ = ("count", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = 0


ALL: dict[str, Counter] = {}
"""The counters of the modules that are loaded, by name."""


def counter(name: str) -> Counter:
    """The counter of this name, of which there is one."""
    return ALL.setdefault(name, Counter(name))
