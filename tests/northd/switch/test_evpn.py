"""Switches in an Ethernet VPN."""

from __future__ import annotations

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.northd.switch.evpn import datapath_ids
from pyovn.schemas.nb import ACL
from tests.northd.compiled import check, check_among, port, switch

EVPN = {"dynamic-routing-vni": "10"}
LOCAL_FIRST = {**EVPN, "dynamic-routing-fdb-prefer-local": "true"}
UNKNOWN = Stage.LS_IN_L2_UNKNOWN
THERE = "outport = remote_outport; output;"
NOWHERE = '50 outport == "none" && remote_outport == "none" ->'


def test_macs_at_other_vteps_are_looked_up_too() -> None:
    check_among(
        switch(other_config=EVPN), Stage.LS_IN_L2_LKUP,
        "0 1 -> outport = get_fdb(eth.dst); remote_outport = get_remote_fdb(eth.dst); next;",
    )  # fmt: skip


def test_one_of_the_two_is_preferred() -> None:
    flood = f'{NOWHERE} outport = "_MC_unknown"; output;'
    remote = [f"0 1 -> {THERE}", '25 remote_outport == "none" -> output;']
    local = ["0 1 -> output;", f'25 outport == "none" -> {THERE}']
    check(switch(other_config=EVPN), UNKNOWN, *remote, f"{NOWHERE} drop;", default=True)
    check(switch(port("any", "unknown"), other_config=EVPN), UNKNOWN, *remote, flood, default=True)
    check(switch(other_config=LOCAL_FIRST), UNKNOWN, *local, f"{NOWHERE} drop;", default=True)


def test_no_connection_is_tracked_beyond() -> None:
    forget = "110 to_evpn_vtep -> flags.pkt_sampled = 0; ct_clear; next;"
    check_among(switch(other_config=EVPN), Stage.LS_IN_PRE_LB, "110 from_evpn_vtep -> next;")
    check_among(switch(other_config=EVPN), Stage.LS_OUT_PRE_LB, forget)
    acl = ACL("acl", priority=1, direction="from-lport", match="ip", action="allow-related")
    rows = [*switch(other_config=EVPN, acls=("acl",)), acl]
    for stage in (Stage.LS_IN_PRE_ACL, Stage.LS_IN_PRE_LB):
        check_among(rows, stage, "110 from_evpn_vtep -> next;")
    for stage in (Stage.LS_OUT_PRE_ACL, Stage.LS_OUT_PRE_LB):
        check_among(rows, stage, "110 to_evpn_vtep -> next;")


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"dynamic-routing-redistribute": "ip"}, []),
        ({"dynamic-routing-vni": "odd"}, ["vni"]),
        ({**EVPN, "dynamic-routing-bridge-ifname": "b" * 16, "dynamic-routing-advertise-ifname": "a" * 17}, ["bridge-ifname", "vni"]),
        ({**EVPN, "dynamic-routing-vxlan-ifname": f"vxlan0,{'v' * 16}"}, ["vni", "vxlan-ifname"]),
        ({**EVPN, "dynamic-routing-vxlan-ifname": f"vxlan0,{'v' * 17}"}, ["vni"]),
        ({**LOCAL_FIRST, "dynamic-routing-arp-prefer-local": "true"}, ["arp-prefer-local", "vni"]),
    ],
)
def test_chassis_are_told_what_they_need(config: dict[str, str], told: list[str]) -> None:
    assert datapath_ids(config) == {f"dynamic-routing-{name}": config[f"dynamic-routing-{name}"] for name in told}
