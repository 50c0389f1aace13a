"""Routes that one zone offers are learned in the others, as far as their owners let them through."""

from __future__ import annotations

import pytest

from pyovn.schemas import ic_sb, nb
from tests.interconnect.zones import Zones


def start(*names: str) -> Zones:
    """A router in each zone, on the transit switch `ts1`; all routes are offered and learned."""
    zones = Zones(*names)
    zones.run("az1: ovn-ic-nbctl ts-add ts1")
    for number, name in enumerate(names, 1):
        zones.run(
            f"{name}: ovn-nbctl set NB_Global . options:ic-route-adv=true options:ic-route-learn=true",
            f"{name}: ovn-nbctl lr-add lr{number}",
            f"{name}: ovn-nbctl lrp-add lr{number} up{number} aa:aa:aa:aa:aa:0{number} 10.9.0.{number}/24 fd09::{number}/64",
            f"{name}: ovn-nbctl lsp-add-router-port ts1 to{number} up{number}",
        )
    return zones


def learned(zones: Zones, name: str) -> list[str]:
    """What the routers of a zone have learned: prefix, next hop, table, origin."""
    rows = [row for row in zones.rows(name, nb.LogicalRouterStaticRoute) if "ic-learned-route" in row.external_ids]
    return sorted(f"{row.ip_prefix} {row.nexthop} {row.route_table or '-'} {row.options['origin']}" for row in rows)


NET = "az1: ovn-nbctl lrp-add lr1 in1 00:00:00:00:00:01 10.1.0.1/24"
STATIC = "az1: ovn-nbctl lr-route-add lr1 10.2.0.0/24 10.9.0.9"
CONNECTED = "10.1.0.1/24 10.9.0.1 - connected"
THERE = "10.2.0.0/24 10.9.0.1 - static"

CASES: list[tuple[str, tuple[str, ...], list[str]]] = [
    ("a connected network", (NET,), [CONNECTED]),
    ("a static route", (STATIC,), [THERE]),
    ("a route to nowhere", ("az1: ovn-nbctl lr-route-add lr1 10.2.0.0/24 discard",), [THERE]),
    ("a route by source", ("az1: ovn-nbctl --policy=src-ip lr-route-add lr1 10.2.0.0/24 10.9.0.9",), []),
    ("a route that goes", (STATIC, "az1: ovn-nbctl lr-route-del lr1"), []),
    ("a network that goes", (NET, "az1: ovn-nbctl lrp-del in1"), []),
    ("IPv6", ("az1: ovn-nbctl lrp-add lr1 in1 00:00:00:00:00:01 fd01::1/64",), ["fd01::1/64 fd09::1 - connected"]),
    (
        "IPv6 of a router without such an address",
        ("az1: ovn-nbctl set Logical_Router_Port up1 networks=10.9.0.1/24", "az1: ovn-nbctl lrp-add lr1 in1 00:00:00:00:00:01 fd01::1/64"),
        [],
    ),
    ("link-local", ("az1: ovn-nbctl lrp-add lr1 in1 00:00:00:00:00:01 169.254.7.1/24",), []),
    ("nothing is offered", (NET, "az1: ovn-nbctl set NB_Global . options:ic-route-adv=false"), []),
    ("nothing is learned", (NET, "az2: ovn-nbctl set NB_Global . options:ic-route-learn=false"), []),
    ("a default route", ("az1: ovn-nbctl lr-route-add lr1 0.0.0.0/0 10.9.0.9",), []),
    (
        "a default route that is offered and learned",
        (
            "az1: ovn-nbctl lr-route-add lr1 0.0.0.0/0 10.9.0.9",
            "az1: ovn-nbctl set NB_Global . options:ic-route-adv-default=true",
            "az2: ovn-nbctl set NB_Global . options:ic-route-learn-default=true",
        ),
        ["0.0.0.0/0 10.9.0.1 - static"],
    ),
    ("where there is a way already", (STATIC, "az2: ovn-nbctl --ecmp lr-route-add lr2 10.2.0.0/24 10.9.0.8"), []),
    ("a router that is closed", (STATIC, "az2: ovn-nbctl set Logical_Router lr2 enabled=false"), []),
    ("denied by the one", (STATIC, NET, "az1: ovn-nbctl set NB_Global . options:ic-route-denylist=10.1.0.0/16"), [THERE]),
    ("denied by the other", (STATIC, NET, "az2: ovn-nbctl set NB_Global . options:ic-route-denylist=10.2.0.0/16"), [CONNECTED]),
    ("denied in the old word", (STATIC, NET, "az2: ovn-nbctl set NB_Global . options:ic-route-blacklist=10.2.0.0/16"), [CONNECTED]),
    ("let through by a port", (STATIC, NET, "az1: ovn-nbctl lrp-set-options up1 ic-route-filter-adv=10.1.0.0/24"), [CONNECTED]),
    ("let through by a router", (STATIC, NET, "az2: ovn-nbctl set Logical_Router lr2 options:ic-route-filter-learn=10.2.0.0/24"), [THERE]),
    ("let through by nothing that is a prefix", (NET, "az1: ovn-nbctl set Logical_Router lr1 options:ic-route-filter-adv=nope"), []),
    (
        "let through and denied",
        (NET, "az1: ovn-nbctl set Logical_Router lr1 options:ic-route-filter-adv=10.1.0.0/24 options:ic-route-deny-adv=10.1.0.0/16"),
        [],
    ),
    (
        "marked, and kept out by the mark",
        (
            NET,
            "az1: ovn-nbctl set Logical_Router_Port up1 options:ic-route-tag=blue",
            "az2: ovn-nbctl set Logical_Router_Port up2 options:ic-route-filter-tag=blue",
        ),
        [],
    ),
    ("of another table", ("az1: ovn-nbctl --route-table=red lr-route-add lr1 10.2.0.0/24 10.9.0.9",), []),
    (
        "of the table of both ports",
        (
            "az1: ovn-nbctl --route-table=red lr-route-add lr1 10.2.0.0/24 10.9.0.9",
            "az1: ovn-nbctl lrp-set-options up1 route_table=red",
            "az2: ovn-nbctl lrp-set-options up2 route_table=red",
        ),
        ["10.2.0.0/24 10.9.0.1 red static"],
    ),
    (
        "of a network that is no neighbour",
        (STATIC, "az2: ovn-nbctl set Logical_Router_Port up2 networks=10.8.0.2/24"),
        [],
    ),
]

VIP = (
    "az1: ovn-nbctl lb-add lb1 10.3.0.1:80 10.1.0.7:80 -- lr-lb-add lr1 lb1",
    "az1: ovn-nbctl set NB_Global . options:ic-route-adv-lb=true",
    "az2: ovn-nbctl set NB_Global . options:ic-route-learn-lb=true",
)

VIPS: list[tuple[str, tuple[str, ...], list[str]]] = [
    ("a VIP", VIP, ["10.3.0.1/32 10.9.0.1 - loadbalancer"]),
    ("a VIP that is not offered", (VIP[0], VIP[2]), []),
    ("a VIP that is not learned", VIP[:2], []),
    ("a VIP of a group", ("az1: ovn-nbctl lb-add lb1 [fd03::1]:80 [fd01::7]:80", GROUP := (
        "az1: ovn-nbctl --id=@g create Load_Balancer_Group name=g -- add Logical_Router lr1 load_balancer_group @g"
    ), "az1: ovn-nbctl add Load_Balancer_Group g load_balancer lb1", *VIP[1:]), ["fd03::1/128 fd09::1 - loadbalancer"]),
    ("a VIP that the other has too", (*VIP, "az2: ovn-nbctl lb-add lb2 10.3.0.1:81 10.1.0.8:80 -- lr-lb-add lr2 lb2"), []),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), [case[1:] for case in CASES + VIPS], ids=[case[0] for case in CASES + VIPS])
def test_the_other_zone_learns(lines: tuple[str, ...], expected: list[str]) -> None:
    zones = start("az1", "az2")
    for line in lines:
        if "add Load_Balancer_Group g load_balancer lb1" in line:
            line = line.replace(" lb1", f" {zones.rows('az1', nb.LoadBalancer)[0].uuid}")
        zones.run(line)
    assert learned(zones, "az2") == expected
    assert learned(zones, "az1") == []


def test_of_one_destination_every_way_is_learned() -> None:
    zones = start("az1", "az2", "az3")
    zones.run(STATIC, "az2: ovn-nbctl --ecmp lr-route-add lr2 10.2.0.0/24 10.9.0.9")
    assert learned(zones, "az3") == [THERE, "10.2.0.0/24 10.9.0.2 - static"]


def test_two_routers_of_one_zone_learn_from_each_other() -> None:
    zones = start("az1", "az2")
    zones.run(
        "az1: ovn-nbctl lr-add lr3 -- lrp-add lr3 up3 aa:aa:aa:aa:aa:03 10.9.0.3/24",
        "az1: ovn-nbctl lsp-add-router-port ts1 to3 up3",
        NET,
    )
    assert learned(zones, "az1") == [CONNECTED] and learned(zones, "az2") == [CONNECTED]
    (router,) = [row for row in zones.rows("az1", nb.LogicalRouter) if row.name == "lr3"]
    assert len(router.static_routes) == 1


def test_a_route_of_an_earlier_version_is_learned_in_other_zones_only() -> None:
    zones = start("az1", "az2")
    (zone,) = [row.uuid for row in zones.rows("az1", ic_sb.AvailabilityZone) if row.name == "az1"]
    zones.zones["az1"].ic.paused = True
    zones.run(
        f"az1: ovn-ic-sbctl create Route availability_zone={zone} transit_switch=ts1 ip_prefix=10.5.0.0/24 nexthop=10.9.0.1 origin=static"
    )
    assert learned(zones, "az2") == ["10.5.0.0/24 10.9.0.1 - static"]
    zones.zones["az1"].ic.paused = False
    zones.settle()
    assert learned(zones, "az1") == [] and learned(zones, "az2") == []


def test_what_routing_protocols_taught_is_offered_and_comes_before_what_other_zones_tell() -> None:
    zones = start("az1", "az2")
    for number in (1, 2):
        zones.run(
            f"az{number}: ovn-nbctl set Logical_Router lr{number} options:dynamic-routing=true",
            f"az{number}: ovn-nbctl lrp-add lr{number} in{number} 00:00:00:00:00:0{number} 10.1.{number}.1/24",
        )

    def taught(number: int) -> None:
        name = f"az{number}"
        datapath = zones.run(f"{name}: ovn-sbctl --bare --columns=_uuid find Datapath_Binding external_ids:name=lr{number}").strip()
        port = zones.run(f"{name}: ovn-sbctl --bare --columns=_uuid find Port_Binding logical_port=in{number}").strip()
        zones.run(
            f"{name}: ovn-sbctl create Learned_Route datapath={datapath} logical_port={port} ip_prefix=10.7.0.0/24 nexthop=10.1.{number}.7"
        )

    taught(1)
    assert learned(zones, "az2") == ["10.1.1.1/24 10.9.0.1 - connected", "10.7.0.0/24 10.9.0.1 - connected"]
    taught(2)
    assert learned(zones, "az2") == ["10.1.1.1/24 10.9.0.1 - connected"]


def test_a_second_reason_for_a_route_is_told() -> None:
    zones = start("az1", "az2")
    zones.run(NET, "az1: ovn-nbctl lrp-add lr1 in2 00:00:00:00:00:02 10.1.0.1/24")
    assert learned(zones, "az2") == [CONNECTED]
    (complaint,) = zones.zones["az1"].ic.complaints
    assert complaint.startswith("Duplicate connected route advertisement was suppressed! NB lrp uuid: ")


def test_routes_go_with_the_transit_switch() -> None:
    zones = start("az1", "az2")
    zones.run(NET, "az1: ovn-ic-nbctl ts-del ts1")
    assert learned(zones, "az2") == [] and zones.rows("az1", ic_sb.Route) == []
