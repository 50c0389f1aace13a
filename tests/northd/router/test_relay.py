"""Packets to groups, on routers."""

from __future__ import annotations

from typing import Any

from pyovn.northd.allotted import PortKey
from pyovn.northd.pipeline import Stage
from tests.northd.compiled import check_among, flows, router, router_port, shown

MAC = "00:00:00:00:00:01"
RELAY = {"mcast_relay": "true"}


def test_a_router_relays_only_if_told_so() -> None:
    end = router_port("end", MAC, "10.0.0.1/24")
    check_among(router(end), Stage.LR_IN_IP_INPUT, "82 ip4.mcast || ip6.mcast -> drop;")
    rows = router(end, options=RELAY)
    check_among(rows, Stage.LR_IN_IP_INPUT, "82 ip4.mcast || ip6.mcast -> next;")
    check_among(rows, Stage.LR_IN_IP_ROUTING, "10450 ip4.mcast || ip6.mcast -> drop;")
    check_among(rows, Stage.LR_OUT_DELIVERY, f'110 (ip4.mcast || ip6.mcast) && outport == "end" -> eth.src = {MAC}; output;')


def test_a_port_may_get_everything() -> None:
    rows: list[Any] = [PortKey("end", 1), *router(router_port("end", MAC, "10.0.0.1/24", options={"mcast_flood": "true"}), options=RELAY)]
    check_among(
        rows,
        Stage.LR_IN_IP_ROUTING,
        '10450 ip4.mcast || ip6.mcast -> clone { outport = "_MC_static"; ip.ttl--; next; };',
        '10460 igmp -> clone { outport = "_MC_static"; next; };',
        f"10550 eth.src == {MAC} && igmp -> drop;",
    )


def test_without_relay_nothing_is_routed_to_groups() -> None:
    rows = router(router_port("end", MAC, "10.0.0.1/24", options={"mcast_flood": "true"}))
    assert not [flow for flow in flows(rows) if flow.stage is Stage.LR_IN_IP_ROUTING and "mcast" in shown(flow)]
