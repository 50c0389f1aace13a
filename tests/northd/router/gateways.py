"""Routers with gateways: what tests of gateways and translations start from."""

from __future__ import annotations

from pyovn.ovsdb.row import Table
from pyovn.schemas.nb import NAT, GatewayChassis
from tests.northd.compiled import port, router, router_port, switch, towards

MAC = "00:00:00:00:ff:01"
HERE = 'is_chassis_resident("cr-out")'


def at_a_gateway_router(*rules: NAT, options: dict[str, str] | None = None) -> list[Table]:
    """A gateway router whose port `out` is 172.16.0.1, with these translations."""
    placed = {"chassis": "hv1", **(options or {})}
    nat = tuple(sorted(rule.uuid for rule in rules))
    return [*router(router_port("out", MAC, "172.16.0.1/24"), options=placed, nat=nat), *rules]


def at_a_gateway_port(*rules: NAT, **columns: object) -> list[Table]:
    """A router whose gateway port `out`, 172.16.0.1, leads to a physical network by `sw-out`, with these translations."""
    out = router_port("out", MAC, "172.16.0.1/24", **{"gateway_chassis": ("gc",), **columns})
    nat = tuple(sorted(rule.uuid for rule in rules))
    wire = port("wire", "unknown", type="localnet", options={"network_name": "outside"})
    around = switch(towards("sw-out", "out"), wire)
    return [*router(out, nat=nat), *around, GatewayChassis("gc", name="out-hv1", chassis_name="hv1", priority=1), *rules]


def snat(**columns: object) -> NAT:
    """10.0.0.0/24 appears as 172.16.0.2."""
    return NAT("snat", **{"type": "snat", "logical_ip": "10.0.0.0/24", "external_ip": "172.16.0.2", **columns})


def floating(**columns: object) -> NAT:
    """10.0.0.3 is 172.16.0.3 outside."""
    return NAT("floating", **{"type": "dnat_and_snat", "logical_ip": "10.0.0.3", "external_ip": "172.16.0.3", **columns})


def distributed(**columns: object) -> NAT:
    """The same, carried out where `vm` is, with a MAC of its own."""
    return floating(**{"logical_port": "vm", "external_mac": "00:00:00:00:00:99", **columns})
