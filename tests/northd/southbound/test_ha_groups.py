"""Groups of chassis, and the halves of gateway ports that move among them."""

from __future__ import annotations

from pyovn.northd.southbound.rows import ROWS
from pyovn.northd.southbound.wanted import Key, Wanted
from pyovn.ovsdb.row import Table
from pyovn.schemas import sb
from pyovn.schemas.nb import HAChassis, HAChassisGroup
from tests.northd.compiled import engine, router, router_port
from tests.northd.router.gateways import MAC, at_a_gateway_port
from tests.northd.stores import Pair


def groups(rows: list[Table]) -> dict[str, tuple[str, ...]]:
    """The chassis of each group that is wanted."""
    found: dict[str, tuple[str, ...]] = {}
    for row in engine(rows).items(ROWS):
        if row.table is sb.HAChassisGroup:
            found[str(row.key)] = tuple(_chassis(member) for member in _columns(row)["ha_chassis"])
    return found


def _columns(row: Wanted) -> dict[str, tuple[Key, ...]]:
    return dict(row.columns)  # type: ignore[arg-type]


def _chassis(member: Key) -> str:
    assert isinstance(member.key, tuple)
    return str(member.key[1])


def test_a_gateway_ports_chassis_are_a_group_of_its_name() -> None:
    assert groups(at_a_gateway_port()) == {"out": ("hv1",)}


def test_a_group_that_the_port_names_comes_first() -> None:
    port = router_port("out", MAC, "172.16.0.1/24", ha_chassis_group="group", gateway_chassis=("gc",))
    members = [HAChassis("a", chassis_name="hv1", priority=1), HAChassis("b", chassis_name="hv2", priority=2)]
    group = HAChassisGroup("group", name="blue", ha_chassis=("a", "b"))
    assert groups([*router(port), group, *members]) == {"blue": ("hv1", "hv2")}


def test_what_the_owner_has_noted_of_a_group_is_not_passed_on() -> None:
    port = router_port("out", MAC, "172.16.0.1/24", ha_chassis_group="group")
    group = HAChassisGroup("group", name="blue", external_ids={"note": "mine"})
    (row,) = (row for row in engine([*router(port), group]).items(ROWS) if row.table is sb.HAChassisGroup)
    assert _columns(row)["external_ids"] == ()


def test_a_chassis_may_be_in_a_group_twice() -> None:
    members = [HAChassis("a", chassis_name="hv1", priority=1), HAChassis("b", chassis_name="hv1", priority=2)]
    group = HAChassisGroup("group", name="blue", ha_chassis=("a", "b"))
    port = router_port("out", MAC, "172.16.0.1/24", ha_chassis_group="group")
    assert groups([*router(port), group, *members]) == {"blue": ("hv1", "hv1")}


def test_the_other_half_of_a_gateway_port_has_a_binding() -> None:
    pair = Pair()
    pair.load(at_a_gateway_port())
    bindings = {row.logical_port: row for row in pair.southbound(sb.PortBinding)}
    half = bindings["cr-out"]
    assert half.type == "chassisredirect"
    assert half.options == {"always-redirect": "true", "distributed-port": "out"}
    assert [row.uuid for row in pair.southbound(sb.HAChassisGroup)] == [half.ha_chassis_group]
    assert bindings["out"].options == {"chassis-redirect-port": "cr-out", "peer": "sw-out"}
