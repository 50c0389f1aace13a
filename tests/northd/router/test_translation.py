"""Translations of addresses, stage by stage."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.schemas.nb import NAT, AddressSet, NBGlobal
from pyovn.schemas.sb import Chassis
from tests.northd.compiled import check, check_among, port, router
from tests.northd.router.gateways import HERE, at_a_gateway_port, at_a_gateway_router, distributed, floating, snat

NEW = "(!ct.trk || !ct.rpl)"
OUT = f'outport == "out" && {HERE}'
IN = f'inport == "out" && {HERE}'
AT_VM = 'is_chassis_resident("vm")'


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (snat(), f"25 ip && ip4.src == 10.0.0.0/24 && {NEW} -> ct_snat(172.16.0.2);"),
        (floating(), f"33 ip && ip4.src == 10.0.0.3 && {NEW} -> ct_snat(172.16.0.3);"),
        (floating(options={"stateless": "true"}), "33 ip && ip4.src == 10.0.0.3 -> ip4.src=172.16.0.3; next;"),
        (floating(external_port_range="5000-6000"), f"33 ip && ip4.src == 10.0.0.3 && {NEW} -> ct_snat(172.16.0.3,5000-6000);"),
        (snat(match="tcp", priority=40), f"340 ip && ip4.src == 10.0.0.0/24 && (tcp) && {NEW} -> ct_snat(172.16.0.2);"),
        (snat(logical_ip="fd01::/64", external_ip="fd02::2"), f"65 ip && ip6.src == fd01::/64 && {NEW} -> ct_snat(fd02::2);"),
    ],
)
def test_sources_at_a_gateway_router(rule: NAT, expected: str) -> None:
    check_among(at_a_gateway_router(rule), Stage.LR_OUT_SNAT, expected)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (snat(), f"153 ip && ip4.src == 10.0.0.0/24 && {OUT} && {NEW} -> ct_snat(172.16.0.2);"),
        (snat(options={"stateless": "true"}), f"153 ip && ip4.src == 10.0.0.0/24 && {OUT} && {NEW} -> ct_snat(172.16.0.2);"),
        (
            distributed(),
            f'161 ip && ip4.src == 10.0.0.3 && outport == "out" && {AT_VM} && {NEW} -> eth.src = 00:00:00:00:00:99; ct_snat(172.16.0.3);',
        ),
    ],
)
def test_sources_at_a_gateway_port(rule: NAT, expected: str) -> None:
    check_among(at_a_gateway_port(rule), Stage.LR_OUT_SNAT, expected)


def test_some_outside_are_exempted_or_alone_allowed() -> None:
    friends = AddressSet("friends", name="friends")
    inside, outside = "ip && ip4.src == 10.0.0.3", "ip && ip4.dst == 172.16.0.3"
    rows = [*at_a_gateway_router(floating(exempted_ext_ips="friends")), friends]
    check_among(rows, Stage.LR_OUT_SNAT, f"35 {inside} && ip4.dst == $friends -> next;")
    check_among(rows, Stage.LR_IN_DNAT, f"102 {outside} && ip4.src == $friends -> next;")
    rows = [*at_a_gateway_router(floating(allowed_ext_ips="friends")), friends]
    check_among(rows, Stage.LR_OUT_SNAT, f"33 {inside} && ip4.dst == $friends && {NEW} -> ct_snat(172.16.0.3);")
    check(rows, Stage.LR_IN_DNAT, f"100 {outside} && ip4.src == $friends -> flags.loopback = 1; ct_dnat(10.0.0.3);")


def test_destinations() -> None:
    check(at_a_gateway_router(floating()), Stage.LR_IN_DNAT, "100 ip && ip4.dst == 172.16.0.3 -> flags.loopback = 1; ct_dnat(10.0.0.3);")
    check(at_a_gateway_port(floating()), Stage.LR_IN_DNAT, f"100 ip && ip4.dst == 172.16.0.3 && {IN} -> ct_dnat(10.0.0.3);")
    check(at_a_gateway_port(distributed()), Stage.LR_IN_DNAT, '100 ip && ip4.dst == 172.16.0.3 && inport == "out" -> ct_dnat(10.0.0.3);')
    check(at_a_gateway_port(snat()), Stage.LR_IN_DNAT)


def test_replies_are_translated_back() -> None:
    check(at_a_gateway_router(snat()), Stage.LR_IN_UNSNAT, "90 ip && ip4.dst == 172.16.0.2 -> ct_snat;")
    check(at_a_gateway_port(snat()), Stage.LR_IN_UNSNAT, f"100 ip && ip4.dst == 172.16.0.2 && {IN} -> ct_snat;")
    check(at_a_gateway_port(floating()), Stage.LR_OUT_UNDNAT, f"100 ip && ip4.src == 10.0.0.3 && {OUT} -> ct_dnat;")
    own = '100 ip && ip4.src == 10.0.0.3 && outport == "out" -> eth.src = 00:00:00:00:00:99; ct_dnat;'
    check(at_a_gateway_port(distributed()), Stage.LR_OUT_UNDNAT, own)


def test_a_gateway_router_tracks_everything_once_it_translates() -> None:
    check(at_a_gateway_router(), Stage.LR_OUT_UNDNAT)
    expected = ("50 ip -> flags.loopback = 1; ct_dnat;", "100 nd || nd_rs || nd_ra -> next;")
    check(at_a_gateway_router(snat()), Stage.LR_OUT_UNDNAT, *expected)


def test_one_translated_address_reaches_another() -> None:
    match = f'ip4.dst == 172.16.0.3 && outport == "out" && {AT_VM}'
    forget = "".join(f"reg{number} = 0; " for number in range(10))
    again = f'ct_clear; inport = outport; outport = ""; eth.dst <-> eth.src; flags = 0; flags.loopback = 1; {forget}reg9[0] = 1; '
    expected = f"100 {match} -> clone {{ {again}next(pipeline=ingress, table=0); }};"
    check(at_a_gateway_port(distributed()), Stage.LR_OUT_EGR_LOOP, expected)


def test_what_is_translated_where_it_is_makes_no_detour() -> None:
    match = f'ip4.src == 10.0.0.3 && outport == "out" && {AT_VM}'
    expected = f"100 {match} -> eth.src = 00:00:00:00:00:99; reg5 = 172.16.0.3; next;"
    check_among(at_a_gateway_port(distributed()), Stage.LR_IN_GW_REDIRECT, expected)


def test_connections_of_translated_machines_are_in_a_zone() -> None:
    out, back = f"ip && ip4.src == 10.0.0.0/24 && {OUT} && {NEW}", f"ip && ip4.dst == 10.0.0.0/24 && {IN}"
    check(at_a_gateway_port(snat()), Stage.LR_OUT_POST_UNDNAT, f"70 {out} -> ct_next(snat);")
    check(at_a_gateway_port(snat()), Stage.LR_OUT_POST_SNAT, f"153 {back} && ct.new -> ct_commit_to_zone(snat);")
    check_among(at_a_gateway_port(snat()), Stage.LR_OUT_SNAT, f"153 {back} && {NEW} -> ct_snat;")
    back = f"ip && ip4.dst == 10.0.0.3 && {IN}"
    check(at_a_gateway_port(floating()), Stage.LR_OUT_POST_SNAT, f"166 {back} && ct.new -> ct_commit_to_zone(dnat);")
    old = Chassis("hv9", name="hv9", encaps=("e",))
    check([*at_a_gateway_port(snat()), old], Stage.LR_OUT_POST_SNAT)
    check(at_a_gateway_port(floating(options={"stateless": "true"})), Stage.LR_OUT_POST_SNAT)


def test_with_a_common_zone_one_pass_through_conntrack_is_enough() -> None:
    rows = [*at_a_gateway_port(snat(), floating()), NBGlobal("global", options={"use_common_zone": "true"})]
    came = f"ip && ip4.dst == 172.16.0.2 && {IN}"
    check_among(rows, Stage.LR_IN_UNSNAT, f"100 {came} && flags.loopback == 0 -> ct_snat_in_czone;")
    check_among(rows, Stage.LR_IN_UNSNAT, f"100 {came} && flags.loopback == 1 && flags.use_snat_zone == 1 -> ct_snat;")
    check(rows, Stage.LR_IN_DNAT, f"100 ip && ip4.dst == 172.16.0.3 && {IN} -> ct_dnat_in_czone(10.0.0.3);")
    out = f"ip && ip4.src == 10.0.0.0/24 && {OUT} && {NEW}"
    check_among(rows, Stage.LR_OUT_SNAT, f"153 {out} -> ct_snat_in_czone(172.16.0.2);")
    check_among(rows, Stage.LR_OUT_SNAT, f"154 {out} && reg9[4] == 1 -> reg9[4] = 0; ct_snat(172.16.0.2);")
    check_among(rows, Stage.LR_OUT_CHK_DNAT_LOCAL, "50 ip && ct_mark.natted == 1 -> reg9[4] = 1; next;")
    check(rows, Stage.LR_OUT_POST_SNAT)


def test_a_virtual_port_that_nobody_has_sends_nothing() -> None:
    rows = [*at_a_gateway_port(distributed()), port("vm", type="virtual")]
    check_among(rows, Stage.LR_IN_GW_REDIRECT, '80 ip4.src == 10.0.0.3 && outport == "out" -> drop;')


def test_without_a_gateway_nothing_is_translated() -> None:
    check([*router(nat=("snat",)), snat()], Stage.LR_IN_UNSNAT)


@pytest.mark.parametrize("columns", [{"external_ip": "nonsense"}, {"logical_ip": ""}, {"external_ip": "fd02::2"}])
def test_a_translation_that_is_none_is_passed_over(columns: dict[str, str]) -> None:
    check(at_a_gateway_router(snat(**columns)), Stage.LR_IN_UNSNAT)


def test_even_a_translation_that_means_nothing_has_everything_tracked() -> None:
    rows = at_a_gateway_router(floating(type="dnat", logical_ip="10.0.0.0/24"))
    check_among(rows, Stage.LR_OUT_UNDNAT, "50 ip -> flags.loopback = 1; ct_dnat;")
