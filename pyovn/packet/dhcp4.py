"""DHCP messages (RFC 2131) and their options (RFC 2132), as they travel in UDP between ports 67 and 68."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from struct import Struct

from pyovn.packet.malformed import Malformed

SERVER_PORT, CLIENT_PORT = 67, 68
BOOT_REQUEST, BOOT_REPLY = 1, 2
DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM = range(1, 9)

PAD, END = 0, 255
NETMASK, ROUTER, REQUESTED_ADDRESS, LEASE_TIME, OVERLOAD, MESSAGE_TYPE, SERVER_ID, PARAMETERS = 1, 3, 50, 51, 52, 53, 54, 55
COOKIE = 0x63825363
_HEADER = Struct("!BBBBIHHIIII16s64s128sI")


@dataclass(frozen=True, slots=True)
class Dhcp4:
    """A message; addresses are numbers, `chaddr` holds the first six octets of the hardware address."""

    op: int
    xid: int
    chaddr: int
    options: Mapping[int, bytes] = field(default_factory=dict)
    """By code, in the order of the message; an option that came in parts is one (RFC 3396)."""
    secs: int = 0
    flags: int = 0
    ciaddr: int = 0
    yiaddr: int = 0
    siaddr: int = 0
    giaddr: int = 0
    sname: bytes = bytes(64)
    file: bytes = bytes(128)
    hops: int = 0

    @property
    def message_type(self) -> int:
        """DISCOVER, OFFER …; 0 without the option."""
        value = self.options.get(MESSAGE_TYPE, b"")
        return value[0] if len(value) == 1 else 0

    def address_option(self, code: int) -> int | None:
        """An option that holds one address (or the first of several)."""
        value = self.options.get(code, b"")
        return int.from_bytes(value[:4], "big") if len(value) >= 4 else None


def parse(data: bytes) -> Dhcp4:
    """Read a message; `Malformed` if it is cut off or an option runs over its end."""
    if len(data) < _HEADER.size:
        raise Malformed("dhcp", f"{len(data)} bytes are no message")
    op, _, _, hops, xid, secs, flags, ciaddr, yiaddr, siaddr, giaddr, chaddr, sname, file, cookie = _HEADER.unpack_from(data)
    if cookie != COOKIE:
        raise Malformed("dhcp", "the magic cookie is missing")
    options: dict[int, bytes] = {}
    for code, value in read_options(data[_HEADER.size :]):
        options[code] = options.get(code, b"") + value
    return Dhcp4(
        op, xid, int.from_bytes(chaddr[:6], "big"), options, secs, flags, ciaddr, yiaddr, siaddr, giaddr, sname, file, hops
    )


def read_options(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Codes and values up to END; `Malformed` if one is cut off."""
    at = 0
    while at < len(data) and data[at] != END:
        if data[at] == PAD:
            at += 1
            continue
        if at + 1 >= len(data) or at + 2 + data[at + 1] > len(data):
            raise Malformed("dhcp", f"option {data[at]} is cut off")
        yield data[at], data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + data[at + 1]


def build(message: Dhcp4) -> bytes:
    """The bytes of a message, END after the options."""
    header = _HEADER.pack(
        message.op, 1, 6, message.hops, message.xid, message.secs, message.flags, message.ciaddr, message.yiaddr, message.siaddr,
        message.giaddr, message.chaddr.to_bytes(6, "big") + bytes(10), message.sname, message.file, COOKIE,
    )  # fmt: skip
    options = b"".join(bytes((code, len(value))) + value for code, value in message.options.items())
    return header + options + bytes((END,))
