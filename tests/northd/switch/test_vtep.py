"""What comes from a VTEP gateway."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from tests.northd.compiled import check_among, flows, port, switch


def test_it_is_marked_and_forwarded_at_once() -> None:
    rows = switch(port("gw", "unknown", type="vtep"))
    hairpin, lookup = Stage.LS_IN_HAIRPIN.number, Stage.LS_IN_L2_LKUP.number
    check_among(rows, Stage.LS_IN_CHECK_PORT_SEC, f'70 inport == "gw" -> reg0[14] = 1; next(pipeline=ingress, table={hairpin});')
    check_among(rows, Stage.LS_IN_HAIRPIN, f"1000 reg0[14] == 1 -> next(pipeline=ingress, table={lookup});")
    check_among(rows, Stage.LS_IN_ARP_RSP, "65535 reg0[14] == 1 && (arp || nd_ns) -> flags.loopback = 1; next;")


def test_without_a_gateway_there_is_nothing_to_mark() -> None:
    assert not [flow for flow in flows(switch(port("vm"))) if "reg0[14]" in flow.match + flow.actions]
