"""Fragments: only the first tells ports, so its key is remembered for those that follow it, and those that overtake it wait.

Nothing is put together: each fragment goes on as it came, as part of the connection of the first.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from pyovn.machine import NEVER
from pyovn.packet import slot
from pyovn.packet.flow import ETH_IPV4, ETH_IPV6, Flow, Layers
from pyovn.packet.packet import Packet
from pyovn.vswitch.conntrack.key import Key
from pyovn.vswitch.ops import Track

LIFE_S = 30.0
"""How long the parts of a datagram may take (RFC 8200, 4.5, allows twice that)."""

MOST_DATAGRAMS = 1024
"""A flood of first fragments must not eat memory: beyond this the oldest is forgotten."""

MOST_WAITING = 256
"""Fragments that wait for a first one; beyond this the one that has waited longest is dropped."""

_FRAGMENT_HEADER = 44

Datagram: TypeAlias = tuple[int, int, int, int]
"""Zone, source, destination, identification."""


class Begun(NamedTuple):
    """The key that a first fragment had, and when it came, in seconds."""

    key: Key
    at: float


class Waiting(NamedTuple):
    """A fragment without its first one, what is to be done with it, and when it came, in seconds."""

    datagram: Datagram
    packet: Packet
    how: Track
    at: float


@dataclass(slots=True, eq=False)
class Fragments:
    """The datagrams whose first fragments have come, and the fragments that wait for theirs, oldest first."""

    begun: dict[Datagram, Begun] = field(default_factory=dict)
    waiting: deque[Waiting] = field(default_factory=deque)


def wait(fragments: Fragments, datagram: Datagram, packet: Packet, how: Track, now: float) -> None:
    """A fragment came before the first one of its datagram."""
    fragments.waiting.append(Waiting(datagram, packet, how, now))
    while len(fragments.waiting) > MOST_WAITING or now >= fragments.waiting[0].at + LIFE_S:
        fragments.waiting.popleft()


def take(fragments: Fragments, datagram: Datagram, now: float) -> list[Waiting]:
    """Those who waited for a first fragment, which has come."""
    if not fragments.waiting:
        return []
    found = [one for one in fragments.waiting if one.datagram == datagram and now < one.at + LIFE_S]
    if found:
        fragments.waiting = deque(one for one in fragments.waiting if one.datagram != datagram)
    return found


def expire(fragments: Fragments, now: float) -> float:
    """Drop what has waited for too long; when there is more to drop."""
    while fragments.waiting and now >= fragments.waiting[0].at + LIFE_S:
        fragments.waiting.popleft()
    return fragments.waiting[0].at + LIFE_S if fragments.waiting else NEVER


def remember(fragments: Fragments, datagram: Datagram, key: Key, now: float) -> None:
    """A first fragment came."""
    fragments.begun.pop(datagram, None)
    fragments.begun[datagram] = Begun(key, now)
    if len(fragments.begun) > MOST_DATAGRAMS:
        del fragments.begun[next(iter(fragments.begun))]


def recall(fragments: Fragments, datagram: Datagram, now: float) -> Key | None:
    """The key of a later fragment's first one."""
    begun = fragments.begun.get(datagram)
    return None if begun is None or now >= begun.at + LIFE_S else begun.key


def datagram_of(flow: Flow, frame: bytes, layers: Layers, zone: int) -> Datagram | None:
    """Which datagram a fragment is part of; None where its identification is not found."""
    if flow[slot.ETH_TYPE] == ETH_IPV4:
        at = layers.l3 + 4
        return zone, flow[slot.NW_SRC], flow[slot.NW_DST], int.from_bytes(frame[at : at + 2], "big")
    if flow[slot.ETH_TYPE] == ETH_IPV6 and frame[layers.l3 + 6] == _FRAGMENT_HEADER:
        at = layers.l3 + 44
        return zone, flow[slot.IPV6_SRC], flow[slot.IPV6_DST], int.from_bytes(frame[at : at + 4], "big")
    return None
