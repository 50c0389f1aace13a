"""Fragments: only the first tells ports, so its key is remembered for those that follow it.

Nothing is held back or put together: each fragment goes on as it came, as part of the connection of the first. A later fragment that
comes before the first one belongs to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from pyovn.packet import slot
from pyovn.packet.flow import ETH_IPV4, ETH_IPV6, Flow, Layers
from pyovn.vswitch.conntrack.key import Key

LIFE_S = 30.0
"""How long the parts of a datagram may take (RFC 8200, 4.5, allows twice that)."""

MOST_DATAGRAMS = 1024
"""A flood of first fragments must not eat memory: beyond this the oldest is forgotten."""

_FRAGMENT_HEADER = 44

Datagram: TypeAlias = tuple[int, int, int, int]
"""Zone, source, destination, identification."""


class Begun(NamedTuple):
    """The key that a first fragment had, and when it came, in seconds."""

    key: Key
    at: float


@dataclass(slots=True, eq=False)
class Fragments:
    """The datagrams whose first fragments have come, oldest first."""

    begun: dict[Datagram, Begun] = field(default_factory=dict)


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
