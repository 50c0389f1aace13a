"""Load balancers: what a row asks for, parsed once, and on which switches and routers it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import NamedTuple

from pyovn.northd import global_options
from pyovn.northd.copp import controller_meter
from pyovn.northd.places import Member, Place
from pyovn.northd.router.force_snat import named_addresses, uses_port_addresses
from pyovn.northd.settings import flag
from pyovn.northd.topology import router, router_port, sides_towards_routers, switch, switch_port
from pyovn.northd.vips import Vip, parse_template, parse_vip
from pyovn.query import Engine, each, index, projection, query
from pyovn.schemas import nb

PROTOCOL_NUMBERS = {"tcp": 6, "udp": 17, "sctp": 132}


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
        return flag(self.options, option)


def is_template(row: nb.LoadBalancer) -> bool:
    """Its VIPs and backends have variables in them, which each chassis fills in for itself."""
    return flag(row.options, "template")


@query
def balancer(db: Engine, ref: str) -> Balancer | None:
    """The facts about a load balancer."""
    row = db.get(nb.LoadBalancer, ref)
    if row is None:
        return None
    protocol = row.protocol if row.protocol in ("udp", "sctp") else "tcp"
    parse = partial(parse_template, ipv6=row.options.get("address-family") == "ipv6") if is_template(row) else parse_vip
    vips = tuple(vip for key, value in row.vips.items() if (vip := parse(key, value)) is not None)
    fields = (f"{row.protocol}_{name[3:]}" if name in ("tp_src", "tp_dst") and row.protocol else name for name in row.selection_fields)
    seconds = row.options.get("affinity_timeout", "")
    affinity_s = min(int(seconds), 65535) if seconds.isdecimal() else 0
    return Balancer(ref, row.name, protocol, vips, row.options, ",".join(fields), affinity_s)


class Placed(NamedTuple):
    """A load balancer, by uuid, in a place."""

    balancer: str
    place: Place


class Meters(NamedTuple):
    """Meters of a switch or router for what its load balancers send to the controller, by name; empty if there is none."""

    event: str
    reject: str


def _meters(db: Engine, holder: str) -> Meters:
    return Meters(controller_meter(db, holder, "event-elb") or "", controller_meter(db, holder, "reject") or "")


class OnSwitches(NamedTuple):
    """What a load balancer's flows depend on of a switch."""

    meters: Meters
    stateless: bool
    """Stateless ACLs hold for packets of load balancers too; those of groups leave them as they are."""


class OnRouters(NamedTuple):
    """What a load balancer's flows depend on of a router."""

    meters: Meters
    forced: bool
    """Clients appear to be the router."""
    gateways: tuple[tuple[str, str], ...]
    """Its distributed gateway ports by name, with the names of their other halves."""


class Held(NamedTuple):
    """What a switch or router has: the columns of its row that say so."""

    load_balancer: tuple[str, ...]
    load_balancer_group: tuple[str, ...]


@projection
def held(db: Engine, holder: str) -> Held:
    """The load balancers of a switch or router, and their groups, by uuid."""
    row = db.get(nb.LogicalSwitch, holder) or db.get(nb.LogicalRouter, holder)
    return Held(row.load_balancer, row.load_balancer_group) if row else Held((), ())


@projection
def groups_of(db: Engine, balancer: str) -> tuple[str, ...]:
    """The groups that a load balancer is in, by uuid."""
    return db.referrers(nb.LoadBalancerGroup, "load_balancer", balancer)


@query
def is_on(db: Engine, balancer: str, holder: str) -> bool:
    """Whether a switch or router has a load balancer, by itself or in a group."""
    has = held(db, holder)
    return balancer in has.load_balancer or any(group in has.load_balancer_group for group in groups_of(db, balancer))


Holder = type[nb.LogicalSwitch] | type[nb.LogicalRouter]


@query
def holders(db: Engine, balancer: str, table: Holder) -> tuple[str, ...]:
    """The switches, or the routers, that have a load balancer, by uuid."""
    return holders_by(db, (balancer, *groups_of(db, balancer)), table)


def holders_by(db: Engine, ways: tuple[str, ...], table: Holder) -> tuple[str, ...]:
    """The switches, or the routers, that have one of these load balancers or groups of them, by uuid."""
    several = [found for way in ways for column in Held._fields if (found := db.referrers(table, column, way))]
    return several[0] if len(several) == 1 else tuple(sorted({holder for found in several for holder in found}))


LENDING = "install_ls_lb_from_router"
"""NB_Global's option by which switches have the load balancers of the routers around them."""


def _lenders(db: Engine, switch: str) -> Iterator[str]:
    """The routers whose load balancers a switch has as well."""
    for ref in sides_towards_routers(db, switch) if global_options.is_on(db, LENDING) else ():
        side = switch_port(db, ref)
        port = router_port(db, side.peer) if side and side.peer else None
        if port is not None:
            yield port.router


def _by_lender(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    return ((router, ref) for router in _lenders(db, ref))


_BORROWERS = index((nb.LogicalSwitch, _by_lender))
"""The switches that have a router's load balancers."""


def switches_by(db: Engine, ways: tuple[str, ...]) -> tuple[str, ...]:
    """The switches that have one of these load balancers or groups of them themselves, or from a router."""
    own = holders_by(db, ways, nb.LogicalSwitch)
    if not global_options.is_on(db, LENDING):
        return own
    borrowers = {switch for router in holders_by(db, ways, nb.LogicalRouter) for switch in _BORROWERS(db, router)}
    return tuple(sorted({*own, *borrowers}))


@projection
def is_stateless(db: Engine, switch: str) -> bool:
    """Whether stateless ACLs of a switch hold for packets of its load balancers too."""
    row = db.get(nb.LogicalSwitch, switch)
    return row is not None and flag(row.other_config, "enable-stateless-acl-with-lb")


def members_of_switch(db: Engine, ref: str) -> Iterator[Member]:
    """The places that a switch is in for its load balancers."""
    if switch(db, ref) is None:
        return
    stateless = is_stateless(db, ref)
    several = [held(db, holder) for holder in (ref, *_lenders(db, ref))]
    for via in dict.fromkeys(via for has in several for via in has.load_balancer):
        yield Member(Place(via, OnSwitches(_meters(db, ref), stateless)), ref)
    for via in dict.fromkeys(via for has in several for via in has.load_balancer_group):
        yield Member(Place(via, OnSwitches(_meters(db, ref), False)), ref)


def members_of_router(db: Engine, ref: str) -> Iterator[Member]:
    """The places that a router is in for its load balancers."""
    facts, has = router(db, ref), held(db, ref)
    if facts is None or not facts.enabled:
        return
    forced = uses_port_addresses(db, ref) or bool(named_addresses(db, ref, "lb"))
    traits = OnRouters(_meters(db, ref), forced, _GATEWAYS(db, ref) if has.load_balancer or has.load_balancer_group else ())
    for via in (*has.load_balancer, *has.load_balancer_group):
        yield Member(Place(via, traits), ref)


def _gateway(db: Engine, ref: str) -> Iterator[tuple[str, tuple[str, str]]]:
    port = router_port(db, ref)
    if port is not None and port.redirect:
        yield port.router, (port.name, port.redirect)


_GATEWAYS = index((nb.LogicalRouterPort, _gateway))
"""The distributed gateway ports of a router by name, with the names of their other halves."""


def _place_of_switch(db: Engine, ref: str) -> Iterator[tuple[str, Place]]:
    return ((place.via, place) for place, _ in members_of_switch(db, ref))


def _place_of_router(db: Engine, ref: str) -> Iterator[tuple[str, Place]]:
    return ((place.via, place) for place, _ in members_of_router(db, ref))


_PLACES_OF_SWITCHES = index((nb.LogicalSwitch, _place_of_switch))
_PLACES_OF_ROUTERS = index((nb.LogicalRouter, _place_of_router))


def _on_switches(db: Engine, ref: str) -> Iterator[Placed]:
    for via in (ref, *groups_of(db, ref)):
        yield from (Placed(ref, place) for place in _PLACES_OF_SWITCHES(db, via))


def _on_routers(db: Engine, ref: str) -> Iterator[Placed]:
    for via in (ref, *groups_of(db, ref)):
        yield from (Placed(ref, place) for place in _PLACES_OF_ROUTERS(db, via))


ON_SWITCHES = each((nb.LoadBalancer, _on_switches))
"""Every load balancer in every place of switches that have it, by itself or in a group."""

ON_ROUTERS = each((nb.LoadBalancer, _on_routers))
"""The same for routers."""


@query
def _vips_of(db: Engine, ref: str) -> tuple[str, ...]:
    """The addresses of a load balancer's VIPs."""
    found = balancer(db, ref)
    return tuple(dict.fromkeys(vip.seen.address for vip in found.vips)) if found else ()


@query
def _vips_of_group(db: Engine, ref: str) -> frozenset[str]:
    """The addresses of the VIPs of a group's load balancers."""
    row = db.get(nb.LoadBalancerGroup, ref)
    return frozenset(address for each in (row.load_balancer if row else ()) for address in _vips_of(db, each))


@query
def vips(db: Engine, holder: str) -> tuple[str, ...]:
    """The addresses of the VIPs of a switch or router, sorted."""
    has = held(db, holder)
    alone = {address for ref in has.load_balancer for address in _vips_of(db, ref)}
    return tuple(sorted(alone.union(*(_vips_of_group(db, group) for group in has.load_balancer_group))))


def _with_vips(db: Engine, ref: str) -> Iterator[tuple[str, bool]]:
    row = db.get(nb.LoadBalancer, ref)
    if row is not None and row.vips:
        yield from ((via, True) for via in (ref, *groups_of(db, ref)))


_WITH_VIPS = index((nb.LoadBalancer, _with_vips))
"""The load balancers with a VIP, and the groups that have one."""


@query
def has_vips(db: Engine, holder: str) -> bool:
    """Whether a switch or router has a load balancer with a VIP."""
    return any(_WITH_VIPS(db, via) for via in chain(*held(db, holder)))


def _distributed(db: Engine, ref: str) -> Iterator[tuple[str, bool]]:
    row = db.get(nb.LoadBalancer, ref)
    if row is not None and flag(row.options, "distributed"):
        yield from ((via, True) for via in (ref, *groups_of(db, ref)))


_DISTRIBUTED = index((nb.LoadBalancer, _distributed))
"""The load balancers that are distributed, and the groups that have one."""


@query
def is_distributing(db: Engine, holder: str) -> bool:
    """A load balancer of the router chooses backends where packets come in: no chassis speaks for the others."""
    return any(_DISTRIBUTED(db, via) for via in chain(*held(db, holder)))


def _by_address(db: Engine, ref: str) -> Iterator[tuple[str, str]]:
    return ((address, ref) for address in _vips_of(db, ref))


BY_ADDRESS = index((nb.LoadBalancer, _by_address))
"""The load balancers that have a VIP with an address."""


@query
def is_vip(db: Engine, holder: str, address: str) -> bool:
    """Whether a load balancer of a switch or router has a VIP with this address."""
    return any(is_on(db, ref, holder) for ref in BY_ADDRESS(db, address))
