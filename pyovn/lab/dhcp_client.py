"""A DHCP client (RFC 2131 4.4): discover, request, bound; and what dhclient(8) prints of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv4Address, IPv4Interface

from pyovn.machine import NEVER
from pyovn.packet import dhcp4
from pyovn.packet.dhcp4 import Dhcp4

INTERVAL_S = 3.0
"""A message that is not answered is sent again after so long."""

WANTED = bytes((1, 28, 2, 3, 15, 6, 119, 12, 44, 47, 26, 121, 42))
"""The options that dhclient asks for."""


class State(Enum):
    """How far the client has come."""

    SELECTING = "discover"
    REQUESTING = "request"
    BOUND = "bound"
    GIVEN_UP = "no answer"


@dataclass(frozen=True, slots=True)
class Lease:
    """What the server has granted; `seconds` from when it was."""

    interface: IPv4Interface
    router: IPv4Address | None
    server: IPv4Address
    seconds: int


@dataclass(slots=True)
class DhcpClient:
    """One attempt to get an address."""

    mac: int
    xid: int
    started: float
    limit_s: float = 60.0
    """Without a lease by then the client gives up, as `dhclient -1` does."""
    state: State = State.SELECTING
    lease: Lease | None = None
    log: list[str] = field(default_factory=list)
    """What was sent and heard, in dhclient's words with `{device}` for the device."""
    _offer: Dhcp4 | None = None
    _due: float = field(init=False)

    def __post_init__(self) -> None:
        self._due = self.started

    def due(self) -> float:
        """When the next message is to be sent."""
        return self._due

    def tick(self, now: float) -> list[Dhcp4]:
        """Send the current message (again), or give up."""
        if now < self._due:
            return []
        if now >= self.started + self.limit_s:
            self.state, self._due = State.GIVEN_UP, NEVER
            self.log.append("No DHCPOFFERS received.")
            return []
        self._due = now + INTERVAL_S
        if self._offer is None:
            self.log.append(f"DHCPDISCOVER on {{device}} to 255.255.255.255 port 67 interval {INTERVAL_S:.0f} (xid=0x{self.xid:x})")
            return [self._message(dhcp4.DISCOVER, {})]
        return [self._request(self._offer)]

    def receive(self, message: Dhcp4, now: float) -> list[Dhcp4]:
        """Hear a server; what is for another client or conversation is ignored."""
        if message.xid != self.xid or message.chaddr != self.mac or message.op != dhcp4.BOOT_REPLY:
            return []
        server = IPv4Address(message.address_option(dhcp4.SERVER_ID) or 0)
        address = IPv4Address(message.yiaddr)
        if message.message_type == dhcp4.OFFER and self.state is State.SELECTING:
            self.log.append(f"DHCPOFFER of {address} from {server}")
            self.state, self._offer, self._due = State.REQUESTING, message, now + INTERVAL_S
            return [self._request(message)]
        if message.message_type == dhcp4.ACK and self.state is State.REQUESTING:
            self._bind(message, address, server)
        elif message.message_type == dhcp4.NAK and self.state is State.REQUESTING:
            self.log.append(f"DHCPNAK from {server} (xid=0x{self.xid:x})")
            self.state, self._offer, self._due = State.SELECTING, None, now + INTERVAL_S
        return []

    def _bind(self, message: Dhcp4, address: IPv4Address, server: IPv4Address) -> None:
        self.log.append(f"DHCPACK of {address} from {server} (xid=0x{self.xid:x})")
        mask = IPv4Address(message.address_option(dhcp4.NETMASK) or 0xFFFFFFFF)
        router = message.address_option(dhcp4.ROUTER)
        seconds = message.address_option(dhcp4.LEASE_TIME) or 0
        self.lease = Lease(IPv4Interface(f"{address}/{mask}"), IPv4Address(router) if router else None, server, seconds)
        self.log.append(f"bound to {address} -- renewal in {seconds // 2} seconds.")
        self.state, self._due = State.BOUND, NEVER

    def _request(self, offer: Dhcp4) -> Dhcp4:
        address = offer.yiaddr
        self.log.append(f"DHCPREQUEST for {IPv4Address(address)} on {{device}} to 255.255.255.255 port 67 (xid=0x{self.xid:x})")
        server = offer.options.get(dhcp4.SERVER_ID, b"")
        options = {dhcp4.SERVER_ID: server, dhcp4.REQUESTED_ADDRESS: address.to_bytes(4, "big")}
        return self._message(dhcp4.REQUEST, options)

    def _message(self, kind: int, options: dict[int, bytes]) -> Dhcp4:
        return Dhcp4(
            dhcp4.BOOT_REQUEST, self.xid, self.mac, {dhcp4.MESSAGE_TYPE: bytes((kind,)), **options, dhcp4.PARAMETERS: WANTED}
        )
