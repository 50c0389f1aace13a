"""Probes of load balancers' backends in other zones: asked for there, and what was found told back (ovn-ic-sb(5), Service_Monitor)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.interconnect.edits import Edit, Remove, differing, new
from pyovn.interconnect.switch_ports import chassis_name, sb_binding
from pyovn.interconnect.zone import my_zone, zone_name
from pyovn.query import Engine, index, projection, query
from pyovn.schemas import ic_sb, sb

TARGET = "az-name"
"""The key of a monitor's `options` that says in which zone the backend is."""


class Probe(NamedTuple):
    """What is probed, and from which address."""

    logical_port: str
    ip: str
    port: int
    kind: str
    protocol: str
    src_ip: str


def probe_of(row: sb.ServiceMonitor | ic_sb.ServiceMonitor) -> Probe:
    """The probe that a row is for."""
    return Probe(row.logical_port, row.ip, row.port, row.type or "", row.protocol or "", row.src_ip)


@projection
def monitor_mac(db: Engine) -> str:
    """The address that the zone's probes come from; empty as long as the compiler has chosen none."""
    rows = [db.get(sb.SBGlobal, ref) for ref in db.every(sb.SBGlobal)]
    return next((row.options.get("svc_monitor_mac", "") for row in rows if row), "")


@query
def takes_part(db: Engine) -> bool:
    """Whether the zone has what probes need."""
    return my_zone(db) is not None and bool(monitor_mac(db))


def _asked(db: Engine, ref: str) -> Iterator[tuple[tuple[str, Probe], str]]:
    row = db.get(ic_sb.ServiceMonitor, ref)
    if row is not None:
        yield (row.target_availability_zone, probe_of(row)), ref


ASKED = index((ic_sb.ServiceMonitor, _asked))
"""Zone and probe → rows by which it is asked for there."""


def _wanted(db: Engine, ref: str) -> Iterator[tuple[tuple[str, Probe], str]]:
    row = db.get(sb.ServiceMonitor, ref)
    if row is not None and row.remote and TARGET in row.options:
        yield (row.options[TARGET], probe_of(row)), ref


WANTED = index((sb.ServiceMonitor, _wanted))
"""Zone and probe → this zone's monitors of backends there."""


def _here(db: Engine, ref: str) -> Iterator[tuple[Probe, str]]:
    row = db.get(sb.ServiceMonitor, ref)
    if row is not None and not row.remote:
        yield probe_of(row), ref


HERE = index((sb.ServiceMonitor, _here))
"""Probe → this zone's monitors of its own backends."""


def elsewhere(db: Engine, ref: str) -> Iterator[Edit]:
    """A backend in another zone is probed there, and what is found is known here."""
    row = db.get(sb.ServiceMonitor, ref)
    if row is None or not row.remote or TARGET not in row.options or not takes_part(db):
        return
    found = ASKED(db, (row.options[TARGET], probe_of(row)))
    asked = db.get(ic_sb.ServiceMonitor, found[0]) if found else None
    if asked is None:
        yield new(
            ic_sb.ServiceMonitor, type=row.type, ip=row.ip, port=row.port, src_ip=row.src_ip, src_mac=monitor_mac(db),
            protocol=row.protocol, logical_port=row.logical_port, target_availability_zone=row.options[TARGET],
            source_availability_zone=zone_name(db), options=row.options,
        )  # fmt: skip
        return
    yield from differing(row, status=asked.status)
    # Of several zones that ask for the same, the first says how.
    if asked.source_availability_zone == zone_name(db):
        yield from differing(asked, options=row.options)


def asked_for(db: Engine, ref: str) -> Iterator[Edit]:
    """What other zones ask for is probed here, and what is found is told; what this zone asked for and needs no more goes."""
    row = db.get(ic_sb.ServiceMonitor, ref)
    if row is None or not takes_part(db):
        return
    if row.source_availability_zone == zone_name(db) and not WANTED(db, (row.target_availability_zone, probe_of(row))):
        yield Remove(ic_sb.ServiceMonitor, ref)
    elif row.target_availability_zone == zone_name(db) and is_ready(db, row.logical_port):
        yield from probed(db, row)


@query
def is_ready(db: Engine, port: str) -> bool:
    """Whether the southbound has a port that somebody has looked after."""
    binding = sb_binding(db, port)
    return binding is not None and binding.up is not None


@query
def host_of(db: Engine, port: str) -> str:
    """The chassis that has a port; empty if none has."""
    binding = sb_binding(db, port)
    return chassis_name(db, binding.chassis) if binding and binding.chassis else ""


def probed(db: Engine, asked: ic_sb.ServiceMonitor) -> Iterator[Edit]:
    """A backend that another zone asks about is probed as that asks, unless this zone probes it for itself."""
    found, host = HERE(db, probe_of(asked)), host_of(db, asked.logical_port)
    row = db.get(sb.ServiceMonitor, found[0]) if found else None
    where = {"chassis_name": host} if host else {}
    if row is None:
        yield new(
            sb.ServiceMonitor, type=asked.type, ip=asked.ip, port=asked.port, src_ip=asked.src_ip, src_mac=monitor_mac(db),
            protocol=asked.protocol, logical_port=asked.logical_port, remote=False, ic_learned=True, options=asked.options, **where,
        )  # fmt: skip
        return
    yield from differing(asked, status=row.status)
    if row.ic_learned:
        yield from differing(row, options=asked.options, **where)


def leftover(db: Engine, ref: str) -> Iterator[Edit]:
    """A monitor that no other zone asks for any more goes."""
    row = db.get(sb.ServiceMonitor, ref)
    if row is None or not row.ic_learned or not takes_part(db):
        return
    asked = ASKED(db, (zone_name(db), probe_of(row)))
    if not asked or not is_ready(db, row.logical_port) or HERE(db, probe_of(row))[:1] != (ref,):
        yield Remove(sb.ServiceMonitor, ref)
