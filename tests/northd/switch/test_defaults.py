"""What a switch does when nothing was asked of it."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from tests.northd.compiled import check, check_among, flows, port, router, router_port, switch, towards


def test_a_packet_meets_a_flow_in_every_stage() -> None:
    stages = {flow.stage for flow in flows(switch()) if flow.match == "1"}
    assert stages == {stage for stage in Stage if stage.name.startswith("LS_")}


def test_conntrack_runs_for_those_who_ask() -> None:
    check(
        switch(),
        Stage.LS_IN_PRE_STATEFUL,
        "115 reg0[2] == 1 && ip.is_frag -> reg0[19] = 1; ct_lb_mark;",
        "110 reg0[2] == 1 -> ct_lb_mark;",
        "100 reg0[0] == 1 -> ct_next;",
    )


def test_routers_and_wires_are_not_tracked() -> None:
    connected = [*switch(towards("side", "lr-sw")), *router(router_port("lr-sw", "00:00:00:00:ff:01", "10.0.0.1/24"))]
    for rows in (connected, switch(port("side", type="localnet"))):
        check_among(rows, Stage.LS_IN_PRE_LB, '110 ip && inport == "side" -> next;')
        check_among(rows, Stage.LS_OUT_PRE_LB, '110 ip && outport == "side" -> flags.pkt_sampled = 0; ct_clear; next;')
