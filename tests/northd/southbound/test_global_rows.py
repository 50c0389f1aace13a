"""The global rows."""

from __future__ import annotations

import re

import pytest

from pyovn.northd.southbound.global_rows import made_mac, max_port_key, max_tunnel_id
from pyovn.ovsdb.row import Table
from pyovn.schemas.nb import LogicalSwitch, NBGlobal
from pyovn.schemas.sb import Encap
from tests.northd.compiled import engine

VXLAN = Encap("e", type="vxlan")
BETWEEN_ZONES = LogicalSwitch("ts", name="ts", other_config={"ic-vxlan_mode": "true"})


@pytest.mark.parametrize(
    ("rows", "datapaths", "ports"),
    [
        ([], (1 << 24) - (1 << 16), 32767),
        ([VXLAN], 4095, 2047),
        ([VXLAN, NBGlobal("g", options={"vxlan_mode": "false"})], (1 << 24) - (1 << 16), 32767),
        ([VXLAN, BETWEEN_ZONES], 1023, 2047),
    ],
)
def test_tunnels_have_room_for_so_many_keys(rows: list[Table], datapaths: int, ports: int) -> None:
    db = engine(rows)
    assert (max_tunnel_id(db), max_port_key(db)) == (datapaths, ports)


def test_made_macs_are_local_unicast_and_repeatable() -> None:
    for seed in ("a", "b", "c"):
        assert re.fullmatch(r"[0-9a-f][26ae](:[0-9a-f]{2}){5}", made_mac(seed))
        assert made_mac(seed) == made_mac(seed)
    assert made_mac("a") != made_mac("b")
