"""Bindings of switches and routers."""

from __future__ import annotations

import pytest

from pyovn.ovsdb.row import Table
from pyovn.schemas import nb, sb
from tests.northd.compiled import router, switch
from tests.northd.differential import put
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


def test_what_chassis_read_of_a_router() -> None:
    options = {
        "always_learn_from_arp_request": "false", "mac_binding_age_threshold": "10.0.0.0/8:60;30", "snat-ct-zone": "0",
        "ct-zone-limit": "0", "disable_garp_rarp": "true",
    }  # fmt: skip
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *router(options=options)])
    (row,) = pair.southbound(sb.DatapathBinding)
    assert row.external_ids == {
        "always_learn_from_arp_request": "false", "disable_garp_rarp": "true", "logical-router": "lr", "mac_binding_age_threshold": "30",
        "name": "lr", "snat-ct-zone": "0",
    }  # fmt: skip


def test_a_closed_router_is_no_datapath() -> None:
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *router(enabled=False)])
    assert not pair.southbound(sb.DatapathBinding)


SHARED = {"interconn-ts": "sw", "ic-vxlan_mode": "false", "requested-tnl-key": "16711682"}
VXLAN = (sb.Encap("e", type="vxlan", ip="192.0.2.1", chassis_name="hv"), sb.Chassis("hv", name="hv", encaps=("e",)))


@pytest.mark.parametrize(
    ("config", "chassis", "key"),
    [
        (SHARED, (), 16711682),
        (SHARED, VXLAN, 16711682),
        ({"requested-tnl-key": "5000"}, (), 5000),
        ({"requested-tnl-key": "5000"}, VXLAN, 1),
    ],
)
def test_a_key_asked_for(config: dict[str, str], chassis: tuple[Table, ...], key: int) -> None:
    pair = Pair()
    put(pair.sb_database, {table: [row for row in chassis if type(row).__table__ == table] for table in ("Encap", "Chassis")})
    pair.load([nb.NBGlobal("global"), *switch(other_config=config)])
    (row,) = pair.southbound(sb.DatapathBinding)
    assert row.tunnel_key == key
