"""Bindings of ports."""

from __future__ import annotations

from collections.abc import Iterable

from pyovn.ovsdb.operation import Insert, Named
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb, sb
from tests.northd.compiled import port, router, router_port, switch, towards
from tests.northd.stores import Pair

MAC = "00:00:00:00:00:01"


def bindings(rows: Iterable[Table]) -> dict[str, sb.PortBinding]:
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *rows])
    return {row.logical_port: row for row in pair.southbound(sb.PortBinding)}


def test_a_machines_port() -> None:
    row = bindings(switch(port("vm", f"{MAC} 10.0.0.2", port_security=(MAC,), external_ids={"neutron:port_name": "blue"})))["vm"]
    assert (row.type, row.mac, row.port_security, row.up, row.tunnel_key) == ("", (f"{MAC} 10.0.0.2",), (MAC,), False, 1)
    assert row.external_ids == {"name": "blue", "neutron:port_name": "blue"}


def test_two_ends_are_patched() -> None:
    rows = bindings([*switch(towards("side", "end")), *router(router_port("end", MAC, "10.0.0.1/24"))])
    assert (rows["side"].type, rows["side"].options) == ("patch", {"peer": "end"})
    assert (rows["end"].type, rows["end"].options, rows["end"].mac) == ("patch", {"peer": "side"}, (f"{MAC} 10.0.0.1/24",))


def test_a_gateway_routers_ends_live_on_its_chassis() -> None:
    wire = port("wire", "unknown", type="localnet", options={"network_name": "net"})
    rows = bindings([*switch(towards("side", "end"), wire), *router(router_port("end", MAC, "10.0.0.1/24"), options={"chassis": "gw"})])
    assert rows["side"].type == rows["end"].type == "l3gateway"
    assert rows["side"].options == {"l3gateway-chassis": "gw", "peer": "end"}
    assert rows["side"].nat_addresses == (f"{MAC} 10.0.0.1",), "the wire is told who has the address"


def test_an_end_without_another() -> None:
    assert bindings(router(router_port("end", MAC)))["end"].options == {}


def test_a_chassis_is_asked_for_by_name_or_host_name() -> None:
    pair = Pair()
    for name in ("hv1", "hv2"):
        encap = Insert(sb.Encap, {"type": "geneve", "ip": name, "chassis_name": name}, uuid_name="encap")
        pair.hear(encap, Insert(sb.Chassis, {"name": name, "hostname": f"{name}.example", "encaps": (Named("encap"),)}))
    pair.load([nb.NBGlobal("global"), *switch(port("vm", options={"requested-chassis": "hv1.example,hv2"}))])
    (row,) = pair.southbound(sb.PortBinding)
    names = {chassis.uuid: chassis.name for chassis in pair.southbound(sb.Chassis)}
    assert row.requested_chassis is not None
    assert names[row.requested_chassis] == "hv1"
    assert [names[uuid] for uuid in row.requested_additional_chassis] == ["hv2"]


def test_the_half_that_lives_at_the_gateway_has_what_its_port_has() -> None:
    side = port("side", "router", type="router", options={"router-port": "end"}, parent_name="vm", tag_request=5)
    end = router_port("end", MAC, "10.0.0.1/24", gateway_chassis=("gc",))
    rows = bindings([*switch(side), *router(end), nb.GatewayChassis("gc", name="end-hv1", chassis_name="hv1", priority=1)])
    assert {(rows[name].parent_port, rows[name].tag) for name in ("side", "cr-side")} == {("vm", 5)}
