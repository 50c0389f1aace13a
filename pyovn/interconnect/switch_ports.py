"""Ports of transit switches: a zone tells of its own, and has a remote port for each that others tell of (ovn-ic-sb(5), Port_Binding)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.interconnect.edits import Edit, Join, Part, Remove, differing, differing_key, new
from pyovn.interconnect.gateways import chassis_named
from pyovn.interconnect.keys import port_key
from pyovn.interconnect.transit_switches import logical_switch, switch_named, transit_of
from pyovn.interconnect.zone import my_zone
from pyovn.query import Engine, index, projection, query
from pyovn.schemas import ic_sb, nb, sb

KIND = "transit-switch-port"
OTHER_KIND = "transit-router-port"
LOCAL_TYPES = ("router", "switch")
"""Of a transit switch's ports, the types of those that are in this zone."""


@query
def sb_binding(db: Engine, port: str) -> sb.PortBinding | None:
    """The southbound's binding of a port."""
    found = db.find(sb.PortBinding, "logical_port", port)
    return db.get(sb.PortBinding, found[0]) if found else None


@query
def shared_binding(db: Engine, port: str) -> ic_sb.PortBinding | None:
    """What zones know of a port."""
    found = db.find(ic_sb.PortBinding, "logical_port", port)
    return db.get(ic_sb.PortBinding, found[0]) if found else None


@projection
def lsp_named(db: Engine, name: str) -> str | None:
    """The switch port of this name."""
    found = db.find(nb.LogicalSwitchPort, "name", name)
    return found[0] if found else None


class Told(NamedTuple):
    """What the zone tells of a port."""

    address: str
    gateway: str
    router: str
    """The router behind it; empty if that is not known."""


@query
def chassis_name(db: Engine, ref: str) -> str:
    """The name of a chassis."""
    row = db.get(sb.Chassis, ref)
    return row.name if row else ""


@query
def told(db: Engine, name: str, kind: str) -> Told | None:
    """What is to be told of a port of this zone; None until the southbound has it."""
    binding = sb_binding(db, name)
    if binding is None:
        return None
    peer = sb_binding(db, binding.options["peer"]) if "peer" in binding.options else None
    other_half = sb_binding(db, f"cr-{peer.logical_port}") if peer else None
    holder = other_half.chassis if other_half else None
    if holder is None and kind == "switch":
        holder = binding.chassis
    # A switch never names who lives behind its port, and whoever does may be there.
    address = "unknown" if kind == "switch" else next(iter(peer.mac), "") if peer else ""
    datapath = db.get(sb.DatapathBinding, peer.datapath) if peer else None
    return Told(address, chassis_name(db, holder) if holder else "", (datapath.nb_uuid or "") if datapath else "")


@query
def is_told(db: Engine, name: str, transit: str) -> bool:
    """Whether a port is one of this zone on that transit switch, and ready to be told of."""
    port = lsp_named(db, name)
    row = db.get(nb.LogicalSwitchPort, port) if port else None
    if row is None or port is None or row.type not in LOCAL_TYPES:
        return False
    return transit_of(db, port)[0] == transit and told(db, name, row.type) is not None


def _wants_key(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    row = db.get(nb.LogicalSwitchPort, ref)
    if row is not None and row.type in LOCAL_TYPES and my_zone(db) is not None:
        transit, _ = transit_of(db, ref)
        if transit and is_told(db, row.name, transit) and shared_binding(db, row.name) is None:
            yield transit, row.name


WANTING = index((nb.LogicalSwitchPort, _wants_key))
"""Transit switch → ports of this zone that have no key yet."""


def port(db: Engine, ref: str) -> Iterator[Edit]:
    """A port of a transit switch is told of, or follows what others tell."""
    row, zone = db.get(nb.LogicalSwitchPort, ref), my_zone(db)
    if row is None or zone is None or row.type not in (*LOCAL_TYPES, "remote"):
        return
    transit, switch = transit_of(db, ref)
    if not transit:
        return
    if row.type == "remote":
        yield from remote_port(db, row, (transit, switch), zone)
    elif is_told(db, row.name, transit):
        yield from local_port(db, row, transit, zone)


def local_port(db: Engine, row: nb.LogicalSwitchPort, transit: str, zone: str) -> Iterator[Edit]:
    """A port of this zone: others know it as it is, and it has the key that all use."""
    shared, what, origin = shared_binding(db, row.name), told(db, row.name, row.type), switch_named(db, transit)
    assert what is not None
    router = {"router-id": what.router} if what.router else {}
    if shared is None:
        key = port_key(db, WANTING, transit, row.name)
        if key is not None:
            yield new(
                ic_sb.PortBinding, logical_port=row.name, transit_switch=transit, availability_zone=zone, tunnel_key=key, type=KIND,
                nb_ic_uuid=origin, address=what.address, gateway=what.gateway, external_ids=router,
            )  # fmt: skip
    elif shared.availability_zone == zone and shared.transit_switch == transit:
        yield from differing(shared, address=what.address, gateway=what.gateway)
        if what.router:
            yield from differing_key(shared, "external_ids", "router-id", what.router)
        if shared.nb_ic_uuid is not None:
            yield from differing(shared, nb_ic_uuid=origin)
        yield from differing_key(row, "options", "requested-tnl-key", str(shared.tunnel_key))


def remote_port(db: Engine, row: nb.LogicalSwitchPort, place: tuple[str, str], zone: str) -> Iterator[Edit]:
    """A port of another zone: it is as that zone tells, and where that zone's gateway is."""
    shared, (transit, switch) = shared_binding(db, row.name), place
    if shared is None or shared.availability_zone == zone or shared.transit_switch != transit:
        yield Part(nb.LogicalSwitch, switch, "ports", row.uuid)
        return
    yield from differing(row, addresses=(shared.address,) if shared.address else ())
    yield from differing_key(row, "options", "requested-tnl-key", str(shared.tunnel_key))
    binding = sb_binding(db, row.name)
    if binding is None or "requested-chassis" in row.options:
        return
    if not shared.gateway:
        yield from differing(binding, chassis=None)
    elif (chassis := chassis_named(db, shared.gateway)) is not None:
        yield from differing(binding, chassis=chassis.uuid)


def binding(db: Engine, ref: str) -> Iterator[Edit]:
    """What this zone told of a port that is no more goes; for a port of another zone there is one here."""
    shared, zone = db.get(ic_sb.PortBinding, ref), my_zone(db)
    if shared is None or zone is None or shared.type == OTHER_KIND:
        return
    if shared.availability_zone == zone:
        if not is_told(db, shared.logical_port, shared.transit_switch):
            yield Remove(ic_sb.PortBinding, ref)
        return
    switch = logical_switch(db, shared.transit_switch) if switch_named(db, shared.transit_switch) else None
    if switch is not None and lsp_named(db, shared.logical_port) is None:
        made = new(
            nb.LogicalSwitchPort, name=shared.logical_port, type="remote", up=True, addresses=(shared.address,) if shared.address else (),
            options={"requested-tnl-key": str(shared.tunnel_key)},
        )  # fmt: skip
        yield Join(nb.LogicalSwitch, switch.uuid, "ports", made)
