"""Which rows hold a value: a hash from what columns hold to uuids, kept true row by row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

Keys = Callable[[Any], Collection[Any]]

FEW = 8
"""So many keys are taken out and put in faster than compared."""


@dataclass(slots=True)
class Index:
    """`keys` says under which keys a row is found. A bucket of one is the bare uuid: most are, and that is half the memory.

    `shared` counts the keys that more than one row has.
    """

    keys: Keys
    buckets: dict[Any, Any] = field(default_factory=dict)
    shared: int = 0

    def add(self, row: Any) -> None:
        """The row is there from now on."""
        self._add(row.uuid, self.keys(row))

    def remove(self, row: Any) -> None:
        """The row is there no more."""
        self._remove(row.uuid, self.keys(row))

    def replace(self, old: Any, new: Any) -> None:
        """The row, or its absence, is now this one."""
        before = () if old is None else self.keys(old)
        after = () if new is None else self.keys(new)
        if before == after:
            return
        uuid = new.uuid if old is None else old.uuid
        if before and after and len(before) + len(after) > FEW:
            # Of a large set only what comes and goes is touched.
            self._remove(uuid, set(before).difference(after))
            self._add(uuid, set(after).difference(before))
        else:
            self._remove(uuid, before)
            self._add(uuid, after)

    def _add(self, uuid: str, keys: Iterable[Any]) -> None:
        buckets = self.buckets
        for key in keys:
            held = buckets.setdefault(key, uuid)
            if held is uuid:
                continue
            if type(held) is dict:
                held[uuid] = None
            else:
                buckets[key] = {held: None, uuid: None}
                self.shared += 1

    def _remove(self, uuid: str, keys: Iterable[Any]) -> None:
        buckets = self.buckets
        for key in keys:
            held = buckets[key]
            if type(held) is not dict:
                del buckets[key]
                continue
            del held[uuid]
            if len(held) == 1:
                buckets[key] = next(iter(held))
                self.shared -= 1

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
