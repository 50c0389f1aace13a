"""Northbound rows that keep to the schema and to nothing else: nothing raises, nothing stops the rest of the network."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyovn.ovsdb.declare import schema_of
from pyovn.ovsdb.operation import Insert, Named, Operation
from pyovn.ovsdb.wire import transact_json
from pyovn.schemas import nb, sb
from tests.northd.stores import Pair
from tests.ovsdb.nonsense import Nonsense, say

FAVOURITES = (
    "Logical_Switch", "Logical_Switch_Port", "Logical_Switch_Port", "Logical_Router", "Logical_Router_Port", "Logical_Router_Static_Route",
    "NAT", "DHCP_Options", "ACL", "Load_Balancer", "Port_Group",
)  # fmt: skip
SANE = "00:00:00:00:ab:01"


def sane_network() -> list[Operation]:
    """A switch whose two machines must go on reaching each other."""
    first = Insert(nb.LogicalSwitchPort, {"name": "sane-1", "addresses": (f"{SANE} 10.9.0.1",)}, "one")
    second = Insert(nb.LogicalSwitchPort, {"name": "sane-2", "addresses": ("00:00:00:00:ab:02 10.9.0.2",)}, "two")
    return [first, second, Insert(nb.LogicalSwitch, {"name": "sane", "ports": (Named("one"), Named("two"))})]


def serves(pair: Pair) -> bool:
    """Whether the machines of the sane network are known, and one's address leads to it."""
    bindings = {row.logical_port for row in pair.southbound(sb.PortBinding)}
    lookups = [row for row in pair.southbound(sb.LogicalFlow) if row.match == f"eth.dst == {SANE}"]
    return {"sane-1", "sane-2"} <= bindings and any('outport = "sane-1"' in row.actions for row in lookups)


@given(seed=st.integers(0, 2**32), sizes=st.lists(st.integers(1, 60), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_the_northbound_holds_the_sane_part_of_it_works(seed: int, sizes: list[int]) -> None:
    pair = Pair()
    draws = Nonsense(schema_of(nb), Random(seed), FAVOURITES)
    for now, size in enumerate(sizes):
        say(pair.nb_database, draws.operations(size))
        pair.northd.tick(float(now))
    pair.say(*sane_network(), now=100.0)
    assert serves(pair)


def rows(*given: tuple[str, str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"op": "insert", "table": table, "uuid-name": name, "row": row} for table, name, row in given]


def held(*names: str) -> list[object]:
    return ["set", [["named-uuid", name] for name in names]]


MAC = "00:00:00:00:00:01"
CONTRADICTIONS = {
    "the ports of a disabled router": rows(
        ("Logical_Router", "r", {"name": "r", "ports": held("p"), "enabled": False}),
        ("Logical_Router_Port", "p", {"name": "p", "mac": MAC}),
    ),
    "a name that two kinds of ports share": rows(
        ("Logical_Router", "r", {"name": "r", "ports": held("p", "q")}), ("Logical_Router_Port", "p", {"name": "p", "mac": MAC}),
        ("Logical_Router_Port", "q", {"name": "q", "mac": MAC}), ("Logical_Switch", "s", {"name": "s", "ports": held("x", "y")}),
        ("Logical_Switch_Port", "x", {"name": "p"}), ("Logical_Switch_Port", "y", {"name": ""}),
    ),
    "a port that two switches have": rows(
        ("Logical_Switch", "s", {"name": "s", "ports": held("x")}), ("Logical_Switch", "t", {"name": "t", "ports": held("x")}),
        ("Logical_Switch_Port", "x", {"name": "x"}),
    ),
    "routers that are each other's peer, and their own": rows(
        ("Logical_Router", "r", {"name": "r", "ports": held("p", "q")}),
        ("Logical_Router_Port", "p", {"name": "p", "mac": MAC, "peer": "p", "networks": "10.0.0.1/24"}),
        ("Logical_Router_Port", "q", {"name": "q", "mac": MAC, "peer": "p", "networks": "10.0.0.1/24"}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_contradictions_leave_the_rest_alone(what: str) -> None:
    pair = Pair()
    results = transact_json(pair.nb_database, CONTRADICTIONS[what], elapsed_ms=0)
    assert results is not None and not any("error" in result for result in results)
    pair.northd.tick(0.0)
    pair.say(*sane_network())
    assert serves(pair)


def test_a_name_that_two_kinds_of_ports_share_is_the_routers() -> None:
    pair = Pair()
    transact_json(pair.nb_database, CONTRADICTIONS["a name that two kinds of ports share"], elapsed_ms=0)
    pair.northd.tick(0.0)
    assert {row.logical_port: row.type for row in pair.southbound(sb.PortBinding)} == {"p": "patch", "q": "patch", "": ""}
