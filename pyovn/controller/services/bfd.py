"""BFD sessions of router ports (RFC 5880, 5881): run by the chassis that has the port, which tells the southbound how they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_interface
from typing import NamedTuple

from pyovn.controller.addresses import first_mac, ip_number
from pyovn.controller.binding import is_here
from pyovn.controller.local_datapaths import datapath_key, peer_of, port_ref
from pyovn.controller.physical.ports import L3GATEWAY
from pyovn.controller.services.frame import IPV4, IPV6, UDP, ethernet, ipv4, ipv6, parse_ip
from pyovn.controller.services.request import METADATA, Request, enter
from pyovn.machine import NEVER
from pyovn.openflow.message import PacketOut
from pyovn.ovsdb.operation import Operation, Update, by_uuid
from pyovn.packet import bfd, udp
from pyovn.packet.bfd_session import STATES, Session, Terms
from pyovn.packet.malformed import Malformed
from pyovn.packet.udp import Udp
from pyovn.query import Engine, each
from pyovn.schemas import sb

BROADCAST = b"\xff" * 6
"""The router looks up whose Ethernet address belongs there instead."""
HOPS = 255
"""Of a packet that crossed no router (RFC 5881 5)."""


class Watch(NamedTuple):
    """A session that this chassis runs, and what its packets are made of."""

    row: str
    datapath: int
    port: int
    mac: int
    version: int
    src: int
    dst: int
    src_port: int
    discriminator: int
    terms: Terms


def _watched(db: Engine, ref: str) -> Iterator[Watch]:
    row = db.get(sb.BFD, ref)
    if row is None or row.status == "admin_down":
        return
    binding = port_ref(db, row.logical_port)
    port = db.get(sb.PortBinding, binding) if binding else None
    destination = ip_number(row.dst_ip)
    if port is None or binding is None or destination is None or peer_of(db, binding) is None or not _has(db, port):
        return
    key, mac, source = datapath_key(db, port.datapath), first_mac(port.mac), _source(port, destination[0])
    if key is not None and mac is not None and source is not None:
        terms = Terms(row.min_tx * 1000, row.min_rx * 1000, row.detect_mult)
        yield Watch(ref, key, port.tunnel_key, mac, *destination[:1], source, destination[1], row.src_port, row.disc, terms)


def _has(db: Engine, port: sb.PortBinding) -> bool:
    """Whether the port, or its gateway, is on this chassis."""
    place = port.uuid if port.type == L3GATEWAY else port_ref(db, f"cr-{port.logical_port}")
    return place is not None and is_here(db, place)


def _source(port: sb.PortBinding, version: int) -> int | None:
    """The port's first address of a family."""
    for text in " ".join(port.mac[:1]).split()[1:]:
        try:
            address = ip_interface(text).ip
        except ValueError:
            continue
        if address.version == version:
            return int(address)
    return None


WATCHED = each((sb.BFD, _watched))
"""The sessions of this chassis."""


@dataclass(slots=True, eq=False)
class Running:
    """A session as it is, and how to say so."""

    watch: Watch
    session: Session


@dataclass(slots=True, eq=False)
class Sessions:
    """The machine that runs them."""

    db: Engine
    running: dict[str, Running] = field(default_factory=dict)
    """By row."""
    untold: dict[str, None] = field(default_factory=dict)
    """Rows whose sessions are in another state than was said."""

    def hear(self, request: Request, now: float) -> bool:
        """Take a packet that came for a session; False for one that belongs to none, or that some router may have passed on."""
        ip = parse_ip(request.frame)
        if ip is None or ip.protocol != UDP or request.frame[ip.at + (8 if ip.version == 4 else 7)] != HOPS:
            return False
        try:
            packet = bfd.parse(udp.parse(request.frame[ip.data : ip.end]).payload)
        except Malformed:
            return False
        for running in self.running.values():
            watch = running.watch
            here = (watch.datapath, watch.version, watch.dst) == (request.read(METADATA), ip.version, ip.src)
            if here and packet.your_discriminator in (0, watch.discriminator):
                running.session.receive(packet, now)
                return True
        return False

    def tick(self, now: float) -> Iterator[PacketOut]:
        """The packets that are due."""
        gained, lost = self.db.take(WATCHED)
        kept = {watch.row for watch in gained}
        for gone in lost:
            if gone.row not in kept:
                del self.running[gone.row]
        for watch in gained:
            self._run(watch, now)
        for running in self.running.values():
            running.session.tick(now)
            for packet in running.session.take():
                yield enter(_frame(running.watch, packet), running.watch.datapath, running.watch.port)

    def _run(self, watch: Watch, now: float) -> None:
        running = self.running.get(watch.row)
        if running is None:
            session = Session(watch.discriminator, watch.terms, next_at=now)
            session.on_change = lambda: self.untold.__setitem__(watch.row, None)
            self.running[watch.row] = Running(watch, session)
        else:
            running.watch = watch
            running.session.offer(watch.terms, now)

    def due(self) -> float:
        """When one of them next wants attention."""
        return min((running.session.due() for running in self.running.values()), default=NEVER)

    def operations(self) -> Iterator[Operation]:
        """What the southbound has not been told."""
        for ref in self.untold:
            running, row = self.running.get(ref), self.db.get(sb.BFD, ref)
            if running is not None and row is not None and row.status != STATES[running.session.state]:
                yield Update(sb.BFD, by_uuid(ref), {"status": STATES[running.session.state]})
        self.untold.clear()


def _frame(watch: Watch, packet: bfd.Bfd) -> bytes:
    datagram = udp.build(Udp(watch.src_port, bfd.PORT, bfd.build(packet)), watch.src, watch.dst)
    build, kind = (ipv4, IPV4) if watch.version == 4 else (ipv6, IPV6)
    return ethernet(BROADCAST, watch.mac.to_bytes(6, "big"), kind, build(watch.src, watch.dst, UDP, datagram))
