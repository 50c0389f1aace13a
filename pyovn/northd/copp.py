"""Control-plane protection: the meter that a switch or router has chosen for what its flows send to the controller."""

from __future__ import annotations

from pyovn.query import Engine
from pyovn.schemas.nb import Copp, Meter


def controller_meter(db: Engine, copp: str | None, protocol: str) -> str | None:
    """The meter for a kind of packets (a key of Copp.meters), if it exists."""
    row = db.get(Copp, copp) if copp else None
    name = row.meters.get(protocol) if row else None
    return name if name and db.find(Meter, "name", name) else None
