"""Which rows hold a value: a hash from what columns hold to uuids, kept true row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

Keys = Callable[[Any], Iterable[Any]]


@dataclass(slots=True)
class Index:
    """`keys` says under which keys a row is found. A bucket of one is the bare uuid: most are, and that is half the memory."""

    keys: Keys
    buckets: dict[Any, Any] = field(default_factory=dict)

    def add(self, row: Any) -> None:
        """The row is there from now on."""
        uuid = row.uuid
        for key in self.keys(row):
            held = self.buckets.setdefault(key, uuid)
            if held is uuid:
                continue
            if type(held) is dict:
                held[uuid] = None
            else:
                self.buckets[key] = {held: None, uuid: None}

    def remove(self, row: Any) -> None:
        """The row is there no more."""
        uuid = row.uuid
        for key in self.keys(row):
            held = self.buckets[key]
            if type(held) is dict:
                del held[uuid]
                if len(held) == 1:
                    self.buckets[key] = next(iter(held))
            else:
                del self.buckets[key]

    def replace(self, old: Any, new: Any) -> None:
        """The row, or its absence, is now this one."""
        if old is not None and new is not None and self.keys(old) == self.keys(new):
            return
        if old is not None:
            self.remove(old)
        if new is not None:
            self.add(new)

    def find(self, key: Any) -> tuple[str, ...]:
        """The uuids of the rows under the key."""
        held = self.buckets.get(key)
        if held is None:
            return ()
        return tuple(held) if type(held) is dict else (held,)


def hashable(value: Any) -> Any:
    """What a column holds, as a key: maps become tuples of pairs."""
    return tuple(value.items()) if type(value) is dict else value


def keys_of_columns(columns: tuple[str, ...]) -> Keys:
    """One key a row: the tuple of what these columns hold."""
    get: Callable[[Any], Any] = attrgetter(*columns)
    if len(columns) == 1:
        return lambda row: (hashable(get(row)),)

    def keys(row: Any) -> tuple[Any, ...]:
        key = get(row)
        return (key if dict not in map(type, key) else tuple(map(hashable, key)),)

    return keys
