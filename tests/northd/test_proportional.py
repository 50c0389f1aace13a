"""What a northbound change costs, counted in queries that run, does not grow with the network.

The network is so many alike cells (a switch with machines, its port on the one router, and everything a cell may own)
that share what real networks share: the router, a load balancer's group, a policy for the control plane.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from pyovn.ovsdb.operation import Delete, Insert, Mutate, Mutation, Operation, Update, by_uuid
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb
from tests.northd.stores import Pair

SMALL = 4
"""Cells of the smaller network; the other has twice as many."""


def cell(number: int) -> Iterator[Table]:
    """All rows of one cell; the names of the first one's end in `-0`."""
    yield nb.Meter(f"meter-{number}", name=f"meter-{number}", unit="pktps", bands=(f"band-{number}",))
    yield nb.MeterBand(f"band-{number}", action="drop", rate=100)
    yield nb.SampleCollector(f"collector-{number}", id=number + 1, name=f"collector-{number}", probability=65535, set_id=number + 1)
    yield nb.Sample(f"sample-{number}", collectors=(f"collector-{number}",), metadata=number + 1)
    yield nb.AddressSet(f"set-{number}", name=f"set{number}", addresses=(f"10.{number}.0.2",))
    columns: dict[str, Any] = {"match": f"ip4.src == $set{number}", "action": "allow-related", "log": True, "meter": f"meter-{number}"}
    yield nb.ACL(f"acl-{number}", priority=1000, direction="to-lport", sample_new=f"sample-{number}", **columns)
    yield nb.ACL(f"group-acl-{number}", priority=1001, direction="from-lport", match=f"inport == @pg{number}", action="allow-related")
    yield nb.PortGroup(f"pg-{number}", name=f"pg{number}", ports=(f"vm-{number}",), acls=(f"group-acl-{number}",))
    yield nb.LoadBalancer(f"lb-{number}", name=f"lb-{number}", vips={f"172.16.{number}.1:80": f"10.{number}.0.2:8080"}, protocol="tcp")
    yield nb.LoadBalancerGroup(f"lbg-{number}", name=f"lbg-{number}", load_balancer=(f"lb-{number}",))
    yield nb.DHCPOptions(f"dhcp-{number}", cidr=f"10.{number}.0.0/24", options={
        "lease_time": "3600", "router": f"10.{number}.0.1", "server_id": f"10.{number}.0.1", "server_mac": "00:00:00:00:00:01",
    })  # fmt: skip
    yield nb.DNS(f"dns-{number}", records={f"vm{number}": f"10.{number}.0.2"})
    yield nb.ForwardingGroup(
        f"fg-{number}", name=f"fg-{number}", vip=f"10.{number}.0.90", vmac=f"00:00:00:02:{number:02x}:01", child_port=(f"vm-{number}",)
    )
    yield nb.LogicalSwitchPortHealthCheck(f"hc-{number}", protocol="tcp", src_ip=f"10.{number}.0.8", port=80, address=f"10.{number}.0.2")
    yield nb.MirrorRule(f"mirror-rule-{number}", priority=1, match="ip4", action="mirror")
    yield nb.Mirror(
        f"mirror-{number}", name=f"mirror-{number}", filter="both", type="lport", sink=f"afar-{number}",
        mirror_rules=(f"mirror-rule-{number}",),
    )  # fmt: skip
    yield nb.ChassisTemplateVar(f"var-{number}", chassis=f"hv{number}", variables={"vip": f"10.{number}.0.91"})
    yield nb.QoS(f"qos-{number}", priority=100, direction="to-lport", match="ip4", action={"dscp": 10}, bandwidth={"rate": 1000})
    yield nb.HAChassis(f"member-{number}", chassis_name=f"hv{number}", priority=10)
    yield nb.HAChassisGroup(f"hag-{number}", name=f"hag-{number}", ha_chassis=(f"member-{number}",))
    yield from machines_and_switch(number)
    yield from share_of_router(number)


def machines_and_switch(number: int) -> Iterator[Table]:
    """A cell's switch and its ports."""
    lives = (f"00:00:00:00:{number:02x}:02 10.{number}.0.2",)
    yield nb.LogicalSwitchPort(
        f"vm-{number}", name=f"vm-{number}", addresses=lives, port_security=lives, dhcpv4_options=f"dhcp-{number}",
        mirror_rules=(f"mirror-{number}",), health_checks=(f"hc-{number}",),
    )  # fmt: skip
    yield nb.LogicalSwitchPort(
        f"afar-{number}", name=f"afar-{number}", type="external", addresses=(f"00:00:00:00:{number:02x}:03 10.{number}.0.3",),
        ha_chassis_group=f"hag-{number}",
    )  # fmt: skip
    options = {"router-port": f"lrp-{number}"}
    yield nb.LogicalSwitchPort(f"side-{number}", name=f"side-{number}", type="router", addresses=("router",), options=options)
    yield nb.LogicalSwitch(
        f"ls-{number}", name=f"ls-{number}", ports=(f"afar-{number}", f"side-{number}", f"vm-{number}"), acls=(f"acl-{number}",),
        load_balancer_group=(f"lbg-{number}",), forwarding_groups=(f"fg-{number}",), qos_rules=(f"qos-{number}",),
        dns_records=(f"dns-{number}",), copp="copp",
    )  # fmt: skip


def share_of_router(number: int) -> Iterator[Table]:
    """What a cell adds to the one router."""
    yield nb.GatewayChassis(f"gwc-{number}", name=f"gwc-{number}", chassis_name=f"hv{number}", priority=1)
    yield nb.LogicalRouterPort(
        f"lrp-{number}", name=f"lrp-{number}", mac=f"00:00:00:01:{number:02x}:01", networks=(f"10.{number}.0.1/24",),
        gateway_chassis=(f"gwc-{number}",), dhcp_relay=f"relay-{number}",
    )  # fmt: skip
    yield nb.LogicalRouterStaticRoute(f"route-{number}", ip_prefix=f"10.{100 + number}.0.0/24", nexthop=f"10.{number}.0.2")
    yield nb.DHCPRelay(f"relay-{number}", name=f"relay-{number}", servers=f"172.18.0.{number}")
    watched = {"nexthop": f"10.{number}.0.2", "bfd": f"bfd-{number}"}
    yield nb.LogicalRouterStaticRoute(f"watched-{number}", ip_prefix=f"10.{100 + number}.1.0/24", **watched)
    yield nb.LogicalRouterPolicy(f"policy-{number}", priority=number, match=f"ip4.src == 10.{number}.0.9", action="drop")
    columns = {"external_ip": f"172.17.0.{number}", "logical_ip": f"10.{number}.0.2", "gateway_port": f"lrp-{number}"}
    yield nb.NAT(f"nat-{number}", type="dnat_and_snat", **columns)
    yield nb.BFD(f"bfd-{number}", logical_port=f"lrp-{number}", dst_ip=f"10.{number}.0.2")
    yield nb.StaticMACBinding(f"smb-{number}", logical_port=f"lrp-{number}", ip=f"10.{number}.0.77", mac="00:00:00:00:00:77")


def network(cells: int) -> Pair:
    """So many cells on one router, compiled."""
    pair = Pair()
    numbers = range(cells)
    routes = tuple(sorted(("symmetric", *_all("route", numbers), *_all("watched", numbers))))
    pair.load([
        nb.NBGlobal("global"),
        nb.Copp("copp", name="copp", meters={"arp": "meter-0"}),
        nb.SamplingApp("app", type="acl-new", id=7),
        nb.LogicalRouterStaticRoute("symmetric", ip_prefix="11.0.0.0/8", nexthop="10.0.0.2", options={"ecmp_symmetric_reply": "true"}),
        *(row for number in numbers for row in cell(number)),
        nb.LogicalRouter(
            "lr", name="lr", ports=_all("lrp", numbers), static_routes=routes, policies=_all("policy", numbers),
            nat=_all("nat", numbers), load_balancer=_all("lb", numbers),
        ),
    ])  # fmt: skip
    pair.northd.tick(1.0)
    return pair


def _all(kind: str, numbers: range) -> tuple[str, ...]:
    return tuple(sorted(f"{kind}-{number}" for number in numbers))


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
    "router's balancers": [Mutate(nb.LogicalRouter, by_uuid("lr"), [Mutation("load_balancer", "delete", ("lb-0",))])],
}  # fmt: skip
"""Changes of one cell, by what changes: at least one for each northbound table that queries read."""

SHARED = {nb.NBGlobal, nb.Copp, nb.SamplingApp}
"""Tables whose rows speak for the whole network, so that a change there is a change of all of it."""


class Cost(NamedTuple):
    """What a change came to."""

    runs: Counter[str]
    """Which queries ran, and how often."""
    rows: int
    """Southbound rows that were written."""


def cost(cells: int, change: list[Operation]) -> Cost:
    """What a change costs in a network of so many cells."""
    pair = network(cells)
    ran: Counter[str] = Counter()
    pair.northd.db.on_run = lambda function, args: ran.update([f"{function.__module__}.{function.__qualname__}"])
    pair.sb.take_changes()
    pair.say(*change, now=2.0)
    return Cost(ran, len(pair.sb.take_changes()))


@pytest.mark.parametrize("change", CHANGES)
def test_the_queries_that_a_change_runs_do_not_grow_with_the_network(change: str) -> None:
    """Where a change asks for more rows in a larger network, as many more runs may be what they take."""
    small, large = cost(SMALL, CHANGES[change]), cost(2 * SMALL, CHANGES[change])
    more_rows = max(large.rows - small.rows, 0)
    assert {query: more for query, more in (large.runs - small.runs).items() if more > more_rows} == {}


def test_there_is_a_change_for_every_table_that_is_read() -> None:
    read = {table for table in network(1).northd.db.sources() if table.__module__ == nb.__name__}
    changed = {operation.table for change in CHANGES.values() for operation in change if isinstance(operation, Update | Insert | Delete)}
    assert read - changed - SHARED == set()
