"""Groups that flows name."""

from __future__ import annotations

from collections.abc import Iterable

from pyovn.ovsdb.row import Table
from pyovn.schemas import nb, sb
from tests.northd.compiled import port, router, router_port, switch, towards
from tests.northd.stores import Pair

MAC = "00:00:00:00:00:01"


def compiled(rows: Iterable[Table]) -> Pair:
    pair = Pair()
    pair.load([nb.NBGlobal("global", options={"svc_monitor_mac": "0a:00:00:00:00:02", "svc_monitor_mac_dst": "0a:00:00:00:00:01"}), *rows])
    return pair


def test_who_hears_what_is_for_many() -> None:
    ports = [port("vm", MAC), port("any", "unknown"), port("off", "unknown", enabled=False), towards("side", "end")]
    pair = compiled([*switch(*ports), *router(router_port("end", MAC, "10.0.0.1/24"))])
    names = {row.uuid: row.logical_port for row in pair.southbound(sb.PortBinding)}
    groups = {row.name: sorted(names[uuid] for uuid in row.ports) for row in pair.southbound(sb.MulticastGroup)}
    assert groups == {"_MC_flood": ["any", "side", "vm"], "_MC_flood_l2": ["any", "vm"], "_MC_unknown": ["any"]}


def test_a_port_group_has_a_row_a_switch_and_two_sets() -> None:
    rows = [*switch(port("vm", f"{MAC} 10.0.0.2 fd00::2")), nb.PortGroup("pg", name="pg", ports=("vm",))]
    pair = compiled(rows)
    assert [(row.name, row.ports) for row in pair.southbound(sb.PortGroup)] == [("1_pg", ("vm",))]
    sets = {row.name: row.addresses for row in pair.southbound(sb.AddressSet)}
    assert sets == {
        "pg_ip4": ("10.0.0.2",), "pg_ip6": ("fd00::2",), "svc_monitor_mac": ("0a:00:00:00:00:01", "0a:00:00:00:00:02"),
    }  # fmt: skip


def test_an_address_set_is_passed_on() -> None:
    pair = compiled([nb.AddressSet("as", name="mine", addresses=("10.0.0.1",))])
    sets = {row.name: row.addresses for row in pair.southbound(sb.AddressSet)}
    assert sets["mine"] == ("10.0.0.1",)


def test_who_a_router_is_does_not_live_at_the_port_that_leads_there() -> None:
    rows = [
        *switch(towards("side", "end"), port("fixed", f"{MAC} 10.0.0.9", type="router", options={"router-port": "end"})),
        *router(router_port("end", MAC, "10.0.0.1/24")), nb.PortGroup("pg", name="pg", ports=("fixed", "side")),
    ]  # fmt: skip
    sets = {row.name: row.addresses for row in compiled(rows).southbound(sb.AddressSet)}
    assert (sets["pg_ip4"], sets["pg_ip6"]) == (("10.0.0.9",), ())
