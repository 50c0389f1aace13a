"""What is wrong with northbound rows is told by name; nothing raises, whatever they hold."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pyovn.northd.diagnosis import PROBLEMS
from pyovn.ovsdb.row import Table
from pyovn.schemas.nb import (
    ACL,
    DHCPOptions,
    ForwardingGroup,
    LoadBalancer,
    LogicalRouter,
    LogicalSwitch,
    MirrorRule,
    QoS,
)
from tests.northd.compiled import engine, port, router, router_port, switch, towards
from tests.northd.router.gateways import at_a_gateway_port, at_a_gateway_router, distributed, snat
from tests.northd.stores import Pair

MAC = "00:00:00:00:00:01"


@pytest.mark.parametrize(
    ("rows", "row", "fact"),
    [
        (switch(port("vm", "nonsense")), "vm", 'addresses "nonsense" is not'),
        (switch(port("vm", f"{MAC} 10.0.0.300")), "vm", "is ignored"),
        (switch(port("vm", port_security=("bad",))), "vm", 'port_security "bad" is not'),
        ([*switch(port("vm")), LogicalSwitch("other", name="other", ports=("vm",))], "vm", "is in 2 switches"),
        (switch(towards("side", "missing")), "side", 'router-port "missing" names no router port'),
        (switch(port("odd", type="junk")), "odd", 'type "junk" is not known'),
        (switch(port("vip", type="virtual", options={"virtual-ip": "10.0.0.9"})), "vip", "a virtual port needs"),
        (switch(port("a", type="switch", peer="b"), port("b", peer="a")), "a", 'peer "b" is no port of type switch'),
        (switch(port("vm", options={"arp_proxy": "junk"})), "vm", 'arp_proxy "junk" is not'),
        ([LoadBalancer("lb", name="lb", vips={"10.0.0.1": "10.0.0.2"}, ip_port_mappings={"10.0.0.2": "vm:"})], "lb", "Invalid svc mon src"),
        ([ForwardingGroup("fg", name="fg", child_port=("vm",))], "fg", 'child_port "vm" does not exist'),
        (switch(port("wire", type="localnet")), "wire", "needs options:network_name"),
        (switch(other_config={"subnet": "fd00::/64"}), "sw", "no such network"),
        (switch(other_config={"ipv6_prefix": "fd00::/48"}), "sw", "no such network"),
        (router(router_port("end", "zz")), "end", "is no MAC"),
        (router(router_port("end", MAC, "10.0.0.0/99")), "end", "is not IP/LENGTH"),
        (at_a_gateway_router(snat(external_ip="nonsense")), "snat nonsense 10.0.0.0/24", "are not two addresses"),
        ([*router(nat=("snat",)), snat()], "snat 172.16.0.2 10.0.0.0/24", "no chassis carries it out"),
        (at_a_gateway_port(distributed(external_mac="zz")), "dnat_and_snat 172.16.0.3 10.0.0.3", 'external_mac "zz" is no MAC'),
        (at_a_gateway_port(distributed(external_mac=None)), "dnat_and_snat 172.16.0.3 10.0.0.3", "together make it distributed"),
        ([LoadBalancer("lb", name="lb", vips={"nonsense": "10.0.0.1"})], "lb", 'vips "nonsense" = "10.0.0.1" is not'),
        ([QoS("q", match="1", action={"dscp": 64})], "q", "is more than 63"),
        ([ACL("a", name="web", match="ip4.src ==")], "web", 'match "ip4.src ==" does not parse'),
        ([ACL("a", name="web", match="ip4.src == $nobody")], "web", "names $nobody, which does not exist"),
        ([ACL("a", name="web", match="inport == @nobody")], "web", "names @nobody, which does not exist"),
        ([MirrorRule("m", match="nope == 1")], "m", "does not parse"),
        (switch(port("a", f"{MAC} 10.0.0.1"), port("b", "00:00:00:00:00:02 10.0.0.1")), "b", "addresses: 10.0.0.1 is a's already"),
        ([*router(router_port("end", MAC)), LogicalRouter("r2", name="r2", ports=("end",))], "end", "duplicate logical router port end"),
        ([*router(router_port("end", MAC)), *switch(port("end"))], "end", "duplicate logical router port end"),
        ([ACL("a", name="web", match="1", log=True, meter="m")], "web", 'meter "m" does not exist'),
        ([DHCPOptions("v4", cidr="10.0.0.0/24"), *switch(port("vm", dhcpv4_options="v4"))], "10.0.0.0/24", "lacks server_id, server_mac"),
    ],
)
def test_a_problem_names_row_and_fact(rows: Iterable[Table], row: str, fact: str) -> None:
    (problem,) = engine(rows).items(PROBLEMS)
    assert problem.row == row and fact in problem.fact


def test_good_rows_have_none() -> None:
    rows = [
        *switch(port("vm", f"{MAC} 10.0.0.2", "unknown"), port("any", "dynamic"), port("mine", f"{MAC} dynamic"), towards("side", "end")),
        *router(router_port("end", MAC, "10.0.0.1/24")),
    ]
    assert not engine(rows).items(PROBLEMS)


WORDS = ["", "junk", "10.0.0.1", "10.0.0.1/24", "fd00::1/64", MAC, f"{MAC} 10.0.0.2", f"{MAC} dynamic", "dynamic", "unknown", "router", "²"]
KEYS = [
    "arp_proxy", "virtual-ip", "virtual-parents", "subnet", "exclude_ips", "ipv6_prefix", "mac_only", "router-port", "requested-tnl-key",
    "nat-addresses", "mcast_idle_timeout",
]  # fmt: skip
junk = st.sampled_from(WORDS)
option = st.sampled_from([*KEYS, "chassis"])
options = st.dictionaries(option, junk | st.just("end"), max_size=4)
kind = st.sampled_from(["", "router", "localnet", "external", "virtual", "localport", "junk"])


@settings(max_examples=60, deadline=None)
@example([("", {"dynamic"}, {})], {"ipv6_prefix": "fd00::/64"}, {}, "", set())
@given(st.lists(st.tuples(kind, st.sets(junk), options), max_size=4), options, options, junk, st.sets(junk))
def test_nothing_raises(
    ports: list[tuple[str, set[str], dict[str, str]]], config: dict[str, str], router_options: dict[str, str], mac: str, networks: set[str]
) -> None:
    made = [port(f"p{number}", *words, type=type_, options=given_) for number, (type_, words, given_) in enumerate(ports)]
    pair = Pair()
    pair.load([*switch(*made, other_config=config), *router(router_port("end", mac, *networks), options=router_options)])
    assert isinstance(pair.northd.problems, list)


def test_a_loop_of_switches_is_told_at_each_port_of_it() -> None:
    names = (("a1", "b1"), ("b2", "c1"), ("c2", "a2"), ("c3", "d1"))
    ends = [port(name, type="switch", peer=other) for one, two in names for name, other in ((one, two), (two, one))]
    switches = [
        LogicalSwitch(letter, name=letter, ports=tuple(sorted(end.name for end in ends if end.name[0] == letter))) for letter in "abcd"
    ]
    told = engine([*switches, *ends]).items(PROBLEMS)
    assert sorted(problem.row for problem in told) == ["a1", "a2", "b1", "b2", "c1", "c2"]
    assert all("packets go round" in problem.fact for problem in told)
