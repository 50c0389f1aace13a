"""What is plugged into the integration bridge: interfaces by the logical port they stand for, tunnels by the chassis they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.controller.host import integration_bridge
from pyovn.query import Engine, each, index, query
from pyovn.schemas import vswitch


@query
def port_of(db: Engine, interface: str) -> str | None:
    """The Port, on the integration bridge, that holds the interface."""
    bridge = integration_bridge(db)
    for port in db.find(vswitch.Port, "interfaces", interface):
        if bridge in db.find(vswitch.Bridge, "ports", port):
            return port
    return None


@query
def ofport(db: Engine, interface: str) -> int | None:
    """The interface's OpenFlow port number; None while it has none."""
    row = db.get(vswitch.Interface, interface)
    return row.ofport if row and row.ofport and row.ofport > 0 else None


def _by_iface_id(db: Engine, interface: str) -> Iterator[tuple[str, str]]:
    row = db.get(vswitch.Interface, interface)
    name = row.external_ids.get("iface-id") if row else None
    # A port of the bridge itself, or one that leads elsewhere, stands for nobody's virtual machine.
    if row and name and row.type not in ("patch", *TUNNELS) and ofport(db, interface) and port_of(db, interface):
        yield name, interface


TUNNELS = ("geneve", "vxlan", "stt")

INTERFACES = index((vswitch.Interface, _by_iface_id))
"""Interfaces of the integration bridge by iface-id."""


@query
def interface_of(db: Engine, logical_port: str) -> str | None:
    """The interface that stands for a logical port here; of several, the first by reference."""
    return next(iter(INTERFACES(db, logical_port)), None)


class Tunnel(NamedTuple):
    """A tunnel port that exists: whom it leads to, between which addresses, as which OpenFlow port."""

    chassis: str
    remote_ip: str
    local_ip: str
    type: str
    ofport: int


def parse_tunnel_id(text: str) -> tuple[str, str, str] | None:
    """Chassis, remote and local address of `CHASSIS@REMOTE%LOCAL`; None if it is not of that form."""
    chassis, at, addresses = text.rpartition("@")
    remote, _, local = addresses.partition("%")
    return (chassis, remote, local) if at else None


def _tunnels(db: Engine, ref: str) -> Iterator[Tunnel]:
    port = db.get(vswitch.Port, ref)
    found = parse_tunnel_id(port.external_ids.get("ovn-chassis-id", "")) if port else None
    if port is None or found is None or integration_bridge(db) not in db.find(vswitch.Bridge, "ports", ref):
        return
    for interface in port.interfaces:
        row, number = db.get(vswitch.Interface, interface), ofport(db, interface)
        if row and number:
            yield Tunnel(*found, row.type, number)


TUNNEL_PORTS = each((vswitch.Port, _tunnels))
"""Every tunnel that the switch has a port for."""


def _by_chassis(_: Engine, tunnel: Tunnel) -> Iterator[tuple[str, Tunnel]]:
    yield tunnel.chassis, tunnel


TUNNELS_TO = index((TUNNEL_PORTS, _by_chassis))
"""Tunnels by the name of the chassis they lead to."""


class Patch(NamedTuple):
    """A patch port of the integration bridge that stands for a localnet or l2gateway port."""

    logical_port: str
    ofport: int


def _patches(db: Engine, ref: str) -> Iterator[tuple[str, int]]:
    port = db.get(vswitch.Port, ref)
    name = (port.external_ids.get("ovn-localnet-port") or port.external_ids.get("ovn-l2gateway-port")) if port else None
    if port is None or not name or integration_bridge(db) not in db.find(vswitch.Bridge, "ports", ref):
        return
    for interface in port.interfaces:
        number = ofport(db, interface)
        if number:
            yield name, number


PATCHES = index((vswitch.Port, _patches))
"""OpenFlow ports of patch ports by the localnet or l2gateway port they stand for."""
