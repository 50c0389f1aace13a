"""Policies of routers."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.ovsdb.row import Table, replace
from pyovn.schemas.nb import LogicalRouterPolicy
from tests.northd.compiled import check, router, router_port
from tests.northd.router.gateways import MAC

WHO = "ip4.src == 10.0.0.0/24"
TO_HOP = f'reg5 = 172.16.0.1; eth.src = {MAC}; outport = "out"; flags.loopback = 1; '


def rows(**columns: object) -> list[Table]:
    """A router with a port at 172.16.0.1 and one policy."""
    policy = LogicalRouterPolicy("policy", **{"priority": 10, "match": WHO, **columns})
    return [*router(router_port("out", MAC, "172.16.0.1/24"), policies=("policy",)), policy]


@pytest.mark.parametrize(
    ("columns", "actions"),
    [
        ({"action": "drop"}, "drop;"),
        ({"action": "allow"}, "reg8[0..15] = 0; next;"),
        ({"action": "allow", "options": {"pkt_mark": "8"}}, "pkt.mark = 8; reg8[0..15] = 0; next;"),
        (
            {"action": "reroute", "nexthops": ("172.16.0.9",)},
            f"reg0 = 172.16.0.9; {TO_HOP}reg8[0..15] = 0; reg9[9] = 1; next;",
        ),
        (
            {"action": "reroute", "nexthops": ("10.9.9.9",), "output_port": "out"},
            f"reg0 = 10.9.9.9; {TO_HOP}reg8[0..15] = 0; reg9[9] = 1; next;",
        ),
    ],
)
def test_actions(columns: dict[str, object], actions: str) -> None:
    check(rows(**columns), Stage.LR_IN_POLICY, f"10 {WHO} -> {actions}")


@pytest.mark.parametrize("columns", [
    {"action": "reroute", "nexthops": ("10.9.9.9",)},
    {"action": "reroute", "nexthops": ("nonsense",)},
    {"action": "reroute", "nexthops": ("172.16.0.8", "172.16.0.9"), "output_port": "out"},
    {"action": "jump", "jump_chain": "missing"},
    {"action": "jump"},
    {"action": "allow", "nexthop": "172.16.0.8"},
])  # fmt: skip
def test_a_way_to_nowhere_is_none(columns: dict[str, object]) -> None:
    check(rows(**columns), Stage.LR_IN_POLICY)


@pytest.mark.parametrize(("mark", "actions"), [("8", "pkt.mark = 8; "), ("0", ""), ("0x8", ""), ("99999999999", "")])
def test_marks(mark: str, actions: str) -> None:
    check(rows(action="allow", options={"pkt_mark": mark}), Stage.LR_IN_POLICY, f"10 {WHO} -> {actions}reg8[0..15] = 0; next;")


def test_chains_have_numbers() -> None:
    number = Stage.LR_IN_POLICY.number
    inner = LogicalRouterPolicy("inner", priority=5, match="ip4", action="drop", chain="inner")
    found = [*rows(action="jump", jump_chain="inner", options={"pkt_mark": "8"}), inner]
    found[0] = replace(found[0], policies=("inner", "policy"))
    jumps = f"10 reg9[16..31] == 0 && ({WHO}) -> reg9[16..31]=1; next(pipeline=ingress, table={number});"
    check(found, Stage.LR_IN_POLICY, jumps, "5 reg9[16..31] == 1 && (ip4) -> drop;")


def test_one_of_several_next_hops_is_picked() -> None:
    found = rows(action="reroute", nexthops=("172.16.0.8", "172.16.0.9"))
    check(found, Stage.LR_IN_POLICY, f"10 {WHO} -> reg8[0..15] = 1; reg8[16..31] = select(1, 2);")
    group = "100 reg8[0..15] == 1 && reg8[16..31]"
    check(
        found,
        Stage.LR_IN_POLICY_ECMP,
        f"{group} == 1 -> reg0 = 172.16.0.8; {TO_HOP}reg9[9] = 1; next;",
        f"{group} == 2 -> reg0 = 172.16.0.9; {TO_HOP}reg9[9] = 1; next;",
        "150 reg8[0..15] == 0 -> next;",
    )
