"""Bindings of switches and routers."""

from __future__ import annotations

from pyovn.schemas import nb, sb
from tests.northd.compiled import router, switch
from tests.northd.stores import Pair


def test_names_and_keys() -> None:
    pair = Pair()
    ids = {"neutron:network_name": "blue"}
    pair.load([nb.NBGlobal("global"), *switch(external_ids=ids, other_config={"requested-tnl-key": "7"}), *router()])
    rows = {row.type: row for row in pair.southbound(sb.DatapathBinding)}
    assert rows["logical-switch"].external_ids == {"logical-switch": "sw", "name": "sw", "name2": "blue"}
    assert rows["logical-switch"].tunnel_key == 7
    assert rows["logical-router"].external_ids == {"disable_garp_rarp": "false", "logical-router": "lr", "name": "lr"}
    assert rows["logical-router"].tunnel_key == 1


def test_a_closed_router_is_no_datapath() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *router(enabled=False)])
    assert not pair.southbound(sb.DatapathBinding)
