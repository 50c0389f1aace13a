"""Advertised_Route: which port announces which route, and which port is tracked for it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from pyovn.ovsdb.operation import Update, by_uuid
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb, sb
from tests.northd.compiled import port, router_port, towards
from tests.northd.stores import Pair


def announced(pair: Pair) -> list[str]:
    """Every row as `ROUTER PORT PREFIX [TRACKED]`."""
    names = {row.uuid: row.logical_port for row in pair.southbound(sb.PortBinding)}
    routers = {row.uuid: row.external_ids["name"] for row in pair.southbound(sb.DatapathBinding)}
    found = (
        [routers[row.datapath], names[row.logical_port], row.ip_prefix, *([names[row.tracked_port]] if row.tracked_port else [])]
        for row in pair.southbound(sb.AdvertisedRoute)
    )
    return sorted(" ".join(words) for words in found)


def compiled(*rows: Table | Iterable[Table]) -> Pair:
    """A network, compiled."""
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *(row for some in rows for row in ([some] if isinstance(some, Table) else some))])
    return pair


def router(name: str, *ports: nb.LogicalRouterPort, kinds: str | None = None, chassis: str = "", **holds: tuple[str, ...]) -> list[Table]:
    """A router, which takes part if it announces anything."""
    options = {} if kinds is None else {"dynamic-routing": "true", "dynamic-routing-redistribute": kinds}
    if chassis:
        options["chassis"] = chassis
    return [nb.LogicalRouter(name, name=name, ports=tuple(sorted(port.uuid for port in ports)), options=options, **holds), *ports]


def switch(*ports: nb.LogicalSwitchPort) -> list[Table]:
    """A switch."""
    return [nb.LogicalSwitch("sw", name="sw", ports=tuple(sorted(port.uuid for port in ports))), *ports]


MACS = [f"00:00:00:00:00:{number:02x}" for number in range(9)]
A = router_port("a", MACS[1], "10.0.0.1/24", "fd00::1/64")
B = router_port("b", MACS[2], "10.0.0.2/24", "10.2.0.2/32", "169.254.0.2/16")
ROUTE = nb.LogicalRouterStaticRoute("route", ip_prefix="172.16.0.9/24", nexthop="10.0.0.9")
DISCARD = nb.LogicalRouterStaticRoute("discard", ip_prefix="172.17.0.0/24", nexthop="discard")
OWN = nb.LogicalRouterStaticRoute("own", ip_prefix="172.18.0.0/24", nexthop="10.0.0.9", options={"origin": "connected"})
ROUTES = ("discard", "own", "route")
NAT = nb.NAT("nat", type="dnat_and_snat", external_ip="9.9.9.9", logical_ip="10.0.0.9")
BALANCER = nb.LoadBalancer("lb", name="lb", vips={"8.8.8.8:80": "10.0.0.9:80", "[fd08::8]:80": "[fd00::9]:80"})
PLAIN = router_port("a", MACS[1], "10.0.0.1/24")
SIDES = switch(towards("sw-a", "a"), towards("sw-b", "b"))
QUIET = router_port("a", MACS[1], "10.0.0.1/24", options={"dynamic-routing-redistribute": ""})


CASES: dict[str, tuple[list[Table | Iterable[Table]], list[str]]] = {
    "nothing": ([router("r", A, kinds="")], []),
    "networks": ([router("r", A, B, kinds="connected")], ["r a 10.0.0.0/24", "r a fd00::/64", "r b 10.0.0.0/24", "r b 10.2.0.2"]),
    "a port's own wish": ([router("r", QUIET, B, kinds="connected")], ["r b 10.0.0.0/24", "r b 10.2.0.2"]),
    "routes": ([router("r", A, kinds="static", static_routes=ROUTES), ROUTE, DISCARD, OWN], ["r a 172.16.0.0/24"]),
    "routes that stand for networks": (
        [router("r", PLAIN, kinds="connected", static_routes=ROUTES), ROUTE, DISCARD, OWN],
        ["r a 10.0.0.0/24", "r a 172.18.0.0/24"],
    ),
    "neighbours one by one": (
        [
            router("r", A, kinds="connected-as-host"), router("other", B),
            switch(
                towards("sw-a", "a"), towards("sw-b", "b"), port("vm", f"{MACS[3]} 10.0.0.3 fe80::3", f"{MACS[4]} 10.0.0.4"),
                port("virtual", f"{MACS[5]} 10.0.0.5", type="virtual"), port("unknown", "unknown"),
            ),
        ],
        ["r a 10.0.0.1 a", "r a 10.0.0.2 b", "r a 10.0.0.3 vm", "r a 10.0.0.4 vm", "r a 10.2.0.2 b", "r a 169.254.0.2 b", "r a fd00::1 a"],
    ),
    "a neighbour at the other end": (
        [
            router("r", router_port("a", MACS[1], "10.0.0.1/24", peer="b"), kinds="connected-as-host"),
            router("other", router_port("b", MACS[2], "10.0.0.2/24", peer="a")),
        ],
        ["r a 10.0.0.2 b"],
    ),
}  # fmt: skip


GATEWAY = nb.GatewayChassis("gc", name="gc", chassis_name="hv", priority=1)
AT_GATEWAY = router_port("b", MACS[2], "10.0.0.2/24", gateway_chassis=("gc",))
BESIDE: list[Table | Iterable[Table]] = [SIDES, GATEWAY, NAT, BALANCER]
"""A switch between a port and the gateway port of another router."""
SAME = nb.LogicalRouterStaticRoute("same", ip_prefix="9.9.9.9", nexthop="10.0.0.2")

CASES |= {
    "translations of a gateway router": ([router("r", A, kinds="nat", chassis="hv", nat=("nat",)), NAT], ["r a 9.9.9.9"]),
    "translations of a neighbour": (
        [router("r", A, kinds="nat"), router("other", AT_GATEWAY, nat=("nat",)), *BESIDE],
        ["r a 9.9.9.9 b"],
    ),
    "translations of a gateway router beside": (
        [router("r", A, kinds="nat"), router("other", B, chassis="hv", nat=("nat",)), SIDES, NAT],
        ["r a 9.9.9.9"],
    ),
    "VIPs of a neighbour": (
        [router("r", A, kinds="lb"), router("other", AT_GATEWAY, load_balancer=("lb",)), *BESIDE],
        ["r a 8.8.8.8 b", "r a fd08::8 b"],
    ),
    "VIPs of a group": (
        [
            router("r", A, kinds="lb"), router("other", AT_GATEWAY, load_balancer_group=("lbg",)), *BESIDE,
            nb.LoadBalancerGroup("lbg", name="lbg", load_balancer=("lb",)),
        ],
        ["r a 8.8.8.8 b", "r a fd08::8 b"],
    ),
    "VIPs of its own, without a place": ([router("r", A, kinds="lb", load_balancer=("lb",)), BALANCER], []),
    "VIPs of a gateway router": (
        [router("r", A, kinds="lb", chassis="hv", load_balancer=("lb",)), BALANCER],
        ["r a 8.8.8.8", "r a fd08::8"],
    ),
    "VIPs at a gateway port": (
        [router("r", A, AT_GATEWAY, kinds="lb", load_balancer=("lb",)), GATEWAY, BALANCER],
        ["r a 8.8.8.8 b", "r a fd08::8 b", "r b 8.8.8.8 b", "r b fd08::8 b"],
    ),
    "who tracks comes first": (
        [router("r", A, kinds="static,nat", static_routes=("same",)), SAME, router("other", AT_GATEWAY, nat=("nat",)), *BESIDE],
        ["r a 9.9.9.9 b"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_routes_are_announced(case: str) -> None:
    rows, expected = CASES[case]
    assert announced(compiled(*rows)) == expected


def test_who_stops_taking_part_announces_nothing() -> None:
    pair = compiled(router("r", A, kinds="connected"))
    pair.say(Update(nb.LogicalRouter, by_uuid("r"), {"options": {"dynamic-routing-redistribute": "connected"}}))
    assert announced(pair) == []


def test_a_translation_carried_out_elsewhere_is_tracked_there() -> None:
    rule = {"type": "dnat_and_snat", "external_ip": "9.9.9.9", "logical_ip": "10.0.0.9", "external_mac": MACS[8]}
    wire = port("wire", "unknown", type="localnet", options={"network_name": "physnet"})
    pair = compiled(
        GATEWAY,
        router("r", router_port("a", MACS[1], "10.0.0.1/24", gateway_chassis=("gc",)), kinds="nat", nat=("nat",)),
        switch(towards("sw-a", "a"), port("vm", MACS[3]), wire), nb.NAT("nat", logical_port="vm", **rule),
    )  # fmt: skip
    assert announced(pair) == ["r a 9.9.9.9 vm"]
    pair.say(Update(nb.NAT, by_uuid("nat"), {"logical_port": "nobody"}))
    assert announced(pair) == ["r a 9.9.9.9"]


def test_a_virtual_address_is_where_a_machine_has_taken_it() -> None:
    pair = compiled(
        router("r", router_port("a", MACS[1], "10.0.0.1/24"), kinds="connected-as-host"),
        switch(towards("sw-a", "a"), port("vm", MACS[3]), port("virtual", f"{MACS[5]} 10.0.0.5", type="virtual")),
    )
    assert announced(pair) == ["r a 10.0.0.1 a"]
    binding = next(row for row in pair.southbound(sb.PortBinding) if row.logical_port == "virtual")
    pair.hear(Update(sb.PortBinding, by_uuid(binding.uuid), {"virtual_parent": "vm"}))
    assert announced(pair) == ["r a 10.0.0.1 a", "r a 10.0.0.5 vm"]
