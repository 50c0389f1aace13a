"""Generators and the rows they speak for."""

from __future__ import annotations

from pyovn.northd.contents import FLOWS, ROUTER, ROUTER_PORT, SWITCH, SWITCH_PORT
from pyovn.ovsdb.change import Change
from pyovn.ovsdb.row import replace
from tests.northd.compiled import engine, port, router, switch


def test_every_generator_says_what_it_is_for() -> None:
    for generator in (*SWITCH, *SWITCH_PORT, *ROUTER, *ROUTER_PORT):
        assert generator.__doc__


def test_flows_belong_to_their_rows_datapath() -> None:
    placed = engine([*switch(port("vm")), *router()]).items(FLOWS)
    assert {(item.where, item.flow.stage.name[:2]) for item in placed} == {("sw", "LS"), ("lr", "LR")}


def test_a_changed_port_runs_its_own_unit_only() -> None:
    vm = port("vm", "00:00:00:00:00:01")
    db = engine(switch(vm, port("other")))
    db.take(FLOWS)
    ran: list[tuple[str, object]] = []
    db.on_run = lambda function, args: ran.append((function.__name__, args[0]))
    db.feed([Change(type(vm), "vm", vm, replace(vm, addresses=("00:00:00:00:00:02",)))])
    gained, lost = db.take(FLOWS)
    assert len(gained) == len(lost) > 0
    assert {row for name, row in ran if name.endswith("_flows")} == {"vm"}
    assert "switch" not in {name for name, _ in ran}
