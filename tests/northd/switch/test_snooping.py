"""Packets to groups, on switches."""

from __future__ import annotations

from typing import Any

from pyovn.northd.allotted import PortKey
from pyovn.northd.pipeline import Stage
from tests.northd.compiled import check_among, flows, port, router, router_port, switch, towards

MAC = "00:00:00:00:00:01"


def test_reports_are_heard_where_the_switch_snoops() -> None:
    rows = switch(port("vm"), other_config={"mcast_snoop": "true"})
    check_among(
        rows,
        Stage.LS_IN_L2_LKUP,
        "100 flags.igmp_loopback == 0 && igmp -> igmp;",
        "100 flags.igmp_loopback == 0 && (mldv1 || mldv2) -> igmp;",
        "80 ip4.mcast || ip6.mcast -> drop;",
    )
    assert not [flow for flow in flows(switch(port("vm"))) if "igmp" in flow.actions]


def test_what_nobody_asked_for_goes_to_routers_that_relay_and_to_who_gets_everything() -> None:
    rows: list[Any] = [
        PortKey("all", 1), PortKey("side", 2),
        *switch(port("all", options={"mcast_flood": "true"}), towards("side", "end"), other_config={"mcast_snoop": "true"}),
        *router(router_port("end", MAC, "10.0.0.1/24"), options={"mcast_relay": "true"}),
    ]  # fmt: skip
    copy = 'clone { outport = "_MC_mrouter_flood"; output; }; '
    check_among(rows, Stage.LS_IN_L2_LKUP, f'80 ip4.mcast || ip6.mcast -> {copy}outport ="_MC_static"; output;')


def test_a_zone_hears_what_another_says() -> None:
    rows = switch(port("afar", type="remote"), other_config={"mcast_snoop": "true", "interconn-ts": "ts"})
    check_among(
        rows, Stage.LS_OUT_PRE_LB, '120 inport == "afar" && igmp && flags.igmp_loopback == 0 -> clone { igmp; }; next;'
    )
