"""Who announces the addresses that a router translates and balances for: ports of its own, and of the routers beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.router.dynamic_routing import LB, NAT, PORTS, announced
from pyovn.northd.router.resolve import ATTACHED
from pyovn.northd.topology import RouterPort, router_port, switch_of
from pyovn.query import Engine, index


class Announcer(NamedTuple):
    """A router port that announces addresses of some router."""

    router: str
    """The announcing port's router, by uuid."""
    port: str
    """The announcing port, by name."""
    via: str
    """The port by which it reaches the router of the addresses, by name; empty if that is its own."""


def _for_routers(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], Announcer]]:
    port, kinds = router_port(db, ref), announced(db, ref).intersection((LB, NAT))
    if port is None or not kinds:
        return
    beside = [(other.router, other.name) for other in _beside(db, port)]
    for router, via in ((port.router, ""), *beside):
        yield from (((router, kind), Announcer(port.router, port.name, via)) for kind in kinds)


def _beside(db: Engine, port: RouterPort) -> Iterator[RouterPort]:
    """The ports that a port is connected to, directly or by its switch."""
    switch = switch_of(db, port.peer) if port.peer else None
    for ref in (port.peer_router_port,) if port.peer_router_port else ATTACHED(db, switch) if switch else ():
        other = router_port(db, ref)
        if other is not None and ref != port.uuid:
            yield other


ANNOUNCERS = index((PORTS, _for_routers))
"""Who announces a router's addresses of a kind, by (router, kind)."""
