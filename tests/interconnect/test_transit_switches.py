"""Transit switches and routers: a part in each zone, one key for all."""

from __future__ import annotations

import pytest

from pyovn.schemas import ic_sb, nb
from tests.interconnect.zones import Zones, chassis

VXLAN_GATEWAY = (
    "az1: ovn-sbctl chassis-add gw1 vxlan 192.0.2.1",
    "az1: ovn-sbctl set Chassis gw1 other_config:is-interconn=true",
)
VXLAN = "az1: ovn-ic-nbctl set IC_NB_Global . options:vxlan_mode=true"


def part(key: int, vxlan: str = "false", name: str = "ts1") -> tuple[object, ...]:
    return name, {"ic-vxlan_mode": vxlan, "interconn-ts": name, "requested-tnl-key": str(key)}


SWITCHES = [
    ("one", ("az1: ovn-ic-nbctl ts-add ts1",), [part(16711682)]),
    ("two", ("az1: ovn-ic-nbctl ts-add ts1 -- ts-add ts2",), [part(16711682), part(16711683, name="ts2")]),
    ("one that goes", ("az1: ovn-ic-nbctl ts-add ts1", "az1: ovn-ic-nbctl ts-del ts1"), []),
    ("a part that somebody takes away", ("az1: ovn-ic-nbctl ts-add ts1", "az2: ovn-nbctl ls-del ts1"), [part(16711682)]),
    (
        "a part that somebody makes twice",
        ("az1: ovn-ic-nbctl ts-add ts1", "az2: ovn-nbctl create Logical_Switch name=ts1 other_config:interconn-ts=ts1"),
        [part(16711682)],
    ),
    ("in VXLAN", (*VXLAN_GATEWAY, VXLAN, "az1: ovn-ic-nbctl ts-add ts1"), [part(1025, "true")]),
    ("in VXLAN from now on", (*VXLAN_GATEWAY, "az1: ovn-ic-nbctl ts-add ts1", VXLAN), [part(1025, "true")]),
    ("in VXLAN where nobody has that", (VXLAN, "az1: ovn-ic-nbctl ts-add ts1"), [part(16711682)]),
    (
        "in VXLAN no more",
        (*VXLAN_GATEWAY, VXLAN, "az1: ovn-ic-nbctl ts-add ts1", "az1: ovn-ic-nbctl set IC_NB_Global . options:vxlan_mode=false"),
        [part(16711682)],
    ),
]


@pytest.mark.parametrize(("lines", "expected"), [case[1:] for case in SWITCHES], ids=[case[0] for case in SWITCHES])
def test_every_zone_has_its_part_of_a_transit_switch(lines: tuple[str, ...], expected: list[object]) -> None:
    zones = Zones("az1", "az2")
    zones.run(*lines)
    for name in ("az1", "az2"):
        assert zones.said(name, nb.LogicalSwitch, "name", "other_config") == expected
    assert len(zones.rows("az1", ic_sb.DatapathBinding)) == len(expected)


def test_every_zone_has_its_part_of_a_transit_router() -> None:
    zones = Zones("az1", "az2")
    zones.run("az1: ovn-ic-nbctl tr-add tr1 -- ts-add ts1")
    for name in ("az1", "az2"):
        assert zones.said(name, nb.LogicalRouter, "name", "options") == [
            ("tr1", {"interconn-tr": "tr1", "requested-tnl-key": "16711682"}),
        ]
    zones.run("az1: ovn-nbctl lr-del tr1")
    assert zones.said("az1", nb.LogicalRouter, "name") == [("tr1",)]
    zones.run("az1: ovn-ic-nbctl tr-del tr1")
    assert zones.said("az2", nb.LogicalRouter, "name") == []
    assert zones.said("az2", ic_sb.DatapathBinding, "transit_switch") == [("ts1",)]


def test_a_port_here_stays_the_same_when_what_was_told_of_it_is_lost() -> None:
    zones = Zones("az1", "az2")
    zones.run(*chassis("gw1", "az1", "192.0.2.1"), *chassis("gw2", "az2", "192.0.2.2"), f"az1: ovn-ic-nbctl {PORT}gw1")
    (before,) = [row.uuid for row in zones.rows("az1", nb.LogicalRouterPort)]
    zones.run("az2: ovn-ic-sbctl destroy Port_Binding p1")
    assert [row.uuid for row in zones.rows("az1", nb.LogicalRouterPort)] == [before]
    assert zones.said("az2", nb.LogicalRouterPort, "name") == [("p1",)]


PORT = "tr-add tr1 -- trp-add tr1 p1 00:00:00:00:00:01 10.0.0.1/24 chassis="
KEY = {"interconn-tr": "p1", "requested-tnl-key": "1"}
OURS = ("p1", "00:00:00:00:00:01", ("10.0.0.1/24",), KEY | {"requested-chassis": "gw1"})

ROUTER_PORTS = [
    ("a port here", (f"az1: ovn-ic-nbctl {PORT}gw1",), [OURS]),
    ("a port that nobody has", (f"az1: ovn-ic-nbctl {PORT}gw9",), []),
    ("a port that goes", (f"az1: ovn-ic-nbctl {PORT}gw1", "az2: ovn-ic-nbctl trp-del p1"), []),
    ("a port whose router goes", (f"az1: ovn-ic-nbctl {PORT}gw1", "az2: ovn-ic-nbctl tr-del tr1"), []),
    (
        "a port with another address",
        (f"az1: ovn-ic-nbctl {PORT}gw1", "az2: ovn-ic-nbctl set Transit_Router_Port p1 networks=10.0.0.2/24"),
        [(*OURS[:2], ("10.0.0.2/24",), OURS[3])],
    ),
    ("a port whose chassis is away", (f"az1: ovn-ic-nbctl {PORT}gw1", "az1: ovn-sbctl chassis-del gw1"), [OURS]),
    (
        "a port that moves to another zone",
        (f"az1: ovn-ic-nbctl {PORT}gw1", "az2: ovn-ic-nbctl set Transit_Router_Port p1 chassis=gw2"),
        [(*OURS[:3], KEY | {"requested-chassis": "gw2"})],
    ),
]


@pytest.mark.parametrize(("lines", "expected"), [case[1:] for case in ROUTER_PORTS], ids=[case[0] for case in ROUTER_PORTS])
def test_every_zone_has_the_ports_of_a_transit_router(lines: tuple[str, ...], expected: list[object]) -> None:
    zones = Zones("az1", "az2")
    zones.run(*chassis("gw1", "az1", "192.0.2.1"), *chassis("gw2", "az2", "192.0.2.2"), *lines)
    for name in ("az1", "az2"):
        assert zones.said(name, nb.LogicalRouterPort, "name", "mac", "networks", "options") == expected
    assert len(zones.rows("az1", ic_sb.PortBinding)) == len(expected)
