"""Where routers of this zone are attached to transit switches, and what each attachment lets through (ovn-nb(5), options:ic-route-…)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pyovn.interconnect.addresses import Home, Prefix, parse_home, parse_prefix, parse_prefixes
from pyovn.interconnect.settings import is_set
from pyovn.interconnect.switch_ports import OTHER_KIND, lsp_named
from pyovn.interconnect.transit_switches import switch_named
from pyovn.interconnect.zone import my_zone
from pyovn.query import Engine, each, index, projection, query
from pyovn.schemas import ic_sb, nb


class Attachment(NamedTuple):
    """A router of this zone on a transit switch."""

    transit: str
    router: str
    """The Logical_Router, by uuid."""
    lrp: str
    """The Logical_Router_Port, by uuid."""
    home: Home
    """Its addresses on the transit switch."""


def _attachment(db: Engine, ref: str) -> Iterator[Attachment]:
    row, zone = db.get(ic_sb.PortBinding, ref), my_zone(db)
    if row is None or zone is None or row.availability_zone != zone or row.type == OTHER_KIND:
        return
    lsp = lsp_named(db, row.logical_port)
    port, router = db.get(nb.LogicalSwitchPort, lsp) if lsp else None, row.external_ids.get("router-id", "")
    found = db.find(nb.LogicalRouterPort, "name", port.options.get("router-port", "")) if port else ()
    home = parse_home(row.address)
    if port is None or port.type == "switch" or not found or home is None or not has_router(db, router):
        return
    if switch_named(db, row.transit_switch):
        yield Attachment(row.transit_switch, router, found[0], home)


@projection
def has_router(db: Engine, ref: str) -> bool:
    """Whether there is a router of this uuid."""
    return db.get(nb.LogicalRouter, ref) is not None


ATTACHMENTS = each((ic_sb.PortBinding, _attachment))
"""Every attachment."""


def _by_router(db: Engine, attachment: Attachment) -> Iterator[tuple[str, Attachment]]:
    yield attachment.router, attachment


def _by_switch(db: Engine, attachment: Attachment) -> Iterator[tuple[str, Attachment]]:
    yield attachment.transit, attachment


OF_ROUTER = index((ATTACHMENTS, _by_router))
"""Router → its attachments."""
ON_SWITCH = index((ATTACHMENTS, _by_switch))
"""Transit switch → the attachments to it."""


class Traffic(NamedTuple):
    """Which routes go one way."""

    any: bool
    default: bool
    vips: bool


class Zone(NamedTuple):
    """What the zone's owner wants of routes."""

    advertises: Traffic
    learns: Traffic
    denied: tuple[Prefix, ...]


@projection
def zone_settings(db: Engine) -> Zone:
    """What the zone's owner wants of routes."""
    rows = [db.get(nb.NBGlobal, ref) for ref in db.every(nb.NBGlobal)]
    options = next((row.options for row in rows if row), {})
    denied = parse_prefixes(options.get("ic-route-denylist") or options.get("ic-route-blacklist", ""))
    return Zone(traffic(options, "adv"), traffic(options, "learn"), denied)


def traffic(options: Mapping[str, str], verb: str) -> Traffic:
    """Which routes are to go one way."""
    names = (f"ic-route-{verb}{what}" for what in ("", "-default", "-lb"))
    return Traffic(*(is_set(options, name) for name in names))


class Port(NamedTuple):
    """What of a router port concerns routes."""

    table: str
    tag: str
    filter_tag: str
    networks: tuple[Prefix, ...]


@projection
def port_settings(db: Engine, ref: str) -> Port:
    """What of a router port concerns routes."""
    row = db.get(nb.LogicalRouterPort, ref)
    options = row.options if row else {}
    networks = (parse_prefix(network) for network in (row.networks if row else ()))
    table, tag, filter_tag = (options.get(name, "") for name in ("route_table", "ic-route-tag", "ic-route-filter-tag"))
    return Port(table, tag, filter_tag, tuple(network for network in networks if network is not None))


class Sieve(NamedTuple):
    """Which prefixes come through; what is denied never does."""

    allowed: tuple[Prefix, ...] | None
    """None: all."""
    denied: tuple[Prefix, ...]

    def passes(self, prefix: Prefix) -> bool:
        """Whether a prefix comes through."""
        if any(held.holds(prefix) for held in self.denied):
            return False
        return self.allowed is None or any(held.holds(prefix) for held in self.allowed)


@projection
def listed(db: Engine, table: type[nb.LogicalRouter] | type[nb.LogicalRouterPort], ref: str, option: str) -> tuple[Prefix, ...] | None:
    """The prefixes of an option of a router or router port; None if it is not there."""
    row = db.get(table, ref)
    text = row.options.get(option, "") if row else ""
    return parse_prefixes(text) if text else None


@query
def sieve(db: Engine, router: str, lrp: str, direction: str) -> Sieve:
    """What comes through an attachment in a direction, `adv` or `learn`: the router's, the port's and the zone's lists together."""
    sources: tuple[tuple[type[nb.LogicalRouter] | type[nb.LogicalRouterPort], str], ...]
    sources = ((nb.LogicalRouterPort, lrp), (nb.LogicalRouter, router))
    allowed = [found for table, ref in sources if (found := listed(db, table, ref, f"ic-route-filter-{direction}")) is not None]
    denied = [listed(db, table, ref, f"ic-route-deny-{direction}") or () for table, ref in sources]
    together = tuple(prefix for found in allowed for prefix in found)
    return Sieve(together if allowed else None, (*(prefix for found in denied for prefix in found), *zone_settings(db).denied))
