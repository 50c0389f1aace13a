"""Which port each Ethernet address was last seen behind, by VLAN: what NORMAL forwards by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

IDLE_S = 300.0
"""An address that was silent for so long is forgotten (IEEE 802.1D 7.9.2)."""

MOST_ADDRESSES = 8192
"""When there are more, the one that was silent longest makes room."""


class Learned(NamedTuple):
    """Where an address is, and when it was last heard, in seconds."""

    port: int
    heard: float


@dataclass(slots=True, eq=False)
class MacTable:
    """The addresses of one bridge by (VLAN, address), the one heard last at the end."""

    learned: dict[tuple[int, int], Learned] = field(default_factory=dict)
    idle_s: float = IDLE_S
    limit: int = MOST_ADDRESSES


def find(table: MacTable, vlan: int, address: int) -> int | None:
    """The port behind which the address is."""
    found = table.learned.get((vlan, address))
    return None if found is None else found.port


def learn(table: MacTable, vlan: int, address: int, port: int, *, now: float) -> bool:
    """The address was heard on `port`; True if that is news."""
    key = (vlan, address)
    old = table.learned.pop(key, None)
    table.learned[key] = Learned(port, now)
    if len(table.learned) > table.limit:
        del table.learned[next(iter(table.learned))]
    return old is None or old.port != port


def expire(table: MacTable, now: float) -> bool:
    """Forget who was silent for too long; True if anyone was."""
    silent = []
    for key, learned in table.learned.items():
        if now - learned.heard < table.idle_s:
            break
        silent.append(key)
    for key in silent:
        del table.learned[key]
    return bool(silent)


def next_expiry(table: MacTable) -> float:
    """When the next address has been silent for too long."""
    return min((learned.heard + table.idle_s for learned in table.learned.values()), default=float("inf"))


def forget_port(table: MacTable, port: int) -> bool:
    """Forget every address behind a port that is gone; True if there was any."""
    behind = [key for key, learned in table.learned.items() if learned.port == port]
    for key in behind:
        del table.learned[key]
    return bool(behind)
