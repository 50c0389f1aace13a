"""How old what chassis have learned may become: thresholds as the northbound writes them, and rows that have passed theirs.

A router's text is entries separated by `;`, each `SECONDS` or `CIDR:SECONDS`; of several networks the smallest counts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from pyovn.northd.addresses import Network, parse_network
from pyovn.northd.router.networks import in_network


class Thresholds(NamedTuple):
    """Ages in seconds, by network; 0: never."""

    others: int
    networks: tuple[tuple[Network, int], ...]
    """The smallest first."""


NEVER = Thresholds(0, ())


@lru_cache(maxsize=1024)
def parse_thresholds(text: str) -> Thresholds:
    """The thresholds that a text names; none at all if an entry is not understood."""
    others, networks = 0, []
    for entry in filter(None, text.split(";")):
        cidr, _, seconds = entry.rpartition(":")
        network = parse_network(cidr) if cidr else None
        if not (seconds.isascii() and seconds.isdecimal()) or (cidr and network is None):
            return NEVER
        if network is None or not network.prefix:
            others = int(seconds)
        else:
            networks.append((network, int(seconds)))
    return Thresholds(others, tuple(sorted(networks, key=lambda pair: -pair[0].prefix)))


def threshold_of(thresholds: Thresholds, address: str) -> int:
    """How old what was learned of an address may become, in seconds; 0: as old as it likes."""
    return next((seconds for network, seconds in thresholds.networks if in_network(address, network)), thresholds.others)


def least_threshold(text: str) -> int:
    """The shortest of all, in seconds; 0 if there is none."""
    found = parse_thresholds(text)
    return min((seconds for seconds in (found.others, *(age for _, age in found.networks)) if seconds), default=0)
