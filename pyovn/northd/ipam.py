"""Dynamic addresses: a switch with a subnet gives its ports that ask for one an address, a MAC, or both.

What a port was given is in its `dynamic_addresses`, so that it survives the compiler; it is kept while it still fits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from itertools import chain
from typing import NamedTuple

from pyovn.northd import topology
from pyovn.northd.addresses import Addresses, eui64, parse_addresses, parse_mac, parse_network
from pyovn.northd.flow import Problem
from pyovn.northd.global_options import global_option
from pyovn.northd.settings import flag
from pyovn.northd.southbound.global_rows import made_mac
from pyovn.query import Engine, each, index, query, some
from pyovn.schemas.nb import LogicalSwitchPort, NBGlobal

PREFIX_BITS = 64
MAC_SPACE = 1 << 24
"""How many MACs share a prefix."""


class Pool(NamedTuple):
    """What a switch gives out."""

    subnet: str
    excluded: str
    ipv6_prefix: str


class Request(NamedTuple):
    """What a port asks for."""

    port: str
    """Its uuid."""
    switch: str
    pool: Pool
    mac: str
    """The MAC it insists on, or empty."""
    ipv4: str
    """The address it insists on, or empty; where that is none of its switch's subnet, only its MAC is made of it."""
    ipv6: str
    prefix: str
    """The first three octets of MACs that are made up; empty as long as there is no NB_Global."""

    @property
    def wants_ipv4(self) -> bool:
        """Its switch has addresses to give."""
        return bool(self.pool.subnet)


@query
def pool(db: Engine, ref: str) -> Pool | None:
    """What a switch gives out; None if nothing."""
    switch = topology.switch(db, ref)
    config = switch.other_config if switch else {}
    found = Pool(good_subnet(config.get("subnet", "")), config.get("exclude_ips", ""), good_prefix(config.get("ipv6_prefix", "")))
    return found if found.subnet or found.ipv6_prefix or flag(config, "mac_only") else None


def good_subnet(text: str) -> str:
    """A subnet as it was written, or empty if it is none: an address alone has nothing to give."""
    network = parse_network(text)
    return text if network and not network.is_ipv6 and not network.is_host else ""


def good_prefix(text: str) -> str:
    """An IPv6 network that MACs are put into, or empty: its length is 64, whether that was said or not."""
    network = parse_network(text)
    return network.network if network and network.is_ipv6 and ("/" not in text or network.prefix == PREFIX_BITS) else ""


@query
def mac_prefix(db: Engine) -> str:
    """The first three octets of MACs that are made up; empty as long as there is no NB_Global."""
    for ref in db.every(NBGlobal):
        chosen = global_option(db, "mac_prefix").lower()
        return chosen if parse_mac(f"{chosen}:00:00:00") else made_mac(f"{ref} prefix")[:8]
    return ""


def is_dynamic(row: LogicalSwitchPort) -> bool:
    """The port may ask for an address."""
    return any("dynamic" in text for text in row.addresses)


def _request(db: Engine, ref: str) -> Iterator[Request]:
    row, switch = db.get(LogicalSwitchPort, ref), topology.switch_of(db, ref)
    text = next((text for text in row.addresses if "dynamic" in text.split()), None) if row else None
    offered = pool(db, switch) if switch else None
    if text is None or switch is None or offered is None:
        return
    words = text.split()
    mac = parse_mac(words[0]) or ""
    networks = [network for word in words if (network := parse_network(word)) is not None]
    ipv4 = next((network.address for network in networks if not network.is_ipv6), "")
    ipv6 = next((network.address for network in networks if network.is_ipv6), "")
    prefix = mac_prefix(db)
    if prefix:
        yield Request(ref, switch, offered, mac, ipv4, ipv6, prefix)


REQUESTS = each((some(LogicalSwitchPort, is_dynamic), _request))
"""Which ports ask for dynamic addresses."""


def _static(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    """The addresses of a port that nobody else on its switch may be given."""
    port, row = topology.switch_port(db, ref), db.get(LogicalSwitchPort, ref)
    if port is None or row is None:
        return
    peer = topology.router_port(db, port.peer) if port.peer else None
    for network in peer.ipv4 if peer else ():
        yield port.switch, network.address
    for found in map(parse_addresses, row.addresses):
        for network in found.ipv4 if found else ():
            yield port.switch, network.address


STATIC = index((LogicalSwitchPort, _static))
"""The IPv4 addresses on a switch that are not dynamic, by its uuid."""


def _static_mac(db: Engine, ref: str) -> Iterator[str]:
    row = db.get(LogicalSwitchPort, ref)
    for found in map(parse_addresses, row.addresses if row else ()):
        if found is not None:
            yield found.mac


STATIC_MACS = each((LogicalSwitchPort, _static_mac))
"""The MACs that owners have chosen."""


def had_before(db: Engine, port: str) -> Addresses | None:
    """What a port was given earlier, as its row remembers."""
    row = db.get(LogicalSwitchPort, port)
    return parse_addresses(row.dynamic_addresses) if row and row.dynamic_addresses else None


@query
def static_addresses(db: Engine, switch: str) -> frozenset[int]:
    """The IPv4 addresses on a switch that are not dynamic, as numbers."""
    return frozenset(int(IPv4Address(address)) for address in STATIC(db, switch))


@dataclass(slots=True)
class Allotter:
    """Who was given what, on every switch."""

    given: dict[str, tuple[str, int | None, str]] = field(default_factory=dict)
    """By port: its switch, its IPv4 address as a number, its MAC."""
    addresses: dict[str, set[int]] = field(default_factory=dict)
    """By switch: the IPv4 addresses that were given."""
    macs: dict[str, str] = field(default_factory=dict)
    """Who has a MAC that was given."""
    short: dict[str, Request] = field(default_factory=dict)
    """Ports that got no address, though their switch has a subnet."""
    problems: dict[str, Problem] = field(default_factory=dict)

    def release(self, request: Request) -> None:
        """A port asks no longer, or for something else."""
        self.problems.pop(request.port, None)
        self.short.pop(request.port, None)
        held = self.given.pop(request.port, None)
        if held is None:
            return
        switch, address, mac = held
        if address is not None:
            self.addresses[switch].discard(address)
        if self.macs.get(mac) == request.port:
            del self.macs[mac]

    def allot(self, db: Engine, request: Request, static_macs: Collection[str]) -> str:
        """The port's addresses: those it has while they fit what it asks for and nobody else has them, else new ones.

        Where no address is left it gets the rest, and a problem; `short` remembers it.
        """
        had = had_before(db, request.port)
        address = self._address(db, request, had)
        if address is None and request.wants_ipv4:
            self.short[request.port] = request
            self.problems[request.port] = Problem("Logical_Switch_Port", request.port, f"no address of {request.pool.subnet} is free")
        # One that the port has chosen itself before is none of these.
        kept = had.mac if had and had.mac.startswith(f"{request.prefix}:") and had.mac not in self.macs else ""
        start = int(IPv4Address(request.ipv4 or address or 0))
        mac = request.mac or kept or self._unused_mac(request.prefix, start, static_macs)
        return self._give(request, address, mac)

    def _address(self, db: Engine, request: Request, had: Addresses | None) -> int | None:
        if not request.wants_ipv4:
            return None
        # An address that is not the switch's to give is not insisted on.
        if request.ipv4 and _is_offered(request.pool, int(IPv4Address(request.ipv4))):
            return int(IPv4Address(request.ipv4))
        before = [int(IPv4Address(network.address)) for network in had.ipv4] if had else []
        return next((number for number in chain(before, _candidates(request.pool)) if self._is_free(db, request, number)), None)

    def _is_free(self, db: Engine, request: Request, address: int) -> bool:
        if address in self.addresses.get(request.switch, ()) or address in static_addresses(db, request.switch):
            return False
        return _is_offered(request.pool, address)

    def _unused_mac(self, prefix: str, start: int, static_macs: Collection[str]) -> str:
        for step in range(MAC_SPACE - 1):
            suffix = ((start & (MAC_SPACE - 1)) + step) % (MAC_SPACE - 1) + 1
            mac = f"{prefix}:{suffix >> 16:02x}:{suffix >> 8 & 255:02x}:{suffix & 255:02x}"
            if mac not in self.macs and mac not in static_macs:
                return mac
        return f"{prefix}:00:00:00"

    def _give(self, request: Request, address: int | None, mac: str) -> str:
        self.given[request.port] = request.switch, address, mac
        self.macs[mac] = request.port
        words = [mac]
        if address is not None:
            self.addresses.setdefault(request.switch, set()).add(address)
            words.append(str(IPv4Address(address)))
        if request.ipv6:
            words.append(request.ipv6)
        elif request.pool.ipv6_prefix:
            words.append(eui64(request.pool.ipv6_prefix, mac))
        return " ".join(words)


def _subnet(pool: Pool) -> IPv4Network | None:
    network = parse_network(pool.subnet)
    return IPv4Network(network.cidr) if network and not network.is_ipv6 else None


def _ranges(pool: Pool) -> list[tuple[int, int]]:
    """The ranges that are not given out, first and last address, up to the first word that is neither address nor range."""
    found = []
    for word in pool.excluded.split():
        first, _, last = word.partition("..")
        ends = parse_network(first), parse_network(last or first)
        if not (ends[0] and ends[1]) or ends[0].is_ipv6 or ends[1].is_ipv6:
            break
        found.append((int(IPv4Address(ends[0].address)), int(IPv4Address(ends[1].address))))
    return sorted(found)


def _is_offered(pool: Pool, address: int) -> bool:
    subnet = _subnet(pool)
    if subnet is None or not int(subnet.network_address) + 1 < address < int(subnet.broadcast_address):
        return False
    return not any(first <= address <= last for first, last in _ranges(pool))


def _candidates(pool: Pool) -> Iterator[int]:
    """Every address that the pool offers, the lowest first; the first of the subnet is its router's."""
    subnet = _subnet(pool)
    if subnet is None:
        return
    excluded = _ranges(pool)
    address, end = int(subnet.network_address) + 2, int(subnet.broadcast_address)
    while address < end:
        blocked = next((last for first, last in excluded if first <= address <= last), None)
        if blocked is None:
            yield address
        address = address + 1 if blocked is None else blocked + 1
