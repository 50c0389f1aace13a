"""What packets teach: which address a neighbour has (MAC_Binding), behind which port an address is (FDB); bounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from pyovn.controller.services.request import INPORT, METADATA, Request
from pyovn.openflow.fields import FIELDS
from pyovn.ovsdb.operation import Insert, Operation, Update, by_uuid
from pyovn.query import Engine
from pyovn.schemas import sb

LIMIT = 1024
"""So many things learned may wait to be written."""


class Neighbour(NamedTuple):
    """An address seen on a router's port; numbers as packets carry them."""

    datapath: int
    port: int
    ip: str
    mac: str


class Station(NamedTuple):
    """An Ethernet address seen behind a switch's port."""

    datapath: int
    port: int
    mac: str


def format_mac(data: bytes) -> str:
    """Six bytes as text."""
    return ":".join(f"{byte:02x}" for byte in data)


def neighbour4(request: Request) -> Neighbour | None:
    """What `put_arp` was given: the port, the IPv4 address, and the Ethernet address as the frame's source."""
    address = str(IPv4Address(request.read(FIELDS["reg0"])))
    return _neighbour(request, address)


def neighbour6(request: Request) -> Neighbour | None:
    """What `put_nd` was given."""
    address = str(IPv6Address(request.read(FIELDS["xxreg0"])))
    return _neighbour(request, address)


def _neighbour(request: Request, address: str) -> Neighbour | None:
    if len(request.frame) < 12:
        return None
    return Neighbour(request.read(METADATA), request.read(INPORT), address, format_mac(request.frame[6:12]))


def station(request: Request) -> Station | None:
    """What `put_fdb` was given."""
    if len(request.frame) < 12:
        return None
    return Station(request.read(METADATA), request.read(INPORT), format_mac(request.frame[6:12]))


def remember(waiting: dict[Neighbour | Station, None], thing: Neighbour | Station | None) -> None:
    """Let it wait to be written; where too much waits the oldest is forgotten."""
    if thing is None:
        return
    waiting.pop(thing, None)
    waiting[thing] = None
    while len(waiting) > LIMIT:
        del waiting[next(iter(waiting))]


def port_by_key(db: Engine, datapath: int, key: int) -> sb.PortBinding | None:
    """The port that packets name by two numbers."""
    for ref in db.find(sb.DatapathBinding, "tunnel_key", datapath):
        for port in db.find(sb.PortBinding, "tunnel_key", key):
            row = db.get(sb.PortBinding, port)
            if row and row.datapath == ref:
                return row
    return None


def learning_operations(db: Engine, waiting: Iterable[Neighbour | Station], wall_ms: int) -> Iterator[Operation]:
    """The rows that say what was learned; nothing for what they say already."""
    for thing in waiting:
        if isinstance(thing, Neighbour):
            yield from _neighbour_row(db, thing, wall_ms)
        else:
            yield from _station_row(db, thing, wall_ms)


def find_neighbour(db: Engine, logical_port: str, ip: str) -> sb.MACBinding | None:
    """The row of an address on a port."""
    for ref in db.find(sb.MACBinding, "ip", ip):
        row = db.get(sb.MACBinding, ref)
        if row and row.logical_port == logical_port:
            return row
    return None


def _neighbour_row(db: Engine, learned: Neighbour, wall_ms: int) -> Iterator[Operation]:
    port = port_by_key(db, learned.datapath, learned.port)
    if port is None:
        return
    row = find_neighbour(db, port.logical_port, learned.ip)
    columns = {"mac": learned.mac, "timestamp": wall_ms}
    if row is None:
        yield Insert(sb.MACBinding, {"logical_port": port.logical_port, "ip": learned.ip, "datapath": port.datapath, **columns})
    elif row.mac != learned.mac:
        yield Update(sb.MACBinding, by_uuid(row.uuid), columns)


def _station_row(db: Engine, learned: Station, wall_ms: int) -> Iterator[Operation]:
    for ref in db.find(sb.FDB, "mac", learned.mac):
        row = db.get(sb.FDB, ref)
        if row and row.dp_key == learned.datapath:
            if row.port_key != learned.port:
                yield Update(sb.FDB, by_uuid(ref), {"port_key": learned.port, "timestamp": wall_ms})
            return
    columns = {"mac": learned.mac, "dp_key": learned.datapath, "port_key": learned.port, "timestamp": wall_ms}
    yield Insert(sb.FDB, columns)
