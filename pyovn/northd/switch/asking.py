"""Who looks for an address of a router reaches that router, and the machines; other routers need not hear it."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.flow import OUTPUT, Flow, quoted
from pyovn.northd.pipeline import Stage
from pyovn.northd.router.gateway import resident
from pyovn.northd.router.sides import Side

LOOKUP = Stage.LS_IN_L2_LKUP
FLOOD_L2 = f'outport = "_MC_flood_l2"; {OUTPUT}'


def who_asks(side: Side, asks: str) -> Iterator[Flow]:
    """Bring who asks for an address of the router behind a port to it."""
    match = f"flags[1] == 0 && {asks}"
    if side.half is None:
        yield Flow(LOOKUP, 80, match, _bring(side, side.json), hint=side.uuid)
    else:
        yield Flow(LOOKUP, 80, f"{match} && {resident(side.half)}", _bring(side, side.json), hint=side.uuid)
        yield Flow(LOOKUP, 80, f"{match} && !{resident(side.half)}", _bring(side, quoted(side.half)), hint=side.uuid)


def _bring(side: Side, exit_: str) -> str:
    # Where only routers are, nobody else has to hear it.
    return f"clone {{outport = {exit_}; output; }}; {FLOOD_L2}" if side.is_shared else f"outport = {exit_}; {OUTPUT}"
