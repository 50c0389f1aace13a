"""Ports that answer for networks behind a router."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.northd.switch.arp_proxy import parse_proxy
from pyovn.ovsdb.row import Table
from tests.northd.compiled import check_among, port, router, router_port, switch

MAC, OWN = "00:00:00:00:ff:01", "0a:00:00:00:00:01"


def rows(proxy: str) -> list[Table]:
    side = port("side", "router", type="router", options={"router-port": "end", "arp_proxy": proxy})
    return [*switch(side, port("vm", "00:00:00:00:00:01 10.0.0.2")), *router(router_port("end", MAC, "10.0.0.1/24"))]


def reply(mac: str) -> str:
    return (
        f"eth.dst = eth.src; eth.src = {mac}; arp.op = 2; /* ARP reply */ arp.tha = arp.sha; arp.sha = {mac}; arp.tpa <-> arp.spa; "
        "outport = inport; flags.loopback = 1; output;"
    )


def test_the_routers_mac_answers_unless_the_proxy_has_its_own() -> None:
    asked = "reg0[18] == 0 && arp.op == 1 && arp.tpa == {169.254.0.0/24}"
    check_among(rows("169.254.0.0/24"), Stage.LS_IN_ARP_RSP, f"30 {asked} -> {reply(MAC)}")
    check_among(rows(f"{OWN} 169.254.0.0/24"), Stage.LS_IN_ARP_RSP, f"30 {asked} -> {reply(OWN)}")
    check_among(rows(f"{OWN} 169.254.0.0/24"), Stage.LS_IN_L2_LKUP, f'50 eth.dst == {{ {OWN}, {MAC} }} -> outport = "side"; output;')


def test_who_asks_an_owner_directly_reaches_it() -> None:
    check_among(
        rows("169.254.0.0/24"), Stage.LS_IN_ARP_RSP, "50 arp.tpa == 10.0.0.2 && arp.op == 1 && eth.dst == 00:00:00:00:00:01 -> next;"
    )


@pytest.mark.parametrize(("text", "ok"), [("nonsense", False), ("", False), ("10.0.0.1", True), (OWN, True), (f"{OWN} fd00::/64", True)])
def test_what_can_be_understood(text: str, ok: bool) -> None:
    assert (parse_proxy(text) is not None) is ok
