"""Southbound rows that others made about ports and datapaths that are gone: they are deleted, or they would keep them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd.allotted import DatapathKey, PortKey
from pyovn.northd.bindings import owner
from pyovn.northd.multicast import heard_on
from pyovn.northd.router.learned_routes import learner
from pyovn.ovsdb.row import Table
from pyovn.query import Engine, each, index
from pyovn.schemas import sb


class Leftover(NamedTuple):
    """A row that nobody needs any more."""

    table: type[Table]
    row: str


def mac_binding(db: Engine, ref: str) -> Iterator[Leftover]:
    """A neighbour of a router port that is gone, or of one that had its name on a router that is."""
    row = db.get(sb.MACBinding, ref)
    if row is not None and (db.get(PortKey, row.logical_port) is None or not _is_wanted(db, row.datapath)):
        yield Leftover(sb.MACBinding, ref)


def _is_wanted(db: Engine, datapath: str) -> bool:
    """Whether a datapath's switch or router is still there; rows that refer to it would keep it."""
    return db.get(DatapathKey, owner(db, datapath)) is not None


def learned_route(db: Engine, ref: str) -> Iterator[Leftover]:
    """A route learned at a port that is gone, or may not learn any more."""
    row = db.get(sb.LearnedRoute, ref)
    if row is not None and learner(db, row.logical_port, row.datapath) is None:
        yield Leftover(sb.LearnedRoute, ref)


def _at(db: Engine, ref: str) -> Iterator[tuple[tuple[str, int], bool]]:
    row = db.get(sb.PortBinding, ref)
    if row is not None:
        yield (row.datapath, row.tunnel_key), True


_HAS_PORT = index((sb.PortBinding, _at))
"""Whether a datapath has a port with a tunnel key: ports of all datapaths have the same ones."""


def fdb(db: Engine, ref: str) -> Iterator[Leftover]:
    """A MAC learned on a switch that is gone, or on a port of it that is."""
    row = db.get(sb.FDB, ref)
    bindings = db.find(sb.DatapathBinding, "tunnel_key", row.dp_key) if row else ()
    if row is not None and not (bindings and _HAS_PORT(db, (bindings[0], row.port_key))):
        yield Leftover(sb.FDB, ref)


def igmp_group(db: Engine, ref: str) -> Iterator[Leftover]:
    """What a chassis that is gone has heard, or on a switch that is."""
    row = db.get(sb.IGMPGroup, ref)
    if row is not None and heard_on(db, row) is None:
        yield Leftover(sb.IGMPGroup, ref)


LEFTOVERS = each((sb.MACBinding, mac_binding), (sb.FDB, fdb), (sb.IGMPGroup, igmp_group), (sb.LearnedRoute, learned_route))
"""Every row to delete."""
