"""A simulated machine behind one network device: it speaks ARP, answers and sends pings, can be a DHCP client, and has TCP."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from typing import Any

from pyovn.lab import ping as pings
from pyovn.lab.dhcp_client import DhcpClient
from pyovn.lab.neighbors import Neighbors
from pyovn.lab.ping import Answer, Ping
from pyovn.lab.tcp import Connection, Connections, Ends
from pyovn.machine import NEVER
from pyovn.packet import arp, dhcp4, ethernet, icmp4, ipv4, tcp, udp
from pyovn.packet.ethernet import Ethernet, mac_from_text, mac_text
from pyovn.packet.icmp4 import Icmp4
from pyovn.packet.ipv4 import Ipv4
from pyovn.packet.malformed import Malformed

ANYWHERE = 0xFFFFFFFF
NO_ROUTE = "ping: connect: Network is unreachable"
ICMP_ERRORS = {
    (icmp4.TIME_EXCEEDED, 0): "Time to live exceeded",
    (icmp4.UNREACHABLE, 0): "Destination Net Unreachable",
    (icmp4.UNREACHABLE, 1): "Destination Host Unreachable",
    (icmp4.UNREACHABLE, 2): "Destination Protocol Unreachable",
    (icmp4.UNREACHABLE, 3): "Destination Port Unreachable",
}


class Guest:
    """A machine: a device with a MAC, addresses and routes. Frames come by `receive` and leave by `take`."""

    def __init__(self, name: str, mac: int, namespace: str = "") -> None:
        self.name = name
        self.mac_number = mac
        self.namespace = namespace
        self.up = False
        self.mtu = 1500
        self.addresses: list[IPv4Interface] = []
        self.routes: list[tuple[IPv4Network, IPv4Address]] = []
        self.neighbors = Neighbors()
        self.dhcp: DhcpClient | None = None
        self.pings: dict[int, Ping] = {}
        """By ICMP identifier."""
        self.tcp = Connections()
        self._frames: list[bytes] = []

    @property
    def mac(self) -> str:
        """The device's address as text."""
        return mac_text(self.mac_number)

    @property
    def address(self) -> IPv4Address | None:
        """The first address, if there is one."""
        return self.addresses[0].ip if self.addresses else None

    # What an administrator does

    def set_mac(self, text: str) -> None:
        """Change the device's address; ValueError if it is none."""
        self.mac_number = mac_from_text(text)

    def move(self, namespace: str) -> None:
        """Move to another namespace: as with a real device, addresses and state stay behind."""
        self.namespace, self.up = namespace, False
        self.addresses.clear()
        self.routes.clear()

    def add_route(self, prefix: str, via: IPv4Address) -> None:
        """Reach a network by a neighbour; the longest prefix wins."""
        self.routes.append((IPv4Network(prefix), via))
        self.routes.sort(key=lambda route: -route[0].prefixlen)

    def start_ping(self, options: pings.Options, now: float) -> Ping | None:
        """Begin to ping; None if there is no route to the destination."""
        if self.next_hop(int(IPv4Address(options.destination))) is None:
            return None
        ping = Ping(options, now)
        self.pings[len(self.pings) + 1] = ping
        self.tick(now)
        return ping

    def start_dhcp(self, now: float) -> DhcpClient:
        """Begin to ask for an address."""
        self.up = True
        self.dhcp = DhcpClient(self.mac_number, xid=int.from_bytes(self.name.encode()[-4:], "big"), started=now)
        self.tick(now)
        return self.dhcp

    def start_tcp(self, destination: int, port: int, now: float) -> Connection | None:
        """Begin a connection; None if there is no route to the destination."""
        hop = self.next_hop(destination)
        if hop is None:
            return None
        connection = self.tcp.open(self._source(hop), destination, port, now)
        self._send_tcp(now)
        return connection

    # The machine

    def receive(self, port: Any, data: bytes, now: float) -> None:
        """Take a frame; what is malformed or for somebody else is ignored."""
        if not self.up:
            return
        try:
            frame = ethernet.parse(data)
            if frame.dst != self.mac_number and not frame.dst >> 40 & 1:
                return
            if frame.type == ethernet.TYPE_ARP:
                self._hear_arp(arp.parse(frame.payload), now)
            elif frame.type == ethernet.TYPE_IPV4:
                self._hear_ip(ipv4.parse(frame.payload), now)
        except Malformed:
            return

    def tick(self, now: float) -> None:
        """Send what is due: requests again, pings, DHCP."""
        for tpa in self.neighbors.retry(now):
            self._ask(tpa)
        for ident, ping in self.pings.items():
            self._go_on(ident, ping, now)
        if self.dhcp is not None:
            for message in self.dhcp.tick(now):
                self._send_dhcp(message)
        self.tcp.tick(now)
        self._send_tcp(now)

    def due(self) -> float:
        """When the next of them is due."""
        times = [self.neighbors.due(), self.tcp.due(), *(_ping_due(ping) for ping in self.pings.values())]
        return min([*times, self.dhcp.due() if self.dhcp else NEVER])

    def take(self) -> list[bytes]:
        """The frames to send."""
        frames, self._frames = self._frames, []
        return frames if self.up else []

    # IPv4 and ARP

    def next_hop(self, dst: int) -> int | None:
        """Who gets a packet for `dst`: itself if it is a neighbour, else a router; None without a route."""
        address = IPv4Address(dst)
        if any(address in own.network for own in self.addresses):
            return dst
        return next((int(via) for network, via in self.routes if address in network), None)

    def send(self, packet: Ipv4, now: float) -> None:
        """Send a packet to its next hop, which is asked for its MAC first if need be."""
        hop = self.next_hop(packet.dst)
        if hop is None:
            return
        mac = self.neighbors.mac(hop)
        if mac is not None:
            self._send_frame(mac, ethernet.TYPE_IPV4, ipv4.build(packet))
        elif self.neighbors.wait(hop, packet, now):
            self._ask(hop)

    def _source(self, towards: int) -> int:
        """The address of ours that a neighbour knows."""
        address = IPv4Address(towards)
        return int(next((own.ip for own in self.addresses if address in own.network), self.address or IPv4Address(0)))

    def _ask(self, tpa: int) -> None:
        request = arp.Arp(arp.REQUEST, self.mac_number, self._source(tpa), 0, tpa)
        self._send_frame(ethernet.BROADCAST, ethernet.TYPE_ARP, arp.build(request))

    def _send_frame(self, dst: int, kind: int, payload: bytes) -> None:
        self._frames.append(ethernet.build(Ethernet(dst, self.mac_number, kind, payload)))

    def _is_own(self, address: int) -> bool:
        return any(int(own.ip) == address for own in self.addresses)

    def _hear_arp(self, message: arp.Arp, now: float) -> None:
        for packet in self.neighbors.learn(message.spa, message.sha):
            self.send(packet, now)
        if message.op == arp.REQUEST and self._is_own(message.tpa):
            reply = arp.Arp(arp.REPLY, self.mac_number, message.tpa, message.sha, message.spa)
            self._send_frame(message.sha, ethernet.TYPE_ARP, arp.build(reply))

    def _hear_ip(self, packet: Ipv4, now: float) -> None:
        if packet.proto == ipv4.UDP and self.dhcp is not None:
            self._hear_dhcp(udp.parse(packet.payload), now)
        elif packet.proto == ipv4.ICMP and self._is_own(packet.dst):
            self._hear_icmp(packet, icmp4.parse(packet.payload), now)
        elif packet.proto == ipv4.TCP and self._is_own(packet.dst):
            self._hear_tcp(packet, tcp.parse(packet.payload), now)

    # ICMP

    def _hear_icmp(self, packet: Ipv4, message: Icmp4, now: float) -> None:
        if message.type == icmp4.ECHO_REQUEST:
            reply = icmp4.build(message._replace(type=icmp4.ECHO_REPLY))
            self.send(Ipv4(packet.dst, packet.src, ipv4.ICMP, reply), now)
        elif message.type == icmp4.ECHO_REPLY:
            self._answered(packet, message.rest, None, now)
        elif (message.type, message.code) in ICMP_ERRORS and len(message.payload) >= 28:
            rest = int.from_bytes(message.payload[24:28], "big")
            self._answered(packet, rest, ICMP_ERRORS[message.type, message.code], now)

    def _answered(self, packet: Ipv4, rest: int, error: str | None, now: float) -> None:
        ping, sequence = self.pings.get(rest >> 16), rest & 0xFFFF
        if ping is None or sequence not in ping.sent or ping.finished is not None:
            return
        source = str(IPv4Address(packet.src))
        ping.answers.append(Answer(sequence, source, packet.ttl, now - ping.sent[sequence], error))
        if len({answer.sequence for answer in ping.answers}) == ping.options.count:
            ping.finished = now

    def _go_on(self, ident: int, ping: Ping, now: float) -> None:
        """Send the next echo request when it is due, or give up."""
        if ping.finished is not None or now < _ping_due(ping):
            return
        if len(ping.sent) == ping.options.count:
            ping.finished = now
            return
        sequence = len(ping.sent) + 1
        ping.sent[sequence] = now
        dst = int(IPv4Address(ping.options.destination))
        request = icmp4.build(icmp4.echo(icmp4.ECHO_REQUEST, ident, sequence, bytes(ping.options.size)))
        self.send(Ipv4(self._source(self.next_hop(dst) or 0), dst, ipv4.ICMP, request, ping.options.ttl), now)

    # TCP

    def _hear_tcp(self, packet: Ipv4, segment: tcp.Tcp, now: float) -> None:
        refusal = self.tcp.receive(Ends(packet.dst, segment.dst, packet.src, segment.src), segment, now)
        if refusal is not None:
            self.send(Ipv4(packet.dst, packet.src, ipv4.TCP, tcp.build(refusal, packet.dst, packet.src)), now)
        self._send_tcp(now)

    def _send_tcp(self, now: float) -> None:
        for ends, segment in self.tcp.take():
            self.send(Ipv4(ends.local, ends.remote, ipv4.TCP, tcp.build(segment, ends.local, ends.remote)), now)

    # DHCP

    def _hear_dhcp(self, datagram: udp.Udp, now: float) -> None:
        assert self.dhcp is not None
        if datagram.dst != dhcp4.CLIENT_PORT:
            return
        for message in self.dhcp.receive(dhcp4.parse(datagram.payload), now):
            self._send_dhcp(message)
        if self.dhcp.lease is not None and self.dhcp.lease.interface not in self.addresses:
            self.addresses.append(self.dhcp.lease.interface)
            if self.dhcp.lease.router is not None:
                self.add_route("0.0.0.0/0", self.dhcp.lease.router)

    def _send_dhcp(self, message: dhcp4.Dhcp4) -> None:
        datagram = udp.build(udp.Udp(dhcp4.CLIENT_PORT, dhcp4.SERVER_PORT, dhcp4.build(message)), 0, ANYWHERE)
        packet = Ipv4(0, ANYWHERE, ipv4.UDP, datagram, ttl=128, tos=0x10)
        self._send_frame(ethernet.BROADCAST, ethernet.TYPE_IPV4, ipv4.build(packet))


def _ping_due(ping: Ping) -> float:
    """When the next request is to be sent, or the last is given up."""
    if ping.finished is not None:
        return NEVER
    last = len(ping.sent) == ping.options.count
    return ping.started + (len(ping.sent) - last) * ping.options.interval + (ping.options.linger if last else 0)
