"""What chassis have learned ages."""

from __future__ import annotations

import pytest

from pyovn.ovsdb.operation import Insert, Named, Update, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.compiled import port, router, router_port, switch
from tests.northd.stores import Pair

MAC = "00:00:00:00:ff:01"


def learned(text: str = "10", *addresses: str, **options: str) -> Pair:
    """A router whose neighbours were seen at 100 s, and a switch whose machine was."""
    pair = Pair()
    pair.load([
        nb.NBGlobal("global", options=options),
        *router(router_port("out", MAC, "172.16.0.1/24"), options={"mac_binding_age_threshold": text}),
        *switch(port("vm", "unknown"), other_config={"fdb_age_threshold": "20"}),
    ], now=100.0)  # fmt: skip
    bindings = {row.type: row for row in pair.southbound(sb.DatapathBinding)}
    seen = {"timestamp": 100_000, "mac": "00:00:00:00:00:09"}
    owner = {"logical_port": "out", "datapath": bindings["logical-router"].uuid}
    pair.hear(*(Insert(sb.MACBinding, {**seen, **owner, "ip": address}) for address in addresses or ("172.16.0.9",)), now=100.0)
    place = {"dp_key": bindings["logical-switch"].tunnel_key, "port_key": 1}
    pair.hear(Insert(sb.FDB, {**seen, **place}), now=100.0)
    return pair


def counts(pair: Pair) -> tuple[int, int]:
    """How many neighbours and MACs are left."""
    return len(pair.southbound(sb.MACBinding)), len(pair.southbound(sb.FDB))


def test_what_was_not_seen_for_long_is_forgotten() -> None:
    pair = learned()
    assert pair.northd.due() == 110.0
    pair.northd.tick(109.9)
    assert counts(pair) == (1, 1)
    pair.northd.tick(110.0)
    assert counts(pair) == (0, 1)
    assert pair.northd.due() == 120.0
    pair.northd.tick(120.0)
    assert counts(pair) == (0, 0)


def test_what_is_seen_again_is_young_again() -> None:
    pair = learned()
    (row,) = pair.southbound(sb.MACBinding)
    pair.hear(Update(sb.MACBinding, by_uuid(row.uuid), {"timestamp": 105_000}), now=105.0)
    pair.northd.tick(112.0)
    assert counts(pair) == (1, 1)
    pair.northd.tick(115.0)
    assert counts(pair) == (0, 1)


@pytest.mark.parametrize(("text", "left"), [("172.16.0.0/24:0;10", 1), ("172.16.0.0/24:10", 0), ("nonsense", 1), ("", 1), ("0", 1)])
def test_networks_have_their_own(text: str, left: int) -> None:
    pair = learned(text)
    pair.northd.tick(111.0)
    assert counts(pair)[0] == left


def test_only_so_many_go_at_once() -> None:
    pair = learned("10", "172.16.0.7", "172.16.0.8", "172.16.0.9", mac_binding_removal_limit="2")
    pair.northd.tick(110.0)
    assert counts(pair)[0] == 1
    assert pair.northd.due() == 115.0
    pair.northd.tick(115.0)
    assert counts(pair)[0] == 0


def test_where_a_chassis_does_not_say_when_nothing_ages() -> None:
    pair = learned()
    encap = Insert(sb.Encap, {"type": "geneve", "ip": "1.1.1.1"}, "e")
    pair.hear(encap, Insert(sb.Chassis, {"name": "old", "encaps": (Named("e"),)}), now=101.0)
    pair.northd.tick(111.0)
    assert counts(pair)[0] == 1
