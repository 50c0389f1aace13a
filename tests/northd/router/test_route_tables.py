"""Numbers of route tables."""

from __future__ import annotations

from pyovn.northd.northd import Northd
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.operation import Update, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.compiled import router, router_port
from tests.northd.router.gateways import MAC
from tests.northd.stores import Pair


def chosen(pair: Pair) -> dict[str, str]:
    """What each port of entry chooses."""
    flows = (row for row in pair.southbound(sb.LogicalFlow) if row.external_ids["stage-name"] == "lr_in_ip_routing_pre")
    return {row.match: row.actions for row in flows if row.priority}


def choosing() -> Pair:
    """A router with a port that chooses table `b`, and then another that chooses `a`; a route is in a table `main`."""
    pair = Pair()
    route = nb.LogicalRouterStaticRoute("0e000000-route", ip_prefix="1.0.0.0/8", nexthop="10.0.0.9", route_table="main")
    ports = [router_port("one", MAC, "10.0.0.1/24", options={"route_table": "b"}), router_port("two", MAC, "10.0.1.1/24")]
    pair.load([nb.NBGlobal("global"), *router(*ports, static_routes=(route.uuid,)), route])
    pair.say(Update(nb.LogicalRouterPort, by_uuid("two"), {"options": {"route_table": "a"}}))
    return pair


def test_a_number_stays_with_its_table() -> None:
    pair = choosing()
    assert chosen(pair) == {'inport == "one"': "reg7 = 1; next;", 'inport == "two"': "reg7 = 3; next;"}
    pair.say(Update(nb.LogicalRouterPort, by_uuid("one"), {"options": {}}))
    assert chosen(pair) == {'inport == "two"': "reg7 = 3; next;"}


def test_no_table_is_the_main_one_by_its_name() -> None:
    flows = (row for row in choosing().southbound(sb.LogicalFlow) if row.external_ids.get("stage-hint") == "0e000000")
    assert [row.match for row in flows if row.external_ids["stage-name"] == "lr_in_ip_routing"] == ["reg7 == 2 && ip4.dst == 1.0.0.0/8"]


def test_who_takes_over_keeps_the_numbers() -> None:
    pair = choosing()
    successor = Northd(Local(pair.nb_database), Local(pair.sb_database))
    successor.tick(0.0)
    assert successor.transactions == 0
