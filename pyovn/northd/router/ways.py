"""What a route is: a destination, and the way there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pyovn.northd import bfd
from pyovn.northd.addresses import Network
from pyovn.northd.router.networks import in_network, ports_towards
from pyovn.northd.topology import RouterPort, router_port, router_port_named
from pyovn.query import Engine


class Destination(NamedTuple):
    """What routes that share traffic have in common: several of one destination are a group."""

    router: str
    table: str
    """The route table's name, empty for the main one."""
    network: str
    """`NETWORK/LEN`."""
    by_source: bool
    origin: int
    """Who says so, as priorities have it: `CONNECTED`, `STATIC` or `LEARNED`."""


@dataclass(frozen=True, slots=True)
class Route:
    """A route that leads somewhere."""

    uuid: str
    destination: Destination
    next_hop: str | None
    """None: the packet is discarded, or its own destination is the next hop."""
    port: RouterPort | None
    """None: discarded."""
    source: Network | None
    """The router's address towards the next hop; None: discarded, or the port has none of that family."""
    symmetric: bool = False
    """Answers to who came by this way go back by it."""
    selection_fields: tuple[str, ...] = ()
    """What of a packet chooses among several ways."""
    session: bfd.Session | None = None
    """Who watches the next hop."""

    @property
    def is_ipv6(self) -> bool:
        """The next hop has an IPv6 address, or the destination where it is its own next hop."""
        return ":" in (self.next_hop or self.destination.network)


def way(db: Engine, router: str, output_port: str | None, next_hop: str | None, ipv6: bool) -> tuple[RouterPort, Network] | None:
    """By which port, and from which of its addresses, a next hop is reached."""
    if output_port:
        ref = router_port_named(db, output_port)
        port = router_port(db, ref) if ref else None
        source = source_towards(port, next_hop, ipv6=ipv6) if port else None
        return (port, source) if port and source else None
    for port in ports_towards(db, router, next_hop) if next_hop else ():
        source = _member(_networks(port, next_hop, ipv6), next_hop)
        if source:
            return port, source
    return None


def source_towards(port: RouterPort, next_hop: str | None, *, ipv6: bool) -> Network | None:
    """From which of a port's addresses a next hop is reached: one beside it, or the first."""
    networks = _networks(port, next_hop, ipv6)
    return _member(networks, next_hop) or next(iter(networks), None)


def _networks(port: RouterPort, next_hop: str | None, ipv6: bool) -> tuple[Network, ...]:
    """The port's networks of the next hop's family."""
    return port.ipv6 if (":" in next_hop if next_hop else ipv6) else port.ipv4


def _member(networks: tuple[Network, ...], next_hop: str | None) -> Network | None:
    """The network that the next hop is in."""
    return next((network for network in networks if next_hop and in_network(next_hop, network)), None)
