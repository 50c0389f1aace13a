"""From a destination MAC to ports."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from tests.northd.compiled import check_among, flows, port, router, router_port, switch, towards

LOOKUP = Stage.LS_IN_L2_LKUP
MAC = "00:00:00:00:00:01"


def test_a_port_gets_what_is_sent_to_its_macs() -> None:
    check_among(switch(port("vm", f"{MAC} 10.0.0.2")), LOOKUP, f'50 eth.dst == {MAC} -> outport = "vm"; output;')
    check_among(switch(port("vm", MAC, enabled=False)), LOOKUP, f"50 eth.dst == {MAC} -> drop;")


def test_an_external_port_is_reached_by_its_wire() -> None:
    assert not [flow for flow in flows(switch(port("afar", MAC, type="external"))) if flow.match == f"eth.dst == {MAC}"]


def test_who_asks_for_a_router_disturbs_no_other_router() -> None:
    side = [towards("sw-lr", "lr-sw"), port("vm", MAC)]
    rows = [*switch(*side), *router(router_port("lr-sw", "00:00:00:00:ff:01", "10.0.0.1/24"))]
    check_among(
        rows,
        LOOKUP,
        '80 flags[1] == 0 && arp.op == 1 && arp.tpa == 10.0.0.1 -> clone {outport = "sw-lr"; output; }; outport = "_MC_flood_l2"; output;',
    )


def test_where_only_routers_are_nobody_else_hears_it() -> None:
    rows = [*switch(towards("sw-lr", "lr-sw")), *router(router_port("lr-sw", "00:00:00:00:ff:01", "10.0.0.1/24"))]
    check_among(rows, LOOKUP, '80 flags[1] == 0 && arp.op == 1 && arp.tpa == 10.0.0.1 -> outport = "sw-lr"; output;')
    assert not [flow for flow in flows(rows) if flow.stage is LOOKUP and flow.priority == 75]


def test_a_closed_router_port_is_not_asked_for() -> None:
    rows = [*switch(towards("sw-lr", "lr-sw")), *router(router_port("lr-sw", "00:00:00:00:ff:01", "10.0.0.1/24", enabled=False))]
    assert not [flow for flow in flows(rows) if flow.stage is LOOKUP and flow.priority == 80]
