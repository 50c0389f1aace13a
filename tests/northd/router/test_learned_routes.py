"""Routes that chassis learned."""

from __future__ import annotations

import pytest

from pyovn.ovsdb.operation import Insert, Named, Update, by_uuid
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb, sb
from tests.northd.compiled import router, router_port
from tests.northd.stores import Pair

MAC = "00:00:00:00:ff:01"
ON = {"dynamic-routing": "true"}
START = "ip.ttl--; reg8[0..15] = 0; "
END = f'eth.src = {MAC}; outport = "out"; flags.loopback = 1; '


def learn(pair: Pair, prefix: str, *next_hops: str, at: str = "out") -> None:
    """A chassis learns a route at a port, over one next hop or several."""
    (datapath,) = pair.southbound(sb.DatapathBinding)
    binding = next(row for row in pair.southbound(sb.PortBinding) if row.logical_port == at)
    columns = {"datapath": datapath.uuid, "logical_port": binding.uuid, "ip_prefix": prefix}
    pair.hear(*(Insert(sb.LearnedRoute, {**columns, "nexthop": hop}) for hop in next_hops))


def routes(pair: Pair, word: str) -> list[str]:
    """The flows of the routing stages with a word in them."""
    stages = ("lr_in_ip_routing", "lr_in_ip_routing_ecmp")
    found = [row for row in pair.southbound(sb.LogicalFlow) if row.external_ids["stage-name"] in stages]
    return sorted(f"{row.priority} {row.match} -> {row.actions}" for row in found if word in f"{row.match} {row.actions}")


def compiled(*more: Table, **options: str) -> Pair:
    """A router that takes part, with a port of both families."""
    pair = Pair()
    out = router_port("out", MAC, "10.0.0.1/24", "10.1.0.1/24", "fd00::1/64")
    pair.load([nb.NBGlobal("global"), *router(out, options={**ON, **options}), *more])
    return pair


CASES = {
    "beside the port": ("172.16.0.0/24", "10.0.0.9", "194 ip4", "reg5 = 10.0.0.1"),
    "in another of its networks": ("172.16.0.9/32", "10.1.0.9", "258 ip4", "reg5 = 10.1.0.1"),
    "elsewhere": ("172.16.0.0/24", "11.0.0.9", "194 ip4", "reg5 = 10.0.0.1"),
    "IPv6": ("fd09::/64", "fd00::9", "514 ip6", "xxreg1 = fd00::1"),
    "IPv4 over IPv6": ("172.16.0.0/24", "fe80::9", "194 ip4", "xxreg1 = fe80::200:ff:fe00:ff01"),
}
"""Prefix, next hop, priority and family of the flow, and which of the port's addresses is the source."""


@pytest.mark.parametrize("case", CASES)
def test_a_learned_route_is_a_route(case: str) -> None:
    prefix, hop, rank, source = CASES[case]
    pair = compiled()
    learn(pair, prefix, hop)
    (priority, ip), register = rank.split(), "xxreg0" if ":" in hop else "reg0"
    assert routes(pair, prefix) == [
        f"{priority} reg7 == 0 && {ip}.dst == {prefix} -> {START}{register} = {hop}; {source}; {END}reg9[9] = {int(':' not in hop)}; next;"
    ]


def test_a_port_without_addresses_leaves_the_source_open() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *router(router_port("out", MAC), options=ON)])
    learn(pair, "172.16.0.0/24", "10.0.0.9")
    assert routes(pair, "172.16.0.0") == [f"194 reg7 == 0 && ip4.dst == 172.16.0.0/24 -> {START}reg0 = 10.0.0.9; {END}reg9[9] = 1; next;"]


def test_several_are_a_group_of_their_own() -> None:
    pair = compiled()
    learn(pair, "172.16.0.0/24", "10.0.0.8", "10.0.0.9")
    assert routes(pair, "172.16.0.0") == [
        "194 reg7 == 0 && ip4.dst == 172.16.0.0/24 -> ip.ttl--; flags.loopback = 1; reg8[0..15] = 1; reg8[16..31] = select(1, 2);"
    ]
    assert len(routes(pair, "reg8[0..15] == 1 && reg8[16..31]")) == 2


@pytest.mark.parametrize(("prefix", "hop"), [("nowhere", "10.0.0.9"), ("172.16.0.0/24", "10.0.0.0/24"), ("172.16.0.0/24", "")])
def test_one_that_is_none_stays_but_leads_nowhere(prefix: str, hop: str) -> None:
    pair = compiled()
    before = routes(pair, "")
    learn(pair, prefix, hop)
    assert len(pair.southbound(sb.LearnedRoute)) == 1
    assert routes(pair, "") == before


def test_who_does_not_take_part_learns_nothing() -> None:
    pair = compiled()
    learn(pair, "172.16.0.0/24", "10.0.0.9")
    pair.say(Update(nb.LogicalRouter, by_uuid("lr"), {"options": {}}))
    assert not routes(pair, "172.16.0.0")
    assert not pair.southbound(sb.LearnedRoute)


def test_a_gateway_port_learns_while_a_chassis_has_it() -> None:
    pair = Pair()
    gateway = nb.GatewayChassis("gc", name="gc", chassis_name="hv", priority=1)
    out = router_port("out", MAC, "10.0.0.1/24", gateway_chassis=("gc",))
    pair.load([nb.NBGlobal("global"), gateway, *router(out, options=ON)])
    learn(pair, "172.16.0.0/24", "10.0.0.9")
    assert not pair.southbound(sb.LearnedRoute)
    encap = Insert(sb.Encap, {"type": "geneve", "ip": "192.0.2.1", "chassis_name": "hv"}, "encap")
    pair.hear(encap, Insert(sb.Chassis, {"name": "hv", "hostname": "hv", "encaps": (Named("encap"),)}))
    half = next(row for row in pair.southbound(sb.PortBinding) if row.logical_port == "cr-out")
    pair.hear(Update(sb.PortBinding, by_uuid(half.uuid), {"chassis": pair.southbound(sb.Chassis)[0].uuid}))
    learn(pair, "172.16.0.0/24", "10.0.0.9")
    assert len(routes(pair, "172.16.0.0")) == 1


def test_a_port_that_moves_to_another_router_forgets() -> None:
    pair = Pair()
    out = router_port("out", MAC, "10.0.0.1/24")
    options = {**ON, "dynamic-routing-redistribute": "connected"}
    first, *_ = router(out, options=options)
    pair.load([nb.NBGlobal("global"), first, out])
    learn(pair, "172.16.0.0/24", "10.0.0.9")
    other = nb.LogicalRouter("lr2", name="lr2", options=options, ports=("out",))
    pair.load([other, nb.LogicalRouter("lr", name="lr", options=options), out])
    assert not pair.southbound(sb.LearnedRoute)
    (route,), (binding,) = pair.southbound(sb.AdvertisedRoute), pair.southbound(sb.PortBinding)
    datapath = next(row for row in pair.southbound(sb.DatapathBinding) if row.nb_uuid == "lr2")
    assert (route.datapath, route.logical_port, binding.datapath) == (datapath.uuid, binding.uuid, datapath.uuid)
