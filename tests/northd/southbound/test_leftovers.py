"""What others learned is forgotten with what it was about."""

from __future__ import annotations

from pyovn.ovsdb.operation import Insert
from pyovn.schemas import nb, sb
from tests.northd.compiled import port, router, router_port, switch
from tests.northd.stores import Pair

MAC = "00:00:00:00:00:01"


def test_a_learned_mac_stays_while_its_port_does() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *switch(port("any", "unknown"))])
    (datapath,), (binding,) = pair.southbound(sb.DatapathBinding), pair.southbound(sb.PortBinding)
    pair.hear(
        Insert(sb.FDB, {"mac": MAC, "dp_key": datapath.tunnel_key, "port_key": binding.tunnel_key}),
        Insert(sb.FDB, {"mac": "00:00:00:00:00:02", "dp_key": datapath.tunnel_key, "port_key": 99}),
        Insert(sb.FDB, {"mac": MAC, "dp_key": 99, "port_key": binding.tunnel_key}),
    )
    assert [(row.mac, row.dp_key) for row in pair.southbound(sb.FDB)] == [(MAC, datapath.tunnel_key)]


def test_what_is_known_of_a_router_does_not_keep_it() -> None:
    pair = Pair()
    out = router_port("out", MAC, "10.0.0.1/24")
    options = {"dynamic-routing": "true", "dynamic-routing-redistribute": "connected"}
    pair.load([nb.NBGlobal("global"), *router(out, options=options)])
    (datapath,), (binding,) = pair.southbound(sb.DatapathBinding), pair.southbound(sb.PortBinding)
    at_port = {"datapath": datapath.uuid, "logical_port": binding.uuid}
    pair.hear(
        Insert(sb.MACBinding, {"logical_port": "out", "ip": "10.0.0.2", "mac": MAC, "datapath": datapath.uuid}),
        Insert(sb.LearnedRoute, {**at_port, "ip_prefix": "10.9.0.0/24", "nexthop": "10.0.0.9"}),
    )
    assert [len(pair.southbound(table)) for table in (sb.MACBinding, sb.LearnedRoute, sb.AdvertisedRoute)] == [1, 1, 1]
    replacement = nb.LogicalRouterPort("out2", name="out", mac=MAC, networks=("10.0.0.1/24",))
    # Another router takes the place of this one, with a port of the same name.
    pair.load([nb.LogicalRouter("lr2", name="lr", ports=("out2",)), replacement])
    assert [row.nb_uuid for row in pair.southbound(sb.DatapathBinding)] == ["lr2"]
    assert [len(pair.southbound(table)) for table in (sb.MACBinding, sb.LearnedRoute, sb.AdvertisedRoute)] == [0, 0, 0]
