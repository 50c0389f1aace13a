"""What packets teach: which address a neighbour has (MAC_Binding), behind which port an address is (FDB), and which machine
a virtual port is on (Port_Binding); bounded."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from pyovn.controller.chassis import chassis_ref
from pyovn.controller.services.request import INPORT, METADATA, Request
from pyovn.openflow.fields import FIELDS
from pyovn.ovsdb.operation import Insert, Operation, Update, by_uuid
from pyovn.query import Engine
from pyovn.schemas import sb

log = logging.getLogger("pinctrl")

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


class Moved(NamedTuple):
    """A virtual port, and the port of the machine that has begun to speak for it."""

    datapath: int
    port: int
    parent: int


Thing = Neighbour | Station | Moved
"""What can be learned."""

BACKOFF_MS, LONGEST_BACKOFF_MS = 1000, 10_000
"""Who claims a virtual port that has just been claimed waits, the longer the more often."""


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


def moved(request: Request) -> Moved | None:
    """What `bind_vport` was given: the virtual port's number, and where the packet came in."""
    if len(request.payload) < 4:
        return None
    return Moved(request.read(METADATA), int.from_bytes(request.payload[:4], "big"), request.read(INPORT))


def remember(waiting: dict[Thing, None], thing: Thing | None) -> None:
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


def learning_operations(db: Engine, waiting: Iterable[Thing], wall_ms: int) -> Iterator[Operation]:
    """The rows that say what was learned; nothing for what they say already."""
    for thing in waiting:
        if isinstance(thing, Neighbour):
            yield from _neighbour_row(db, thing, wall_ms)
        elif isinstance(thing, Station):
            yield from _station_row(db, thing, wall_ms)
        else:
            yield from _virtual_row(db, thing, wall_ms)


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


def _virtual_row(db: Engine, learned: Moved, wall_ms: int) -> Iterator[Operation]:
    row, parent = port_by_key(db, learned.datapath, learned.port), port_by_key(db, learned.datapath, learned.parent)
    ours = chassis_ref(db)
    if row is None or parent is None or row.type != "virtual" or (row.chassis == ours and row.virtual_parent == parent.logical_port):
        return
    backoff = _number(row.options, "vport-backoff")
    if wall_ms >= _number(row.options, "vport-last-claim") + backoff:
        log.info("Claiming virtual lport %s for this chassis with the virtual parent %s", row.logical_port, parent.logical_port)
        options = {**row.options, "vport-last-claim": str(wall_ms), "vport-backoff": str(BACKOFF_MS)}
        yield Update(sb.PortBinding, by_uuid(row.uuid), {"chassis": ours, "virtual_parent": parent.logical_port, "options": options})
    else:
        longer = min(backoff + BACKOFF_MS, LONGEST_BACKOFF_MS)
        log.info("Postponing virtual lport %s claim by %d ms", row.logical_port, longer)
        yield Update(sb.PortBinding, by_uuid(row.uuid), {"options": {**row.options, "vport-backoff": str(longer)}})


def _number(options: Mapping[str, str], key: str) -> int:
    return int(options[key]) if options.get(key, "").isdecimal() else 0
