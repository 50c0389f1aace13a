"""Who looks for an address of a router reaches that router, and the machines; other routers need not hear it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from pyovn.northd.flow import OUTPUT, Flow, quoted
from pyovn.northd.pipeline import Stage
from pyovn.northd.router.gateway import resident
from pyovn.northd.topology import has_other_than_routers, other_half
from pyovn.query import Engine

LOOKUP = Stage.LS_IN_L2_LKUP
FLOOD_L2 = f'outport = "_MC_flood_l2"; {OUTPUT}'


class Towards(Protocol):
    """A switch's port towards a router."""

    @property
    def uuid(self) -> str:
        """Of the port."""

    @property
    def switch(self) -> str:
        """The switch's uuid."""

    @property
    def json(self) -> str:
        """The name as matches write it."""


def who_asks(db: Engine, side: Towards, asks: str) -> Iterator[Flow]:
    """Bring who asks for an address of the router behind a port to it."""
    match, half = f"flags[1] == 0 && {asks}", other_half(db, side.uuid)
    if half is None:
        yield Flow(LOOKUP, 80, match, _bring(db, side, side.json), hint=side.uuid)
    else:
        yield Flow(LOOKUP, 80, f"{match} && {resident(half)}", _bring(db, side, side.json), hint=side.uuid)
        yield Flow(LOOKUP, 80, f"{match} && !{resident(half)}", _bring(db, side, quoted(half)), hint=side.uuid)


def _bring(db: Engine, side: Towards, exit_: str) -> str:
    # Where only routers are, nobody else has to hear it.
    if has_other_than_routers(db, side.switch):
        return f"clone {{outport = {exit_}; output; }}; {FLOOD_L2}"
    return f"outport = {exit_}; {OUTPUT}"
