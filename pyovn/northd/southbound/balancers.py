"""Load_Balancer: a row for each load balancer that is somewhere, with the groups of its switches and of its routers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd import topology
from pyovn.northd.allotted import DatapathKey
from pyovn.northd.chassis_features import GROUP_OF_SWITCHES, everywhere
from pyovn.northd.load_balancers import balancer, holders, is_template, switches_of
from pyovn.northd.router.vip_addresses import ANSWERED, set_name
from pyovn.northd.southbound.datapaths import datapath
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.northd.vips import PREFIX
from pyovn.query import Engine, each, query
from pyovn.schemas import nb, sb


def _vips(db: Engine, row: nb.LoadBalancer) -> dict[str, str]:
    """The VIPs as chassis read them: in a template of IPv6 a variable stands in brackets, as the address will."""
    if not is_template(row) or row.options.get("address-family") != "ipv6":
        return row.vips
    vips, found = {}, balancer(db, row.uuid)
    for vip in found.vips if found else ():
        address = f"[{vip.seen.address}]" if vip.seen.address.startswith(PREFIX) else vip.seen.address
        vips[f"{address}:{vip.seen.port}" if vip.seen.port else address] = vip.text
    return vips or row.vips


def load_balancer(db: Engine, ref: str) -> Iterator[Wanted]:
    """The row of a load balancer; chassis read it for hairpins."""
    row, spread = db.get(nb.LoadBalancer, ref), tuple(_spread(db, ref))
    if row is None or not spread:
        return
    groups: dict[str, Key | None] = {"datapath_group": None, "ls_datapath_group": None, "lr_datapath_group": None}
    groups |= {group.column: Key(sb.LogicalDPGroup, tuple(group)) for group in spread}
    yield wanted(
        sb.LoadBalancer, ref, name=row.name, vips=_vips(db, row), protocol=row.protocol, options=row.options,
        datapaths=(), **groups,
    )  # fmt: skip


class Spread(NamedTuple):
    """On which datapaths load balancers are, and the column that says so."""

    column: str
    members: tuple[str, ...]
    """By the uuids of switches or routers, sorted."""


def _spread(db: Engine, ref: str) -> Iterator[Spread]:
    """Where a load balancer is."""
    # Chassis of an older release look for switches where they always were.
    for_switches = "ls_datapath_group" if everywhere(db, GROUP_OF_SWITCHES) else "datapath_group"
    places = ((for_switches, switches_of(db, ref)), ("lr_datapath_group", holders(db, ref, nb.LogicalRouter)))
    for column, found in places:
        members = _numbered(db, found)
        if members:
            yield Spread(column, members)


@query
def _numbered(db: Engine, members: tuple[str, ...]) -> tuple[str, ...]:
    """Those that have a datapath."""
    return tuple(member for member in members if db.get(DatapathKey, member))


SPREADS = each((nb.LoadBalancer, _spread))
"""All sets of datapaths that some load balancer is on."""


def group(db: Engine, spread: Spread) -> Iterator[Wanted]:
    """The group of these datapaths."""
    yield wanted(sb.LogicalDPGroup, tuple(spread), datapaths=tuple(map(datapath, spread.members)))


def vip_sets(db: Engine, ref: str) -> Iterator[Wanted]:
    """The VIPs that a router answers for, as sets that its flows name."""
    allotted, router = db.get(DatapathKey, ref), topology.router(db, ref)
    for ipv6 in (False, True) if allotted and router and router.enabled else ():
        addresses = ANSWERED(db, (ref, ipv6))
        if addresses and allotted:
            name = set_name(allotted.key, ipv6=ipv6)
            yield wanted(sb.AddressSet, name, name=name, addresses=addresses)
