"""Tunnel keys, and tags of containers: numbers that stay with their owner for life, unique within a scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from pyovn.northd.flow import Problem
from pyovn.northd.southbound.datapaths import KeyRequest


class Keys:
    """Who has which key in which scope; all datapaths are one scope, each datapath's ports another.

    A new datapath gets the lowest free key, as a container's VLAN tag does. A new port gets the first free one after the highest: a key
    that is freed in the same round is not yet free, for chassis may still have packets for its port in flight.
    """

    def __init__(self, known: Callable[[KeyRequest], int | None], *, lowest: bool = False) -> None:
        self._lowest = lowest
        """The lowest free key is handed out, instead of one above the highest."""
        self._known = known
        """The key that an owner already has in the southbound database, or None."""
        self._keys: dict[tuple[str, str], int] = {}
        self._taken: dict[str, dict[int, str]] = {}
        self._freed: dict[str, int] = {}
        """The highest key that was freed in a scope since keys were last handed out there."""
        self.problems: dict[tuple[str, str], Problem] = {}

    def release(self, requests: tuple[KeyRequest, ...]) -> Iterator[KeyRequest]:
        """Owners that are gone, or ask for something else: those whose key is free now."""
        for request in requests:
            self.problems.pop((request.scope, request.owner), None)
            key = self._keys.pop((request.scope, request.owner), None)
            if key is not None:
                del self._taken[request.scope][key]
                self._freed[request.scope] = max(key, self._freed.get(request.scope, 0))
                yield request

    def allot(self, requests: tuple[KeyRequest, ...], highest: int) -> Iterator[tuple[KeyRequest, int]]:
        """A key of 1 to `highest` for each new owner: the one it asks for, the one it has, or the next free one."""
        waiting = []
        for request in sorted(requests, key=lambda request: (-request.requested, request.owner)):
            key = request.requested or self._known(request)
            if key and key <= highest and key not in self._taken.setdefault(request.scope, {}):
                yield request, self._give(request, key)
            else:
                waiting.append(request)
        for request in sorted(waiting, key=lambda request: request.owner):
            if request.requested:
                fact = f"requested-tnl-key {request.requested} is not to be had; another key is used instead"
                self.problems[request.scope, request.owner] = Problem("Logical_Switch_Port", request.owner, fact)
            free = self._next_free(request.scope, highest)
            if free is None:
                self.problems[request.scope, request.owner] = Problem("Tunnel key", request.owner, f"all {highest} keys are taken")
            else:
                yield request, self._give(request, free)
        self._freed.clear()

    def _give(self, request: KeyRequest, key: int) -> int:
        self._keys[request.scope, request.owner] = key
        self._taken.setdefault(request.scope, {})[key] = request.owner
        return key

    def _next_free(self, scope: str, highest: int) -> int | None:
        taken = self._taken.setdefault(scope, {})
        last = 0 if self._lowest else max((self._freed.get(scope, 0), *taken))
        candidates = chain(range(last + 1, highest + 1), range(1, last + 1))
        return next((key for key in candidates if key not in taken), None)
