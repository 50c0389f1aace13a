"""Load balancers: what a row asks for, parsed once, and on which switches and routers it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import NamedTuple

from pyovn.query import Engine, each, index, query
from pyovn.schemas import nb

PROTOCOL_NUMBERS = {"tcp": 6, "udp": 17, "sctp": 132}


class Endpoint(NamedTuple):
    """An address with a port, or without."""

    address: str
    port: int
    """0: none was given."""

    @property
    def is_ipv6(self) -> bool:
        """True for IPv6."""
        return ":" in self.address

    def __str__(self) -> str:
        if not self.port:
            return self.address
        return f"[{self.address}]:{self.port}" if self.is_ipv6 else f"{self.address}:{self.port}"


class Vip(NamedTuple):
    """What clients see, and who stands behind it."""

    seen: Endpoint
    backends: tuple[Endpoint, ...]
    key: str
    """The VIP as it was written."""
    text: str
    """The backends as they were written."""

    @property
    def ip(self) -> str:
        """`ip4` or `ip6`, as matches write it."""
        return "ip6" if self.seen.is_ipv6 else "ip4"


@dataclass(frozen=True, slots=True)
class Balancer:
    """A load balancer."""

    uuid: str
    name: str
    protocol: str
    vips: tuple[Vip, ...]
    options: dict[str, str]
    hash_fields: str
    """What of a packet chooses the backend; empty: whatever the switch takes."""
    affinity_s: int
    """How long a client keeps its backend; 0: only for a connection."""

    def has(self, option: str) -> bool:
        """Whether an option is on."""
        return self.options.get(option) == "true"


@query
def balancer(db: Engine, ref: str) -> Balancer | None:
    """The facts about a load balancer."""
    row = db.get(nb.LoadBalancer, ref)
    if row is None:
        return None
    protocol = row.protocol if row.protocol in ("udp", "sctp") else "tcp"
    vips = tuple(vip for key, value in row.vips.items() if (vip := parse_vip(key, value)) is not None)
    fields = (f"{row.protocol}_{name[3:]}" if name in ("tp_src", "tp_dst") and row.protocol else name for name in row.selection_fields)
    seconds = row.options.get("affinity_timeout", "")
    affinity_s = min(int(seconds), 65535) if seconds.isdecimal() else 0
    return Balancer(ref, row.name, protocol, vips, row.options, ",".join(fields), affinity_s)


def parse_vip(key: str, value: str) -> Vip | None:
    """`VIP[:PORT]` with its backends, separated by commas; None if the VIP is none, or a backend is."""
    seen = parse_endpoint(key)
    backends = [parse_endpoint(text) for text in value.split(",") if text]
    good = tuple(backend for backend in backends if backend is not None and (not seen or backend.is_ipv6 is seen.is_ipv6))
    return Vip(seen, good, key, value) if seen is not None and len(good) == len(backends) else None


def parse_endpoint(text: str) -> Endpoint | None:
    """`IP`, `IPv4:PORT` or `[IPv6]:PORT`."""
    address, port = text, ""
    if text.startswith("["):
        address, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    if port and not (port.isascii() and port.isdecimal() and int(port) < 65536):
        return None
    try:
        return Endpoint(str(ip_address(address)), int(port or 0))
    except ValueError:
        return None


class Placed(NamedTuple):
    """A load balancer on a switch or router, both by uuid."""

    balancer: str
    datapath: str


def _holders(db: Engine, ref: str, table: type[nb.LogicalSwitch] | type[nb.LogicalRouter]) -> Iterator[Placed]:
    for holder in db.referrers(table, "load_balancer", ref):
        yield Placed(ref, holder)
    for group in db.referrers(nb.LoadBalancerGroup, "load_balancer", ref):
        for holder in db.referrers(table, "load_balancer_group", group):
            yield Placed(ref, holder)


def _on_switches(db: Engine, ref: str) -> Iterator[Placed]:
    return _holders(db, ref, nb.LogicalSwitch)


def _on_routers(db: Engine, ref: str) -> Iterator[Placed]:
    return _holders(db, ref, nb.LogicalRouter)


ON_SWITCHES = each((nb.LoadBalancer, _on_switches))
"""Every load balancer on every switch that has it, by itself or in a group."""

ON_ROUTERS = each((nb.LoadBalancer, _on_routers))
"""The same for routers."""


def _having_vips(db: Engine, placed: Placed) -> Iterator[tuple[str, bool]]:
    row = db.get(nb.LoadBalancer, placed.balancer)
    if row is not None and row.vips:
        yield placed.datapath, True


_WITH_VIPS = index((ON_SWITCHES, _having_vips), (ON_ROUTERS, _having_vips))


@query
def has_vips(db: Engine, datapath: str) -> bool:
    """Whether a switch or router has a load balancer with a VIP."""
    return bool(_WITH_VIPS(db, datapath))


def _addresses(db: Engine, placed: Placed) -> Iterator[tuple[tuple[str, str], bool]]:
    found = balancer(db, placed.balancer)
    for vip in found.vips if found else ():
        yield (placed.datapath, vip.seen.address), True


_ADDRESSES = index((ON_ROUTERS, _addresses))


def _of_router(db: Engine, placed: Placed) -> Iterator[tuple[str, str]]:
    for (datapath, address), _ in _addresses(db, placed):
        yield datapath, address


VIPS = index((ON_ROUTERS, _of_router))
"""The addresses of a router's VIPs."""


@query
def is_vip(db: Engine, router: str, address: str) -> bool:
    """Whether a load balancer of a router has a VIP with this address."""
    return bool(_ADDRESSES(db, (router, address)))


def _by_balancer(db: Engine, placed: Placed) -> Iterator[tuple[str, str]]:
    yield placed.balancer, placed.datapath


SWITCHES_OF = index((ON_SWITCHES, _by_balancer))
"""The switches that have a load balancer."""

ROUTERS_OF = index((ON_ROUTERS, _by_balancer))
"""The routers that have a load balancer."""


@query
def is_own(db: Engine, placed: Placed) -> bool:
    """Whether a switch has a load balancer by itself, not only in a group."""
    return placed.datapath in db.referrers(nb.LogicalSwitch, "load_balancer", placed.balancer)


@query
def is_stateless(db: Engine, switch: str) -> bool:
    """Whether stateless ACLs of a switch hold for packets of its load balancers too."""
    row = db.get(nb.LogicalSwitch, switch)
    return row is not None and row.other_config.get("enable-stateless-acl-with-lb") == "true"
