"""Routes that this zone offers to the others: static ones, connected networks, learned from protocols, and VIPs (ovn-ic-sb(5), Route)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.interconnect.addresses import Prefix, is_next_hop, parse_prefix, parse_vip
from pyovn.interconnect.attachments import OF_ROUTER, Attachment, port_settings, sieve, zone_settings
from pyovn.interconnect.edits import Edit, Remove, differing, differing_key, new
from pyovn.interconnect.learned import source_of
from pyovn.interconnect.transit_switches import transit_of
from pyovn.interconnect.zone import my_zone
from pyovn.query import Engine, each, index, query
from pyovn.schemas import ic_sb, nb, sb

RANK = ("connected", "static", "loadbalancer")
"""Of two offers of one route, which is made: that which is known for the better reason."""


class Spot(NamedTuple):
    """What tells a route of a zone from all others."""

    transit: str
    table: str
    prefix: Prefix
    next_hop: str


class Offer(NamedTuple):
    """One row's reason to offer a route."""

    rank: int
    source: str
    """The northbound row, by uuid."""
    spot: Spot
    router: str
    tag: str
    noun: str
    """What the row is, in the words of a log."""

    @property
    def origin(self) -> str:
        """Why the zone knows the route."""
        return RANK[self.rank]


def offers(db: Engine, router: str, prefix: Prefix, table: str | None, what: tuple[str, str, str]) -> Iterator[Offer]:
    """A prefix by each attachment of a router: of the tables that it comes from only (None: of none); `what`: origin, row, noun."""
    zone, (origin, source, noun) = zone_settings(db), what
    if not zone.advertises.any or prefix.is_link_local or (prefix.length == 0 and not zone.advertises.default):
        return
    for attachment in OF_ROUTER(db, router):
        settings, next_hop = port_settings(db, attachment.lrp), next_hop_of(attachment, prefix)
        if next_hop and table in (None, settings.table) and sieve(db, router, attachment.lrp, "adv").passes(prefix):
            spot = Spot(attachment.transit, table or "", prefix, next_hop)
            yield Offer(RANK.index(origin), source, spot, router, settings.tag, noun)


def next_hop_of(attachment: Attachment, prefix: Prefix) -> str:
    """The address of the router on the transit switch, of the prefix's kind; empty if it has none."""
    return attachment.home.ipv4 if prefix.version == 4 else attachment.home.ipv6


def _static(db: Engine, ref: str) -> Iterator[Offer]:
    row = db.get(nb.LogicalRouterStaticRoute, ref)
    if row is None or source_of(row) or row.policy == "src-ip":
        return
    prefix, next_hop = parse_prefix(row.ip_prefix), parse_prefix(row.nexthop)
    if prefix is not None and (row.nexthop == "discard" or (next_hop is not None and is_next_hop(next_hop))):
        for router in db.referrers(nb.LogicalRouter, "static_routes", ref):
            yield from offers(db, router, prefix, row.route_table, ("static", ref, "route"))


@query
def leads_away(db: Engine, name: str) -> bool:
    """Whether a router port is on a transit switch."""
    return any(transit_of(db, port)[0] for port in db.find(nb.LogicalSwitchPort, "options", ("router-port", name)))


def _connected(db: Engine, ref: str) -> Iterator[Offer]:
    row = db.get(nb.LogicalRouterPort, ref)
    if row is None or leads_away(db, row.name):
        return
    for router in db.referrers(nb.LogicalRouter, "ports", ref):
        for network in row.networks:
            prefix = parse_prefix(network)
            if prefix is not None:
                yield from offers(db, router, prefix, None, ("connected", ref, "lrp"))


@query
def routers_of(db: Engine, balancer: str) -> tuple[str, ...]:
    """The routers that have a load balancer, by themselves or in a group."""
    routers = set(db.referrers(nb.LogicalRouter, "load_balancer", balancer))
    for group in db.referrers(nb.LoadBalancerGroup, "load_balancer", balancer):
        routers.update(db.referrers(nb.LogicalRouter, "load_balancer_group", group))
    return tuple(sorted(routers))


def _vips(db: Engine, ref: str) -> Iterator[Offer]:
    row = db.get(nb.LoadBalancer, ref)
    if row is None or not zone_settings(db).advertises.vips:
        return
    for router in routers_of(db, ref):
        for vip in row.vips:
            prefix = parse_vip(vip)
            if prefix is not None:
                yield from offers(db, router, prefix, None, ("loadbalancer", ref, "loadbalancer"))


def _from_protocols(db: Engine, ref: str) -> Iterator[Offer]:
    row = db.get(sb.LearnedRoute, ref)
    datapath = db.get(sb.DatapathBinding, row.datapath) if row else None
    prefix = parse_prefix(row.ip_prefix) if row else None
    if datapath is not None and datapath.nb_uuid and prefix is not None:
        yield from offers(db, datapath.nb_uuid, prefix, None, ("connected", datapath.nb_uuid, "lr"))


OFFERS = each(
    (nb.LogicalRouterStaticRoute, _static),
    (nb.LogicalRouterPort, _connected),
    (nb.LoadBalancer, _vips),
    (sb.LearnedRoute, _from_protocols),
)
"""Every reason to offer a route."""


def _by_spot(db: Engine, offer: Offer) -> Iterator[tuple[Spot, Offer]]:
    yield offer.spot, offer


AT_SPOT = index((OFFERS, _by_spot))
"""Spot → the offers of that route, the one that is made first."""


def spot_of(row: ic_sb.Route) -> Spot | None:
    """Which route a row is; None if it cannot be understood."""
    prefix, next_hop = parse_prefix(row.ip_prefix), parse_prefix(row.nexthop)
    return Spot(row.transit_switch, row.route_table, prefix, next_hop.address) if prefix is not None and next_hop is not None else None


def _there(db: Engine, ref: str) -> Iterator[tuple[Spot, str]]:
    row, zone = db.get(ic_sb.Route, ref), my_zone(db)
    spot = spot_of(row) if row is not None and row.availability_zone == zone else None
    if spot is not None:
        yield spot, ref


THERE = index((ic_sb.Route, _there))
"""Spot → the zone's rows for it."""


def route(db: Engine, offer: Offer) -> Iterator[Edit]:
    """A route that is offered is there, with where it comes from."""
    zone, spot = my_zone(db), offer.spot
    if zone is None or AT_SPOT(db, spot)[:1] != (offer,):
        return
    found = THERE(db, spot)
    row = db.get(ic_sb.Route, found[0]) if found else None
    ids = {"nb-id": offer.source, "lr-id": offer.router, **({"ic-route-tag": offer.tag} if offer.tag else {})}
    if row is None:
        yield new(
            ic_sb.Route, transit_switch=spot.transit, availability_zone=zone, route_table=spot.table, ip_prefix=str(spot.prefix),
            nexthop=spot.next_hop, origin=offer.origin, external_ids=ids,
        )  # fmt: skip
        return
    yield from differing(row, origin=offer.origin)
    for name in ("nb-id", "lr-id", "ic-route-tag"):
        yield from differing_key(row, "external_ids", name, ids.get(name))


def leftover(db: Engine, ref: str) -> Iterator[Edit]:
    """A route of the zone that nothing offers any more goes."""
    row, zone = db.get(ic_sb.Route, ref), my_zone(db)
    if row is None or zone is None or row.availability_zone != zone:
        return
    spot = spot_of(row)
    if spot is None or not AT_SPOT(db, spot) or THERE(db, spot)[:1] != (ref,):
        yield Remove(ic_sb.Route, ref)


def suppressed(db: Engine, offer: Offer) -> Iterator[str]:
    """What a log says of a second reason to offer a route."""
    if AT_SPOT(db, offer.spot)[:1] != (offer,):
        yield f"Duplicate {offer.origin} route advertisement was suppressed! NB {offer.noun} uuid: {offer.source}"


SUPPRESSED = each((OFFERS, suppressed))
"""Offers that come to nothing."""
