"""Admission to a switch."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from tests.northd.compiled import check, check_among, flows, port, router, router_port, switch, towards

MAC = "00:00:00:00:00:01"
TOO_BIG = "((ip4 && icmp4.type == 3 && icmp4.code == 4) || (ip6 && icmp6.type == 2 && icmp6.code == 0))"


def test_every_switch_drops_what_no_logical_network_carries() -> None:
    check(
        switch(),
        Stage.LS_IN_CHECK_PORT_SEC,
        f"105 {TOO_BIG} && flags.tunnel_rx == 1 -> drop;",
        "100 vlan.present -> drop;",
        "100 eth.src[40] -> drop;",
        "50 1 -> reg0[15] = check_in_port_sec(); next;",
    )
    check(switch(), Stage.LS_IN_APPLY_PORT_SEC, "50 reg0[15] == 1 -> drop;")


def test_a_switch_may_carry_vlans() -> None:
    rows = switch(other_config={"vlan-passthru": "true"})
    assert not [flow for flow in flows(rows) if "vlan.present" in flow.match]


def test_a_disabled_port_sends_nothing() -> None:
    check_among(switch(port("vm", enabled=False)), Stage.LS_IN_CHECK_PORT_SEC, '100 inport == "vm" -> reg0[15] = 1; next;')


def test_errors_from_tunnels_are_turned_around() -> None:
    machine = f'eth.src == {MAC} && outport == "vm" && !is_chassis_resident("vm")'
    check_among(
        switch(port("vm", MAC)),
        Stage.LS_IN_CHECK_PORT_SEC,
        f"110 {TOO_BIG} && {machine} && flags.tunnel_rx == 1 -> outport <-> inport; next;",
    )
    rows = [*switch(towards("sw-lr", "lr-sw")), *router(router_port("lr-sw", MAC, "10.0.0.1/24"))]
    lookup = f"next(pipeline=ingress,table={Stage.LS_IN_L2_LKUP.number});"
    check_among(
        rows, Stage.LS_IN_CHECK_PORT_SEC, f"120 {TOO_BIG} && eth.dst == {MAC} && flags.tunnel_rx == 1 -> outport <-> inport; {lookup}"
    )
