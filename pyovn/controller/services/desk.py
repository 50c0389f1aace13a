"""The desk at which packets from the switch are served: each opcode's service, what it sends, and what it has learned.

A packet that makes no sense is counted and dropped; none raises, and none gets more than bytes of its own or constants.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

from pyovn.controller.services import acl_log, dhcp4, dhcp6, dns
from pyovn.controller.services.advertiser import Advertiser
from pyovn.controller.services.announce import Announcer
from pyovn.controller.services.bfd import Sessions
from pyovn.controller.services.buffers import Buffers, hold, hop_of, next_expiry, release
from pyovn.controller.services.events import Events
from pyovn.controller.services.frame import ethernet_type
from pyovn.controller.services.icmp import icmp_error, mtu_of, with_mtu
from pyovn.controller.services.learning import Thing, learning_operations, moved, neighbour4, neighbour6, remember, station
from pyovn.controller.services.neighbours import advertisement, arp_request, solicitation
from pyovn.controller.services.probes import Prober
from pyovn.controller.services.request import METADATA, Request, answered, nested_actions, parse_request, read_answer, send_as
from pyovn.controller.services.reset import refusal, sctp_abort, tcp_reset
from pyovn.controller.services.router_advertisement import advertise
from pyovn.controller.services.snooping import Snooper
from pyovn.logical.actions.userdata import Opcode
from pyovn.openflow.fields import FIELDS
from pyovn.openflow.message import Message, PacketIn, PacketOut, Resume
from pyovn.ovsdb.operation import Operation
from pyovn.query import Engine

IPV6 = 0x86DD


@dataclass(slots=True)
class Counters:
    """How many packets each service had, and how many of them made no sense."""

    served: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)


class Talker(Protocol):
    """A service that speaks by itself."""

    def tick(self, now: float) -> Iterator[PacketOut]:
        """What is due."""

    def due(self) -> float:
        """When something next is."""


class Desk:
    """The machine that serves packet-ins."""

    def __init__(self, db: Engine) -> None:
        self.counters = Counters()
        self._db = db
        self._announcer = Announcer(db)
        self._sessions = Sessions(db)
        self._prober = Prober(db)
        self._advertiser = Advertiser(db)
        self._snooper = Snooper(db)
        self._events = Events(db)
        self._hearers: dict[Opcode, Callable[[Request, float], bool]] = {
            Opcode.BFD_MSG: self._sessions.hear,
            Opcode.IGMP: self._snooper.hear,
            Opcode.HANDLE_SVC_CHECK: self._prober.hear,
            Opcode.EVENT: lambda request, now: self._events.hear(request),
            Opcode.LOG: lambda request, now: acl_log.write(request),
        }
        self._buffers: Buffers = {}
        self._learned: dict[Thing, None] = {}
        self._out: list[Message] = []

    def take(self, packet: PacketIn, now: float) -> None:
        """Serve one packet."""
        request = parse_request(packet)
        if request is None:
            self.counters.dropped["UNKNOWN"] += 1
            return
        if request.opcode in MADE:
            served = self._send(request, with_mtu(MADE[request.opcode](request.frame), mtu_of(nested_actions(request))))
        elif request.opcode in PAUSED:
            served = self._answer(request, PAUSED[request.opcode])
        elif request.opcode is Opcode.DNS_LOOKUP:
            served = self._answer(request, lambda frame, _: dns.answer(self._db, request.read(METADATA), frame))
        elif request.opcode in self._hearers:
            served = self._hearers[request.opcode](request, now)
        elif request.opcode in (Opcode.ARP, Opcode.ND_NS):
            served = self._look_for_neighbour(request, now)
        else:
            served = self._learn(request)
        (self.counters.served if served else self.counters.dropped)[request.opcode.name] += 1

    def tick(self, now: float) -> None:
        """Let go of packets whose next hop has become known; say what is due."""
        for talker in self._talkers():
            self._out.extend(talker.tick(now))
        if self._buffers:
            self._out.extend(release(self._db, self._buffers, now))

    def due(self) -> float:
        """When a packet has waited too long, or something is to be said."""
        return min(next_expiry(self._buffers), *(talker.due() for talker in self._talkers()))

    def _talkers(self) -> tuple[Talker, ...]:
        return (self._announcer, self._sessions, self._prober, self._advertiser, self._snooper)

    def messages(self) -> list[Message]:
        """What is to be said to the switch."""
        out, self._out = self._out, []
        return out

    def operations(self, wall_ms: int) -> list[Operation]:
        """The rows that say what was learned since last asked."""
        learned, self._learned = self._learned, {}
        told = (self._sessions.operations(), self._prober.operations(), self._snooper.operations(), self._events.operations())
        return [*learning_operations(self._db, learned, wall_ms), *chain(*told)]

    def _send(self, request: Request, frame: bytes | None) -> bool:
        message = send_as(request, frame) if frame is not None else None
        if message is None:
            return False
        self._out.append(message)
        return True

    def _answer(self, request: Request, service: Callable[[bytes, bytes], bytes | None]) -> bool:
        """A paused packet goes on in any case: with the reply in its place and the bit set, or as it came."""
        place = read_answer(request.payload)
        if place is None:
            return False
        answer, payload = place
        reply = service(request.frame, payload)
        self._out.append(Resume(answered(request.packet, answer, reply is not None, request.frame if reply is None else reply)))
        return reply is not None

    def _look_for_neighbour(self, request: Request, now: float) -> bool:
        version = 6 if ethernet_type(request.frame) == IPV6 else 4
        if version == 4:
            question = arp_request(request.frame)
        else:
            question = solicitation(request.frame, request.read(FIELDS["xxreg0"]))
        if not self._send(request, question):
            return False
        if request.packet.continuation:
            hold(self._buffers, hop_of(request, version), request.packet, now)
        return True

    def _learn(self, request: Request) -> bool:
        learn = LEARNED.get(request.opcode)
        thing = learn(request) if learn else None
        remember(self._learned, thing)
        return thing is not None


def _dhcp4(frame: bytes, payload: bytes) -> bytes | None:
    offer = dhcp4.parse_offer(payload)
    return dhcp4.reply(frame, offer) if offer else None


MADE: dict[Opcode, Callable[[bytes], bytes | None]] = {
    Opcode.ND_NA: lambda frame: advertisement(frame, router=False),
    Opcode.ND_NA_ROUTER: lambda frame: advertisement(frame, router=True),
    Opcode.ICMP: icmp_error,
    Opcode.ICMP4_ERROR: icmp_error,
    Opcode.ICMP6_ERROR: icmp_error,
    Opcode.TCP_RESET: tcp_reset,
    Opcode.SCTP_ABORT: sctp_abort,
    Opcode.REJECT: refusal,
}
"""Services that make a new packet of the one that came."""

PAUSED: dict[Opcode, Callable[[bytes, bytes], bytes | None]] = {
    Opcode.PUT_DHCP_OPTS: _dhcp4,
    Opcode.PUT_DHCPV6_OPTS: dhcp6.reply,
    Opcode.PUT_ND_RA_OPTS: advertise,
}
"""Services that put a reply in the packet's place and let it go on."""

LEARNED: dict[Opcode, Callable[[Request], Thing | None]] = {
    Opcode.PUT_ARP: neighbour4,
    Opcode.PUT_ND: neighbour6,
    Opcode.PUT_FDB: station,
    Opcode.BIND_VPORT: moved,
}
"""Services that only remember."""
