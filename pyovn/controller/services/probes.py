"""Service monitors: whether something answers behind a port of this chassis, asked by TCP, UDP or ICMP and told to the southbound.

TCP: who answers a SYN with one of his own is online, who resets or is silent is not. UDP: only who has an error sent back is
offline. ICMP: who answers an echo request is online, and so is a network function that lets one pass from its one port to the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pyovn.controller.addresses import ip_number, mac_number
from pyovn.controller.chassis import chassis_ref
from pyovn.controller.local_datapaths import datapath_key, port_ref
from pyovn.controller.services.frame import ICMP, ICMPV6, IPV4, IPV6, TCP, UDP, Ip, ethernet, ipv4, ipv6, parse_ip, with_checksum
from pyovn.controller.services.request import INPORT, METADATA, Request, leave
from pyovn.machine import NEVER
from pyovn.openflow.message import PacketOut
from pyovn.ovsdb.operation import Operation, Update, by_uuid
from pyovn.packet import icmp4, icmp6, tcp, udp
from pyovn.packet.checksum import pseudo_header
from pyovn.packet.malformed import Malformed
from pyovn.query import Engine, each
from pyovn.schemas import sb

FUNCTION = "network-function"
PROTOCOLS = {"load-balancer": ("tcp", "udp"), "logical-switch-port": ("tcp", "udp", "icmp"), FUNCTION: ("icmp",)}
"""What each type of monitor may ask by."""
NUMBERS = {("tcp", 4): TCP, ("tcp", 6): TCP, ("udp", 4): UDP, ("udp", 6): UDP, ("icmp", 4): ICMP, ("icmp", 6): ICMPV6}
ECHO = {4: (icmp4.ECHO_REQUEST, icmp4.ECHO_REPLY), 6: (icmp6.ECHO_REQUEST, icmp6.ECHO_REPLY)}
INTERVAL_S, TIMEOUT_S, ENOUGH = 5, 3, 1
HOPS, ECHO_HOPS = 63, 255
WINDOW = 65160
EPHEMERAL, PORTS = 49152, 16384


class Target(NamedTuple):
    """Who is asked, from where, how often, and how many answers in a row count."""

    row: str
    datapath: int
    port: int
    """Where the answer comes from."""
    entry: int
    """Where the question is sent: the same, but for network functions."""
    protocol: int
    version: int
    ip: int
    src_ip: int
    mac: int
    src_mac: int
    number: int
    """The port of the transport protocol."""
    interval_s: float
    timeout_s: float
    successes: int
    failures: int


def _target(db: Engine, ref: str) -> Iterator[Target]:
    row = db.get(sb.ServiceMonitor, ref)
    if row is None or row.remote or (row.protocol or "tcp") not in PROTOCOLS.get(row.type or "load-balancer", ()):
        return
    binding = port_ref(db, row.logical_port)
    port = db.get(sb.PortBinding, binding) if binding else None
    if port is None or port.chassis is None or port.chassis != chassis_ref(db) or not port.up:
        return
    ip, src_ip, src_mac = ip_number(row.ip), ip_number(row.src_ip), mac_number(row.src_mac)
    key = datapath_key(db, port.datapath)
    if ip is None or src_ip is None or ip[0] != src_ip[0] or src_mac is None or key is None:
        return
    is_function = row.type == FUNCTION
    mac, entry = (mac_number(row.mac), _entry(db, row)) if is_function else (_mac_of(port, ip), port.tunnel_key)
    if mac is not None and entry is not None:
        protocol = NUMBERS[row.protocol or "tcp", ip[0]]
        yield Target(ref, key, port.tunnel_key, entry, protocol, *ip, src_ip[1], mac, src_mac, row.port, *_pace(row.options))


def _entry(db: Engine, row: sb.ServiceMonitor) -> int | None:
    """The key of the port by which a network function is entered; None if that is not on this chassis."""
    binding = port_ref(db, row.logical_input_port)
    port = db.get(sb.PortBinding, binding) if binding else None
    return port.tunnel_key if port and port.chassis == chassis_ref(db) else None


def _mac_of(port: sb.PortBinding, ip: tuple[int, int]) -> int | None:
    """The Ethernet address that goes with an IP address of a port, or that of one whose IP addresses nobody knows."""
    for text in port.mac:
        first, *ips = text.split() or [""]
        if not ips or ip in map(ip_number, ips):
            return mac_number(first)
    return None


def _pace(options: dict[str, str]) -> tuple[int, int, int, int]:
    keys = {"interval": INTERVAL_S, "timeout": TIMEOUT_S, "success_count": ENOUGH, "failure_count": ENOUGH}
    interval, timeout, successes, failures = (
        int(options[key]) if options.get(key, "").isdecimal() else default for key, default in keys.items()
    )
    return interval, timeout, successes, failures


TARGETS = each((sb.ServiceMonitor, _target))
"""Whom this chassis asks."""


@dataclass(slots=True, eq=False)
class Probe:
    """What was asked last, and what the answers so far make of it."""

    target: Target
    next_at: float
    until: float = NEVER
    """Until when an answer is waited for; NEVER while none is."""
    asked: int = 0
    answers: int = 0
    misses: int = 0
    status: str | None = None

    @property
    def src_port(self) -> int:
        """Where the latest question came from."""
        return EPHEMERAL + (int(self.target.row[:8], 16) + self.asked) % PORTS

    @property
    def sequence(self) -> int:
        """The latest question's number."""
        return (int(self.target.row[:8], 16) * 2654435761 + self.asked * 65537) & 0xFFFFFFFF

    def judge(self, answered: bool, now: float) -> None:
        """Count the outcome of a question."""
        self.until, self.next_at = NEVER, now + self.target.interval_s
        if answered:
            self.answers += 1
        else:
            self.misses += 1
        if answered and self.answers >= self.target.successes:
            self.status, self.answers, self.misses = "online", 0, 0
        elif not answered and self.misses >= self.target.failures:
            self.status, self.answers, self.misses = "offline", 0, 0


@dataclass(slots=True, eq=False)
class Prober:
    """The machine that asks them all."""

    db: Engine
    probes: dict[str, Probe] = field(default_factory=dict)
    """By row."""
    _resets: list[PacketOut] = field(default_factory=list)

    def tick(self, now: float) -> Iterator[PacketOut]:
        """The questions that are due; silence is an outcome too."""
        self._follow(now)
        yield from self._resets
        self._resets.clear()
        for probe in self.probes.values():
            if now >= probe.until:
                probe.judge(probe.target.protocol == UDP, now)
            if now >= probe.next_at:
                probe.next_at, probe.until = NEVER, now + probe.target.timeout_s
                probe.asked += 1
                yield _packet_out(probe.target, _question(probe))

    def _follow(self, now: float) -> None:
        gained, lost = self.db.take(TARGETS)
        for gone in lost:
            probe = self.probes.get(gone.row)
            if probe is not None and probe.target == gone:
                del self.probes[gone.row]
        for target in gained:
            self.probes[target.row] = Probe(target, now)

    def due(self) -> float:
        """When the next question is due, or an answer overdue."""
        return min((min(probe.next_at, probe.until) for probe in self.probes.values()), default=NEVER)

    def hear(self, request: Request, now: float) -> bool:
        """Take what came back; False for what nobody asked."""
        ip = parse_ip(request.frame)
        probe = self._asked(request, ip) if ip is not None else None
        if ip is None or probe is None:
            return False
        if ip.protocol == TCP:
            return self._hear_tcp(probe, request.frame[ip.data : ip.end], now)
        probe.judge(probe.target.protocol != UDP, now)
        return True

    def _hear_tcp(self, probe: Probe, data: bytes, now: float) -> bool:
        """A connection that was opened is reset."""
        try:
            segment = tcp.parse(data)
        except Malformed:
            return False
        opened = segment.flags & (tcp.SYN | tcp.ACK) == tcp.SYN | tcp.ACK
        if segment.ack != probe.sequence + 1 & 0xFFFFFFFF or not (opened or segment.flags & tcp.RST):
            return False
        probe.judge(opened, now)
        if opened:
            self._resets.append(_packet_out(probe.target, _segment(probe, tcp.RST, segment.ack)))
        return True

    def _asked(self, request: Request, ip: Ip) -> Probe | None:
        """The question to which a packet may be an answer."""
        here = (request.read(METADATA), request.read(INPORT), ip.version)
        for probe in self.probes.values():
            of = probe.target
            is_near = (of.datapath, of.port, of.version) == here and of.ip in (ip.src, ip.dst)
            if is_near and probe.until < NEVER and _belongs(probe, request.frame, ip):
                return probe
        return None

    def operations(self) -> Iterator[Operation]:
        """What the southbound does not know yet."""
        for ref, probe in self.probes.items():
            row = self.db.get(sb.ServiceMonitor, ref)
            if row is not None and probe.status is not None and row.status != probe.status:
                yield Update(sb.ServiceMonitor, by_uuid(ref), {"status": probe.status})


def _belongs(probe: Probe, frame: bytes, ip: Ip) -> bool:
    """Whether a packet of the asked one answers this question: by its ports, by its numbers, or as an error about it."""
    data, of = frame[ip.data : ip.end], probe.target
    if of.ip != ip.src and of.protocol in (TCP, UDP):
        return False
    if of.protocol == TCP:
        return ip.protocol == TCP and data[:4] == _ports(of.number, probe.src_port)
    if ip.protocol not in (ICMP, ICMPV6):
        return False
    if of.protocol == UDP:
        inner = data[8:]
        head = 40 if of.version == 6 else (inner[0] & 15) * 4 if inner else 0
        unreachable = b"\x03\x03" if of.version == 4 else b"\x01\x04"
        return data[:2] == unreachable and inner[head : head + 4] == _ports(probe.src_port, of.number)
    return _is_echo(probe, ip, data)


def _ports(src: int, dst: int) -> bytes:
    return src.to_bytes(2, "big") + dst.to_bytes(2, "big")


def _is_echo(probe: Probe, ip: Ip, data: bytes) -> bool:
    """The question comes out of a network function as it went in; others send a reply."""
    request, reply = ECHO[probe.target.version]
    kind = request if probe.target.ip == ip.dst else reply
    return probe.target.protocol in (ICMP, ICMPV6) and data[:2] == bytes((kind, 0)) and data[4:8] == probe.sequence.to_bytes(4, "big")


def _question(probe: Probe) -> bytes:
    """What asks, as the payload of an IP packet."""
    of = probe.target
    if of.protocol == TCP:
        return _segment(probe, tcp.SYN, probe.sequence)
    if of.protocol == UDP:
        return udp.build(udp.Udp(probe.src_port, of.number, bytes(8)), of.src_ip, of.ip)
    kind, _ = ECHO[of.version]
    partial = 0 if of.version == 4 else pseudo_header(of.src_ip, of.ip, ICMPV6, 8)
    return with_checksum(bytes((kind, 0, 0, 0)) + probe.sequence.to_bytes(4, "big"), 2, partial)


def _segment(probe: Probe, flags: int, sequence: int) -> bytes:
    of = probe.target
    return tcp.build(tcp.Tcp(probe.src_port, of.number, sequence, 0, flags, WINDOW), of.src_ip, of.ip)


def _packet_out(of: Target, payload: bytes) -> PacketOut:
    hops = ECHO_HOPS if of.protocol in (ICMP, ICMPV6) else HOPS
    if of.version == 4:
        kind, packet = IPV4, ipv4(of.src_ip, of.ip, of.protocol, payload, ttl=hops)
    else:
        kind, packet = IPV6, ipv6(of.src_ip, of.ip, of.protocol, payload, hops=hops)
    return leave(ethernet(of.mac.to_bytes(6, "big"), of.src_mac.to_bytes(6, "big"), kind, packet), of.datapath, of.entry)
