"""Distributed gateway ports."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.schemas.nb import GatewayChassis
from tests.northd.compiled import check, check_among, flows, port, router, router_port, switch, towards
from tests.northd.router.gateways import HERE, MAC, at_a_gateway_port


def test_what_leaves_goes_to_the_ports_chassis() -> None:
    check(at_a_gateway_port(), Stage.LR_IN_GW_REDIRECT, '50 outport == "out" -> outport = "cr-out"; next;')


def test_other_chassis_do_not_listen() -> None:
    rows = at_a_gateway_port()
    taken = f'50 eth.dst == {MAC} && inport == "out" && {HERE} -> xreg0[0..47] = {MAC}; next;'
    check_among(rows, Stage.LR_IN_ADMISSION, taken)
    check_among(rows, Stage.LR_IN_LOOKUP_NEIGHBOR, f'120 inport == "out" && (nd_na || nd_ns) && eth.mcast && !{HERE} -> reg9[2] = 1; next;')
    check_among(rows, Stage.LS_IN_L2_LKUP, f'50 eth.dst == {MAC} && {HERE} -> outport = "sw-out"; output;')


def test_neither_to_a_port_that_is_disabled() -> None:
    ignored = f'120 inport == "out" && (nd_na || nd_ns) && eth.mcast && !{HERE} -> reg9[2] = 1; next;'
    check_among(at_a_gateway_port(enabled=False), Stage.LR_IN_LOOKUP_NEIGHBOR, ignored)


def test_bridged_packets_are_addressed_to_the_port() -> None:
    rows = at_a_gateway_port(options={"redirect-type": "bridged"})
    check_among(rows, Stage.LR_IN_ARP_RESOLVE, f'50 outport == "out" && !{HERE} -> eth.dst = {MAC}; next;')


@pytest.mark.parametrize(("kind", "known"), [("bridged", ["xxreg0"]), ("Bridged", ["xxreg0"]), ("overlay", ["reg0", "xxreg0"])])
def test_where_packets_go_by_the_wire_machines_there_are_asked_for(kind: str, known: list[str]) -> None:
    out = router_port("out", MAC, "172.16.0.1/24", "fd00::1/64", gateway_chassis=("gc",), options={"redirect-type": kind})
    around = switch(towards("sw-out", "out"), port("vm", "00:00:00:00:00:09 172.16.0.9 fd00::9"))
    rows = [*router(out), *around, GatewayChassis("gc", name="out-hv1", chassis_name="hv1", priority=1)]
    found = [flow.match for flow in flows(rows) if flow.stage is Stage.LR_IN_ARP_RESOLVE and "00:09" in flow.actions]
    assert sorted(match.split()[-3] for match in found) == known


def test_a_wired_port_may_leave_its_answers_to_the_gateway() -> None:
    out = router_port("out", MAC, "172.16.0.1/24", gateway_chassis=("gc",))
    inner = router_port("in", "00:00:00:00:ff:02", "10.0.0.1/24", options={"reside-on-redirect-chassis": "true"})
    around = switch(towards("sw-in", "in"), port("wire", "unknown", type="localnet"))
    rows = [*router(out, inner), *around, GatewayChassis("gc", name="out-hv1", chassis_name="hv1", priority=1)]
    check_among(rows, Stage.LS_IN_L2_LKUP, f'50 eth.dst == 00:00:00:00:ff:02 && {HERE} -> outport = "sw-in"; output;')


def test_a_gateway_router_has_no_gateway_ports() -> None:
    out = router_port("out", MAC, "172.16.0.1/24", gateway_chassis=("gc",))
    rows = [*router(out, options={"chassis": "hv1"}), GatewayChassis("gc", name="out-hv1", chassis_name="hv1", priority=1)]
    assert not [flow for flow in flows(rows) if "cr-out" in flow.match]
