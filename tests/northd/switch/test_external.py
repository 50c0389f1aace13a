"""Machines on a wire that a chassis speaks for."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from tests.northd.compiled import check, check_among, port, router, router_port, switch, towards

MAC = "00:00:00:00:00:01"
ROUTER_MAC = "00:00:00:00:ff:01"
ROWS = [
    *switch(port("afar", MAC, type="external"), port("wire", "unknown", type="localnet"), towards("sw-lr", "lr-sw")),
    *router(router_port("lr-sw", ROUTER_MAC, "10.0.0.1/24")),
]


def test_its_frames_come_in_by_the_wire() -> None:
    check_among(
        ROWS, Stage.LS_IN_CHECK_PORT_SEC, f'75 inport == "wire" && eth.src == {MAC} -> flags.localnet = 1; inport = "afar"; next;'
    )


def test_only_its_chassis_lets_it_reach_the_router() -> None:
    sender = f'inport == "afar" && eth.src == {MAC}'
    elsewhere = '!is_chassis_resident("afar")'
    lla = "fe80::200:ff:fe00:ff01"
    check(
        ROWS,
        Stage.LS_IN_EXTERNAL_PORT,
        f"100 {sender} && {elsewhere} && arp.tpa == 10.0.0.1 && arp.op == 1 -> drop;",
        f"100 {sender} && {elsewhere} && nd_ns && ip6.dst == {{{lla}, ff02::1:ff00:ff01}} && nd.target == {lla} -> drop;",
        f"100 {sender} && eth.dst == {ROUTER_MAC} && {elsewhere} -> drop;",
    )


def test_without_a_wire_there_is_nothing_external() -> None:
    check(switch(port("afar", MAC, type="external")), Stage.LS_IN_EXTERNAL_PORT)
