"""What a northbound change costs, counted in queries that run, does not grow with the network.

Nor does how much they read: who asks all ports of a router for the sake of one is found out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, NamedTuple

import pytest

from pyovn.machine import NEVER
from pyovn.ovsdb.change import Change
from pyovn.ovsdb.declare import tables_of
from pyovn.ovsdb.operation import Delete, Insert, Mutate, Mutation, Operation, Update, by_uuid
from pyovn.ovsdb.row import Table, values_of
from pyovn.ovsdb.store import Store
from pyovn.schemas import nb, sb
from tests.northd.cell_values import OTHERWISE, ROWS, cases
from tests.northd.cells import binding_of, network
from tests.northd.stores import Pair, differs

SMALL = 4
"""Cells of the smaller network; the other has twice as many."""


def update(table: type[Table], uuid: str, **columns: Any) -> list[Operation]:
    """Other values in columns of one row."""
    return [Update(table, by_uuid(uuid), columns)]


NEW_VM = Insert(nb.LogicalSwitchPort, {"name": "new", "addresses": ("00:00:00:00:00:99 10.0.0.99",)}, uuid="new")

CHANGES: dict[str, list[Operation]] = {
    "port's addresses": update(nb.LogicalSwitchPort, "vm-0", addresses=("00:00:00:00:00:02 10.0.0.22",)),
    "port's security": update(nb.LogicalSwitchPort, "vm-0", port_security=()),
    "port disabled": update(nb.LogicalSwitchPort, "vm-0", enabled=False),
    "port more": [NEW_VM, Mutate(nb.LogicalSwitch, by_uuid("ls-0"), [Mutation("ports", "insert", ("new",))])],
    "port less": [Mutate(nb.LogicalSwitch, by_uuid("ls-0"), [Mutation("ports", "delete", ("vm-0",))])],
    "switch's name": update(nb.LogicalSwitch, "ls-0", external_ids={"neutron:network_name": "blue"}),
    "switch's settings": update(nb.LogicalSwitch, "ls-0", other_config={"mcast_snoop": "true"}),
    "switch more": [Insert(nb.LogicalSwitch, {"name": "more"})],
    "switch less": [Delete(nb.LogicalSwitch, by_uuid("ls-0"))],
    "switch's balancers": update(nb.LogicalSwitch, "ls-0", load_balancer=("lb-1",)),
    "balancer's backends": update(nb.LoadBalancer, "lb-0", vips={"172.16.0.1:80": "10.0.0.2:8081"}),
    "group's balancers": update(nb.LoadBalancerGroup, "lbg-0", load_balancer=("lb-0", "lb-1")),
    "ACL's match": update(nb.ACL, "acl-0", match="ip6"),
    "group's ACL's action": update(nb.ACL, "group-acl-0", action="drop"),
    "group's ports": update(nb.PortGroup, "pg-0", ports=("afar-0", "vm-0")),
    "address set": update(nb.AddressSet, "set-0", addresses=("10.0.0.2", "10.0.0.3")),
    "meter": update(nb.Meter, "meter-1", fair=True),
    "meter's rate": update(nb.MeterBand, "band-1", rate=200),
    "sample": update(nb.Sample, "sample-0", metadata=4711),
    "collector": update(nb.SampleCollector, "collector-0", probability=1000),
    "DHCP options": update(nb.DHCPOptions, "dhcp-0", options={"lease_time": "60"}),
    "DNS record": update(nb.DNS, "dns-0", records={"vm0": "10.0.0.22"}),
    "port's health check": update(nb.LogicalSwitchPortHealthCheck, "hc-0", port=81),
    "mirror": update(nb.Mirror, "mirror-0", filter="from-lport"),
    "mirror's rule": update(nb.MirrorRule, "mirror-rule-0", match="ip6"),
    "port that gets all": update(nb.LogicalSwitchPort, "vm-0", options={"mcast_flood": "true"}),
    "forwarding group": update(nb.ForwardingGroup, "fg-0", liveness=True),
    "chassis' variables": update(nb.ChassisTemplateVar, "var-0", variables={}),
    "shaped port": update(nb.LogicalSwitchPort, "vm-0", options={"qos_max_rate": "1000"}),
    "QoS rule": update(nb.QoS, "qos-0", bandwidth={"rate": 2000}),
    "member's priority": update(nb.HAChassis, "member-0", priority=20),
    "group of chassis": update(nb.HAChassisGroup, "hag-0", external_ids={"a": "b"}),
    "gateway chassis": update(nb.GatewayChassis, "gwc-0", priority=2),
    "router port's MAC": update(nb.LogicalRouterPort, "lrp-0", mac="00:00:00:01:00:99"),
    "router port's networks": update(nb.LogicalRouterPort, "lrp-0", networks=("10.0.0.1/24", "10.99.0.1/24")),
    "router port less": [Mutate(nb.LogicalRouter, by_uuid("lr"), [Mutation("ports", "delete", ("lrp-0",))])],
    "router's name": update(nb.LogicalRouter, "lr", external_ids={"a": "b"}),
    "router more": [Insert(nb.LogicalRouter, {"name": "more"})],
    "route's next hop": update(nb.LogicalRouterStaticRoute, "route-0", nexthop="10.0.0.3"),
    "route less": [Mutate(nb.LogicalRouter, by_uuid("lr"), [Mutation("static_routes", "delete", ("route-0",))])],
    "policy's match": update(nb.LogicalRouterPolicy, "policy-0", match="ip4.src == 10.0.0.10"),
    "policy less": [Mutate(nb.LogicalRouter, by_uuid("lr"), [Mutation("policies", "delete", ("policy-0",))])],
    "ways less": [Mutate(nb.LogicalRouter, by_uuid("lr"), [Mutation("policies", "delete", ("ways-0",))])],
    "translation": update(nb.NAT, "nat-0", external_ip="172.17.1.1"),
    "translation less": [Mutate(nb.LogicalRouter, by_uuid("lr"), [Mutation("nat", "delete", ("nat-0",))])],
    "BFD session": update(nb.BFD, "bfd-0", min_tx=500),
    "session less": [Delete(nb.BFD, by_uuid("bfd-0"))],
    "watched route": update(nb.LogicalRouterStaticRoute, "watched-0", bfd=None),
    "symmetric route": update(nb.LogicalRouterStaticRoute, "route-0", options={"ecmp_symmetric_reply": "true"}),
    "advertisements": update(nb.LogicalRouterPort, "lrp-0", ipv6_ra_configs={"address_mode": "slaac", "send_periodic": "true"}),
    "relay": update(nb.DHCPRelay, "relay-0", servers="172.18.1.1"),
    "relaying switch": update(nb.LogicalSwitch, "ls-0", other_config={"dhcp_relay_port": "side-0"}),
    "policy's chain": update(nb.LogicalRouterPolicy, "policy-0", jump_chain="c", action="jump"),
    "static MAC": update(nb.StaticMACBinding, "smb-0", mac="00:00:00:00:00:78"),
    "announced translation": update(nb.NAT, "inner-nat-0", external_ip="172.19.1.1"),
    "announced service": update(nb.LoadBalancer, "lb-0", vips={"172.16.0.9:80": "10.0.0.2:8080"}),
    "announced neighbour": update(nb.LogicalRouterPort, "inner-end-0", networks=("10.200.0.9/24",)),
    "what is announced": update(nb.LogicalRouterPort, "edge-end-0", options={"dynamic-routing-redistribute": "nat"}),
    "who announces": update(nb.LogicalRouter, "edge-0", options={}),
    "switch's VPN": update(nb.LogicalSwitch, "fabric-0", other_config={"dynamic-routing-vni": "7"}),
    "number of the state": update(nb.NBGlobal, "global", nb_cfg=7),
    "note on everything": [Mutate(nb.NBGlobal, by_uuid("global"), [Mutation("options", "insert", {"note": "n"})])],
    "router's balancers": [Mutate(nb.LogicalRouter, by_uuid("lr"), [Mutation("load_balancer", "delete", ("lb-0",))])],
}  # fmt: skip
"""Changes of one cell, by what changes."""


class Cost(NamedTuple):
    """What a change came to."""

    runs: Counter[str]
    """Which queries ran, and how often."""
    reads: Counter[str]
    """How many things they read."""
    looks: int
    """At how many units of collections it was looked whether they have to run."""
    rows: int
    """Southbound rows that were written."""


@cache
def networks() -> tuple[Pair, Pair]:
    """The smaller network and the larger one; a change is taken back before the next."""
    return network(SMALL), network(2 * SMALL)


def cost(pair: Pair, store: Store, make: Callable[[], None]) -> tuple[Cost, list[Change]]:
    """What a change costs that `make` makes, and all changes of a database meanwhile."""
    db, runs, reads, told = pair.northd.db, Counter[str](), Counter[str](), pair.northd.db.reads

    def on_run(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        nonlocal told
        name = f"{function.__module__.removeprefix('pyovn.northd.')}.{function.__name__}"
        runs[name] += 1
        reads[name] += db.reads - told
        told = db.reads

    pair.nb.take_changes()
    pair.sb.take_changes()
    db.on_run, looks = on_run, db.looks
    make()
    db.on_run = None
    assert pair.northd.due() == NEVER, "no transaction has failed"
    written = pair.sb.take_changes()
    return Cost(runs, reads, db.looks - looks, len(written)), written if store is pair.sb else pair.nb.take_changes()


def cost_of(pair: Pair, change: list[Operation]) -> Cost:
    """What a change of the northbound costs; it is taken back afterwards."""
    found, changes = cost(pair, pair.nb, lambda: pair.say(*change, now=2.0))
    pair.say(*_taken_back(changes), now=3.0)
    return found


def cost_of_news(pair: Pair, change: list[Operation]) -> Cost:
    """What a change of the southbound costs, as a chassis makes it; it is taken back afterwards."""
    mine = {operation.uuid if isinstance(operation, Insert) else operation.where[0].value for operation in change}  # type: ignore[union-attr]
    found, changes = cost(pair, pair.sb, lambda: pair.hear(*change, now=2.0))
    pair.hear(*_taken_back([each for each in changes if each.uuid in mine]), now=3.0)
    return found


def _taken_back(changes: list[Change]) -> Iterator[Operation]:
    for table, uuid, old, new in reversed(changes):
        columns = values_of(old) if old is not None else {}
        if new is None:
            yield Insert(table, columns, uuid=uuid)
        elif old is None:
            yield Delete(table, by_uuid(uuid))
        else:
            yield Update(table, by_uuid(uuid), {name: value for name, value in columns.items() if getattr(new, name) != value})


def growth(small: Cost, large: Cost) -> dict[str, int]:
    """Which queries run more often in the larger network, or read more where they run as often, and by how much.

    Where a change asks for more rows in a larger network, as many more runs may be what they take.
    """
    more_rows = max(large.rows - small.rows, 0)
    runs = {query: more for query, more in (large.runs - small.runs).items() if more > more_rows}
    reads = {query: more for query, more in (large.reads - small.reads).items() if large.runs[query] == small.runs[query]}
    found = runs | {query: more for query, more in reads.items() if more > more_rows and query not in LISTS}
    more_looks = large.looks - small.looks
    return found | ({"looks": more_looks} if more_looks > 8 * more_rows else {})


def grown(measure: Callable[[Pair], Cost]) -> dict[str, int]:
    """What grows; an index that is asked for the first time looks at all there is, once, so only what grows again counts."""
    return growth(*map(measure, networks())) and growth(*map(measure, networks()))


LISTS = {
    "southbound.balancers._spread": "the datapaths that a load balancer is on",
    "load_balancers.vips": "the VIPs that a router announces",
    "load_balancers._vips_of_group": "the VIPs of a group",
    "southbound.ports.switch_port_binding": "the translations that a router announces",
}
"""Queries whose answer is a list that a row holds, as long as the network is large."""

BY_GROUP = ("looks", *(f"switch.acl_policy.{query}" for query in ("_traits_by_group", "_place_by_group", "member_by_group")))

LOOKED_AT = {
    "Port_Group.acls of everybody 0": BY_GROUP,
    "Port_Group.acls of everybody 1": BY_GROUP,
    "ACL.tier of acl 0": ("contents.switch_port_flows",),
    "ACL.network_function_group of acl 0": (*BY_GROUP, "switch.acl_policy.policy", "contents.redirected"),
}
"""By case, queries: where ACLs come to a group that has ports on every switch, or go, as none other there is, each switch is looked at, and
where such an ACL sends to network functions, which it might reach."""


@pytest.mark.parametrize("change", CHANGES)
def test_the_queries_that_a_change_runs_do_not_grow_with_the_network(change: str) -> None:
    assert grown(lambda pair: cost_of(pair, CHANGES[change])) == {}


NEWS: dict[str, Callable[[Pair], list[Operation]]] = {
    "port claimed": lambda pair: update(sb.PortBinding, binding_of(pair, "vm-0").uuid, chassis="hv1"),
    "port released": lambda pair: update(sb.PortBinding, binding_of(pair, "vm-0").uuid, chassis=None, up=False),
    "gateway claimed": lambda pair: update(sb.PortBinding, binding_of(pair, "cr-lrp-0").uuid, chassis="hv0"),
    "chassis' progress": lambda pair: update(sb.ChassisPrivate, "private-0", nb_cfg=7),
    "chassis' features": lambda pair: update(sb.Chassis, "hv0", other_config={"a": "b"}),
    "chassis' tunnel": lambda pair: update(sb.Encap, "encap-0", options={"csum": "false"}),
    "chassis more": lambda pair: [Insert(sb.ChassisPrivate, {"name": "new"}, uuid="new")],
    "neighbour": lambda pair: update(sb.MACBinding, "neighbour-0", mac="00:00:00:00:00:44"),
    "neighbour less": lambda pair: [Delete(sb.MACBinding, by_uuid("neighbour-0"))],
    "MAC": lambda pair: update(sb.FDB, "fdb-0", timestamp=7),
    "group": lambda pair: update(sb.IGMPGroup, "heard-0", address="225.0.0.2"),
    "group less": lambda pair: [Delete(sb.IGMPGroup, by_uuid("heard-0"))],
    "session": lambda pair: update(sb.BFD, _first(pair, sb.BFD, "logical_port", "lrp-0"), status="up"),
    "backend": lambda pair: update(sb.ServiceMonitor, _first(pair, sb.ServiceMonitor, "type", "load-balancer"), status="offline"),
    "number": lambda pair: update(sb.SBGlobal, _first(pair, sb.SBGlobal, "ipsec", False), nb_cfg=7),
}
"""What chassis tell of one cell, by what happened."""


def _first(pair: Pair, table: type[Table], column: str, value: object) -> str:
    return min(row.uuid for row in pair.southbound(table) if getattr(row, column) == value)


@pytest.mark.parametrize("news", NEWS)
def test_the_queries_that_news_of_a_chassis_run_do_not_grow_with_the_network(news: str) -> None:
    assert grown(lambda pair: cost_of_news(pair, NEWS[news](pair))) == {}


@pytest.mark.parametrize("table", ROWS, ids=lambda table: table.__table__)
def test_whatever_changes_in_a_column_the_queries_do_not_grow_with_the_network(table: type[Table]) -> None:
    found: dict[tuple[str, str], int] = {}
    for case in cases(networks()[0], table):
        change = update(table, case.row, **{case.column: case.value})
        found |= {(case.label, query): more for query, more in grown(partial(cost_of, change=change)).items()}
    assert {each: more for each, more in found.items() if each[1] not in LOOKED_AT.get(each[0], ())} == {}


def test_after_all_changes_the_compiler_still_follows() -> None:
    for pair in networks():
        pair.say(now=5.0)
        assert not differs(pair)


def test_there_is_a_change_for_every_table_and_column() -> None:
    assert set(tables_of(nb).values()) == set(ROWS) | OTHERWISE
    changed = {(table, case.column) for table in ROWS for case in cases(networks()[0], table)}
    there = {(table, column) for table in ROWS for column in table.__columns__}
    assert there - changed == {(nb.NetworkFunctionGroup, "mode"), (nb.MeterBand, "action")}, "these may hold one word only"
