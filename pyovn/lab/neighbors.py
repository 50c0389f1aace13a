"""Who has which address, as ARP has taught; packets wait here while a neighbour is asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyovn.machine import NEVER
from pyovn.packet.ipv4 import Ipv4

RETRY_S = 1.0
MAX_REQUESTS = 3
MAX_WAITING = 3


@dataclass(slots=True)
class Asked:
    """A neighbour that has not answered yet."""

    due: float
    requests: int = 1
    packets: list[Ipv4] = field(default_factory=list)


@dataclass(slots=True)
class Neighbors:
    """The table of one machine; addresses are numbers."""

    known: dict[int, int] = field(default_factory=dict)
    asked: dict[int, Asked] = field(default_factory=dict)

    def mac(self, address: int) -> int | None:
        """The neighbour's MAC, if it is known."""
        return self.known.get(address)

    def wait(self, address: int, packet: Ipv4, now: float) -> bool:
        """Keep a packet until the neighbour has answered; true if it has to be asked now."""
        asked = self.asked.get(address)
        new = asked is None
        if asked is None:
            asked = self.asked[address] = Asked(now + RETRY_S)
        asked.packets = [*asked.packets, packet][-MAX_WAITING:]
        return new

    def learn(self, address: int, mac: int) -> list[Ipv4]:
        """A neighbour has spoken: what waited for it may go."""
        if not address:
            return []
        if address in self.asked or address in self.known:
            self.known[address] = mac
        asked = self.asked.pop(address, None)
        return asked.packets if asked else []

    def retry(self, now: float) -> list[int]:
        """Whom to ask again; those who never answered are given up, and what waited for them is lost."""
        again = []
        for address, asked in list(self.asked.items()):
            if asked.due > now:
                continue
            if asked.requests == MAX_REQUESTS:
                del self.asked[address]
                continue
            asked.requests, asked.due = asked.requests + 1, now + RETRY_S
            again.append(address)
        return again

    def due(self) -> float:
        """When somebody is to be asked again."""
        return min((asked.due for asked in self.asked.values()), default=NEVER)
