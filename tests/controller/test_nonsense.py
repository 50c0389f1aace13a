"""Southbound rows that keep to the schema and to nothing else: nothing raises, and what is sane is still installed."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyovn.openflow.match_text import parse_match
from pyovn.ovsdb.declare import schema_of
from pyovn.ovsdb.operation import Insert, Named
from pyovn.schemas import sb, vswitch
from tests.controller.host import Host
from tests.ovsdb.nonsense import Nonsense, say

SOUTHBOUND = (
    "Datapath_Binding", "Port_Binding", "Port_Binding", "Port_Binding", "Logical_Flow", "Logical_Flow", "Multicast_Group", "Chassis",
    "Encap", "MAC_Binding", "DHCP_Options", "Address_Set", "Port_Group", "HA_Chassis_Group", "Load_Balancer",
)  # fmt: skip
SWITCH = ("Interface", "Port", "Bridge")
PLUGGED = ("p1", "x", "p2", "rp", "router", "", "sw0")
KEY = 0xABCDE
WANTED = parse_match(f"metadata={KEY:#x},dl_type=0x1234")


def sane_network(host: Host) -> None:
    """A port of this host on a datapath of its own, with one flow."""
    host.plug("sane0", "sane", 99)
    flow = {"pipeline": "ingress", "priority": 7, "match": "eth.type == 0x1234", "actions": "next;", "logical_datapath": Named("d")}
    host.network(
        Insert(sb.DatapathBinding, {"tunnel_key": KEY}, "d"),
        Insert(sb.PortBinding, {"logical_port": "sane", "tunnel_key": 1, "datapath": Named("d")}),
        Insert(sb.LogicalFlow, flow),
    )


def serves(host: Host) -> bool:
    """Whether the port is claimed and the flow is a rule."""
    (binding,) = host.sb.find(sb.PortBinding, "logical_port", "sane")
    return binding.chassis is not None and WANTED in {rule.match for rule in host.switch.rules.values()}


@given(seed=st.integers(0, 2**32), sizes=st.lists(st.integers(1, 60), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_the_southbound_holds_the_sane_part_of_it_works(seed: int, sizes: list[int]) -> None:
    random, host = Random(seed), Host()
    host.run()
    draws = Nonsense(schema_of(sb), random, SOUTHBOUND)
    for size in sizes:
        say(host.southbound, draws.operations(size))
        host.run(1.0)
    sane_network(host)
    host.run(10.0)
    assert serves(host)


@given(seed=st.integers(0, 2**32), sizes=st.lists(st.integers(1, 60), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_that_the_databases_hold_raises(seed: int, sizes: list[int]) -> None:
    random = Random(seed)
    host = Host()
    host.run()
    for number, name in enumerate(PLUGGED, 1):
        host.plug(f"if{number}", name, number)
    southbound, switch = Nonsense(schema_of(sb), random, SOUTHBOUND), Nonsense(schema_of(vswitch), random, SWITCH)
    for size in sizes:
        say(host.southbound, southbound.operations(size))
        if random.random() < 0.5:
            say(host.switchdb, switch.operations(random.randint(1, 15)))
        host.run(1.0)


def test_ports_that_hold_each_other_are_nowhere() -> None:
    host = Host()
    host.run()
    row = {"datapath": Named("d"), "logical_port": "a", "tunnel_key": 1, "parent_port": "b"}
    host.network(
        Insert(sb.DatapathBinding, {"tunnel_key": 1}, "d"),
        Insert(sb.PortBinding, row),
        Insert(sb.PortBinding, {**row, "logical_port": "b", "tunnel_key": 2, "parent_port": "a"}),
        Insert(sb.PortBinding, {**row, "logical_port": "c", "tunnel_key": 3, "parent_port": "c"}),
    )
    host.run(1.0)
    assert [binding.chassis for binding in host.sb.rows(sb.PortBinding).values()] == [None] * 3


def test_a_sane_network_is_served() -> None:
    host = Host()
    host.run()
    sane_network(host)
    host.run(1.0)
    assert serves(host)
