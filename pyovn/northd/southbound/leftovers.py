"""Southbound rows that others made about ports and datapaths that are gone: they are deleted, or they would keep them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pyovn.northd.allotted import DatapathKey, PortKey
from pyovn.northd.multicast import heard_on
from pyovn.ovsdb.row import Table
from pyovn.query import Engine, each
from pyovn.schemas import sb

OWNERS = ("logical-switch", "logical-router")
"""Where a datapath that an older compiler has made names its switch or router."""


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
    row = db.get(sb.DatapathBinding, datapath)
    owner = row.nb_uuid or next((uuid for name, uuid in row.external_ids.items() if name in OWNERS), "") if row else ""
    return db.get(DatapathKey, owner) is not None


def at_ports(table: type[sb.LearnedRoute | sb.AdvertisedRoute | sb.AdvertisedMACBinding]) -> Callable[[Engine, str], Iterator[Leftover]]:
    """What routers learned or announced at ports that are gone, or on routers that are."""

    def leftover(db: Engine, ref: str) -> Iterator[Leftover]:
        row = db.get(table, ref)
        binding = db.get(sb.PortBinding, row.logical_port) if row else None
        if row is not None and (binding is None or db.get(PortKey, binding.logical_port) is None or not _is_wanted(db, row.datapath)):
            yield Leftover(table, ref)

    return leftover


def fdb(db: Engine, ref: str) -> Iterator[Leftover]:
    """A MAC learned on a switch that is gone, or on a port of it that is."""
    row = db.get(sb.FDB, ref)
    if row is None:
        return
    bindings = db.find(sb.DatapathBinding, "tunnel_key", row.dp_key)
    ports = db.find(sb.PortBinding, "tunnel_key", row.port_key)
    here = (db.get(sb.PortBinding, port) for port in ports)
    if not bindings or not any(port and port.datapath == bindings[0] for port in here):
        yield Leftover(sb.FDB, ref)


def igmp_group(db: Engine, ref: str) -> Iterator[Leftover]:
    """What a chassis that is gone has heard, or on a switch that is."""
    row = db.get(sb.IGMPGroup, ref)
    if row is not None and heard_on(db, row) is None:
        yield Leftover(sb.IGMPGroup, ref)


LEFTOVERS = each(
    (sb.MACBinding, mac_binding), (sb.FDB, fdb), (sb.IGMPGroup, igmp_group),
    *((table, at_ports(table)) for table in (sb.LearnedRoute, sb.AdvertisedRoute, sb.AdvertisedMACBinding)),
)  # fmt: skip
"""Every row to delete."""
