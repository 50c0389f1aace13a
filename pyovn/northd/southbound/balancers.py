"""Load_Balancer: a row for each load balancer that is somewhere, with the groups of its switches and of its routers."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd import topology
from pyovn.northd.allotted import DatapathKey
from pyovn.northd.chassis_features import GROUP_OF_SWITCHES, everywhere
from pyovn.northd.load_balancers import ROUTERS_OF, SWITCHES_OF
from pyovn.northd.router.vip_addresses import ANSWERED, set_name
from pyovn.northd.southbound.datapaths import datapath
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.query import Engine
from pyovn.schemas import nb, sb


def load_balancer(db: Engine, ref: str) -> Iterator[Wanted]:
    """The row of a load balancer; chassis read it for hairpins."""
    row = db.get(nb.LoadBalancer, ref)
    switches = tuple(switch for switch in SWITCHES_OF(db, ref) if db.get(DatapathKey, switch))
    routers = tuple(router for router in ROUTERS_OF(db, ref) if db.get(DatapathKey, router))
    if row is None or (not switches and not routers):
        return
    groups: dict[str, Key | None] = {"datapath_group": None, "ls_datapath_group": None}
    # Chassis of an older release look for switches where they always were.
    for_switches = "ls_datapath_group" if everywhere(db, GROUP_OF_SWITCHES) else "datapath_group"
    for column, members in ((for_switches, switches), ("lr_datapath_group", routers)):
        groups[column] = Key(sb.LogicalDPGroup, (column, members)) if members else None
        if members:
            yield wanted(sb.LogicalDPGroup, (column, members), datapaths=tuple(map(datapath, members)))
    yield wanted(
        sb.LoadBalancer, ref, name=row.name, vips=row.vips, protocol=row.protocol, options=row.options,
        datapaths=(), **groups,
    )  # fmt: skip


def vip_sets(db: Engine, ref: str) -> Iterator[Wanted]:
    """The VIPs that a router answers for, as sets that its flows name."""
    allotted, router = db.get(DatapathKey, ref), topology.router(db, ref)
    for ipv6 in (False, True) if allotted and router and router.enabled else ():
        addresses = ANSWERED(db, (ref, ipv6))
        if addresses and allotted:
            name = set_name(allotted.key, ipv6=ipv6)
            yield wanted(sb.AddressSet, name, name=name, addresses=addresses)
