"""Routes of other routers to what a router translates and balances for."""

from __future__ import annotations

from typing import Any

from pyovn.northd.pipeline import Stage
from pyovn.ovsdb.row import Table, replace
from pyovn.schemas.nb import LoadBalancer, LogicalRouter, LogicalSwitch
from tests.northd.compiled import check_among, flows, router_port, towards
from tests.northd.router.gateways import MAC, at_a_gateway_port, floating

OTHER = "00:00:00:00:ff:02"


def rows(**options: Any) -> list[Table]:
    """A gateway port with a translation and a VIP, and another router on its switch."""
    found = at_a_gateway_port(floating(options={"add_route": "true"}))
    kept = [row for row in found if not isinstance(row, LogicalRouter) and row.uuid != "sw"]
    (own,) = [row for row in found if isinstance(row, LogicalRouter)]
    (switch,) = [row for row in found if isinstance(row, LogicalSwitch)]
    balancer = LoadBalancer("lb", name="lb", vips={"172.17.0.1:80": "10.0.0.3:80"}, options={"add_route": "true"})
    other = LogicalRouter("other", name="other", ports=("side",), options=options)
    ports = tuple(sorted([*switch.ports, "sw-side"]))
    return [
        *kept, replace(own, load_balancer=("lb",)), replace(switch, ports=ports), balancer, other,
        router_port("side", OTHER, "172.16.0.9/24"), towards("sw-side", "side"),
    ]  # fmt: skip


def test_others_have_routes() -> None:
    to = f'reg0 = ip4.dst; reg5 = 172.16.0.9; eth.src = {OTHER}; outport = "side"; flags.loopback = 1; reg9[9] = 1; next;'
    for address in ("172.16.0.3", "172.17.0.1"):
        check_among(rows(), Stage.LR_IN_IP_ROUTING, f"262 ip4.dst == {address}/32 -> ip.ttl--; reg8[0..15] = 0; {to}")


def test_those_on_one_chassis_know_the_mac() -> None:
    known = f'100 outport == "side" && reg0 == {{172.16.0.3, 172.17.0.1}} -> eth.dst = {MAC}; next;'
    check_among(rows(chassis="hv1"), Stage.LR_IN_ARP_RESOLVE, known)
    learning = flows(rows(chassis="hv1", dynamic_neigh_routers="true"))
    assert not any("{172.16.0.3, 172.17.0.1}" in flow.match for flow in learning)
