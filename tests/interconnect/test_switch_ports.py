"""A port of a transit switch in one zone is a remote port in the others."""

from __future__ import annotations

import pytest

from pyovn.schemas import ic_sb, nb, sb
from tests.interconnect.zones import Zones, chassis

START = (
    *chassis("gw1", "az1", "192.0.2.1"),
    "az1: ovn-ic-nbctl ts-add ts1",
    "az1: ovn-nbctl lr-add lr1 -- lrp-add lr1 lrp1 aa:aa:aa:aa:aa:01 169.254.100.1/24",
    "az1: ovn-nbctl lsp-add-router-port ts1 lsp1 lrp1",
)
GATEWAY = ("az1: ovn-nbctl lrp-set-gateway-chassis lrp1 gw1", "az1: ovn-sbctl lsp-bind cr-lrp1 gw1")
ADDRESS = "aa:aa:aa:aa:aa:01 169.254.100.1/24"


def remote(*addresses: str, key: int = 1) -> tuple[object, ...]:
    return "lsp1", "remote", addresses, {"requested-tnl-key": str(key)}


CASES = [
    ("a router's", (), [remote(ADDRESS)], [None]),
    ("a router's with a gateway", GATEWAY, [remote(ADDRESS)], ["gw1"]),
    ("a router's whose gateway is gone", (*GATEWAY, "az1: ovn-sbctl lsp-unbind cr-lrp1"), [remote(ADDRESS)], [None]),
    (
        "a router's with other addresses",
        ("az1: ovn-nbctl set Logical_Router_Port lrp1 networks=169.254.100.2/24,169.254.200.3/24",),
        [remote("aa:aa:aa:aa:aa:01 169.254.100.2/24 169.254.200.3/24")],
        [None],
    ),
    ("a router's without the router", ("az1: ovn-nbctl lrp-del lrp1",), [remote()], [None]),
    ("one that is gone", ("az1: ovn-nbctl lsp-del lsp1",), [], []),
    ("one of a transit switch that is gone", ("az2: ovn-ic-nbctl ts-del ts1",), [], []),
    ("a switch's", ("az1: ovn-nbctl lsp-set-type lsp1 switch",), [remote("unknown")], [None]),
    ("one that somebody takes away", ("az2: ovn-nbctl lsp-del lsp1",), [remote(ADDRESS)], [None]),
    ("one of a kind that zones do not share", ("az1: ovn-nbctl lsp-set-type lsp1 localnet",), [], []),
]


@pytest.mark.parametrize(("lines", "ports", "hosts"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_other_zone_has(lines: tuple[str, ...], ports: list[object], hosts: list[str | None]) -> None:
    zones = Zones("az1", "az2")
    zones.run(*START, *lines)
    assert zones.said("az2", nb.LogicalSwitchPort, "name", "type", "addresses", "options") == ports
    names: dict[str | None, str] = {row.uuid: row.name for row in zones.rows("az2", sb.Chassis)}
    assert [names.get(row.chassis) for row in zones.rows("az2", sb.PortBinding)] == hosts


def test_a_remote_port_stays_where_its_owner_put_it() -> None:
    zones = Zones("az1", "az2")
    zones.run(*START, "az2: ovn-nbctl lsp-set-options lsp1 requested-chassis=gw1", *GATEWAY, "az1: ovn-sbctl lsp-unbind cr-lrp1")
    names: dict[str | None, str] = {row.uuid: row.name for row in zones.rows("az2", sb.Chassis)}
    assert [names.get(row.chassis) for row in zones.rows("az2", sb.PortBinding)] == ["gw1"]


def test_ports_of_all_zones_have_different_keys_that_all_use() -> None:
    zones = Zones("az1", "az2")
    zones.run(*START)
    zones.run("az2: ovn-nbctl lr-add lr2 -- lrp-add lr2 lrp2 aa:aa:aa:aa:aa:02 169.254.100.2/24 -- lsp-add-router-port ts1 lsp2 lrp2")
    told = [("lsp1", 1), ("lsp2", 2)]
    assert zones.said("az1", ic_sb.PortBinding, "logical_port", "tunnel_key") == told
    for name in ("az1", "az2"):
        assert set(told) < set(zones.said(name, sb.PortBinding, "logical_port", "tunnel_key"))
