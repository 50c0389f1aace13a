"""Ports of transit routers: each zone has all of them, that of a chassis elsewhere as a remote one (ovn-ic-nb(5), Transit_Router_Port)."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.interconnect.edits import Edit, Join, Part, Remove, differing, differing_key, new
from pyovn.interconnect.gateways import chassis_named
from pyovn.interconnect.keys import port_key
from pyovn.interconnect.settings import is_set
from pyovn.interconnect.switch_ports import OTHER_KIND as KIND
from pyovn.interconnect.switch_ports import shared_binding
from pyovn.interconnect.transit_routers import MARK, logical_router
from pyovn.interconnect.zone import my_zone
from pyovn.query import Engine, index, query
from pyovn.schemas import ic_nb, ic_sb, nb


@query
def is_ours(db: Engine, chassis: str) -> bool | None:
    """Whether a chassis is this zone's, or another's; None if nobody has it now."""
    row = chassis_named(db, chassis)
    return None if row is None else not is_set(row.other_config, "is-remote")


@query
def router_of(db: Engine, port: str) -> str:
    """The name of the transit router that a port is on; empty if there is none."""
    for router in db.referrers(ic_nb.TransitRouter, "ports", port):
        row = db.get(ic_nb.TransitRouter, router)
        if row is not None:
            return row.name
    return ""


@query
def is_here(db: Engine, name: str, router: str) -> bool:
    """Whether a transit router has a port of this name that is in this zone."""
    for ref in db.find(ic_nb.TransitRouterPort, "name", name):
        row = db.get(ic_nb.TransitRouterPort, ref)
        if row is not None and router_of(db, ref) == router and is_ours(db, row.chassis):
            return logical_router(db, router) is not None
    return False


def _wants_key(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    row, router = db.get(ic_nb.TransitRouterPort, ref), router_of(db, ref)
    if row is not None and my_zone(db) is not None and is_here(db, row.name, router) and shared_binding(db, row.name) is None:
        yield router, row.name


WANTING = index((ic_nb.TransitRouterPort, _wants_key))
"""Transit router → ports of this zone that have no key yet."""


def lrp_named(db: Engine, name: str) -> nb.LogicalRouterPort | None:
    """The router port of this name."""
    found = db.find(nb.LogicalRouterPort, "name", name)
    return db.get(nb.LogicalRouterPort, found[0]) if found else None


def port(db: Engine, ref: str) -> Iterator[Edit]:
    """A transit router's port: the zone that has it tells of it, and each zone has it once it is told of."""
    row, zone, name = db.get(ic_nb.TransitRouterPort, ref), my_zone(db), router_of(db, ref)
    router = logical_router(db, name) if name else None
    if row is None or zone is None or router is None:
        return
    shared, here = shared_binding(db, row.name), is_here(db, row.name, name)
    if shared is None:
        key = port_key(db, WANTING, name, row.name) if here else None
        if key is not None:
            origin = db.referrers(ic_nb.TransitRouter, "ports", ref)[0]
            yield new(
                ic_sb.PortBinding, logical_port=row.name, transit_switch=name, availability_zone=zone, tunnel_key=key, type=KIND,
                nb_ic_uuid=origin, address=row.mac,
            )  # fmt: skip
    elif shared.transit_switch == name and (shared.availability_zone == zone or not here):
        yield from part(db, row, router, str(shared.tunnel_key))


def part(db: Engine, row: ic_nb.TransitRouterPort, router: nb.LogicalRouter, key: str) -> Iterator[Edit]:
    """This zone's part of a transit router's port is as that is."""
    lrp = lrp_named(db, row.name)
    if lrp is None:
        options = {MARK: row.name, "requested-tnl-key": key, **({"requested-chassis": row.chassis} if row.chassis else {})}
        made = new(nb.LogicalRouterPort, name=row.name, mac=row.mac, networks=row.networks, options=options)
        yield Join(nb.LogicalRouter, router.uuid, "ports", made)
    elif MARK in lrp.options:
        yield from differing(lrp, mac=row.mac, networks=row.networks)
        yield from differing_key(lrp, "options", "requested-chassis", row.chassis or None)
        yield from differing_key(lrp, "options", "requested-tnl-key", key)


def leftover_part(db: Engine, ref: str) -> Iterator[Edit]:
    """This zone's part of a port goes when the transit router has it no more, or the zone that has it does not tell of it."""
    lrp = db.get(nb.LogicalRouterPort, ref)
    if lrp is None or MARK not in lrp.options or my_zone(db) is None:
        return
    for router in db.referrers(nb.LogicalRouter, "ports", ref):
        holder = db.get(nb.LogicalRouter, router)
        name = holder.options.get(MARK) if holder else None
        if name is None:
            continue
        wanted = any(router_of(db, port) == name for port in db.find(ic_nb.TransitRouterPort, "name", lrp.name))
        if not wanted or (shared_binding(db, lrp.name) is None and not is_here(db, lrp.name, name)):
            yield Part(nb.LogicalRouter, router, "ports", ref)


def leftover_binding(db: Engine, ref: str) -> Iterator[Edit]:
    """What this zone told of a port goes with the port, or when another zone has its chassis; while nobody has that, it stays."""
    shared, zone = db.get(ic_sb.PortBinding, ref), my_zone(db)
    if shared is None or shared.type != KIND or shared.availability_zone != zone:
        return
    for port in db.find(ic_nb.TransitRouterPort, "name", shared.logical_port):
        row = db.get(ic_nb.TransitRouterPort, port)
        if row is not None and router_of(db, port) == shared.transit_switch and is_ours(db, row.chassis) is not False:
            return
    yield Remove(ic_sb.PortBinding, ref)
