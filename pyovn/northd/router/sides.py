"""The switches around a router: how flows there send packets to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.flow import quoted
from pyovn.northd.topology import SwitchPort, has_other_than_routers, other_half, router_port, switch_port
from pyovn.query import Engine, index
from pyovn.schemas.nb import LogicalRouterPort


class Side(NamedTuple):
    """A switch's port towards a router's port that is enabled: what flows need of it, so that they know of no other change."""

    uuid: str
    name: str
    switch: str
    """The switch's uuid."""
    port: str
    """The router port's uuid."""
    half: str | None
    """The name of the half that lives on the gateway's chassis, if there is one."""
    is_shared: bool
    """Others than routers are on the switch."""

    @property
    def json(self) -> str:
        """The name as matches write it."""
        return quoted(self.name)


def side_of(db: Engine, ref: str) -> Side | None:
    """The side of a router port."""
    port = router_port(db, ref)
    side = switch_port(db, port.peer) if port and port.peer and port.enabled else None
    return facing(db, side, ref) if side else None


def facing(db: Engine, side: SwitchPort, port: str) -> Side:
    """A switch's port as the side of a router port."""
    return Side(side.uuid, side.name, side.switch, port, other_half(db, side.uuid), has_other_than_routers(db, side.switch))


def _by_router(db: Engine, ref: str) -> Iterator[tuple[str, Side]]:
    port, side = router_port(db, ref), side_of(db, ref)
    if port is not None and side is not None:
        yield port.router, side


SIDES = index((LogicalRouterPort, _by_router))
"""The sides towards a router."""
