"""Routes that routers of this zone take over from others: static routes that name their source (ovn-nb(5), ic-learned-route)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pyovn.interconnect.addresses import Prefix, is_next_hop, parse_prefix, parse_vip
from pyovn.interconnect.attachments import ON_SWITCH, Attachment, port_settings, sieve, zone_settings
from pyovn.interconnect.edits import Edit, Join, Part, new
from pyovn.interconnect.zone import my_zone
from pyovn.query import Engine, each, index, projection, query
from pyovn.schemas import ic_sb, nb, sb

MARK = "ic-learned-route"
"""The key of a static route's `external_ids` that says which row of the shared southbound it comes from."""

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def source_of(row: nb.LogicalRouterStaticRoute) -> str:
    """The row that a static route was learned from; empty if somebody configured it."""
    text = row.external_ids.get(MARK, "")
    return text if UUID.fullmatch(text) else ""


class Lesson(NamedTuple):
    """A route that a router is to have."""

    router: str
    source: str
    """The Route, by uuid."""
    prefix: str
    next_hop: str
    table: str
    origin: str


def _configured(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str, str], str]]:
    row = db.get(nb.LogicalRouterStaticRoute, ref)
    if row is not None and MARK not in row.external_ids:
        for router in db.referrers(nb.LogicalRouter, "static_routes", ref):
            yield (router, row.route_table, row.ip_prefix), ref


CONFIGURED = index((nb.LogicalRouterStaticRoute, _configured))
"""Router, table and prefix → static routes that somebody configured."""


def _from_protocols(db: Engine, ref: str) -> Iterator[tuple[tuple[str, str], str]]:
    row = db.get(sb.LearnedRoute, ref)
    datapath = db.get(sb.DatapathBinding, row.datapath) if row else None
    if row is not None and datapath is not None and datapath.nb_uuid:
        yield (datapath.nb_uuid, row.ip_prefix), ref


FROM_PROTOCOLS = index((sb.LearnedRoute, _from_protocols))
"""Router and prefix → routes that it learned from routing protocols."""


@projection
def is_open(db: Engine, router: str) -> bool:
    """Whether a router takes packets."""
    row = db.get(nb.LogicalRouter, router)
    return row is not None and row.enabled is not False


@projection
def balancers_of(db: Engine, router: str) -> tuple[str, ...]:
    """The load balancers of a router, by itself or in a group."""
    row = db.get(nb.LogicalRouter, router)
    groups = [db.get(nb.LoadBalancerGroup, ref) for ref in row.load_balancer_group] if row else []
    return (*(row.load_balancer if row else ()), *(balancer for group in groups if group for balancer in group.load_balancer))


@query
def vips_of(db: Engine, router: str) -> tuple[Prefix, ...]:
    """The addresses that a router balances itself."""
    rows = [db.get(nb.LoadBalancer, ref) for ref in balancers_of(db, router)]
    return tuple(vip for row in rows if row for text in row.vips if (vip := parse_vip(text)) is not None)


def has_own(db: Engine, router: str, route: ic_sb.Route, prefix: Prefix) -> bool:
    """Whether a router has its own way to where a route leads: configured, from a protocol, or because it is there."""
    if CONFIGURED(db, (router, route.route_table, route.ip_prefix)) or FROM_PROTOCOLS(db, (router, route.ip_prefix)):
        return True
    whole = Prefix(prefix.version, prefix.network << (128 if prefix.version == 6 else 32) - prefix.length, prefix.length) == prefix
    return whole and any(prefix.holds(vip) for vip in vips_of(db, router))


def _lessons(db: Engine, ref: str) -> Iterator[Lesson]:
    route, zone, wants = db.get(ic_sb.Route, ref), my_zone(db), zone_settings(db).learns
    if route is None or zone is None or not wants.any or (route.origin == "loadbalancer" and not wants.vips):
        return
    prefix, next_hop = parse_prefix(route.ip_prefix), parse_prefix(route.nexthop)
    if prefix is None or next_hop is None or not is_next_hop(next_hop) or prefix.is_link_local:
        return
    if prefix.length == 0 and not wants.default:
        return
    for attachment in ON_SWITCH(db, route.transit_switch):
        if is_of_another(route, attachment.router, zone) and is_learned(db, attachment, route, (prefix, next_hop)):
            yield Lesson(attachment.router, ref, route.ip_prefix, route.nexthop, route.route_table, route.origin)


def is_of_another(route: ic_sb.Route, router: str, zone: str) -> bool:
    """Whether a route is another router's; earlier versions did not say whose it is, only in which zone."""
    owner = route.external_ids.get("lr-id")
    if owner is None:
        return route.availability_zone != zone
    return UUID.fullmatch(owner) is not None and owner != router


def is_learned(db: Engine, attachment: Attachment, route: ic_sb.Route, parsed: tuple[Prefix, Prefix]) -> bool:
    """Whether a router takes over a route by an attachment."""
    (prefix, next_hop), router, settings = parsed, attachment.router, port_settings(db, attachment.lrp)
    if route.external_ids.get("ic-route-tag") == settings.filter_tag or route.route_table not in ("", settings.table):
        return False
    # The next hop must be a neighbour.
    if not any(network.holds(next_hop) for network in settings.networks):
        return False
    if not is_open(db, router) or not sieve(db, router, attachment.lrp, "learn").passes(prefix):
        return False
    return not has_own(db, router, route, prefix)


LESSONS = each((ic_sb.Route, _lessons))
"""Everything that is to be learned."""


def _by_source(db: Engine, lesson: Lesson) -> Iterator[tuple[tuple[str, str], Lesson]]:
    yield (lesson.router, lesson.source), lesson


OF_SOURCE = index((LESSONS, _by_source))
"""Router and Route → what is to be learned of it."""


def _notes(db: Engine, ref: str) -> Iterator[tuple[Lesson, str]]:
    row = db.get(nb.LogicalRouterStaticRoute, ref)
    source = source_of(row) if row else ""
    if row is not None and source:
        for router in db.referrers(nb.LogicalRouter, "static_routes", ref):
            yield Lesson(router, source, row.ip_prefix, row.nexthop, row.route_table, row.options.get("origin", "")), ref


NOTES = index((nb.LogicalRouterStaticRoute, _notes))
"""What was learned → the static routes that say so."""


def learn(db: Engine, lesson: Lesson) -> Iterator[Edit]:
    """A route that is to be learned becomes a static route."""
    if not NOTES(db, lesson):
        made = new(
            nb.LogicalRouterStaticRoute, ip_prefix=lesson.prefix, nexthop=lesson.next_hop, route_table=lesson.table,
            external_ids={MARK: lesson.source}, options={"origin": lesson.origin},
        )  # fmt: skip
        yield Join(nb.LogicalRouter, lesson.router, "static_routes", made)


def forget(db: Engine, ref: str) -> Iterator[Edit]:
    """A static route that was learned goes when there is nothing to learn it from any more."""
    if my_zone(db) is None:
        return
    for lesson, _ in _notes(db, ref):
        wanted = lesson in OF_SOURCE(db, (lesson.router, lesson.source))
        if not wanted or NOTES(db, lesson)[:1] != (ref,):
            yield Part(nb.LogicalRouter, lesson.router, "static_routes", ref)
