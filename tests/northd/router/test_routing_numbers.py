"""Numbers of groups of next hops and of chains."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pyovn.northd.northd import Northd
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.operation import Mutate, Mutation, Operation, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.compiled import router, router_port
from tests.northd.router.gateways import MAC
from tests.northd.stores import Pair

HOPS = ("10.0.0.8", "10.0.0.9")
WAYS: dict[str, Any] = {"action": "reroute", "nexthops": HOPS}


def less(column: str, *refs: str) -> Operation:
    """The router has some of what it had no more."""
    return Mutate(nb.LogicalRouter, by_uuid("lr"), [Mutation(column, "delete", refs)])


def choosing() -> Pair:
    """A router with three destinations, three policies and three chains, each over two next hops or of one policy."""
    pair = Pair()
    routes = [
        nb.LogicalRouterStaticRoute(f"0e00{number}{way}00-route", ip_prefix=f"1.0.{number}.0/24", nexthop=hop)
        for number in range(3)
        for way, hop in enumerate(HOPS)
    ]
    policies = [
        nb.LogicalRouterPolicy(f"0f00000{number}-policy", priority=number, match=f"ip4.src == 1.0.{number}.1", **WAYS)
        for number in range(3)
    ]
    chained = [
        nb.LogicalRouterPolicy(f"0c00000{number}-chained", priority=number, match="ip4", action="drop", chain=name)
        for number, name in enumerate("abc")
    ]
    held = {"static_routes": tuple(row.uuid for row in routes), "policies": tuple(sorted(row.uuid for row in (*policies, *chained)))}
    pair.load([nb.NBGlobal("global"), *router(router_port("out", MAC, "10.0.0.1/24"), **held), *routes, *policies, *chained])
    return pair


STAGES = {
    "lr_in_ip_routing_ecmp": r"reg8\[0\.\.15\] == ([1-9]\d*)", "lr_in_policy_ecmp": r"reg8\[0\.\.15\] == ([1-9]\d*)",
    "lr_in_policy": r"reg9\[16\.\.31\] == ([1-9]\d*) && ",
}  # fmt: skip


def numbers(pair: Pair, stage: str) -> dict[str, int]:
    """By whom a flow of a stage hints at: the number in its match."""
    flows = [row for row in pair.southbound(sb.LogicalFlow) if row.external_ids["stage-name"] == stage]
    found = ((row.external_ids.get("stage-hint", ""), re.match(STAGES[stage], row.match)) for row in flows)
    return {hint: int(number[1]) for hint, number in found if number}


@pytest.mark.parametrize(
    ("stage", "change", "gone"),
    [
        ("lr_in_ip_routing_ecmp", less("static_routes", "0e000000-route", "0e000100-route"), {"0e000000", "0e000100"}),
        ("lr_in_policy_ecmp", less("policies", "0f000000-policy"), {"0f000000"}),
        ("lr_in_policy", less("policies", "0c000000-chained"), {"0c000000"}),
    ],
)
def test_a_number_stays_with_what_has_it(stage: str, change: Operation, gone: set[str]) -> None:
    pair = choosing()
    before = numbers(pair, stage)
    assert set(before.values()) == {1, 2, 3}
    pair.say(change)
    assert numbers(pair, stage) == {hint: number for hint, number in before.items() if hint not in gone}
    successor = Northd(Local(pair.nb_database), Local(pair.sb_database))
    successor.tick(0.0)
    assert successor.transactions == 0, "who takes over keeps the numbers"
