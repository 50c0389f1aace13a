"""A routing daemon beside a router."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.ovsdb.row import Table
from pyovn.schemas.nb import BFD
from tests.northd.compiled import check_among, flows, port, router, router_port, switch, towards

MAC = "00:00:00:00:ff:01"
TO_DAEMON, BOTH = 'outport = "daemon"; output;', 'clone { outport = "daemon"; output; }; outport = "side"; output;'


def rows(**options: Any) -> list[Table]:
    """A port with a daemon on its switch."""
    said = {"routing-protocol-redirect": "daemon", "routing-protocols": "BGP,BFD", **options}
    return [*router(router_port("lrp", MAC, "10.0.0.1/24", options=said)), *switch(towards("side", "lrp"), port("daemon", "unknown"))]


def test_the_daemon_hears_what_is_for_the_port() -> None:
    for match in ("tcp.dst == 179", "tcp.src == 179", "udp.dst == 3784"):
        check_among(rows(), Stage.LS_IN_L2_LKUP, f"100 ip4.dst == 10.0.0.1 && {match} -> {TO_DAEMON}")
    check_among(rows(), Stage.LS_IN_L2_LKUP, f"100 arp.op == 2 && arp.tpa == 10.0.0.1 -> {BOTH}")


def test_sessions_of_the_chassis_go_on() -> None:
    found = [*rows(), BFD("bfd", logical_port="lrp", dst_ip="10.0.0.9")]
    check_among(found, Stage.LS_IN_L2_LKUP, f"100 ip4.dst == 10.0.0.1 && udp.dst == 3784 -> {BOTH}")


def test_it_does_not_answer_for_the_ports_addresses() -> None:
    for answer in ("arp.op == 2", "nd_na", "nd_ra"):
        check_among(rows(), Stage.LS_IN_CHECK_PORT_SEC, f'80 inport == "daemon" && {answer} -> reg0[15] = 1; next;')


@pytest.mark.parametrize("options", [{"routing-protocols": "RIP"}, {"routing-protocols": ""}, {"routing-protocol-redirect": "nobody"}])
def test_without_a_protocol_or_a_machine_there_are_no_flows(options: dict[str, str]) -> None:
    assert not any("== 179" in flow.match or "&& nd_ra" in flow.match for flow in flows(rows(**options)))
