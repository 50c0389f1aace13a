"""Transit routers: some of their ports are on chassis of other zones, which each chassis here reaches through its tunnels."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.southbound.port_options import chassis_called, is_remote
from pyovn.northd.topology import RouterPort, gateway_chassis, router_port
from pyovn.query import Engine, index
from pyovn.schemas.nb import LogicalRouterPort


def remote_chassis(db: Engine, port: RouterPort) -> str | None:
    """The chassis of another zone that a port is wanted on, by uuid; None for a port of this zone."""
    name = port.options.get("requested-chassis")
    found = chassis_called(db, name) if name and not gateway_chassis(db, port.router) else None
    return found if found and is_remote(db, found) else None


def _by_router(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    port = router_port(db, ref)
    if port is not None and remote_chassis(db, port):
        yield port.router, port.uuid


REMOTE_PORTS = index((LogicalRouterPort, _by_router))
"""The ports of a router that are in other zones, by uuid."""


def told_to_others(db: Engine, router: str) -> str:
    """The action that lets the other zones hear what a neighbour says about itself; nothing where there are none."""
    return "flood_remote; " if REMOTE_PORTS(db, router) else ""
