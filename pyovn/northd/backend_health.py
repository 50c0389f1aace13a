"""Which backends of a VIP are there for new connections: all, or those whose health checks succeed."""

from __future__ import annotations

from pyovn.northd.load_balancers import Balancer, Vip
from pyovn.query import Engine


def available(db: Engine, balancer: Balancer, vip: Vip) -> str:
    """The backends that may get a new connection, as actions write them; empty if there are none."""
    return vip.text if vip.backends else ""
