"""What the binding of a switch's port tells chassis: how the port is, and where somebody wants it.

Some options are notes that chassis leave there for each other; they stay.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from pyovn.northd import topology
from pyovn.northd.allotted import Queue
from pyovn.northd.settings import flag
from pyovn.northd.topology import SwitchPort, is_shaped
from pyovn.query import Engine, projection, query
from pyovn.schemas import sb

BOUND_FROM_HERE = "is-remote-nb-bound"
"""Says that the compiler has put the port on a chassis of another zone."""


class Place(NamedTuple):
    """The chassis that a port is wanted on, by uuid."""

    here: str | None
    more: tuple[str, ...]
    """Those that have it too, while its machine moves."""


@query
def chassis_called(db: Engine, name: str) -> str | None:
    """The chassis of that name or host name, by uuid."""
    found = db.find(sb.Chassis, "name", name) or db.find(sb.Chassis, "hostname", name)
    return found[0] if found else None


@query
def is_remote(db: Engine, chassis: str) -> bool:
    """The chassis belongs to another zone."""
    row = db.get(sb.Chassis, chassis)
    return row is not None and flag(row.other_config, "is-remote")


def place_of(db: Engine, port: SwitchPort) -> Place:
    """Where a port is wanted; chassis that are not there are passed over."""
    names = port.options.get("requested-chassis", "").split(",")
    found = [chassis for name in names if name and (chassis := chassis_called(db, name))]
    return Place(found[0] if found else None, tuple(sorted(found[1:])))


@query
def noted(db: Engine, name: str, note: str) -> str | None:
    """What a port's binding says in an option."""
    for ref in db.find(sb.PortBinding, "logical_port", name):
        row = db.get(sb.PortBinding, ref)
        return row.options.get(note) if row else None
    return None


class Whereabouts(NamedTuple):
    """What chassis say of a port."""

    chassis: str | None
    """The one that has it, by uuid."""
    up: bool


@projection
def binding_state(db: Engine, name: str) -> Whereabouts:
    """Where a port is, as its binding says."""
    for ref in db.find(sb.PortBinding, "logical_port", name):
        row = db.get(sb.PortBinding, ref)
        return Whereabouts(row.chassis, row.up is True) if row else Whereabouts(None, False)
    return Whereabouts(None, False)


def is_away(db: Engine, name: str) -> bool:
    """The port is on a chassis of another zone."""
    chassis = binding_state(db, name).chassis
    return chassis is not None and is_remote(db, chassis)


def options(db: Engine, port: SwitchPort) -> dict[str, str]:
    """The options of a port that leads to no router."""
    found = dict(port.options)
    found |= _queue(db, port)
    switch = topology.switch(db, port.switch)
    if switch is not None and switch.carries_vlans:
        found["vlan-passthru"] = "true"
    place = place_of(db, port)
    notes = ["vport-last-claim", "vport-backoff"] if port.type == "virtual" else []
    for note in [*notes, "additional-chassis-activated"] if place.more else notes:
        text = noted(db, port.name, note)
        if text is not None:
            found[note] = text
    if _is_put(db, port, place):
        found[BOUND_FROM_HERE] = "true"
    other = topology.joined(db, port.uuid) if port.type == "switch" else None
    if other is not None:
        found["peer"] = other
    return found


def _queue(db: Engine, port: SwitchPort) -> dict[str, str]:
    """A port whose traffic is shaped has a queue; where it leaves by a wire, that is where the queue is."""
    queue = db.get(Queue, port.name) if is_shaped(port.options) else None
    if queue is None:
        return {}
    wires = topology.wires(db, port.switch)
    wire = topology.switch_port(db, wires[0]) if wires else None
    network = wire.options.get("network_name") if wire else None
    return {"qdisc_queue_id": str(queue.key)} | ({"qos_physical_network": network} if network else {})


def _is_put(db: Engine, port: SwitchPort, place: Place) -> bool:
    """No chassis here claims a port of another zone: the compiler puts it where it is wanted."""
    return bool(place.here and is_remote(db, place.here) and (port.type == "remote" or place.more))


def whereabouts(db: Engine, port: SwitchPort) -> dict[str, Any]:
    """The columns that say where a port is wanted, and its chassis where that is the compiler's to say."""
    if port.is_router:
        return {"chassis": None} if is_away(db, port.name) else {}
    place = place_of(db, port)
    columns: dict[str, Any] = {"requested_chassis": place.here, "requested_additional_chassis": place.more}
    if _is_put(db, port, place):
        columns["chassis"] = place.here
    elif port.type == "remote" or place.more:
        if noted(db, port.name, BOUND_FROM_HERE) == "true":
            columns["chassis"] = None
    elif is_away(db, port.name):
        columns["chassis"] = None
    return columns
