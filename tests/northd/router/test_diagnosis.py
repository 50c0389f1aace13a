"""Problems of routers' rows."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.northd.diagnosis import PROBLEMS
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb
from tests.northd.compiled import engine, port, router, router_port, switch, towards

MAC = "00:00:00:00:ff:01"


def with_policy(*more: nb.LogicalRouterPolicy, **columns: Any) -> list[Table]:
    """A router with a policy."""
    policies = [nb.LogicalRouterPolicy("policy", **{"priority": 1, "match": "ip4", "action": "reroute", **columns}), *more]
    held = tuple(sorted(row.uuid for row in policies))
    return [*router(router_port("out", MAC, "172.16.0.1/24"), policies=held), *policies]


def with_routes(*routes: dict[str, Any]) -> list[Table]:
    """A router with static routes."""
    made = [nb.LogicalRouterStaticRoute(f"r{number}", **{"ip_prefix": "1.0.0.0/24", **route}) for number, route in enumerate(routes)]
    return [*router(router_port("out", MAC, "172.16.0.1/24"), static_routes=tuple(row.uuid for row in made)), *made]


@pytest.mark.parametrize(
    ("rows", "fact"),
    [
        (with_policy(nexthops=("9.9.9.9",)), "no port of the router leads to a next hop"),
        (with_policy(nexthop="172.16.0.9"), 'uses deprecated column "nexthop"'),
        (with_policy(nexthops=("172.16.0.8", "172.16.0.9"), output_port="out"), "output_port only supported on non-ECMP reroute policies"),
        (with_policy(action="jump"), "Logical router: lr, policy action 'jump' has empty target"),
        (with_policy(action="jump", jump_chain="no"), "policy action 'jump' follows to non-existent chain no"),
        (with_routes({"ip_prefix": "nonsense", "nexthop": "172.16.0.9"}), "bad 'ip_prefix' nonsense"),
        (with_routes({"nexthop": "172.16.0.9/24"}), "bad 'nexthop' 172.16.0.9/24"),
        (with_routes({"nexthop": "9.9.9.9"}), "No path for static route 1.0.0.0/24 on router lr; next hop 9.9.9.9"),
        (with_routes({"nexthop": "172.16.0.9"}, {"nexthop": "discard"}), 'The ECMP route "1.0.0.0/24" contains "discard" route'),
        ([nb.BFD("bfd", logical_port="no", dst_ip="1.1.1.1")], 'no router port is called "no"; nobody'),
        ([nb.StaticMACBinding("mac", logical_port="no", ip="1.1.1.1", mac=MAC)], 'no router port is called "no"'),
        ([nb.DHCPRelay("relay", name="relay", servers="junk")], 'servers "junk" is no address'),
        (switch(other_config={"dhcp_relay_port": "no"}), 'dhcp_relay_port "no" is no port'),
        ([nb.Copp("copp", name="copp", meters={"junk": "m"})], 'meters "junk" is no kind of packets'),
        ([nb.Copp("copp", name="copp", meters={"arp": "no"})], 'meter "no" of arp does not exist'),
        (router(options={"mac_binding_age_threshold": "soon"}), 'mac_binding_age_threshold "soon" is not'),
        (router(router_port("out", MAC, ipv6_ra_configs={"address_mode": "odd"})), "Invalid address mode [odd] defined"),
        (router(router_port("out", MAC, peer="no")), 'peer "no" is no router port whose peer is this one'),
    ],
)
def test_a_problem_says_what_would_help(rows: list[Table], fact: str) -> None:
    (problem,) = engine(rows).items(PROBLEMS)
    assert fact in problem.fact
    assert len(problem.fact) > len(fact)


def test_a_port_cannot_lead_to_a_router_and_a_switch() -> None:
    rows = [*router(router_port("a", MAC, peer="b"), router_port("b", MAC, peer="a")), *switch(towards("side", "a"))]
    facts = [problem.fact for problem in engine(rows).items(PROBLEMS)]
    assert any("The peer of the switch port 'side' (LRP peer: 'a') has its own peer configuration: 'b'" in fact for fact in facts)


def test_what_is_in_order_is_no_problem() -> None:
    rows = [
        *with_routes({"nexthop": "172.16.0.9"}, {"nexthop": "172.16.0.8"}), nb.BFD("bfd", logical_port="out", dst_ip="172.16.0.9"),
        nb.Copp("copp", name="copp", meters={"arp": "m"}), nb.Meter("m", name="m", unit="pktps"), *switch(port("vm")),
        nb.DHCPRelay("relay", name="relay", servers="172.16.0.1"),
    ]  # fmt: skip
    assert not engine(rows).items(PROBLEMS)
