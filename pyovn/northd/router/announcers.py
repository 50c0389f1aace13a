"""Who announces the addresses that a router translates and balances for: ports of its own, and of the routers beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.router.dynamic_routing import LB, NAT, announced
from pyovn.northd.topology import RouterPort, router_port, switch_of
from pyovn.query import Engine, index
from pyovn.schemas.nb import LogicalRouterPort

KINDS = (LB, NAT)


class Announcer(NamedTuple):
    """A router port that announces addresses of some router."""

    router: str
    """The announcing port's router, by uuid."""
    port: str
    """The announcing port, by name."""
    via: str
    """The port by which it reaches the router of the addresses, by name; empty if that is its own."""


def _on_switch(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    port = router_port(db, ref)
    switch = switch_of(db, port.peer) if port and port.peer else None
    if switch is not None:
        yield from (((switch, kind), ref) for kind in KINDS if kind in announced(db, ref))


_ON_SWITCH = index((LogicalRouterPort, _on_switch))
"""The ports on a switch that announce addresses of a kind, by uuid."""


def _for_router(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], Announcer]]:
    port = router_port(db, ref)
    for kind in KINDS if port else ():
        if port is not None and kind in announced(db, ref):
            yield (port.router, kind), Announcer(port.router, port.name, "")
        for other in _beside(db, port, kind) if port else ():
            if port is not None:
                yield (port.router, kind), Announcer(other.router, other.name, port.name)


def _beside(db: Engine, port: RouterPort, kind: str) -> Iterator[RouterPort]:
    """The ports that a port is connected to, directly or by its switch, and that announce addresses of a kind."""
    switch = switch_of(db, port.peer) if port.peer else None
    for ref in (port.peer_router_port,) if port.peer_router_port else _ON_SWITCH(db, (switch, kind)) if switch else ():
        other = router_port(db, ref)
        if other is not None and ref != port.uuid and kind in announced(db, ref):
            yield other


ANNOUNCERS = index((LogicalRouterPort, _for_router))
"""Who announces a router's addresses of a kind, by (router, kind)."""
