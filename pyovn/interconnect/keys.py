"""Tunnel keys that all zones agree on: for each transit switch and router, and for each port within one (ovn-ic-sb(5), tunnel_key)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pyovn.interconnect.settings import is_set
from pyovn.query import Engine, Index, index, query
from pyovn.schemas import ic_nb, ic_sb

DATAPATHS = range(0xFF0002, 0xFFFFFF + 1)
"""Keys that zones do not give to datapaths of their own; the first of all is passed over, as it always was."""
VXLAN_DATAPATHS = range(0x401, 0xFFF + 1)
"""The same where packets travel in VXLAN, whose header has room for less."""
PORTS = range(1, 0x7FFF + 1)


@query
def in_vxlan(db: Engine) -> bool:
    """Whether keys of transit switches must fit into VXLAN: that is asked for, and a gateway has such a tunnel."""
    rows = [db.get(ic_nb.ICNBGlobal, ref) for ref in db.every(ic_nb.ICNBGlobal)]
    asked = any(row is not None and is_set(row.options, "vxlan_mode") for row in rows)
    return asked and bool(db.find(ic_sb.Encap, "type", "vxlan"))


def fits(key: int, vxlan: bool) -> bool:
    """Whether a transit switch may keep its key: it is not one of the other mode's."""
    return key not in (range(0x1000, 0x1000000) if vxlan else VXLAN_DATAPATHS)


def binding_of(db: Engine, origin: str) -> ic_sb.DatapathBinding | None:
    """The binding of a transit switch or router, by the uuid of that."""
    found = db.find(ic_sb.DatapathBinding, "nb_ic_uuid", origin)
    return db.get(ic_sb.DatapathBinding, found[0]) if found else None


def switch_binding(db: Engine, switch: ic_nb.TransitSwitch) -> ic_sb.DatapathBinding | None:
    """The binding of a transit switch; earlier versions knew it by its name only."""
    rows = [db.get(ic_sb.DatapathBinding, ref) for ref in db.find(ic_sb.DatapathBinding, "transit_switch", switch.name)]
    return next((row for row in rows if row is not None and row.type != "transit-router"), None)


def _switch_wants(db: Engine, ref: str) -> Iterator[tuple[bool, str]]:
    switch = db.get(ic_nb.TransitSwitch, ref)
    binding = switch_binding(db, switch) if switch else None
    if switch is not None and (binding is None or not fits(binding.tunnel_key, in_vxlan(db))):
        yield in_vxlan(db), ref


def _router_wants(db: Engine, ref: str) -> Iterator[tuple[bool, str]]:
    if binding_of(db, ref) is None:
        yield False, ref


def _taken(db: Engine, ref: str) -> Iterator[tuple[str, int]]:
    row = db.get(ic_sb.DatapathBinding, ref)
    if row is not None:
        yield "", row.tunnel_key


WANTING = index((ic_nb.TransitSwitch, _switch_wants), (ic_nb.TransitRouter, _router_wants))
"""Whether VXLAN counts → transit switches and routers without a key."""
TAKEN = index((ic_sb.DatapathBinding, _taken))
"""Keys of datapaths."""


@query
def datapath_keys(db: Engine) -> tuple[tuple[str, int], ...]:
    """A key for each transit switch and router without one: the lowest that nobody has."""
    taken = set(TAKEN(db, ""))
    found = []
    for vxlan, keys in ((False, DATAPATHS), (True, VXLAN_DATAPATHS)):
        free = (key for key in keys if key not in taken)
        found += list(zip(WANTING(db, vxlan), free))
    return tuple(found)


def datapath_key(db: Engine, origin: str) -> int | None:
    """The key that a transit switch or router without one is to get, if any is free."""
    return dict(datapath_keys(db)).get(origin)


def _taken_port(db: Engine, ref: str) -> Iterator[tuple[str, int]]:
    row = db.get(ic_sb.PortBinding, ref)
    if row is not None:
        yield row.transit_switch, row.tunnel_key


TAKEN_BY_PORTS = index((ic_sb.PortBinding, _taken_port))
"""Transit switch or router → keys of its ports, whichever zone has them."""


@query
def port_keys(db: Engine, wanting: Index[str, str], place: str) -> tuple[tuple[str, int], ...]:
    """A key for each port without one on a transit switch or router, after the highest in use: one just freed may still be on packets."""
    taken = TAKEN_BY_PORTS(db, place)
    last = max(taken, default=0)
    free = (key for key in chain(range(last + 1, PORTS.stop), range(PORTS.start, last)) if key not in taken)
    return tuple(zip(wanting(db, place), free))


def port_key(db: Engine, wanting: Index[str, str], place: str, port: str) -> int | None:
    """The key that a port without one is to get, if any is free."""
    return dict(port_keys(db, wanting, place)).get(port)
