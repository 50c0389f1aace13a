"""Who answers for outside addresses that no port has."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.northd.router.own_addresses import arp_reply
from pyovn.ovsdb.row import replace
from tests.northd.compiled import check_among, flows, router_port, shown
from tests.northd.router.gateways import HERE, MAC, at_a_gateway_port, at_a_gateway_router, distributed, floating, snat

ASKS = "arp.op == 1 && arp.tpa == 172.16.0.3"


def test_a_gateway_router_answers() -> None:
    check_among(at_a_gateway_router(floating()), Stage.LR_IN_IP_INPUT, f"90 {ASKS} -> {arp_reply('xreg0[0..47]')}")


def test_at_a_gateway_port_one_chassis_answers() -> None:
    here = f'inport == "out" && {ASKS}'
    check_among(
        at_a_gateway_port(floating()),
        Stage.LR_IN_IP_INPUT,
        f"91 {here} -> drop;",
        f"92 {here} && {HERE} -> {arp_reply('xreg0[0..47]')}",
    )
    own = f'92 {here} && is_chassis_resident("vm") -> {arp_reply("00:00:00:00:00:99")}'
    for kind in ("dnat_and_snat", "dnat", "snat"):
        check_among(at_a_gateway_port(distributed(type=kind)), Stage.LR_IN_IP_INPUT, own)


def test_ipv6_is_asked_for_in_its_own_way() -> None:
    asks = "ip6.dst == {fd02::2, ff02::1:ff00:2} && nd_ns && nd.target == fd02::2"
    answer = "eth.src = xreg0[0..47]; ip6.src = nd.target; nd.tll = xreg0[0..47]; outport = inport; flags.loopback = 1; output;"
    rows = at_a_gateway_router(snat(logical_ip="fd01::/64", external_ip="fd02::2"))
    check_among(rows, Stage.LR_IN_IP_INPUT, f"90 {asks} -> nd_na {{ {answer} }};")


def test_the_gateway_port_is_the_next_hop() -> None:
    check_among(
        at_a_gateway_port(floating()),
        Stage.LR_IN_ARP_RESOLVE,
        f'100 outport == "out" && reg0 == 172.16.0.3 -> eth.dst = {MAC}; next;',
        '150 inport == "out" && outport == "out" && ip4.dst == 172.16.0.3 -> drop;',
    )


def test_a_mac_of_its_own_is_taken_in_where_the_machine_is() -> None:
    at_vm = 'is_chassis_resident("vm")'
    rows = at_a_gateway_port(distributed())
    taken = f'50 eth.dst == 00:00:00:00:00:99 && inport == "out" && {at_vm} -> xreg0[0..47] = {MAC}; next;'
    check_among(rows, Stage.LR_IN_ADMISSION, taken)
    found = f'50 eth.dst == 00:00:00:00:00:99 && {at_vm} -> outport = "sw-out"; output;'
    check_among(rows, Stage.LS_IN_L2_LKUP, found)


def test_switches_bring_the_question_to_the_router() -> None:
    expected = f'80 flags[1] == 0 && {ASKS} -> clone {{outport = "sw-out"; output; }}; outport = "_MC_flood_l2"; output;'
    check_among(at_a_gateway_port(floating()), Stage.LS_IN_L2_LKUP, expected)


def test_a_ports_own_address_stays_the_ports() -> None:
    rows = at_a_gateway_port(snat(external_ip="172.16.0.1"))
    found = [flow for flow in flows(rows) if "arp.tpa == 172.16.0.1" in flow.match and flow.stage is Stage.LS_IN_L2_LKUP]
    assert len(found) == 1
    # Replies to it may be for somebody inside: they are not dropped before they are translated back.
    dropped = [shown(flow) for flow in flows(rows) if flow.match == "ip4.dst == {172.16.0.1}"]
    assert dropped == ["2 ip4.dst == {172.16.0.1} -> drop;"]


def test_with_bridged_redirection_the_translated_find_their_own_way() -> None:
    rows = at_a_gateway_port(distributed(), options={"redirect-type": "bridged"})
    at_vm = 'is_chassis_resident("vm")'
    own_way = f'90 outport == "out" && ip4.src == 10.0.0.3 && {at_vm} -> get_arp(outport, reg0); next;'
    check_among(rows, Stage.LR_IN_ARP_RESOLVE, own_way)
    holder, *others = at_a_gateway_port(distributed())
    inner = router_port("in", "00:00:00:00:ff:02", "10.0.0.1/24", options={"redirect-type": "bridged"})
    check_among([replace(holder, ports=("in", "out")), *others, inner], Stage.LR_IN_ARP_RESOLVE, own_way)


@pytest.mark.parametrize("enabled", [True, False])
def test_a_translations_own_mac_is_reached_by_a_disabled_port_too(enabled: bool) -> None:
    rows = at_a_gateway_port(distributed(), enabled=enabled)
    own = '50 eth.dst == 00:00:00:00:00:99 && is_chassis_resident("vm") -> outport = "sw-out"; output;'
    check_among(rows, Stage.LS_IN_L2_LKUP, own)
    assert any(ASKS in flow.match for flow in flows(rows) if flow.stage is Stage.LS_IN_L2_LKUP) is enabled
