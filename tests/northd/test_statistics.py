"""Counters of queries."""

from __future__ import annotations

from pyovn.northd.contents import FLOWS
from pyovn.northd.statistics import Statistics
from tests.northd.compiled import engine, port, switch


def test_runs_are_counted_by_query_until_cleared() -> None:
    db = engine(switch(port("vm")))
    statistics = Statistics(db)
    db.items(FLOWS)
    assert statistics.show(["topology.switch_port", "compute"]) == "1\n"
    assert statistics.show(["topology.switch_port", "recompute"]) == "0\n"
    assert "Node: contents.switch_port_flows\n" in statistics.show([])
    statistics.clear()
    assert statistics.show(["topology.switch_port", "compute"]) == "0\n"
