"""Packets that wait, paused, until their next hop's address is known. Bounded in number and time; the oldest is dropped first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from pyovn.controller.services.learning import find_neighbour, port_by_key
from pyovn.controller.services.request import METADATA, OUTPORT, Request
from pyovn.machine import NEVER
from pyovn.openflow.fields import FIELDS
from pyovn.openflow.message import PacketIn, Resume
from pyovn.query import Engine

WAIT_S = 10.0
"""Nobody waits longer for an answer."""
PER_HOP = 4
"""More packets than this for one next hop: the oldest are dropped, as an ARP implementation should (RFC 1122 2.3.2.2)."""
HOPS = 1000


class Hop(NamedTuple):
    """A next hop as packets name it."""

    datapath: int
    port: int
    ip: str


@dataclass(slots=True)
class Queue:
    """The packets for one next hop."""

    until: float
    packets: list[PacketIn] = field(default_factory=list)


Buffers = dict[Hop, Queue]


def hop_of(request: Request, version: int) -> Hop:
    """The next hop of a packet for which ARP (4) or ND (6) was asked."""
    address = IPv4Address(request.read(FIELDS["reg0"])) if version == 4 else IPv6Address(request.read(FIELDS["xxreg0"]))
    return Hop(request.read(METADATA), request.read(OUTPORT), str(address))


def hold(buffers: Buffers, hop: Hop, packet: PacketIn, now: float) -> None:
    """Let a paused packet wait."""
    queue = buffers.setdefault(hop, Queue(now + WAIT_S))
    queue.packets = [*queue.packets, packet][-PER_HOP:]
    while len(buffers) > HOPS:
        del buffers[next(iter(buffers))]


def release(db: Engine, buffers: Buffers, now: float) -> Iterator[Resume]:
    """Packets whose next hop has become known, on their way; those that waited too long are gone."""
    for hop, queue in list(buffers.items()):
        mac = _resolve(db, hop)
        if mac is not None:
            del buffers[hop]
            for packet in queue.packets:
                yield Resume(_addressed(packet, mac))
        elif queue.until <= now:
            del buffers[hop]


def _resolve(db: Engine, hop: Hop) -> bytes | None:
    """Neighbours are known by the router's port, also where packets leave by its gateway (`cr-PORT`)."""
    port = port_by_key(db, hop.datapath, hop.port)
    row = find_neighbour(db, port.options.get("distributed-port", port.logical_port), hop.ip) if port else None
    try:
        mac = bytes.fromhex(row.mac.replace(":", "")) if row else b""
    except ValueError:
        return None
    return mac if len(mac) == 6 else None


def _addressed(packet: PacketIn, mac: bytes) -> PacketIn:
    return PacketIn(
        mac + packet.data[6:], packet.reason, packet.table, packet.cookie, packet.metadata, packet.total_len, None, packet.userdata,
        packet.continuation,
    )  # fmt: skip


def next_expiry(buffers: Buffers) -> float:
    """When the first of them has waited too long."""
    return min((queue.until for queue in buffers.values()), default=NEVER)
