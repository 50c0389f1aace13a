"""Static_MAC_Binding and ECMP_Nexthop: neighbours that nobody has to ask for, and those whose connections come back to them."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.allotted import DatapathKey, PortKey
from pyovn.northd.global_options import is_on
from pyovn.northd.router.static_routes import route
from pyovn.northd.southbound.datapaths import datapath
from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.northd.topology import router_port, router_port_named
from pyovn.query import Engine, query
from pyovn.schemas import nb, sb


def static_mac_binding(db: Engine, ref: str) -> Iterator[Wanted]:
    """The MAC of a neighbour, as the northbound knows it."""
    row = db.get(nb.StaticMACBinding, ref)
    named = router_port_named(db, row.logical_port) if row else None
    port = router_port(db, named) if named else None
    if row is not None and port is not None and db.get(DatapathKey, port.router) is not None:
        yield wanted(
            sb.StaticMACBinding, ref, logical_port=row.logical_port, ip=row.ip, mac=row.mac,
            override_dynamic_mac=row.override_dynamic_mac, datapath=datapath(port.router),
        )  # fmt: skip


def next_hop(db: Engine, ref: str) -> Iterator[Wanted]:
    """A next hop whose answers go back the way they came: chassis forget its connections when its MAC changes."""
    found = route(db, ref)
    if found is None or not found.symmetric or found.port is None or found.next_hop is None:
        return
    if is_on(db, "ecmp_nexthop_monitor_enable") and db.get(PortKey, found.port.name) is not None:
        yield wanted(
            sb.ECMPNexthop, (found.port.name, found.next_hop), nexthop=found.next_hop, port=Key(sb.PortBinding, found.port.name),
            datapath=datapath(found.port.router), mac=learned_mac(db, found.port.name, found.next_hop),
        )  # fmt: skip


@query
def learned_mac(db: Engine, port: str, address: str) -> str:
    """The MAC that a router port has learned for an address."""
    found = (db.get(sb.MACBinding, ref) for ref in db.find(sb.MACBinding, "ip", address))
    return next((row.mac for row in found if row is not None and row.logical_port == port), "")
