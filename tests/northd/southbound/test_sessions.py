"""BFD: sessions in the southbound, and routes and policies that count on them."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.northd.bfd import Session
from pyovn.northd.pipeline import Stage
from pyovn.northd.southbound.sessions import discriminator
from pyovn.ovsdb.operation import Delete, Update, by_uuid
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb, sb
from tests.northd.compiled import check_among, router, router_port
from tests.northd.stores import Pair

MAC = "00:00:00:00:ff:01"


def rows(users: bool = True, **columns: Any) -> list[Table]:
    """A router whose route and policy count on a session."""
    route = nb.LogicalRouterStaticRoute("route", ip_prefix="1.0.0.0/24", nexthop="172.16.0.9", bfd="bfd")
    policy = nb.LogicalRouterPolicy(
        "policy", priority=1, match="ip4", action="reroute", nexthops=("172.16.0.8", "172.16.0.9"), bfd_sessions=("bfd",)
    )
    session = nb.BFD("bfd", **{"logical_port": "out", "dst_ip": "172.16.0.9", **columns})
    held = {"static_routes": ("route",), "policies": ("policy",)} if users else {}
    return [*router(router_port("out", MAC, "172.16.0.1/24"), **held), *([route, policy] if users else []), session]


def compiled(found: list[Table]) -> Pair:
    """These rows, and the southbound that comes of them."""
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *found])
    return pair


def says(pair: Pair, status: str) -> None:
    """The chassis says what became of the session."""
    pair.hear(Update(sb.BFD, by_uuid(pair.southbound(sb.BFD)[0].uuid), {"status": status}), now=1.0)


def ways(pair: Pair) -> tuple[bool, int]:
    """Whether the route is there, and to how many next hops the policy leads."""
    stages = [row.external_ids["stage-name"] for row in pair.southbound(sb.LogicalFlow) if "172.16.0." in row.actions]
    routes = [row for row in pair.southbound(sb.LogicalFlow) if "ip4.dst == 1.0.0.0/24" in row.match]
    return bool(routes), stages.count("lr_in_policy_ecmp")


def test_a_session_has_a_row() -> None:
    (row,) = compiled(rows(min_tx=5)).southbound(sb.BFD)
    assert (row.logical_port, row.dst_ip, row.src_port, row.status) == ("out", "172.16.0.9", 49152, "down")
    assert (row.min_tx, row.min_rx, row.detect_mult) == (5, 1000, 5)
    assert row.disc == discriminator(Session("out", "172.16.0.9")) > 0


@pytest.mark.parametrize(("status", "expected"), [("down", (False, 1)), ("init", (True, 2)), ("up", (True, 2))])
def test_what_counts_on_a_session_follows_it(status: str, expected: tuple[bool, int]) -> None:
    pair = compiled(rows())
    says(pair, status)
    assert ways(pair) == expected
    assert pair.northbound(nb.BFD)[0].status == status


def test_a_session_that_nobody_counts_on_is_off() -> None:
    pair = compiled(rows(users=False))
    assert pair.southbound(sb.BFD)[0].status == pair.northbound(nb.BFD)[0].status == "admin_down"
    says(pair, "up")
    assert pair.southbound(sb.BFD)[0].status == "admin_down"


def test_sessions_keep_their_ports() -> None:
    pair = compiled([*rows(), nb.BFD("more", logical_port="out", dst_ip="172.16.0.10")])
    ports = {row.dst_ip: row.src_port for row in pair.southbound(sb.BFD)}
    assert sorted(ports.values()) == [49152, 49153]
    pair.say(Delete(nb.BFD, by_uuid("bfd")), now=1.0)
    assert {row.dst_ip: row.src_port for row in pair.southbound(sb.BFD)} == {"172.16.0.10": ports["172.16.0.10"]}


def test_a_session_of_no_port_is_none() -> None:
    assert not compiled(rows(logical_port="nowhere")).southbound(sb.BFD)


def test_messages_are_handled_and_do_not_age() -> None:
    found = rows()
    check_among(found, Stage.LR_IN_IP_INPUT, "110 ip4.dst == 172.16.0.1 && udp.dst == 3784 -> handle_bfd_msg(); ")
    to = f'reg0 = ip4.dst; reg5 = 172.16.0.1; eth.src = {MAC}; outport = "out"; flags.loopback = 1; reg9[9] = 1; next;'
    check_among(found, Stage.LR_IN_IP_ROUTING, f"199 ip4.dst == 172.16.0.0/24 && udp.dst == 3784 -> reg8[0..15] = 0; {to}")
