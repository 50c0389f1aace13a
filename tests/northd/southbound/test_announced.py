"""What routers' chassis announce."""

from __future__ import annotations

import pytest

from pyovn.northd import topology
from pyovn.northd.southbound.announced import announced
from pyovn.ovsdb.row import Table, replace
from pyovn.schemas.nb import LogicalSwitchPort
from tests.northd.compiled import engine, port, switch, towards
from tests.northd.router.gateways import HERE, MAC, at_a_gateway_port, at_a_gateway_router, distributed, floating, snat

OWN = f"{MAC} 172.16.0.1"


def check(rows: list[Table], wish: str, *expected: str) -> None:
    """What the switch port `sw-out` announces, when it is asked to announce `wish`."""
    asked = [_asked(row, wish) if isinstance(row, LogicalSwitchPort) and row.name == "sw-out" else row for row in rows]
    db = engine(asked)
    side = topology.switch_port(db, "sw-out")
    assert side is not None
    assert announced(db, side) == tuple(sorted(expected))


def _asked(row: LogicalSwitchPort, wish: str) -> LogicalSwitchPort:
    return replace(row, options={**row.options, "nat-addresses": wish})


def around() -> list[Table]:
    """A switch on a physical network towards `out`."""
    return switch(towards("sw-out", "out"), port("wire", "unknown", type="localnet"))


def test_a_gateway_router_announces_itself_on_a_physical_network() -> None:
    check([*at_a_gateway_router(), *around()], "", OWN)
    check([*at_a_gateway_router(), *switch(towards("sw-out", "out"))], "")


@pytest.mark.parametrize("wish", ["", "router"])
def test_a_gateway_port_announces_itself_from_one_chassis(wish: str) -> None:
    check(at_a_gateway_port(), wish, f"{OWN} {HERE}")


def test_translations_are_announced_where_they_are_carried_out() -> None:
    rules = (snat(), floating())
    check([*at_a_gateway_router(*rules), *around()], "router", OWN, f"{MAC} 172.16.0.3 172.16.0.2")
    check(at_a_gateway_port(*rules), "router", f"{OWN} {HERE}", f"{MAC} 172.16.0.3 172.16.0.2 {HERE}")
    there = '00:00:00:00:00:99 172.16.0.3 is_chassis_resident("vm")'
    check(at_a_gateway_port(distributed()), "router", f"{OWN} {HERE}", there)
    check(at_a_gateway_port(snat(external_ip="172.16.0.1")), "router", f"{OWN} {HERE}")


def test_the_owner_may_name_addresses() -> None:
    named = "00:00:00:00:aa:bb 1.1.1.1"
    check([*at_a_gateway_router(), *around()], named, named, OWN)
    check(at_a_gateway_port(), named, f"{named} {HERE}", f"{OWN} {HERE}")
