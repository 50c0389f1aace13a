"""Tunnel keys, and tags of containers: numbers that stay with their owner for life, unique within a scope."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from itertools import chain

from pyovn.northd.flow import Problem
from pyovn.northd.southbound.datapaths import ROUTER, KeyRequest


class Keys:
    """Who has which key in which scope; all datapaths are one scope, each datapath's ports another.

    A new datapath gets the lowest free key, as a container's VLAN tag does. A new port gets the first free one after the highest: a key
    that is freed in the same round is not yet free, for chassis may still have packets for its port in flight. Who asks for a key moves
    one aside that has it without asking, and gets it from one that asked too when that one goes.
    """

    def __init__(
        self, known: Callable[[KeyRequest], int | None], kind: str = "keys", *, lowest: bool = False,
        reserved: Callable[[str], Container[int]] | None = None, patient: bool = False,
    ) -> None:  # fmt: skip
        self._kind = kind
        """What they are, in the words of a log."""
        self._lowest = lowest
        """The lowest free key is handed out, instead of one above the highest."""
        self._patient = patient
        """Even of the lowest, one that was freed in the same round is not yet free."""
        self._reserved = reserved or (lambda scope: ())
        """What others have in a scope, so that it is not handed out."""
        self._known = known
        """The key that an owner already has in the southbound database, or None."""
        self._keys: dict[tuple[str, str], int] = {}
        self._taken: dict[str, dict[int, KeyRequest]] = {}
        self._last_taken: dict[str, int] = {}
        """The highest key that is taken in a scope, unless that is to be looked for again."""
        self._gapless: dict[str, int] = {}
        """Up to which key none is free in a scope."""
        self._refused: dict[tuple[str, int], dict[str, KeyRequest]] = {}
        """By scope and key: who asked for it and had to take another, by owner."""
        self._short: dict[tuple[str, str], KeyRequest] = {}
        """Who got no key, by scope and owner: the next that is free is theirs."""
        self._has_room = False
        """A key was freed since keys were last handed out."""
        self._highest = 0
        self._freed: dict[str, dict[str, int]] = {}
        """The keys that were freed in a scope since keys were last handed out there, by owner."""
        self.problems: dict[tuple[str, str], Problem] = {}

    def release(self, requests: tuple[KeyRequest, ...]) -> Iterator[KeyRequest]:
        """Owners that are gone, or ask for something else: those whose key is free now, or who waited for one."""
        for request in requests:
            self.problems.pop((request.scope, request.owner), None)
            self._refused.get((request.scope, request.requested), {}).pop(request.owner, None)
            if self._short.pop((request.scope, request.owner), None) is not None or self._free(request):
                yield request

    def allot(self, requests: tuple[KeyRequest, ...], highest: int) -> Iterator[tuple[KeyRequest, int | None]]:
        """A key of 1 to `highest` (None: all are taken) for each new owner and each that moves: the one it asks for, has, or the next."""
        waiting = []
        for request in sorted((*requests, *self._second_chances(), *self._relieved(highest)), key=self._precedence):
            key = next((key for key in (request.requested, self._known(request)) if key and self._may_have(request, key, highest)), None)
            if key is None:
                waiting.append(request)
                continue
            holder = self._taken[request.scope].get(key)
            if holder:
                self._free(holder)
                waiting.append(holder)
            if request.requested not in (0, key):
                self._refuse(request)
            yield request, self._give(request, key)
        for request in sorted(waiting, key=_age):
            if request.requested:
                self._refuse(request)
            free = self._next_free(request, highest)
            if free is None:
                fact = f"all {self._kind} exhausted: {highest} are taken"
                self.problems[request.scope, request.owner] = Problem("Tunnel key", request.owner, fact)
                self._short[request.scope, request.owner] = request
            yield request, self._give(request, free) if free else None
        self._freed.clear()
        self._has_room = False

    def _relieved(self, highest: int) -> Iterator[KeyRequest]:
        """Who got no key while there was none, now that some may be free."""
        if self._has_room or highest > self._highest:
            for request in tuple(self._short.values()):
                del self._short[request.scope, request.owner]
                self.problems.pop((request.scope, request.owner), None)
                yield request
        self._highest = highest

    def _second_chances(self) -> Iterator[KeyRequest]:
        """Who was refused a key that nobody has any more; the other one it got is free now."""
        for (scope, key), owners in self._refused.items():
            if owners and key not in self._taken.get(scope, {}):
                for request in tuple(owners.values()):
                    del owners[request.owner]
                    self.problems.pop((scope, request.owner), None)
                    self._free(request)
                    yield request
        self._refused = {asked: owners for asked, owners in self._refused.items() if owners}

    def _may_have(self, request: KeyRequest, key: int, highest: int) -> bool:
        """A key is free, or somebody has it who does not ask for it."""
        holder = self._taken.setdefault(request.scope, {}).get(key)
        # What several zones share has a key beyond those that a zone gives to datapaths of its own.
        within = key <= highest or (not request.scope and key == request.requested)
        return within and (holder is None or (request.requested == key != holder.requested))

    def _precedence(self, request: KeyRequest) -> tuple[bool, bool, str]:
        """Who asks for a key comes first, and of two that ask for the same the one that has it."""
        return not request.requested, request.requested != self._known(request), request.owner

    def _refuse(self, request: KeyRequest) -> None:
        self._refused.setdefault((request.scope, request.requested), {})[request.owner] = request
        fact = f"requested-tnl-key {request.requested} is not to be had; another key is used instead"
        self.problems[request.scope, request.owner] = Problem("Logical_Switch_Port", request.owner, fact)

    def _give(self, request: KeyRequest, key: int) -> int:
        self._keys[request.scope, request.owner] = key
        self._taken.setdefault(request.scope, {})[key] = request
        if key > self._last_taken.get(request.scope, key):
            self._last_taken[request.scope] = key
        return key

    def _free(self, request: KeyRequest) -> bool:
        key = self._keys.pop((request.scope, request.owner), None)
        if key is None:
            return False
        del self._taken[request.scope][key]
        self._has_room = True
        if key == self._last_taken.get(request.scope):
            del self._last_taken[request.scope]
        self._gapless[request.scope] = min(key - 1, self._gapless.get(request.scope, 0))
        if not request.fleeting:
            self._freed.setdefault(request.scope, {})[request.owner] = key
        return True

    def _next_free(self, request: KeyRequest, highest: int) -> int | None:
        taken = self._taken.setdefault(request.scope, {})
        last = self._last_without_gap(request.scope) if self._lowest else self._last(request)
        candidates = chain(range(last + 1, highest + 1), range(1, last + 1))
        reserved = self._reserved(request.scope)
        freed = self._freed.get(request.scope, {}) if self._patient else {}
        waited_for = {key for owner, key in freed.items() if owner != request.owner}
        return next((key for key in candidates if key not in taken and key not in reserved and key not in waited_for), None)

    def _last_without_gap(self, scope: str) -> int:
        taken, last = self._taken[scope], self._gapless.get(scope, 0)
        while last + 1 in taken:
            last += 1
        self._gapless[scope] = last
        return last

    def _last(self, request: KeyRequest) -> int:
        """The highest key that is taken, or was freed just now: what an owner has freed itself it may have again."""
        scope = request.scope
        if scope not in self._last_taken:
            self._last_taken[scope] = max(self._taken[scope], default=0)
        freed = (key for owner, key in self._freed.get(scope, {}).items() if owner != request.owner)
        return max((self._last_taken[scope], *freed))


def _age(request: KeyRequest) -> tuple[bool, bool, str, int]:
    """Who comes first among owners that are new: switches before routers, where copies leave after all other ports.

    Of each kind it goes by name, a gateway port before its other half.
    """
    name = request.owner.removeprefix("cr-")
    return request.kind == ROUTER, request.fleeting and name == request.owner, name, len(request.owner)
