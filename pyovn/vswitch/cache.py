"""The verdicts that were already reached, found again for every packet that they hold for.

A verdict is kept under exactly the bits that were read to reach it, so what the cache answers is always what the tables would.
Each entrance to the pipeline has its own cache, and everything the pipeline knew there is a constant of the entrance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, TypeAlias

from pyovn.openflow.fields import ALL_FIELDS
from pyovn.packet import slot
from pyovn.packet.flow import Flow
from pyovn.vswitch.changes import Dependency
from pyovn.vswitch.classifier import Masks
from pyovn.vswitch.ops import Op
from pyovn.vswitch.rule import Rule

MOST_VERDICTS = 50_000
"""In one cache; a flood of packets that agree in nothing must not eat the host's memory."""

def _widths() -> list[int]:
    """For each slot, every bit that a field can see there."""
    widths = [0] * slot.SLOTS
    for entry in ALL_FIELDS:
        for at in range(entry.slot, entry.slot + entry.parts):
            widths[at] |= entry.full << entry.shift if entry.parts == 1 else 0xFFFFFFFF
    return widths


WIDTHS = _widths()
"""All bits that count, by slot."""


@dataclass(slots=True, eq=False)
class Verdict:
    """What is done with a packet, and why."""

    ops: tuple[Op, ...]
    rules: tuple[Rule, ...]
    """The rules hit, for their counters; a rule hit twice is here twice."""
    dependencies: tuple[Dependency, ...]
    generation: int
    """The state of the tables for which the verdict was last known to hold."""
    packets: int = 0
    bytes: int = 0
    used: float = 0.0
    """Hits since the counters of the rules were last brought up to date."""


Extract: TypeAlias = Callable[[Flow], Any]


@dataclass(slots=True, eq=False)
class Group:
    """The verdicts reached by reading the same bits."""

    extract: Extract
    verdicts: dict[Any, Verdict] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Cache:
    """The verdicts of one entrance, by what was read to reach them."""

    groups: dict[tuple[tuple[int, int], ...], Group] = field(default_factory=dict)
    count: int = 0


def find(cache: Cache, flow: Flow) -> Verdict | None:
    """The verdict that holds for the packet, if one is kept."""
    for group in cache.groups.values():
        verdict = group.verdicts.get(group.extract(flow))
        if verdict is not None:
            return verdict
    return None


def keep(cache: Cache, flow: Flow, consulted: Masks, verdict: Verdict) -> Verdict | None:
    """Keep a verdict reached on `flow` by reading `consulted`; the verdict whose place it takes, if any."""
    terms = tuple((at, mask & WIDTHS[at]) for at, mask in enumerate(consulted) if mask & WIDTHS[at])
    group = cache.groups.get(terms)
    if group is None:
        group = cache.groups[terms] = Group(_extractor(terms))
    key = group.extract(flow)
    old = group.verdicts.get(key)
    group.verdicts[key] = verdict
    cache.count += old is None
    return old


def drop(cache: Cache, flow: Flow, verdict: Verdict) -> None:
    """Forget the verdict that was found for `flow`."""
    for terms, group in cache.groups.items():
        key = group.extract(flow)
        if group.verdicts.get(key) is verdict:
            del group.verdicts[key]
            cache.count -= 1
            if not group.verdicts:
                del cache.groups[terms]
            return


def clear(cache: Cache) -> None:
    """Forget everything."""
    cache.groups.clear()
    cache.count = 0


def every_verdict(cache: Cache) -> Iterator[tuple[tuple[tuple[int, int], ...], Any, Verdict]]:
    """(masks, values, verdict) of everything kept."""
    for terms, group in cache.groups.items():
        for key, verdict in group.verdicts.items():
            yield terms, key, verdict


def unpack_key(terms: tuple[tuple[int, int], ...], key: Any) -> list[int]:
    """The values of `terms` in a key that `Group.extract` made."""
    whole = [at for at, mask in terms if mask == WIDTHS[at]]
    if len(terms) == 1:
        return [key]
    if len(whole) < 2 or len(whole) == len(terms):
        return list(key)
    values = dict(zip(whole, key[0])) | dict(zip((at for at, _ in terms if at not in whole), key[1:]))
    return [values[at] for at, _ in terms]


def _extractor(terms: tuple[tuple[int, int], ...]) -> Extract:
    """The function that reads the values of `terms` from a flow."""
    if not terms:
        return lambda flow: ()
    get = itemgetter(*(at for at, _ in terms))
    if all(mask == WIDTHS[at] for at, mask in terms):
        return get
    if len(terms) == 1:
        only = terms[0][1]
        return lambda flow: get(flow) & only
    return _masked(terms)


def _masked(terms: tuple[tuple[int, int], ...]) -> Extract:
    """Whole slots are read at once, the others one by one under their masks."""
    whole = [at for at, mask in terms if mask == WIDTHS[at]]
    parts = [(at, mask) for at, mask in terms if mask != WIDTHS[at]]
    if len(whole) < 2:
        pairs = tuple(terms)
        return lambda flow: tuple([flow[at] & mask for at, mask in pairs])
    get = itemgetter(*whole)
    if len(parts) == 1:
        at, mask = parts[0]
        return lambda flow: (get(flow), flow[at] & mask)
    return lambda flow: (get(flow), *[flow[at] & mask for at, mask in parts])
