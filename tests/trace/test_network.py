"""What is read of the southbound database, and when."""

from __future__ import annotations

import pytest

from pyovn.cli.trace import select_through
from pyovn.logical.tables import Pipeline
from pyovn.trace.names import Names
from pyovn.trace.network import Network, UnknownName, plain
from tests.trace.recorded import Recorded


def test_values_of_the_wire() -> None:
    assert plain(["set", [["uuid", "u"], 1]]) == ["u", 1]
    assert plain(["map", [["k", "v"]]]) == {"k": "v"}
    assert plain(["set", []]) == []


def test_a_datapath_is_found_by_any_of_its_names() -> None:
    network = Network(select_through(Recorded()))
    found = network.find_datapath("ls1")
    assert network.find_datapath(found.uuid) is found
    assert network.find_datapath(found.northbound) is found
    with pytest.raises(UnknownName, match='unknown datapath "nosuch"'):
        network.find_datapath("nosuch")


def test_nothing_is_read_twice() -> None:
    database = Recorded()
    network = Network(select_through(database))
    datapath = network.find_datapath("ls1")
    for _ in range(2):
        assert network.port_key(datapath, "vm1")
        assert network.port_key(datapath, "_MC_flood")
        assert network.port_key(datapath, "nosuch") is None
        assert network.flows(datapath, Pipeline.INGRESS, 0)
    assert database.asked.count("Datapath_Binding") == 1
    assert database.asked.count("Port_Binding") == 1
    assert database.asked.count("Multicast_Group") == 1


def test_flows_stand_by_falling_priority() -> None:
    network = Network(select_through(Recorded()))
    priorities = [flow.priority for flow in network.flows(network.find_datapath("lr0"), Pipeline.INGRESS, 3)]
    assert priorities == sorted(priorities, reverse=True) and len(priorities) > 5


def test_names_that_people_know() -> None:
    network = Network(select_through(Recorded()))
    assert Names(network).friendly('outport = "longname";') == 'outport = "shorty";'
    assert Names(network).friendly('outport = "6f7b1f7a-1111-4222-8333-94445555aaaa";') == 'outport = "6f7b1f";'
    assert Names(network, wanted=False).friendly('outport = "longname";') == 'outport = "longname";'
