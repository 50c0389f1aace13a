"""Answers for known addresses."""

from __future__ import annotations

from pyovn.northd.pipeline import Stage
from tests.northd.compiled import check, flows, port, switch

MAC = "00:00:00:00:00:01"
ARP = "arp.tpa == 10.0.0.2 && arp.op == 1 && eth.dst == ff:ff:ff:ff:ff:ff"
REPLY = (
    f"eth.dst = eth.src; eth.src = {MAC}; arp.op = 2; /* ARP reply */ arp.tha = arp.sha; arp.sha = {MAC}; "
    "arp.tpa = arp.spa; arp.spa = 10.0.0.2; outport = inport; flags.loopback = 1; output;"
)


def test_arp() -> None:
    check(switch(port("vm", f"{MAC} 10.0.0.2")), Stage.LS_IN_ARP_RSP, f"50 {ARP} -> {REPLY}", f'100 {ARP} && inport == "vm" -> next;')


def test_nd() -> None:
    asked = "nd_ns_mcast && ip6.dst == ff02::1:ff00:2 && nd.target == fd00::2"
    answer = f"eth.src = {MAC}; ip6.src = fd00::2; nd.target = fd00::2; nd.tll = {MAC}; outport = inport; flags.loopback = 1; output;"
    check(
        switch(port("vm", f"{MAC} fd00::2")),
        Stage.LS_IN_ARP_RSP,
        f"50 {asked} -> nd_na {{ {answer} }};",
        f'100 {asked} && inport == "vm" -> next;',
    )


def test_who_may_have_other_addresses_speaks_for_itself() -> None:
    for columns in ({"type": "virtual"}, {"type": "external"}):
        check(switch(port("vm", f"{MAC} 10.0.0.2", **columns)), Stage.LS_IN_ARP_RSP)
    check(switch(port("vm", f"{MAC} 10.0.0.2", "unknown")), Stage.LS_IN_ARP_RSP)
    check(switch(port("vm", f"{MAC} 10.0.0.2"), other_config={"vlan-passthru": "true"}), Stage.LS_IN_ARP_RSP)


def test_on_a_wire_only_the_ports_own_chassis_answers() -> None:
    rows = switch(port("vm", f"{MAC} 10.0.0.2"), port("wire", "unknown", type="localnet"))
    where = '((flags.localnet == 1 && is_chassis_resident("vm")) || flags.localnet == 0)'
    assert [flow.match for flow in flows(rows) if flow.stage is Stage.LS_IN_ARP_RSP and flow.priority == 50] == [f"{ARP} && {where}"]
