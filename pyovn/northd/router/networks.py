"""In whose network is an address? Ports are found by their networks, so that who asks does not read all the ports of a router."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.addresses import Network, number_of
from pyovn.northd.topology import RouterPort, router_port
from pyovn.query import Engine, index
from pyovn.schemas.nb import LogicalRouterPort

EVERY_ROUTER = ""
"""In the place of a router: ports of any."""


def in_network(address: str, network: Network) -> bool:
    """Whether an address is in a network; of another family it never is."""
    if (":" in address) is not network.is_ipv6:
        return False
    shift = _bits(network.is_ipv6) - network.prefix
    return number_of(address) >> shift == number_of(network.address) >> shift


def _bits(ipv6: bool) -> int:
    return 128 if ipv6 else 32


NetworkKey = tuple[str, bool, int, int]
"""Router, IPv6, length of the prefix, and the prefix itself as a number."""


def _key(router: str, address: str, ipv6: bool, length: int) -> NetworkKey:
    return router, ipv6, length, number_of(address) >> _bits(ipv6) - length


def _ports(db: Engine, ref: str) -> Iterator[tuple[NetworkKey, tuple[str, str]]]:
    port = router_port(db, ref)
    for network in port.ipv4 + port.ipv6 if port else ():
        for router in (port.router, EVERY_ROUTER) if port else ():
            yield _key(router, network.address, network.is_ipv6, network.prefix), (port.name if port else "", ref)


def _lengths(db: Engine, ref: str) -> Iterator[tuple[tuple[str, bool], int]]:
    port = router_port(db, ref)
    for network in port.ipv4 + port.ipv6 if port else ():
        for router in (port.router, EVERY_ROUTER) if port else ():
            yield (router, network.is_ipv6), network.prefix


_PORTS = index((LogicalRouterPort, _ports))
_LENGTHS = index((LogicalRouterPort, _lengths))


def ports_towards(db: Engine, router: str, address: str) -> list[RouterPort]:
    """The ports of a router (or of `EVERY_ROUTER`) that have an address in one of their networks, by name."""
    ipv6 = ":" in address
    found = (_PORTS(db, _key(router, address, ipv6, length)) for length in _LENGTHS(db, (router, ipv6)))
    named = sorted({name_and_ref for some in found for name_and_ref in some})
    return [port for _, ref in named if (port := router_port(db, ref)) is not None]
