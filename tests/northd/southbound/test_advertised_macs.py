"""Advertised_MAC_Binding: what a switch tells an Ethernet VPN."""

from __future__ import annotations

import pytest

from pyovn.schemas import nb, sb
from tests.northd.compiled import port, router, router_port, switch, towards
from tests.northd.stores import Pair

MACS = [f"00:00:00:00:00:{number:02x}" for number in range(5)]
ALL = [f"lives 10.0.0.2 {MACS[2]}", f"lives fd00::2 {MACS[2]}", f"side 10.0.0.1 {MACS[1]}"]


@pytest.mark.parametrize(
    ("vni", "kinds", "expected"),
    [
        ("10", "ip", ALL), ("10", "fdb,ip", ALL), ("10", "fdb", []),
        ("0", "ip", ALL), ("16777216", "ip", []), ("-1", "ip", []), ("some", "ip", []),
    ],
)
def test_addresses_of_machines_and_routers_are_announced(vni: str, kinds: str, expected: list[str]) -> None:
    ports = [
        towards("side", "lrp"), port("lives", f"{MACS[2]} 10.0.0.2 fd00::2 fe80::2", f"{MACS[3]} 10.0.0.3"),
        port("local", f"{MACS[4]} 10.0.0.4", type="localport"), port("nobody", "unknown"),
    ]  # fmt: skip
    config = {"dynamic-routing-vni": vni, "dynamic-routing-redistribute": kinds}
    pair = Pair()
    pair.load([nb.NBGlobal("global"), *switch(*ports, other_config=config), *router(router_port("lrp", MACS[1], "10.0.0.1/24"))])
    names = {row.uuid: row.logical_port for row in pair.southbound(sb.PortBinding)}
    assert sorted(f"{names[row.logical_port]} {row.ip} {row.mac}" for row in pair.southbound(sb.AdvertisedMACBinding)) == expected
    assert {row.datapath for row in pair.southbound(sb.AdvertisedMACBinding)} <= {
        row.uuid for row in pair.southbound(sb.DatapathBinding) if row.nb_uuid == "sw"
    }
