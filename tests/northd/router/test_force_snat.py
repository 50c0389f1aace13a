"""Forced translation of sources."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from tests.northd.compiled import check, check_among, router, router_port, switch, towards
from tests.northd.router.gateways import MAC, at_a_gateway_router, floating


def test_named_addresses() -> None:
    rows = at_a_gateway_router(options={"dnat_force_snat_ip": "172.16.0.7 fd02::7", "lb_force_snat_ip": "172.16.0.8"})
    check(
        rows,
        Stage.LR_IN_UNSNAT,
        "110 ip4 && ip4.dst == 172.16.0.7 -> ct_snat;",
        "110 ip4 && ip4.dst == 172.16.0.8 -> ct_snat;",
        "110 ip6 && ip6.dst == fd02::7 -> ct_snat;",
    )
    check(
        rows,
        Stage.LR_OUT_SNAT,
        "100 flags.force_snat_for_dnat == 1 && ip4 -> ct_snat(172.16.0.7);",
        "100 flags.force_snat_for_dnat == 1 && ip6 -> ct_snat(fd02::7);",
        "100 flags.force_snat_for_lb == 1 && ip4 -> ct_snat(172.16.0.8);",
        "120 nd_ns -> next;",
    )


def test_translated_destinations_ask_for_it() -> None:
    rows = at_a_gateway_router(floating(), options={"dnat_force_snat_ip": "172.16.0.7"})
    actions = "flags.force_snat_for_dnat = 1; flags.loopback = 1; ct_dnat(10.0.0.3);"
    check(rows, Stage.LR_IN_DNAT, f"100 ip && ip4.dst == 172.16.0.3 -> {actions}")


def test_the_address_of_the_port_in_the_next_hops_network() -> None:
    port = router_port("out", MAC, "172.16.0.1/24", "172.17.0.1/24")
    rows = [*router(port, options={"chassis": "hv1", "lb_force_snat_ip": "router_ip"}), *switch(towards("side", "out"))]
    forced = "flags.force_snat_for_lb == 1"
    check(
        rows,
        Stage.LR_OUT_SNAT,
        f'105 {forced} && ip4 && outport == "out" -> ct_snat(172.16.0.1);',
        f'110 {forced} && flags.network_id == 0 && ip4 && outport == "out" -> ct_snat(172.16.0.1);',
        f'110 {forced} && flags.network_id == 1 && ip4 && outport == "out" -> ct_snat(172.17.0.1);',
        "120 nd_ns -> next;",
    )


def test_a_port_that_leads_nowhere_has_no_clients() -> None:
    rows = router(router_port("out", MAC, "172.16.0.1/24"), options={"chassis": "hv1", "lb_force_snat_ip": "router_ip"})
    check(rows, Stage.LR_OUT_SNAT, "120 nd_ns -> next;")


def test_more_networks_than_have_numbers_are_still_looked_for() -> None:
    port = router_port("out", MAC, *(f"172.16.{number}.1/24" for number in range(17)))
    rows = [*router(port, options={"chassis": "hv1", "lb_force_snat_ip": "router_ip"}), *switch(towards("side", "out"))]
    check_among(rows, Stage.LR_IN_UNSNAT, '110 inport == "out" && ip4.dst == 172.16.16.1 -> ct_snat;')


def test_a_distributed_router_forces_nothing() -> None:
    check(router(router_port("out", MAC, "172.16.0.1/24"), options={"lb_force_snat_ip": "router_ip"}), Stage.LR_IN_UNSNAT)
