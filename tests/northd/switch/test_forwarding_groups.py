"""Virtual addresses that several ports serve."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from pyovn.schemas.nb import ForwardingGroup
from tests.northd.compiled import check_among, switch

MAC = "00:11:11:11:11:11"


def test_the_address_is_answered_for_and_the_mac_spread() -> None:
    group = ForwardingGroup("fg", name="fg", vip="10.0.0.9", vmac=MAC, liveness=True, child_port=("p1", "p2"))
    rows = [group, *switch(forwarding_groups=("fg",))]
    reply = f"eth.dst = eth.src; eth.src = {MAC}; arp.op = 2; /* ARP reply */ arp.tha = arp.sha; arp.sha = {MAC}; arp.tpa = arp.spa;"
    check_among(
        rows,
        Stage.LS_IN_ARP_RSP,
        f"50 arp.tpa == 10.0.0.9 && arp.op == 1 -> {reply} arp.spa = 10.0.0.9; outport = inport; flags.loopback = 1; output;",
    )
    check_among(rows, Stage.LS_IN_L2_LKUP, f'50 eth.dst == {MAC} -> fwd_group(liveness="true",childports="p1","p2");')
