"""Which logical datapaths matter on this host: those with a port here, and all that packets can reach from them through routers."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.controller.binding import is_seed, serves
from pyovn.query import Engine, index, query
from pyovn.schemas import sb


def _seed(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    row = db.get(sb.PortBinding, ref)
    if row and is_seed(db, ref):
        yield "here", row.datapath


SEEDS = index((sb.PortBinding, _seed))
"""Datapaths that have a port here, in one bucket."""

PEERED = ("patch", "l3gateway")


@query
def port_ref(db: Engine, logical_port: str) -> str | None:
    """The Port_Binding of a logical port."""
    return next(iter(db.find(sb.PortBinding, "logical_port", logical_port)), None)


@query
def peer_of(db: Engine, ref: str) -> str | None:
    """The Port_Binding at the other end of a patch or gateway port."""
    row = db.get(sb.PortBinding, ref)
    name = row.options.get("peer") if row and row.type in PEERED else None
    return port_ref(db, name) if name else None


def _neighbours(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    row, peer = db.get(sb.PortBinding, ref), peer_of(db, ref)
    other = db.get(sb.PortBinding, peer) if peer else None
    # A gateway router lives on one chassis: whoever is elsewhere reaches it through a tunnel, and nothing behind it.
    if row and other and other.type == row.type and (_is_way(db, row) if row.type == "patch" else is_seed(db, ref)):
        yield row.datapath, other.datapath


def _is_way(db: Engine, row: sb.PortBinding) -> bool:
    """Whether packets can leave a router by a patch port here: not where all that leave go to a gateway, and we are none."""
    name = row.options.get("chassis-redirect-port")
    redirect = port_ref(db, name) if name else None
    gateway = db.get(sb.PortBinding, redirect) if redirect else None
    return gateway is None or gateway.options.get("always-redirect") != "true" or serves(db, gateway.uuid)


NEIGHBOURS = index((sb.PortBinding, _neighbours))
"""Datapaths by a datapath from which they can be reached directly."""


@query
def local_datapaths(db: Engine) -> frozenset[str]:
    """The datapaths that matter here."""
    reached: set[str] = set()
    waiting = list(SEEDS(db, "here"))
    while waiting:
        datapath = waiting.pop()
        if datapath not in reached:
            reached.add(datapath)
            waiting.extend(NEIGHBOURS(db, datapath))
    return frozenset(reached)


def _local(db: Engine, ref: str) -> Iterator[tuple[str, bool]]:
    if ref in local_datapaths(db):
        yield ref, True


LOCAL = index((sb.DatapathBinding, _local))
"""The same, each by itself: one that begins to matter is no news to those who ask about another."""


def is_local(db: Engine, datapath: str) -> bool:
    """Whether one datapath matters here."""
    return bool(LOCAL(db, datapath))


@query
def datapath_key(db: Engine, datapath: str) -> int | None:
    """The number that packets carry for the datapath."""
    row = db.get(sb.DatapathBinding, datapath)
    return row.tunnel_key if row else None


@query
def datapath_name(db: Engine, datapath: str) -> str:
    """What the network's owner calls the datapath, or its reference."""
    row = db.get(sb.DatapathBinding, datapath)
    return (row.external_ids.get("name") or str(datapath)) if row else str(datapath)
