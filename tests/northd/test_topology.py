"""Facts about switches, routers and their ports, and what they do not depend on."""

from __future__ import annotations

from pyovn.northd import topology
from pyovn.northd.allotted import DynamicAddresses
from pyovn.ovsdb.change import Change
from pyovn.ovsdb.row import replace
from tests.northd.compiled import engine, port, router, router_port, switch, towards

MAC = "00:00:00:00:00:01"
ROWS = [
    *switch(port("vm", f"{MAC} 10.0.0.2", "unknown"), towards("sw-lr", "lr-sw"), port("given", "dynamic")),
    *router(router_port("lr-sw", "00:00:00:00:ff:01", "10.0.0.1/24")),
    DynamicAddresses("given", f"{MAC} 10.0.0.9"),
]


def addresses(name: str) -> list[str]:
    found = topology.switch_port(engine(ROWS), name)  # type: ignore[arg-type]
    assert found is not None
    return [str(lives) for lives in found.addresses]


def test_addresses_are_resolved() -> None:
    assert addresses("vm") == [f"{MAC} 10.0.0.2"]
    assert addresses("given") == [f"{MAC} 10.0.0.9"]
    assert addresses("sw-lr") == ["00:00:00:00:ff:01 10.0.0.1 fe80::200:ff:fe00:ff01"]


def test_ends_find_each_other() -> None:
    db = engine(ROWS)  # type: ignore[arg-type]
    side, other = topology.switch_port(db, "sw-lr"), topology.router_port(db, "lr-sw")
    assert side is not None and other is not None
    assert (side.peer, other.peer) == ("lr-sw", "sw-lr")
    assert topology.sides_towards_routers(db, "sw") == ("sw-lr",)
    assert topology.unknown_ports(db, "sw") == ("vm",)
    assert topology.has_other_than_routers(db, "sw")


def test_a_port_without_a_switch_is_none() -> None:
    assert topology.switch_port(engine([port("stray")]), "stray") is None


def test_what_flows_do_not_depend_on_changes_no_fact() -> None:
    vm = port("vm", MAC)
    holder, _ = rows = switch(vm)
    db = engine(rows)
    before = topology.switch_port(db, "vm"), topology.switch(db, "sw")
    up = replace(vm, up=True)
    db.feed([Change(type(vm), vm.uuid, vm, up), Change(type(holder), holder.uuid, holder, replace(holder, ports=("other", "vm")))])
    ran: list[str] = []
    db.on_run = lambda function, args: ran.append(function.__name__)
    after = topology.switch_port(db, "vm"), topology.switch(db, "sw")
    assert before == after
    assert sorted(ran) == ["switch", "switch_port"]


def test_a_router_that_is_disabled_has_no_ends() -> None:
    rows = [*switch(towards("side", "end")), *router(router_port("end", MAC, "10.0.0.1/24"), enabled=False)]
    side = topology.switch_port(engine(rows), "side")
    assert side is not None and side.peer is None
