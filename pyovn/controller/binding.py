"""Which logical ports live on this host: claimed by what is plugged into the integration bridge, or by what northd and HA decided.

A row is written only while it says something else than it should, so that a claim that was refused is simply made again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.controller.chassis import chassis_ref
from pyovn.controller.facts import Ready
from pyovn.controller.ha import leads
from pyovn.controller.host import chassis_name
from pyovn.controller.interfaces import interface_of
from pyovn.ovsdb.operation import Operation, Update, by_uuid
from pyovn.query import Engine, each, query
from pyovn.schemas import sb, vswitch

VIF = ""
PINNED = {"l2gateway": "l2gateway-chassis", "l3gateway": "l3gateway-chassis"}
"""Types whose chassis northd names, and the option in which it does."""

DEEPEST_NESTING = 4
"""A virtual port in a container in a machine is as deep as it gets."""


@query
def may_be_here(db: Engine, ref: str) -> bool:
    """Whether the port, plugged in here, may be claimed: `requested-chassis` names nobody, or us."""
    row = db.get(sb.PortBinding, ref)
    wanted = row.options.get("requested-chassis") if row else None
    if row is None or not wanted:
        return row is not None
    ours = chassis_ref(db)
    chassis = db.get(sb.Chassis, ours) if ours else None
    names = [name for name in wanted.split(",") if name]
    return chassis is not None and bool({chassis.name, chassis.hostname} & set(names[:1]))


@query
def parent_of(db: Engine, ref: str) -> str | None:
    """The Port_Binding in which a container or virtual port is nested."""
    row = db.get(sb.PortBinding, ref)
    name = (row.virtual_parent if row.type == "virtual" else row.parent_port) if row else None
    return next(iter(db.find(sb.PortBinding, "logical_port", name)), None) if name else None


def outermost_of(db: Engine, ref: str) -> str | None:
    """The port that a port is nested in, itself nested in none; None where there is no such port, as when ports hold each other."""
    for _ in range(DEEPEST_NESTING):
        row = db.get(sb.PortBinding, ref)
        if row is None or not (row.type == "virtual" or (row.type == VIF and row.parent_port)):
            return ref
        parent = parent_of(db, ref)
        if parent is None:
            return None
        ref = parent
    return None


@query
def is_here(db: Engine, ref: str) -> bool:
    """Whether this chassis answers for the port: the one that plugs it in, or to which it was given."""
    outermost = outermost_of(db, ref)
    row = db.get(sb.PortBinding, outermost) if outermost else None
    if row is None or outermost is None:
        return False
    if outermost != ref:
        return is_here(db, outermost)
    if row.type == VIF:
        return interface_of(db, row.logical_port) is not None and may_be_here(db, ref)
    if row.type in PINNED:
        return bool(chassis_name(db)) and row.options.get(PINNED[row.type]) == chassis_name(db)
    if row.type in ("chassisredirect", "external"):
        return row.ha_chassis_group is not None and leads(db, row.ha_chassis_group)
    return False


@query
def serves(db: Engine, ref: str) -> bool:
    """Whether we are among the chassis that may serve a port, leading or not."""
    row, ours = db.get(sb.PortBinding, ref), chassis_ref(db)
    group = db.get(sb.HAChassisGroup, row.ha_chassis_group) if row and row.ha_chassis_group else None
    members = (db.get(sb.HAChassis, member) for member in group.ha_chassis) if group else ()
    return ours is not None and any(member and member.chassis == ours for member in members)


@query
def is_seed(db: Engine, ref: str) -> bool:
    """Whether the port makes its datapath matter here."""
    row = db.get(sb.PortBinding, ref)
    if row is None:
        return False
    if row.type == "localport":
        return interface_of(db, row.logical_port) is not None
    if row.type in ("chassisredirect", "external"):
        return serves(db, ref)
    return is_here(db, ref)


@query
def bound_encap(db: Engine, ref: str) -> str | None:
    """The Encap through which others should reach the port: the one its interface asks for (`encap-ip`), else any."""
    row = db.get(sb.PortBinding, ref)
    interface = interface_of(db, row.logical_port) if row else None
    iface = db.get(vswitch.Interface, interface) if interface else None
    wanted = iface.external_ids.get("encap-ip") if iface else None
    ours = chassis_ref(db)
    chassis = db.get(sb.Chassis, ours) if ours and wanted else None
    encaps = [encap for encap in (db.get(sb.Encap, encap) for encap in chassis.encaps) if encap] if chassis else []
    return next((encap.uuid for encap in encaps if encap.ip == wanted), None)


class Binding(NamedTuple):
    """What a Port_Binding should say and does not."""

    port: str
    chassis: str | None
    encap: str | None
    up: bool | None
    taken: bool
    """Another chassis holds it."""


def _unbound(db: Engine, ref: str) -> Iterator[Binding]:
    row, ours = db.get(sb.PortBinding, ref), chassis_ref(db)
    if row is None or ours is None:
        return
    if is_here(db, ref):
        up = bool(row.up) or ready(db, ref)
        wanted = Binding(ref, ours, bound_encap(db, ref), up, row.chassis not in (None, ours))
        if (row.chassis, row.encap, bool(row.up)) != (wanted.chassis, wanted.encap, up):
            yield wanted
    elif row.chassis == ours and row.type not in ("patch", "localnet", "localport"):
        yield Binding(ref, None, None, False, False)


@query
def ready(db: Engine, ref: str) -> bool:
    """Whether the switch has the port's rules: those of its interface, of its parent's, or none of its own are needed."""
    row = db.get(sb.PortBinding, ref)
    if row is None:
        return False
    parent = parent_of(db, ref)
    if parent is not None:
        return ready(db, parent)
    interface = interface_of(db, row.logical_port)
    return interface is not None and db.get(Ready, interface) is not None if row.type == VIF else True


UNBOUND = each((sb.PortBinding, _unbound))
"""Port_Bindings that do not say where they are."""


def binding_operation(binding: Binding) -> Operation:
    """What makes the row right."""
    return Update(
        sb.PortBinding, by_uuid(binding.port), {"chassis": binding.chassis, "encap": binding.encap, "up": binding.up},
    )  # fmt: skip


class Marked(NamedTuple):
    """What an interface should say of its logical port, and does not: since when its rules are in place."""

    interface: str
    since_ms: int | None


def _unmarked(db: Engine, ref: str) -> Iterator[Marked]:
    row = db.get(vswitch.Interface, ref)
    if row is None:
        return
    ready_row = db.get(Ready, ref)
    name = row.external_ids.get("iface-id")
    port = next(iter(db.find(sb.PortBinding, "logical_port", name)), None) if name else None
    ours = port is not None and interface_of(db, name or "") == ref and is_here(db, port)
    installed = "ovn-installed" in row.external_ids
    if ours and ready_row and not installed:
        yield Marked(ref, ready_row.since_ms)
    elif installed and not ours:
        yield Marked(ref, None)


UNMARKED = each((vswitch.Interface, _unmarked))
"""Interfaces whose `ovn-installed` is wrong."""


def _claimed(db: Engine, ref: str) -> Iterator[str]:
    """The interfaces of ports that we hold, for their readiness to be told."""
    row = db.get(sb.PortBinding, ref)
    interface = interface_of(db, row.logical_port) if row and row.chassis and row.chassis == chassis_ref(db) else None
    if interface and is_here(db, ref):
        yield interface


CLAIMED = each((sb.PortBinding, _claimed))
"""Interfaces whose logical port the southbound database says is here."""
