"""Who watches the members of a group of chassis."""

from __future__ import annotations

import pytest

from pyovn.northd.southbound.watchers import islands, watchers
from pyovn.ovsdb.row import Table
from pyovn.schemas.nb import GatewayChassis, LogicalRouter, LogicalSwitch, NBGlobal
from pyovn.schemas.sb import PortBinding
from tests.northd.compiled import engine, port, router_port, towards
from tests.northd.router.gateways import MAC

MEMBERS = ("gc",)
OUT = router_port("out", MAC, "172.16.0.1/24", gateway_chassis=MEMBERS)
NEAR = router_port("near", MAC, "10.0.0.1/24")
FAR_SIDE = router_port("far-side", MAC, "10.0.0.2/24")
FAR = router_port("far", MAC, "10.1.0.1/24")


def network() -> list[Table]:
    """A gateway port's router with switch `near`, another router with `far` behind that, and `alone` apart."""
    ports = [port("vm-near"), towards("a", "near"), towards("b", "far-side"), port("vm-far"), towards("c", "far"), port("vm-alone")]
    return [
        NBGlobal("global"),
        LogicalRouter("lr", name="lr", ports=("near", "out")), OUT, NEAR,
        LogicalRouter("lr2", name="lr2", ports=("far", "far-side")), FAR_SIDE, FAR,
        LogicalSwitch("near-sw", name="near-sw", ports=("a", "b", "vm-near")),
        LogicalSwitch("far-sw", name="far-sw", ports=("c", "vm-far")),
        LogicalSwitch("alone-sw", name="alone-sw", ports=("vm-alone",)),
        GatewayChassis("gc", name="gc", chassis_name="hv1", priority=1), *ports,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ({}, ()),
        ({"vm-near": "hv2"}, ("hv2",)),
        ({"vm-far": "hv3", "vm-near": "hv2"}, ("hv2", "hv3")),
        ({"vm-alone": "hv4"}, ()),
    ],
)
def test_chassis_with_ports_that_the_router_reaches(bound: dict[str, str], expected: tuple[str, ...]) -> None:
    bindings = [PortBinding(name, logical_port=name, chassis=chassis) for name, chassis in bound.items()]
    assert watchers(engine([*network(), *bindings]), "out") == expected


def test_every_chassis_that_a_moving_port_is_on_watches() -> None:
    moving = PortBinding("vm-near", logical_port="vm-near", chassis="hv2", additional_chassis=("hv3",))
    assert watchers(engine([*network(), moving]), "out") == ("hv2", "hv3")


def test_nobody_watches_a_group_that_no_gateway_has() -> None:
    assert watchers(engine(network()), "other") == ()


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ("", {}),
        ("ba", {"a": "a", "b": "a"}),
        ("dc ba", {"a": "a", "b": "a", "c": "c", "d": "c"}),
        ("dc ba ac ac", {"a": "a", "b": "a", "c": "a", "d": "a"}),
        ("ed dc cb ba", {"a": "a", "b": "a", "c": "a", "d": "a", "e": "a"}),
    ],
)
def test_islands_are_what_is_connected(links: str, expected: dict[str, str]) -> None:
    assert dict(islands((link[0], link[1]) for link in links.split())) == expected
