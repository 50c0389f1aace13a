"""Routes over several next hops."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.northd.contents import FLOWS
from pyovn.northd.pipeline import Stage
from pyovn.ovsdb.row import Table
from pyovn.schemas.nb import LogicalRouter, LogicalRouterStaticRoute
from tests.northd.compiled import check, check_among, engine, router, router_port
from tests.northd.router.gateways import MAC

TO = "reg7 == 0 && ip4.dst == 1.0.0.0/24"
PICKS = "ip.ttl--; flags.loopback = 1; reg8[0..15] = 1; reg8[16..31] ="
SYMMETRIC = {"ecmp_symmetric_reply": "true"}


def rows(*routes: dict[str, Any], prefix: str = "1.0.0.0/24", **columns: Any) -> list[Table]:
    """A router with a port at 172.16.0.1 and these routes to one prefix."""
    made = [LogicalRouterStaticRoute(f"route-{number}", ip_prefix=prefix, **route) for number, route in enumerate(routes)]
    held = tuple(route.uuid for route in made)
    return [*router(router_port("out", MAC, "172.16.0.1/24", "fd16::1/64"), static_routes=held, **columns), *made]


def via(next_hop: str, **columns: Any) -> dict[str, Any]:
    """A route by a next hop."""
    return {"nexthop": next_hop, **columns}


def member(number: int, next_hop: str, more: str = "") -> str:
    """The flow of a member, as `check` writes it."""
    to = f'reg0 = {next_hop}; reg5 = 172.16.0.1; eth.src = {MAC}; outport = "out"; reg9[9] = 1; {more}next;'
    return f"100 reg8[0..15] == 1 && reg8[16..31] == {number} -> {to}"


def test_a_hash_picks_one_of_several() -> None:
    found = rows(via("172.16.0.8"), via("172.16.0.9"))
    check_among(found, Stage.LR_IN_IP_ROUTING, f"196 {TO} -> {PICKS} select(1, 2);")
    quiet = "150 reg8[0..15] == 0 -> next;"
    check(found, Stage.LR_IN_IP_ROUTING_ECMP, member(1, "172.16.0.8"), member(2, "172.16.0.9"), quiet)


@pytest.mark.parametrize(
    ("fields", "all_protocols", "tcp"),
    [
        ((("ip_dst", "ip_src"), ("ip_src",)), "ip_src", None),
        ((("ip_src", "tp_dst"), ("ip_src", "tp_dst", "tp_src")), "ip_proto,ip_src", "ip_proto,ip_src,tcp_dst"),
    ],
)
def test_members_agree_on_what_chooses(fields: tuple[tuple[str, ...], tuple[str, ...]], all_protocols: str, tcp: str | None) -> None:
    found = rows(*(via(f"172.16.0.{8 + number}", selection_fields=names) for number, names in enumerate(fields)))
    chosen = f'{PICKS} select(values=(1, 2); hash_fields="{all_protocols}");'
    check_among(found, Stage.LR_IN_IP_ROUTING, f"196 {TO} -> {chosen}")
    if tcp:
        check_among(found, Stage.LR_IN_IP_ROUTING, f'197 {TO} && tcp -> {PICKS} select(values=(1, 2); hash_fields="{tcp}");')


def test_a_route_that_names_another_routers_port_is_that_ones() -> None:
    other = LogicalRouter("other", name="other", ports=("far",))
    found = [*rows(via("10.0.0.9", output_port="far")), other, router_port("far", MAC, "10.0.0.1/24")]
    places = {placed.where for placed in engine(found).items(FLOWS) if placed.flow.hint == "route-0"}
    assert places == {"other"}


def test_a_group_that_discards_in_one_way_discards_in_all() -> None:
    quiet = "150 reg8[0..15] == 0 -> next;"
    group = "100 reg8[0..15] == 1 && reg8[16..31] =="
    found = rows(via("172.16.0.8"), via("discard"))
    check(found, Stage.LR_IN_IP_ROUTING_ECMP, f"{group} 1 -> drop;", f"{group} 2 -> drop;", quiet)


def test_alone_a_symmetric_route_is_a_group_already() -> None:
    found = rows(via("172.16.0.8", options=SYMMETRIC))
    check_among(found, Stage.LR_IN_IP_ROUTING, f"196 {TO} -> {PICKS} 1; next;")
    check_among(found, Stage.LR_IN_IP_ROUTING_ECMP, member(1, "172.16.0.8", "reg9[10] = 1; "))
    # Only a gateway router sees both directions in one place.
    check(found, Stage.LR_IN_ECMP_STATEFUL)


@pytest.mark.parametrize(
    ("columns", "actions"),
    [
        (via("172.16.0.8"), 'reg0 = 172.16.0.8; reg5 = 172.16.0.1; eth.src = MAC; outport = "out"; flags.loopback = 1; reg9[9] = 1'),
        (via("fd16::8"), 'xxreg0 = fd16::8; xxreg1 = fd16::1; eth.src = MAC; outport = "out"; flags.loopback = 1; reg9[9] = 0'),
        (via("", output_port="out"), 'reg0 = ip4.dst; reg5 = 172.16.0.1; eth.src = MAC; outport = "out"; flags.loopback = 1; reg9[9] = 1'),
    ],
)
def test_one_way_needs_no_group(columns: dict[str, Any], actions: str) -> None:
    expected = f"196 {TO} -> ip.ttl--; reg8[0..15] = 0; {actions.replace('MAC', MAC)}; next;"
    check_among(rows(columns), Stage.LR_IN_IP_ROUTING, expected)


def test_what_stands_for_an_own_network_is_preferred_and_no_group() -> None:
    found = rows(*(via(f"172.16.0.{number}", options={"origin": "connected"}) for number in (8, 9)))
    for number in (8, 9):
        to = f'reg0 = 172.16.0.{number}; reg5 = 172.16.0.1; eth.src = {MAC}; outport = "out"; flags.loopback = 1; reg9[9] = 1; next;'
        check_among(found, Stage.LR_IN_IP_ROUTING, f"198 ip4.dst == 1.0.0.0/24 -> ip.ttl--; reg8[0..15] = 0; {to}")


@pytest.mark.parametrize("next_hop", ["172.16.0.8/24", "nonsense", "9.9.9.9"])
def test_a_next_hop_that_is_none_leads_nowhere(next_hop: str) -> None:
    found = rows(via(next_hop))
    check(found, Stage.LR_IN_IP_ROUTING_ECMP, "150 reg8[0..15] == 0 -> next;")
