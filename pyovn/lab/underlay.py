"""The physical network between nodes: datagrams and connections by address, with a latency, and counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Protocol

from pyovn.lab.databases import Databases
from pyovn.lab.world import World

LATENCY_S = 0.000_05


class Endpoint(Protocol):
    """What a node is to the underlay."""

    def receive_datagram(self, remote: int, local: int, port: int, payload: bytes) -> None:
        """Take a datagram; addresses are numbers."""

    def listening(self, port: int) -> Databases | None:
        """The server that listens on a TCP port."""


@dataclass(slots=True)
class Underlay:
    """Nodes by address; what is sent to nobody, or over a cut path, is lost."""

    world: World
    nodes: dict[int, Endpoint] = field(default_factory=dict)
    cut: set[frozenset[int]] = field(default_factory=set)
    """Pairs of addresses between which nothing passes."""
    down: set[int] = field(default_factory=set)
    """Addresses whose cable is pulled."""
    packets: int = 0
    """Datagrams that have crossed."""

    def send(self, source: int, destination: int, port: int, payload: bytes) -> None:
        """A datagram leaves; it arrives after the latency."""
        if destination not in self.nodes or frozenset((source, destination)) in self.cut or {source, destination} & self.down:
            return
        self.packets += 1
        self.world.after(LATENCY_S, lambda: self.nodes[destination].receive_datagram(source, destination, port, payload))

    def set_up(self, address: int, up: bool) -> None:
        """Plug a node's cable in, or pull it; connections to databases are not of this cable."""
        (self.down.discard if up else self.down.add)(address)

    def server(self, address: str, port: int) -> Databases | None:
        """The database server that listens at an address."""
        node = self.nodes.get(int(IPv4Address(address)))
        return node.listening(port) if node else None
