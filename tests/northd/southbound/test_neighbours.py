"""Static_MAC_Binding and ECMP_Nexthop."""

from __future__ import annotations

from pyovn.ovsdb.operation import Insert, Update, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.compiled import router, router_port
from tests.northd.stores import Pair

MAC = "00:00:00:00:ff:01"


def compiled(**options: str) -> Pair:
    """A router with a static neighbour, and a route whose answers go back by it."""
    pair = Pair()
    symmetric = {"ecmp_symmetric_reply": "true"}
    pair.load([
        nb.NBGlobal("global", options=options),
        *router(router_port("out", MAC, "172.16.0.1/24"), static_routes=("route",)),
        nb.LogicalRouterStaticRoute("route", ip_prefix="1.0.0.0/24", nexthop="172.16.0.9", options=symmetric),
        nb.StaticMACBinding("00000000-0000-4000-8000-000000000001", logical_port="out", ip="172.16.0.7", mac=MAC),
        nb.StaticMACBinding("00000000-0000-4000-8000-000000000002", logical_port="nowhere", ip="172.16.0.7", mac=MAC),
    ])  # fmt: skip
    return pair


def test_a_static_neighbour_of_a_port_has_the_row_of_the_northbound() -> None:
    (row,) = compiled().southbound(sb.StaticMACBinding)
    assert (row.uuid[-1], row.logical_port, row.ip, row.mac, row.override_dynamic_mac) == ("1", "out", "172.16.0.7", MAC, False)


def test_next_hops_are_told_only_if_somebody_asked() -> None:
    assert not compiled().southbound(sb.ECMPNexthop)
    (row,) = compiled(ecmp_nexthop_monitor_enable="true").southbound(sb.ECMPNexthop)
    assert (row.nexthop, row.mac) == ("172.16.0.9", "")


def test_the_mac_of_a_next_hop_follows_what_was_learned() -> None:
    pair = compiled(ecmp_nexthop_monitor_enable="true")
    (hop,) = pair.southbound(sb.ECMPNexthop)
    learned = Insert(sb.MACBinding, {"logical_port": "out", "ip": hop.nexthop, "mac": "00:00:00:00:00:09", "datapath": hop.datapath})
    pair.hear(learned, now=1.0)
    assert pair.southbound(sb.ECMPNexthop)[0].mac == "00:00:00:00:00:09"
    pair.hear(Update(sb.MACBinding, by_uuid(pair.southbound(sb.MACBinding)[0].uuid), {"mac": "00:00:00:00:00:0a"}), now=2.0)
    assert pair.southbound(sb.ECMPNexthop)[0].mac == "00:00:00:00:00:0a"
