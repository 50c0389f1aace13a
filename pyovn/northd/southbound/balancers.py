"""Load_Balancer: a row for each load balancer that is somewhere, with the groups of its switches and of its routers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.northd import topology
from pyovn.northd.allotted import DatapathKey
from pyovn.northd.chassis_features import GROUP_OF_SWITCHES, everywhere
from pyovn.northd.load_balancers import balancer, groups_of, holders_by, is_template, switches_by
from pyovn.northd.router.vip_addresses import ANSWERED, set_name
from pyovn.northd.southbound.datapaths import datapath, is_numbered
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.northd.vips import PREFIX
from pyovn.query import Engine, each, index, query
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


OF_ROUTERS = "lr_datapath_group"
"""The column that says on which routers a load balancer is."""


class Ways(NamedTuple):
    """How a load balancer comes to be on switches, or on routers."""

    column: str
    """Which says so."""
    alone: str
    """The load balancer, if some have it by itself."""
    groups: tuple[str, ...]
    """Those that it is in, by uuid."""


class Spread(NamedTuple):
    """On which datapaths load balancers are."""

    column: str
    members: tuple[str, ...]
    """By the uuids of switches or routers, sorted."""


def _ways(db: Engine, ref: str) -> Iterator[Ways]:
    """Those of one load balancer; most of a network's are where they are by the same groups."""
    # Chassis of an older release look for switches where they always were.
    for_switches = "ls_datapath_group" if everywhere(db, GROUP_OF_SWITCHES) else "datapath_group"
    is_alone = any(db.referrers(table, "load_balancer", ref) for table in (nb.LogicalSwitch, nb.LogicalRouter))
    for column in (for_switches, OF_ROUTERS):
        yield Ways(column, ref if is_alone else "", groups_of(db, ref))


WAYS = each((nb.LoadBalancer, _ways))
"""All ways by which some load balancer comes to be somewhere."""


@query
def _spread(db: Engine, ways: Ways) -> Spread:
    """Where load balancers are that come by these ways."""
    those = (ways.alone, *ways.groups)
    members = holders_by(db, those, nb.LogicalRouter) if ways.column == OF_ROUTERS else switches_by(db, those)
    return Spread(ways.column, tuple(member for member in members if is_numbered(db, member)))


def _by_spread(db: Engine, ways: Ways) -> Iterator[tuple[Spread, Ways]]:
    if not ways.alone:
        yield _spread(db, ways), ways


_BY_SPREAD = index((WAYS, _by_spread))


def _spokesman(db: Engine, ways: Ways) -> Iterator[tuple[Ways, Ways | Spread]]:
    spread = _spread(db, ways)
    if spread.members:
        yield ways, next(iter(_BY_SPREAD(db, spread)), spread)


_GROUP = index((WAYS, _spokesman))
"""What the datapaths' group is known by: groups of load balancers that lead there, so that none of these hears who comes and goes."""


def load_balancer(db: Engine, ref: str) -> Iterator[Wanted]:
    """The row of a load balancer; chassis read it for hairpins."""
    row = db.get(nb.LoadBalancer, ref)
    spread = {ways.column: group for ways in _ways(db, ref) for group in _GROUP(db, ways)} if row else {}
    if row is None or not spread:
        return
    groups: dict[str, Key | None] = {"datapath_group": None, "ls_datapath_group": None, "lr_datapath_group": None}
    groups |= {column: Key(sb.LogicalDPGroup, tuple(group)) for column, group in spread.items()}
    yield wanted(
        sb.LoadBalancer, ref, name=row.name, vips=_vips(db, row), protocol=row.protocol, options=row.options,
        datapaths=(), **groups,
    )  # fmt: skip


def group(db: Engine, ways: Ways) -> Iterator[Wanted]:
    """The group of the datapaths that some ways lead to."""
    for key in _GROUP(db, ways):
        yield wanted(sb.LogicalDPGroup, tuple(key), datapaths=tuple(map(datapath, _spread(db, ways).members)))


def vip_sets(db: Engine, ref: str) -> Iterator[Wanted]:
    """The VIPs that a router answers for, as sets that its flows name."""
    allotted, router = db.get(DatapathKey, ref), topology.router(db, ref)
    for ipv6 in (False, True) if allotted and router and router.enabled else ():
        addresses = ANSWERED(db, (ref, ipv6))
        if addresses and allotted:
            name = set_name(allotted.key, ipv6=ipv6)
            yield wanted(sb.AddressSet, name, name=name, addresses=addresses)
