"""Counters of queries."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import pytest

from pyovn import northd
from pyovn.northd.contents import FLOWS
from pyovn.northd.statistics import NODES, Statistics
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


def test_nodes_are_sums_under_the_references_names() -> None:
    db = engine(switch(port("vm"), port("other")))
    statistics = Statistics(db)
    db.items(FLOWS)
    assert int(statistics.show(["northd", "compute"])) >= int(statistics.show(["topology.switch_port", "compute"])) > 0
    assert statistics.show(["lr_nat"]).split() == ["Node:", "lr_nat", "-", "recompute:", "0", "-", "compute:", "0", "-", "cancel:", "0"]
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
