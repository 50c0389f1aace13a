"""What others learned is forgotten with what it was about."""

from __future__ import annotations

from pyovn.ovsdb.operation import Insert
from pyovn.schemas import nb, sb
from tests.northd.compiled import port, switch
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
