"""What the compiler says back in the northbound database, as the updates that are still missing there.

Each query compares what a row holds with what it should hold; once the row holds it, nothing is left to say.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any, NamedTuple

from pyovn.northd import bfd, topology
from pyovn.northd.allotted import DynamicAddresses
from pyovn.northd.backend_health import Probed, status
from pyovn.northd.function_health import active
from pyovn.northd.ipam import is_dynamic
from pyovn.northd.router.advertisements import delegated_prefixes
from pyovn.northd.settings import flag
from pyovn.northd.southbound.global_rows import completed_options
from pyovn.northd.southbound.port_options import binding_state, is_remote
from pyovn.northd.southbound.ports import tag_of
from pyovn.northd.southbound.sessions import northbound_state
from pyovn.ovsdb.row import Table
from pyovn.query import Engine, each, index, query
from pyovn.schemas import nb, sb


class WriteBack(NamedTuple):
    """One column of one northbound row that should hold something else; a map's value as sorted pairs."""

    table: type[Table]
    row: str
    column: str
    value: Hashable


def _differing(row: Any, **columns: Any) -> Iterator[WriteBack]:
    for column, value in columns.items():
        if getattr(row, column) != value:
            yield WriteBack(type(row), row.uuid, column, tuple(sorted(value.items())) if isinstance(value, dict) else value)


def is_up(db: Engine, name: str) -> bool:
    """A chassis has the port and says that it is ready; of one in another zone that is taken for granted."""
    chassis, up = binding_state(db, name)
    return chassis is not None and (up or is_remote(db, chassis))


def switch_port(db: Engine, ref: str) -> Iterator[WriteBack]:
    """Is the port up, what addresses was it given, and which VLAN?"""
    row, port = db.get(nb.LogicalSwitchPort, ref), topology.switch_port(db, ref)
    if row is None or port is None:
        return
    allotted = db.get(DynamicAddresses, ref) if is_dynamic(row) else None
    up = port.type in ("router", "switch") or is_up(db, port.name)
    yield from _differing(row, up=up, dynamic_addresses=allotted.text if allotted else None, tag=tag_of(db, row))


@query
def chassis_of(db: Engine, name: str) -> str | None:
    """The name of the chassis that has a port."""
    found = binding_state(db, name).chassis
    chassis = db.get(sb.Chassis, found) if found else None
    return chassis.name if chassis else None


def router_port(db: Engine, ref: str) -> Iterator[WriteBack]:
    """Which chassis has the port's gateway, and which prefix was it given?"""
    row, port = db.get(nb.LogicalRouterPort, ref), topology.router_port(db, ref)
    if row is not None and port is not None and flag(port.options, "prefix"):
        number, _, prefix = delegated_prefixes(db, port.name).partition(":")
        if number.isdecimal() and prefix:
            yield from _differing(row, ipv6_prefix=(prefix.split()[0],))
    if row is not None and port is not None and port.redirect:
        chassis = chassis_of(db, port.redirect)
        status = {name: value for name, value in row.status.items() if name != "hosting-chassis"}
        yield from _differing(row, status=status | ({"hosting-chassis": chassis} if chassis else {}))


def port_health(db: Engine, ref: str) -> Iterator[WriteBack]:
    """What was found of who lives at a switch port."""
    row = db.get(nb.LogicalSwitchPortHealthCheck, ref)
    for holder in db.referrers(nb.LogicalSwitchPort, "health_checks", ref) if row else ():
        port = topology.switch_port(db, holder)
        found = status(db, Probed(port.name, row.address, row.port, row.protocol)) if port and row else None
        if found is not None:
            yield from _differing(row, status=found)


def function_group(db: Engine, ref: str) -> Iterator[WriteBack]:
    """Which network function of a group is in use?"""
    row = db.get(nb.NetworkFunctionGroup, ref)
    if row is not None:
        yield from _differing(row, network_function_active=active(db, ref))


def global_options(db: Engine, ref: str) -> Iterator[WriteBack]:
    """The options that the owner has not chosen."""
    row = db.get(nb.NBGlobal, ref)
    if row is not None:
        yield from _differing(row, options=completed_options(db, ref))


@query
def southbound_cfg(db: Engine) -> int:
    """The number of the northbound's state that the southbound has."""
    rows = [db.get(sb.SBGlobal, ref) for ref in db.every(sb.SBGlobal)]
    return next((row.nb_cfg for row in rows if row), 0)


def _by_progress(db: Engine, ref: str) -> Iterator[tuple[str, int]]:
    row = db.get(sb.ChassisPrivate, ref)
    if row is not None:
        yield ALL, row.nb_cfg


ALL = ""
"""The one key of an index that is read whole."""

_PROGRESS = index((sb.ChassisPrivate, _by_progress))
"""The numbers of states that some chassis has."""


@query
def chassis_cfg(db: Engine) -> int:
    """The number of the state that every chassis has."""
    return min((*_PROGRESS(db, ALL), southbound_cfg(db)))


def reached_ms(db: Engine) -> int:
    """When, by its own clock, the last chassis got where all are; 0 if there is none. Not to be read by queries, for it asks all."""
    rows = [row for ref in db.every(sb.ChassisPrivate) if (row := db.get(sb.ChassisPrivate, ref)) is not None]
    lowest = min((row.nb_cfg for row in rows), default=0)
    return max((row.nb_cfg_timestamp for row in rows if row.nb_cfg == lowest), default=0)


def progress(db: Engine, ref: str) -> Iterator[WriteBack]:
    """How far the southbound and the chassis have come."""
    row = db.get(nb.NBGlobal, ref)
    if row is not None:
        yield from _differing(row, sb_cfg=southbound_cfg(db), hv_cfg=chassis_cfg(db))


def session(db: Engine, ref: str) -> Iterator[WriteBack]:
    """What has become of a BFD session?"""
    row, found = db.get(nb.BFD, ref), bfd.session(db, ref)
    status = northbound_state(db, found) if found else None
    if row is not None and status is not None:
        yield from _differing(row, status=status)


WRITE_BACKS = each(
    (nb.LogicalSwitchPort, switch_port),
    (nb.LogicalRouterPort, router_port),
    (nb.BFD, session),
    (nb.LogicalSwitchPortHealthCheck, port_health),
    (nb.NetworkFunctionGroup, function_group),
    (nb.NBGlobal, global_options),
    (nb.NBGlobal, progress),
)
"""Everything that the northbound still has to be told."""
