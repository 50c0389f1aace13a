"""Gratuitous ARP (RFC 5227 3) and RARP: who has come to live here is told to the physical network, so that switches there learn it.

At once, then after 1, 2, 4 and 8 seconds; with `garp-max-timeout-sec` for ever, that many seconds apart in the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address
from typing import NamedTuple

from pyovn.controller.addresses import mac_number
from pyovn.controller.binding import is_here
from pyovn.controller.host import setting
from pyovn.controller.local_datapaths import datapath_key, is_local, port_ref
from pyovn.controller.physical.ports import L3GATEWAY, PATCH, VIF, localnet_of
from pyovn.controller.services.frame import ARP, ethernet
from pyovn.controller.services.request import enter
from pyovn.controller.services.turns import Turns
from pyovn.openflow.message import PacketOut
from pyovn.query import Engine, each
from pyovn.schemas import sb

FIRST_S, LAST_S = 1.0, 16.0
"""The first wait; waits double, and the one that would be this long is not waited for."""
DOUBLINGS = 40
"""More would be longer than anybody lives."""
RARP = 0x8035
REQUEST, REVERSE_REQUEST = 1, 3
BROADCAST = b"\xff" * 6
RESIDENT = re.compile(r'is_chassis_resident\("([^"]*)"\)')


class Announcement(NamedTuple):
    """Who is announced, as what enters the pipeline at which port."""

    datapath: int
    port: int
    mac: int
    ip: int | None
    """None: an Ethernet address of which no IPv4 address is known."""


def _announced(db: Engine, ref: str) -> Iterator[Announcement]:
    row = db.get(sb.PortBinding, ref)
    if row is None or not is_local(db, row.datapath) or localnet_of(db, row.datapath) is None:
        return
    key = datapath_key(db, row.datapath)
    if key is None or row.options.get("disable_garp_rarp") == "true":
        return
    for mac, ips in _machine(db, row) if row.type == VIF else _translated(db, row):
        for ip in ips or (None,):
            yield Announcement(key, row.tunnel_key, mac, ip)


ANNOUNCED = each((sb.PortBinding, _announced))
"""All that this host should announce."""

Addresses = tuple[int, tuple[int, ...]]


def _machine(db: Engine, row: sb.PortBinding) -> Iterator[Addresses]:
    """The first address of a machine that is plugged in here."""
    found = next((addresses for addresses in map(parse_addresses, row.mac) if addresses), None)
    if found is not None and is_here(db, row.uuid):
        yield found[0], found[1][:1]


def _translated(db: Engine, row: sb.PortBinding) -> Iterator[Addresses]:
    """What a router answers for outside: on the chassis of the gateway, or of the port that an entry names."""
    if row.type != PATCH and not (row.type == L3GATEWAY and is_here(db, row.uuid)):
        return
    for text in row.nat_addresses:
        named = RESIDENT.search(text)
        resident = port_ref(db, named[1]) if named else row.uuid
        addresses = parse_addresses(RESIDENT.sub("", text))
        at_home = resident is not None and (row.type == L3GATEWAY if named is None else is_here(db, resident))
        if addresses and addresses[1] and at_home:
            yield addresses


def parse_addresses(text: str) -> Addresses | None:
    """The Ethernet address of `MAC [IP…]`, and the IPv4 addresses; None where there is no Ethernet address."""
    words = text.split()
    mac = mac_number(words[0]) if words else None
    return None if mac is None else (mac, tuple(_ipv4(words[1:])))


def _ipv4(words: list[str]) -> Iterator[int]:
    for word in words:
        try:
            yield int(IPv4Address(word))
        except AddressValueError:
            continue


def announcement(of: Announcement) -> PacketOut:
    """The packet: a request for its own address, or one that asks for an address in reverse, into the port's own pipeline."""
    mac = of.mac.to_bytes(6, "big")
    fixed = b"\0\x01\x08\0\x06\x04"
    if of.ip is None:
        frame = ethernet(BROADCAST, mac, RARP, fixed + REVERSE_REQUEST.to_bytes(2, "big") + (mac + bytes(4)) * 2)
    else:
        ip = of.ip.to_bytes(4, "big")
        frame = ethernet(BROADCAST, mac, ARP, fixed + REQUEST.to_bytes(2, "big") + mac + ip + bytes(6) + ip)
    return enter(frame, of.datapath, of.port)


class Announcer:
    """The machine that says again what it has said."""

    def __init__(self, db: Engine) -> None:
        self._db = db
        self._turns = Turns(db, ANNOUNCED)

    def tick(self, now: float) -> Iterator[PacketOut]:
        """The announcements that are due."""
        for of, times in self._turns.ripe(now):
            yield announcement(of)
            limit, for_ever = longest_wait(self._db)
            wait_s = FIRST_S * 2 ** min(times - 1, DOUBLINGS)
            if for_ever or wait_s < limit:
                self._turns.put_off(of, now + min(wait_s, limit))

    def due(self) -> float:
        """When the next one is."""
        return self._turns.due()


def longest_wait(db: Engine) -> tuple[float, bool]:
    """The longest wait, and whether it is waited again and again."""
    text = setting(db, "garp-max-timeout-sec") or ""
    return (float(text), True) if text.isdigit() and int(text) else (LAST_S, False)
