"""Tunnels: a port of the integration bridge to every chassis that shares a transport zone and a tunnel type with this one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from pyovn.controller.bridge import chassis_index
from pyovn.controller.chassis import chassis_ref
from pyovn.controller.host import TUNNEL_TYPES, encapsulations, integration_bridge, setting, transport_zones
from pyovn.ovsdb.operation import Insert, Mutate, Mutation, Named, Operation, Update, by_uuid
from pyovn.query import Engine, each, index, query
from pyovn.schemas import sb, vswitch


class Wanted(NamedTuple):
    """A tunnel that should exist; `id` is its key in the port's external_ids."""

    id: str
    chassis: str
    type: str
    options: tuple[tuple[str, str], ...]


def tunnel_id(chassis: str, remote_ip: str, local_ip: str) -> str:
    """The text by which a tunnel port is known again."""
    return f"{chassis}@{remote_ip}%{local_ip}"


def _share_a_zone(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """A chassis without zones is in the default one."""
    return bool(set(ours) & set(theirs)) if ours and theirs else not ours and not theirs


@query
def wanted_tunnels(db: Engine, ref: str) -> Iterator[Wanted]:
    """The tunnels to one chassis: from each of our addresses to each of its, of the best type that both have."""
    row = db.get(sb.Chassis, ref)
    if row is None or ref == chassis_ref(db) or not chassis_ref(db) or not _share_a_zone(transport_zones(db), row.transport_zones):
        return
    theirs = [encap for encap in (db.get(sb.Encap, encap) for encap in row.encaps) if encap]
    ours = encapsulations(db)
    common = {encap.type for encap in theirs} & {encap.type for encap in ours}
    best = next((kind for kind in TUNNEL_TYPES if kind in common), None)
    for encap in theirs:
        for own in ours:
            if encap.type == own.type == best:
                yield _tunnel(db, row.name, encap, own.ip)


def _tunnel(db: Engine, chassis: str, encap: sb.Encap, local_ip: str) -> Wanted:
    options = {"csum": encap.options.get("csum", "false"), "key": "flow", "local_ip": local_ip, "remote_ip": encap.ip}
    if "dst_port" in encap.options:
        options["dst_port"] = encap.options["dst_port"]
    for key, ours in (("tos", "ovn-encap-tos"), ("df_default", "ovn-encap-df_default")):
        value = setting(db, ours)
        if value and value != "none":
            options[key] = value
    return Wanted(tunnel_id(chassis, encap.ip, local_ip), chassis, encap.type, tuple(sorted(options.items())))


WANTED = each((sb.Chassis, wanted_tunnels))


def _wanted_by_id(_: Engine, tunnel: Wanted) -> Iterator[tuple[str, Wanted]]:
    yield tunnel.id, tunnel


WANTED_BY_ID = index((WANTED, _wanted_by_id))


def _held(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    port = db.get(vswitch.Port, ref)
    if port and "ovn-chassis-id" in port.external_ids and integration_bridge(db) in db.find(vswitch.Bridge, "ports", ref):
        yield port.external_ids["ovn-chassis-id"], ref


HELD = index((vswitch.Port, _held))
"""Tunnel ports of the integration bridge by their key."""


def _missing(db: Engine, tunnel: Wanted) -> Iterator[Wanted]:
    if not HELD(db, tunnel.id):
        yield tunnel


MISSING = each((WANTED, _missing))
"""Tunnels wanted that have no port."""


def _surplus(db: Engine, ref: str) -> Iterator[str]:
    for key, _ in _held(db, ref):
        if not WANTED_BY_ID(db, key) or HELD(db, key)[0] != ref:
            yield ref


SURPLUS = each((vswitch.Port, _surplus))
"""Tunnel ports that nobody wants, or a second time."""


class Outdated(NamedTuple):
    """An interface of a tunnel that is no longer as wanted."""

    interface: str
    tunnel: Wanted


def _outdated(db: Engine, tunnel: Wanted) -> Iterator[Outdated]:
    for ref in HELD(db, tunnel.id):
        port = db.get(vswitch.Port, ref)
        for interface in port.interfaces if port else ():
            row = db.get(vswitch.Interface, interface)
            if row and (row.type != tunnel.type or row.options != dict(tunnel.options)):
                yield Outdated(interface, tunnel)


OUTDATED = each((WANTED, _outdated))


def tunnel_operations(db: Engine) -> list[Operation]:
    """What turns the tunnels that exist into those wanted; empty, and cheap to ask for, when they are."""
    bridge = integration_bridge(db)
    if bridge is None or not chassis_ref(db):
        return []
    operations: list[Operation] = []
    missing = sorted(db.items(MISSING))
    for number, (name, tunnel) in enumerate(zip(_free_names(db, missing), missing)):
        operations += _new_port(name, tunnel, number)
    for interface, tunnel in db.items(OUTDATED):
        operations.append(Update(vswitch.Interface, by_uuid(interface), {"type": tunnel.type, "options": dict(tunnel.options)}))
    added, gone = tuple(Named(f"tunnel{number}") for number in range(len(missing))), tuple(db.items(SURPLUS))
    changes = [Mutation("ports", kind, refs) for kind, refs in (("delete", gone), ("insert", added)) if refs]
    if changes:
        operations.append(Mutate(vswitch.Bridge, by_uuid(bridge), changes))
    return operations


def _free_names(db: Engine, tunnels: list[Wanted]) -> Iterator[str]:
    """`ovn-`, the first six characters of the chassis, and the lowest number that no port has."""
    given: set[str] = set()
    for tunnel in tunnels:
        names = (f"ovn{chassis_index(db)}-{tunnel.chassis[:6]}-{number}" for number in count())
        name = next(name for name in names if name not in given and not db.find(vswitch.Port, "name", name))
        given.add(name)
        yield name


def _new_port(name: str, tunnel: Wanted, number: int) -> list[Operation]:
    interface = Named(f"interface{number}")
    columns = {"name": name, "interfaces": (interface,), "external_ids": {"ovn-chassis-id": tunnel.id}}
    return [
        Insert(vswitch.Interface, {"name": name, "type": tunnel.type, "options": dict(tunnel.options)}, uuid_name=interface),
        Insert(vswitch.Port, columns, uuid_name=f"tunnel{number}"),
    ]
