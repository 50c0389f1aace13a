"""Gateways: chassis through which a zone is reached, as the zone tells the others and as they enter them (ovn-ic-sb(5), Gateway)."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.interconnect.edits import Edit, New, Remove, differing, new
from pyovn.interconnect.settings import is_set
from pyovn.interconnect.zone import my_zone
from pyovn.query import Engine, query
from pyovn.schemas import ic_sb, sb

Encaps = frozenset[tuple[str, str, tuple[tuple[str, str], ...]]]
"""Kind, address and settings of each tunnel endpoint."""


def chassis_named(db: Engine, name: str) -> sb.Chassis | None:
    """The chassis of this name."""
    found = db.find(sb.Chassis, "name", name)
    return db.get(sb.Chassis, found[0]) if found else None


def gateway_named(db: Engine, name: str) -> ic_sb.Gateway | None:
    """The gateway of this name, of whichever zone."""
    found = db.find(ic_sb.Gateway, "name", name)
    return db.get(ic_sb.Gateway, found[0]) if found else None


@query
def chassis_encaps(db: Engine, ref: str) -> Encaps:
    """The tunnel endpoints of a chassis."""
    row = db.get(sb.Chassis, ref)
    found = [db.get(sb.Encap, encap) for encap in row.encaps] if row else []
    return frozenset((encap.type, encap.ip, tuple(encap.options.items())) for encap in found if encap)


@query
def gateway_encaps(db: Engine, ref: str) -> Encaps:
    """The tunnel endpoints of a gateway."""
    row = db.get(ic_sb.Gateway, ref)
    found = [db.get(ic_sb.Encap, encap) for encap in row.encaps] if row else []
    return frozenset((encap.type, encap.ip, tuple(encap.options.items())) for encap in found if encap)


def as_told(encaps: Encaps, gateway: str) -> tuple[New, ...]:
    """Tunnel endpoints as other zones need to know them."""
    return tuple(New(ic_sb.Encap, _columns(encap, gateway_name=gateway)) for encap in sorted(encaps))


def as_entered(encaps: Encaps, chassis: str) -> tuple[New, ...]:
    """Tunnel endpoints of another zone's gateway as this zone's hosts need to know them."""
    return tuple(New(sb.Encap, _columns(encap, chassis_name=chassis)) for encap in sorted(encaps))


def _columns(encap: tuple[str, str, tuple[tuple[str, str], ...]], **owner: str) -> tuple[tuple[str, object], ...]:
    kind, ip, options = encap
    return (*owner.items(), ("type", kind), ("ip", ip), ("options", options))


def told(db: Engine, ref: str) -> Iterator[Edit]:
    """The zone's own gateways are told, as they are."""
    row, zone = db.get(sb.Chassis, ref), my_zone(db)
    if row is None or zone is None or not is_set(row.other_config, "is-interconn"):
        return
    gateway, encaps = gateway_named(db, row.name), chassis_encaps(db, ref)
    if gateway is None and encaps:
        endpoints = as_told(encaps, row.name)
        yield new(ic_sb.Gateway, name=row.name, availability_zone=zone, hostname=row.hostname, encaps=endpoints)
    elif gateway is not None and gateway.availability_zone == zone and encaps:
        yield from differing(gateway, hostname=row.hostname)
        if gateway_encaps(db, gateway.uuid) != encaps:
            yield from differing(gateway, encaps=as_told(encaps, row.name))


def entered(db: Engine, ref: str) -> Iterator[Edit]:
    """Gateways of other zones are chassis here; one of this zone that is none any more goes."""
    gateway, zone = db.get(ic_sb.Gateway, ref), my_zone(db)
    if gateway is None or zone is None:
        return
    chassis, encaps = chassis_named(db, gateway.name), gateway_encaps(db, ref)
    if gateway.availability_zone == zone:
        if chassis is None or not is_set(chassis.other_config, "is-interconn"):
            yield Remove(ic_sb.Gateway, ref)
    elif chassis is None and encaps:
        endpoints = as_entered(encaps, gateway.name)
        yield new(sb.Chassis, name=gateway.name, hostname=gateway.hostname, other_config={"is-remote": "true"}, encaps=endpoints)
    elif chassis is not None and encaps and is_remote(chassis):
        yield from differing(chassis, hostname=gateway.hostname)
        if chassis_encaps(db, chassis.uuid) != encaps:
            yield from differing(chassis, encaps=as_entered(encaps, gateway.name))


def is_remote(chassis: sb.Chassis) -> bool:
    """Whether a chassis is another zone's gateway."""
    return is_set(chassis.other_config, "is-remote") and not is_set(chassis.other_config, "is-interconn")


def struck_out(db: Engine, ref: str) -> Iterator[Edit]:
    """Chassis that were entered for gateways that other zones have no more go."""
    row, zone = db.get(sb.Chassis, ref), my_zone(db)
    if row is not None and zone is not None and is_remote(row):
        gateway = gateway_named(db, row.name)
        if gateway is None or gateway.availability_zone == zone:
            yield Remove(sb.Chassis, ref)
