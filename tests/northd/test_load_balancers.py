"""Load balancers: how rows are read, and what they become on switches and routers."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.northd.vips import Endpoint, parse_endpoint, parse_template, parse_vip
from pyovn.ovsdb.row import Table
from pyovn.schemas.nb import LoadBalancer, LoadBalancerGroup, NBGlobal
from tests.northd.compiled import check, check_among, port, router, router_port, switch, towards

WEB = {"10.0.0.10:80": "10.0.0.2:8080,10.0.0.3:8080"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.0.0.1", Endpoint("10.0.0.1", 0)),
        ("10.0.0.1:80", Endpoint("10.0.0.1", 80)),
        ("fd00::0:1", Endpoint("fd00::1", 0)),
        ("[fd00::1]:80", Endpoint("fd00::1", 80)),
        ("10.0.0.1:99999", None),
        ("10.0.0.1:²", None),
        ("name:80", None),
        ("", None),
    ],
)
def test_endpoints(text: str, expected: Endpoint | None) -> None:
    assert parse_endpoint(text) == expected


@pytest.mark.parametrize(
    ("vip", "backends"),
    [("x", "10.0.0.1"), ("10.0.0.1", "x"), ("10.0.0.1", "fd00::1"), ("10.0.0.1", "10.0.0.2:80"), ("10.0.0.1:80", "10.0.0.2")],
)
def test_what_is_no_vip(vip: str, backends: str) -> None:
    assert parse_vip(vip, backends) is None


@pytest.mark.parametrize(
    ("vip", "backends", "seen", "behind"),
    [
        ("^VIP", "^B", Endpoint("^VIP", 0, True), [Endpoint("^B", 0, True)]),
        ("^VIP:^PORT", "^B:80,[fd00::2]:80", Endpoint("^VIP", "^PORT", True), [Endpoint("^B", "80", True), Endpoint("fd00::2", 80)]),
        ("fd00:80", "", Endpoint("fd00", "80", True), []),
        ("^A:^B:^C", "^B", None, []),
        ("^VIP", "10.0.0.2", None, []),
        ("", "", None, []),
    ],
)
def test_templates(vip: str, backends: str, seen: Endpoint | None, behind: list[Endpoint]) -> None:
    found = parse_template(vip, backends, ipv6=True)
    assert (found.seen if found else None) == seen and (list(found.backends) if found else []) == behind


def balanced(vips: dict[str, str], **columns: object) -> list[Table]:
    """A switch with a load balancer."""
    return [*switch(port("vm"), load_balancer=("lb",)), LoadBalancer("lb", name="lb", vips=vips, **columns)]


FRAGMENTS = (
    "110 ct.trk && ct.est && !ct.rpl && reg0[19] == 1 && ip4 -> reg4 = ct_nw_dst(); reg2[0..15] = ct_tp_dst(); next;",
    "110 ct.trk && ct.est && !ct.rpl && reg0[19] == 1 && ip6 -> xxreg1 = ct_ip6_dst(); reg2[0..15] = ct_tp_dst(); next;",
)
TO_WEB = "ct.new && ip4.dst == 10.0.0.10 && reg1[16..23] == 6 && reg1[0..15] == 80"


@pytest.mark.parametrize(
    ("vips", "columns", "expected"),
    [
        (WEB, {}, f"120 {TO_WEB} -> reg4 = 10.0.0.10; reg2[0..15] = 80; ct_lb_mark(backends=10.0.0.2:8080,10.0.0.3:8080);"),
        ({"10.0.0.10": "10.0.0.2"}, {}, "110 ct.new && ip4.dst == 10.0.0.10 -> reg4 = 10.0.0.10; ct_lb_mark(backends=10.0.0.2);"),
        ({"10.0.0.10:80": ""}, {}, f"120 {TO_WEB} -> drop;"),
        (
            {"10.0.0.10:80": ""}, {"options": {"reject": "true"}},
            f"120 {TO_WEB} -> reg0 = 0; reject {{ outport <-> inport; next(pipeline=egress,table={Stage.LS_OUT_QOS.number});}};",
        ),
        (
            {"10.0.0.10:80": "10.0.0.2:1"}, {"protocol": "tcp", "selection_fields": ("ip_src", "tp_dst")},
            f"120 {TO_WEB} -> reg4 = 10.0.0.10; reg2[0..15] = 80; "
            'ct_lb_mark(backends=10.0.0.2:1; hash_fields="ip_src,tcp_dst");',
        ),
    ],
)  # fmt: skip
def test_new_connections_on_a_switch(vips: dict[str, str], columns: dict[str, object], expected: str) -> None:
    check(balanced(vips, **columns), Stage.LS_IN_LB, *FRAGMENTS, expected)


def test_a_vip_is_kept_before_conntrack_translates_it() -> None:
    kept = "120 reg0[2] == 1 && ip4.dst == 10.0.0.10 && tcp.dst == 80 -> reg4 = 10.0.0.10; reg2[0..15] = 80; ct_lb_mark;"
    check_among(balanced(WEB), Stage.LS_IN_PRE_STATEFUL, kept)


def test_a_client_that_is_its_own_backend_sees_the_vip() -> None:
    check_among(balanced(WEB), Stage.LS_IN_NAT_HAIRPIN, "90 ip && reg0[12] == 1 -> ct_snat;")


def test_affinity_is_checked_used_and_learned() -> None:
    rows = balanced({"10.0.0.10:80": "10.0.0.2:1"}, options={"affinity_timeout": "60"})
    check_among(rows, Stage.LS_IN_LB_AFF_CHECK, f"100 {TO_WEB.replace('ct.new &&', 'ct.new && ip4 &&')} -> reg9[6] = chk_lb_aff(); next;")
    match = "reg9[6] == 0 && ct.new && ip4 && reg4 == 10.0.0.10 && reg2[0..15] == 80 && ip4.dst == 10.0.0.2 && tcp.dst == 1"
    learn = 'commit_lb_aff(vip = "10.0.0.10:80", backend = "10.0.0.2:1", proto = tcp, timeout = 60); /* drop */'
    check_among(rows, Stage.LS_IN_LB_AFF_LEARN, f"100 {match} -> {learn}")


def test_a_group_brings_its_load_balancers() -> None:
    rows = [*balanced(WEB)[2:], *switch(port("vm"), load_balancer_group=("g",)), LoadBalancerGroup("g", name="g", load_balancer=("lb",))]
    check_among(rows, Stage.LS_IN_PRE_LB, "100 ip -> reg0[2] = 1; next;")


LENT = "110 ct.new && ip4.dst == 10.0.0.10 -> reg4 = 10.0.0.10; ct_lb_mark(backends=10.0.0.2);"


@pytest.mark.parametrize(("wish", "new"), [("true", [LENT]), ("false", [])])
def test_switches_have_what_the_routers_around_them_lend(wish: str, new: list[str]) -> None:
    rows = [*on_router(gateway=False), *switch(towards("side", "end")), NBGlobal("global", options={"install_ls_lb_from_router": wish})]
    check(rows, Stage.LS_IN_LB, *new)


def on_router(*, gateway: bool, **options: str) -> list[Table]:
    """A router with a load balancer."""
    end = router_port("end", "00:00:00:00:00:01", "10.0.0.1/24", gateway_chassis=("gc",) if gateway else ())
    chassis = {} if gateway else {"chassis": "hv1"}
    row = LoadBalancer("lb", name="lb", vips={"10.0.0.10": "10.0.0.2"}, options=options)
    return [*router(end, load_balancer=("lb",), options=chassis), row]


NEW = "110 ct.new && !ct.rel && ip4 && ip4.dst == 10.0.0.10"


@pytest.mark.parametrize(
    ("gateway", "options", "expected"),
    [
        (False, {}, f"{NEW} -> ct_lb_mark(backends=10.0.0.2);"),
        (False, {"skip_snat": "true"}, f"{NEW} -> flags.skip_snat_for_lb = 1; ct_lb_mark(backends=10.0.0.2; skip_snat);"),
        (True, {}, f'{NEW} && is_chassis_resident("cr-end") -> ct_lb_mark(backends=10.0.0.2);'),
    ],
)
def test_new_connections_on_a_router(gateway: bool, options: dict[str, str], expected: str) -> None:
    check_among(on_router(gateway=gateway, **options), Stage.LR_IN_DNAT, expected)


def test_answers_come_back_by_the_gateway_port() -> None:
    match = 'ip4 && ((ip4.src == 10.0.0.2)) && outport == "end"'
    check_among(on_router(gateway=True), Stage.LR_IN_GW_REDIRECT, f'200 {match} -> outport = "cr-end"; next;')
