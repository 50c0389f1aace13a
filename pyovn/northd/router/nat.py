"""The facts about translations of addresses: what a row of NAT means on its router, and by what others look for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyovn.northd.addresses import Network, parse_mac, parse_network
from pyovn.northd.router.force_snat import REASONS, named_addresses
from pyovn.northd.router.networks import in_network
from pyovn.northd.settings import flag
from pyovn.northd.topology import (
    GATEWAY_PORTS,
    RouterPort,
    gateway_chassis,
    has_gateway_port,
    only_gateway_port,
    other_half,
    router_port,
)
from pyovn.query import Engine, index, projection, query
from pyovn.schemas.nb import NAT, AddressSet, LogicalRouter, LogicalRouterPort


@dataclass(frozen=True, slots=True)
class Nat:
    """A translation that can be carried out."""

    uuid: str
    router: str
    """The router's uuid."""
    kind: str
    """`snat`, `dnat` or `dnat_and_snat`."""
    external: Network
    internal: Network
    port: RouterPort | None
    """The distributed gateway port it belongs to; None on a gateway router."""
    is_placed: bool
    """There is a chassis to carry it out; otherwise the router only answers for the address."""
    is_central: bool
    """All routing to its port's networks is on the gateway's chassis."""
    logical_port: str | None
    external_mac: str | None
    stateless: bool
    port_range: str
    allowed: str | None
    """The name of an address set: only what comes from or goes to these outside is translated."""
    exempted: str | None
    """The name of an address set: what comes from or goes to these outside is not."""
    match: str
    priority: int
    routable: bool
    """Other routers on the port's network have a route to the external address."""

    @property
    def translates_sources(self) -> bool:
        """Who is inside appears outside as the external address."""
        return self.kind != "dnat"

    @property
    def translates_destinations(self) -> bool:
        """Who is outside reaches one inside by the external address."""
        return self.kind != "snat"

    @property
    def mac(self) -> str | None:
        """The MAC of a translation that is carried out where its machine is; None if the gateway's chassis does it."""
        return self.own_mac if not self.is_central else None

    @property
    def own_mac(self) -> str | None:
        """The MAC that is said to be the translation's own, wherever it is carried out."""
        distributed = self.port is not None and self.kind == "dnat_and_snat" and self.logical_port
        return self.external_mac if distributed else None

    @property
    def place(self) -> str:
        """The port whose chassis speaks for the external address; only with a gateway port."""
        assert self.port is not None and self.port.redirect is not None
        return self.logical_port if self.mac and self.logical_port else self.port.redirect

    @property
    def ip(self) -> str:
        """`ip4` or `ip6`."""
        return "ip6" if self.external.is_ipv6 else "ip4"


@query
def contradiction(db: Engine, ref: str) -> str:
    """Why a translation between good addresses means nothing at all, not even that the router answers for the address; empty if it does."""
    row, internal, holders = db.get(NAT, ref), _internal(db, ref), db.referrers(LogicalRouter, "nat", ref)
    if row is None or internal is None or not holders:
        return ""
    if row.external_mac and parse_mac(row.external_mac) is None:
        return f'external_mac "{row.external_mac}" is no MAC'
    if row.allowed_ext_ips and row.exempted_ext_ips:
        return "allowed_ext_ips and exempted_ext_ips exclude each other; clear one"
    if row.type != "snat" and not internal.is_host:
        return f'logical_ip "{row.logical_ip}" is no single address, which only snat may do without'
    if row.gateway_port or len(GATEWAY_PORTS(db, holders[0])) > 1:
        external = parse_network(row.external_ip)
        if external is not None and _gateway_port(db, holders[0], row, external.address) is None:
            return "gateway_port is none of the router's gateway ports; set it to one that the external address belongs to"
    return ""


def _internal(db: Engine, ref: str) -> Network | None:
    row = db.get(NAT, ref)
    return parse_network(row.logical_ip) if row else None


@query
def nat(db: Engine, ref: str) -> Nat | None:
    """The facts about a translation; None if its addresses are none."""
    row = db.get(NAT, ref)
    holders = db.referrers(LogicalRouter, "nat", ref)
    external = parse_network(row.external_ip) if row else None
    internal = parse_network(row.logical_ip) if row else None
    if row is None or not holders or external is None or internal is None or external.is_ipv6 is not internal.is_ipv6:
        return None
    central = gateway_chassis(db, holders[0]) is not None
    port = None if central else _gateway_port(db, holders[0], row, external.address)
    mac = parse_mac(row.external_mac or "")
    if contradiction(db, ref):
        return None
    return Nat(
        uuid=ref, router=holders[0], kind=row.type, external=external, internal=internal, port=port, is_placed=central or port is not None,
        is_central=bool(port and port.peer and other_half(db, port.peer)), logical_port=row.logical_port, external_mac=mac,
        stateless=row.type == "dnat_and_snat" and flag(row.options, "stateless"),
        port_range=row.external_port_range, allowed=_set_name(db, row.allowed_ext_ips),
        exempted=_set_name(db, row.exempted_ext_ips), match=row.match, priority=row.priority,
        routable=flag(row.options, "add_route"),
    )  # fmt: skip


def _gateway_port(db: Engine, router: str, row: NAT, external: str) -> RouterPort | None:
    """The gateway port that a translation names, or the router's only one, or the one with the address in a network of its."""
    if row.gateway_port:
        named = router_port(db, row.gateway_port)
        return named if named and named.redirect and named.router == router else None
    ports = GATEWAY_PORTS(db, router)
    if len(ports) == 1:
        return router_port(db, ports[0])
    found = [port for ref in ports if (port := router_port(db, ref)) is not None]
    return next((port for port in found if any(in_network(external, network) for network in port.ipv4 + port.ipv6)), None)


def _set_name(db: Engine, ref: str | None) -> str | None:
    row = db.get(AddressSet, ref) if ref else None
    return row.name if row else None


def _sources(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    found = nat(db, ref)
    if found is not None and found.kind == "snat":
        yield (found.router, found.external.address), ref


_SOURCES = index((NAT, _sources))


@query
def is_source(db: Engine, router: str, address: str) -> bool:
    """Sources are translated to this address, so that packets to it may be replies."""
    named = (network for reason in REASONS for network in named_addresses(db, router, reason))
    return bool(_SOURCES(db, (router, address))) or any(network.address == address for network in named)


def belongs(db: Engine, rule: Nat, port: RouterPort) -> bool:
    """With several gateway ports a translation is at one of them; else any port speaks for it."""
    return any_port_speaks(db, port.router) or (rule.port is not None and rule.port.uuid == port.uuid)


def any_port_speaks(db: Engine, router: str) -> bool:
    """Whether translations of a router are at no port rather than at another."""
    return not has_gateway_port(db, router) or only_gateway_port(db, router) is not None


def is_port_source(db: Engine, rule: Nat) -> bool:
    """It translates sources to an address that a port of the router has: that port speaks for it."""
    return rule.kind == "snat" and bool(OWN(db, (rule.router, rule.external.address)))


def _macs(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    found = nat(db, ref)
    if found is not None and found.translates_destinations and found.external_mac:
        yield found.router, found.external_mac


def _distributed(db: Engine, ref: str) -> Iterator[tuple[str, bool]]:
    found = nat(db, ref)
    if found is not None and found.kind == "dnat_and_snat" and found.logical_port and found.external_mac:
        yield found.router, True


DISTRIBUTED = index((NAT, _distributed))
"""Whether a router has a translation that may be carried out where its machine is."""

EXTERNAL_MACS = index((NAT, _macs))
"""The MACs that a router's translations have for themselves."""


def _by_router(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    found = nat(db, ref)
    if found is not None:
        yield found.router, ref


NATS = index((NAT, _by_router))
"""The translations of a router, by uuid."""


def _own(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    port = router_port(db, ref)
    for network in port.ipv4 + port.ipv6 if port else ():
        yield (port.router if port else "", network.address), ref


OWN = index((LogicalRouterPort, _own))
"""The ports of a router that have an address, by (router, address)."""


@projection
def translates(db: Engine, router: str) -> bool:
    """The router has translations, be they good or not."""
    row = db.get(LogicalRouter, router)
    return row is not None and bool(row.nat)


def _stateful(db: Engine, ref: str) -> Iterator[tuple[str, bool]]:
    found = nat(db, ref)
    if found is not None and found.is_placed and not found.stateless:
        yield found.router, True


_STATEFUL = index((NAT, _stateful))


@query
def has_stateful(db: Engine, router: str) -> bool:
    """Some translation of a router is remembered by connection."""
    return bool(_STATEFUL(db, router))
