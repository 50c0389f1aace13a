"""Load balancers without conntrack at several gateway ports."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.northd.pipeline import Stage
from pyovn.ovsdb.row import Table
from pyovn.schemas.nb import GatewayChassis, LoadBalancer
from tests.northd.compiled import check_among, router, router_port

VIP = {"20.0.0.10:80": "10.0.0.2:81,10.0.0.3:82"}
HERE = 'is_chassis_resident("cr-out1")'


def rows(vips: dict[str, str], **columns: Any) -> list[Table]:
    """A router with two gateway ports and a load balancer."""
    made = []
    for number in (1, 2):
        networks = f"172.16.{number}.1/24"
        made.append(router_port(f"out{number}", f"00:00:00:00:ff:0{number}", networks, gateway_chassis=(f"gc{number}",)))
    chassis = [GatewayChassis(f"gc{number}", name=f"gc{number}", chassis_name="hv1", priority=1) for number in (1, 2)]
    balancer = LoadBalancer("lb", name="lb", vips=vips, options={"use_stateless_nat": "true"}, protocol="tcp", **columns)
    return [*router(*made, load_balancer=("lb",)), *chassis, balancer]


@pytest.mark.parametrize(
    ("vips", "columns", "action"),
    [
        (VIP, {}, "reg1[0..15] = select(0,1);"),
        (VIP, {"selection_fields": ("ip_src", "tp_src")}, 'reg1[0..15] = select(values=(0,1); hash_fields="ip_src,tcp_src");'),
        ({"20.0.0.10:80": "10.0.0.2:81"}, {}, "next;"),
    ],
)
def test_a_hash_picks_the_backend(vips: dict[str, str], columns: dict[str, Any], action: str) -> None:
    check_among(rows(vips, **columns), Stage.LR_IN_CT_EXTRACT, f"120 ip && ip4.dst == 20.0.0.10 -> {action}")


def test_addresses_are_rewritten_both_ways() -> None:
    to_vip = f"{HERE} && ip4 && ip4.dst == 20.0.0.10 && tcp && tcp.dst == 80"
    check_among(rows(VIP), Stage.LR_IN_DNAT, f"120 {to_vip} && reg1[0..15] == 1 -> ip4.dst = 10.0.0.3; tcp.dst = 82; next;")
    backends = "ip4 && ((ip4.src == 10.0.0.2 && tcp.src == 81) || (ip4.src == 10.0.0.3 && tcp.src == 82))"
    back = f'{backends} && (inport == "out1" || outport == "out1") && {HERE} && tcp'
    check_among(rows(VIP), Stage.LR_OUT_SNAT, f"160 {back} -> ip4.src = 20.0.0.10; tcp.src = 80; next;")
