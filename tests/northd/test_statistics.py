"""Counters of work: rounds by part, runs by query."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import walk_packages

import pytest

from pyovn import northd
from pyovn.northd.statistics import NODES, Statistics
from pyovn.ovsdb.operation import Delete, Insert, Mutate, Mutation, Named, Operation, Update, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.compiled import port, router, router_port, switch
from tests.northd.stores import Pair


def counting() -> tuple[Pair, Statistics]:
    """A compiler that has compiled a switch with a port, and what counts from then on."""
    pair = Pair()
    statistics = Statistics(pair.northd.db)
    pair.northd.on_round = statistics.close_round
    pair.load([nb.NBGlobal("global"), *switch(port("vm"))])
    return pair, statistics


def numbers(statistics: Statistics, node: str) -> tuple[str, str]:
    """How often a part was done anew, and how often it had something to do."""
    recompute, compute = (statistics.show([node, counter]) for counter in ("recompute", "compute"))
    return recompute.strip(), compute.strip()


ADD_PORT = [
    Insert(nb.LogicalSwitchPort, {"name": "other"}, uuid_name="other"),
    Mutate(nb.LogicalSwitch, by_uuid("sw"), [Mutation("ports", "insert", (Named("other"),))]),
]
ADD_ROUTER = [Insert(nb.LogicalRouter, {"name": "lr"})]


@pytest.mark.parametrize(
    ("said", "busy", "idle"),
    [
        (ADD_PORT, ("northd", "lflow", "sync_to_sb_pb"), ("lr_nat", "datapath_logical_router", "sync_to_sb_lb")),
        (ADD_ROUTER, ("datapath_logical_router", "datapath_sync"), ("datapath_logical_switch", "port_group")),
        ([Insert(nb.AddressSet, {"name": "s"})], ("sync_to_sb_addr_set",), ("lflow", "northd")),
        ([Delete(nb.LogicalSwitch, by_uuid("sw"))], ("datapath_logical_switch", "lflow"), ("datapath_logical_router",)),
        ([Update(nb.LogicalSwitchPort, by_uuid("vm"), {"external_ids": {"a": "b"}})], ("sync_to_sb_pb",), ("lflow", "lr_nat")),
    ],
)
def test_a_part_counts_rounds_in_which_it_had_something_to_do(
    said: Sequence[Operation], busy: Sequence[str], idle: Sequence[str]
) -> None:
    pair, statistics = counting()
    statistics.clear()
    pair.say(*said)
    assert [numbers(statistics, node) for node in busy] == [("0", "1")] * len(busy)
    assert [numbers(statistics, node) for node in idle] == [("0", "0")] * len(idle)


def test_what_chassis_learn_of_routes_is_the_work_of_few() -> None:
    pair, statistics = counting()
    options = {"dynamic-routing": "true", "dynamic-routing-redistribute": "connected"}
    pair.load([nb.NBGlobal("global"), *router(router_port("lrp", "00:00:00:00:00:01", "10.0.0.1/24"), options=options)])
    binding = next(row for row in pair.southbound(sb.PortBinding) if row.logical_port == "lrp")
    columns = {"datapath": binding.datapath, "logical_port": binding.uuid, "ip_prefix": "172.16.0.0/24", "nexthop": "10.0.0.9"}
    for news in (Insert(sb.LearnedRoute, columns, uuid="learned"), Delete(sb.LearnedRoute, by_uuid("learned"))):
        statistics.clear()
        pair.hear(news)
        assert {numbers(statistics, node) for node in ("learned_route_sync", "group_ecmp_route", "lflow")} == {("0", "1")}
        assert {numbers(statistics, node) for node in ("northd", "routes", "advertised_route_sync")} == {("0", "0")}


def test_only_a_round_that_takes_nothing_for_granted_is_a_recomputation() -> None:
    pair, statistics = counting()
    assert {numbers(statistics, node) for node in NODES} == {("1", "0")}
    pair.northd.compare_everything()
    pair.northd.tick(0.0)
    assert {numbers(statistics, node) for node in NODES} == {("2", "0")}
    statistics.clear()
    pair.northd.tick(0.0)
    assert {numbers(statistics, node) for node in NODES} == {("0", "0")}


def test_queries_count_their_runs() -> None:
    pair, statistics = counting()
    statistics.clear()
    pair.say(Update(nb.LogicalSwitchPort, by_uuid("vm"), {"addresses": ("unknown",)}))
    assert statistics.show(["topology.switch_port", "compute"]) == "1\n"
    assert statistics.show(["topology.switch_port", "recompute"]) == "0\n"
    assert "Node: contents.switch_port_flows\n" in statistics.show([])


def test_what_is_shown() -> None:
    _, statistics = counting()
    shown = ["Node:", "lr_nat", "-", "recompute:", "1", "-", "compute:", "0", "-", "cancel:", "0"]
    assert statistics.show(["lr_nat"]).split() == shown
    assert statistics.show(["nope"]) == ""
    with pytest.raises(ValueError, match="Invalid stat type : nope"):
        statistics.show(["northd", "nope"])


def test_every_node_is_made_of_queries_that_there_are() -> None:
    names = {
        f"{module.name}.{name}"
        for module in walk_packages(northd.__path__, "pyovn.northd.")
        for name in vars(import_module(module.name))
    }
    for node, parts in NODES.items():
        for part in parts:
            assert any(name.startswith(f"pyovn.northd.{part}") for name in names), (node, part)
