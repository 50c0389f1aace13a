"""Patch ports that join the integration bridge to the bridges of physical networks (`ovn-bridge-mappings`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.controller.binding import is_here
from pyovn.controller.host import bridge_mappings, bridge_name, integration_bridge
from pyovn.controller.local_datapaths import is_local
from pyovn.ovsdb.operation import Insert, Mutate, Mutation, Named, Operation, by_uuid
from pyovn.query import Engine, each, index, query
from pyovn.schemas import sb, vswitch

KEYS = {"localnet": "ovn-localnet-port", "l2gateway": "ovn-l2gateway-port"}
"""By type of logical port, the key by which its patch ports are known again."""


class Half(NamedTuple):
    """One of the two ports of a patch."""

    name: str
    peer: str
    bridge: str
    key: str
    logical_port: str


@query
def bridge_of(db: Engine, network: str) -> str | None:
    """The bridge that leads to a physical network."""
    name = dict(bridge_mappings(db)).get(network)
    return next(iter(db.find(vswitch.Bridge, "name", name)), None) if name else None


def _wanted(db: Engine, ref: str) -> Iterator[Half]:
    row, integration = db.get(sb.PortBinding, ref), integration_bridge(db)
    if row is None or row.type not in KEYS or integration is None:
        return
    matters = is_local(db, row.datapath) if row.type == "localnet" else is_here(db, ref)
    bridge = bridge_of(db, row.options.get("network_name", "")) if matters else None
    if bridge is not None:
        inner, outer = f"patch-{bridge_name(db)}-to-{row.logical_port}", f"patch-{row.logical_port}-to-{bridge_name(db)}"
        yield Half(inner, outer, integration, KEYS[row.type], row.logical_port)
        yield Half(outer, inner, bridge, KEYS[row.type], row.logical_port)


WANTED = each((sb.PortBinding, _wanted))


def _wanted_name(_: Engine, half: Half) -> Iterator[tuple[str, Half]]:
    yield half.name, half


WANTED_BY_NAME = index((WANTED, _wanted_name))


def _missing(db: Engine, half: Half) -> Iterator[Half]:
    if not db.find(vswitch.Port, "name", half.name):
        yield half


MISSING = each((WANTED, _missing))
"""Halves of patches that do not exist."""


def _surplus(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    port = db.get(vswitch.Port, ref)
    if port and any(key in port.external_ids for key in KEYS.values()) and not WANTED_BY_NAME(db, port.name):
        for bridge in db.find(vswitch.Bridge, "ports", ref):
            yield bridge, ref


SURPLUS = each((vswitch.Port, _surplus))
"""(bridge, port) of patches that nobody wants."""


def patch_operations(db: Engine) -> list[Operation]:
    """What turns the patches that exist into those wanted."""
    operations: list[Operation] = []
    for number, half in enumerate(sorted(db.items(MISSING))):
        port, interface = Named(f"patch{number}"), Named(f"half{number}")
        columns = {"name": half.name, "type": "patch", "options": {"peer": half.peer}}
        operations.append(Insert(vswitch.Interface, columns, uuid_name=interface))
        columns = {"name": half.name, "interfaces": (interface,), "external_ids": {half.key: half.logical_port}}
        operations.append(Insert(vswitch.Port, columns, uuid_name=port))
        operations.append(Mutate(vswitch.Bridge, by_uuid(half.bridge), [Mutation("ports", "insert", (port,))]))
    for bridge, gone in db.items(SURPLUS):
        operations.append(Mutate(vswitch.Bridge, by_uuid(bridge), [Mutation("ports", "delete", (gone,))]))
    return operations
