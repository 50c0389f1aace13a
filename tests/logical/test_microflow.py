"""An expression to the packet that it describes."""

from __future__ import annotations

import pytest

from pyovn.logical.lexer import LogicalError
from pyovn.logical.microflow import parse_microflow
from pyovn.logical.parser import NO_SCOPE
from pyovn.openflow.match_text import format_flow

IP = "nw_tos=0,nw_ecn=0,nw_ttl=0,nw_frag=no"
ARP = "arp_op=1,arp_sha=00:00:00:00:00:00,arp_tha=00:00:00:00:00:00"
MACS = "vlan_tci=0x0000,dl_src=00:00:00:00:00:00,dl_dst=00:00:00:00:00:00"
PACKETS = [
    ('inport == "p"', f"reg14=0x1,{MACS},dl_type=0x0000"),
    ('inport == "p" && !vlan.present', f"reg14=0x1,{MACS},dl_type=0x0000"),
    ("ip4 && tcp.dst == 80", f"tcp,{MACS},nw_src=0.0.0.0,nw_dst=0.0.0.0,{IP},tp_src=0,tp_dst=80,tcp_flags=0"),
    ("tcp.dst == 80 && ip4.src == 1.2.3.4", f"tcp,{MACS},nw_src=1.2.3.4,nw_dst=0.0.0.0,{IP},tp_src=0,tp_dst=80,tcp_flags=0"),
    ("arp.op == 1 && arp.tpa == 10.0.0.1", f"arp,{MACS},arp_spa=0.0.0.0,arp_tpa=10.0.0.1,{ARP}"),
    ("ct.new && reg0 == 5", f"ct_state=new|trk,reg0=0x5,{MACS},dl_type=0x0000"),
]  # fmt: skip
FAULTS = [
    ("ip4 && ip6", "Constraints are contradictory."),
    ("0", "Constraints are contradictory."),
    ('inport == "p" && inport == "q"', "Constraints are contradictory."),
    ("ip", "Constraints are ambiguous: eth.type == 0x800 || eth.type == 0x86dd."),
    ("ip4.src == {1.1.1.1, 2.2.2.2}", "Constraints are ambiguous: (ip4.src == 0x1010101 || ip4.src == 0x2020202) && eth.type == 0x800."),
    ("reg0 > 5", "Constraints are ambiguous: xxreg0[96..127] > 0x5."),
    ("nosuch", "Syntax error at `nosuch' expecting field name."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PACKETS)
def test_packet(text: str, expected: str) -> None:
    assert format_flow(parse_microflow(text, NO_SCOPE, {"p": 1, "q": 2}.get)) == expected


@pytest.mark.parametrize(("text", "expected"), FAULTS)
def test_fault(text: str, expected: str) -> None:
    with pytest.raises(LogicalError) as caught:
        parse_microflow(text, NO_SCOPE, {"p": 1, "q": 2}.get)
    assert str(caught.value) == expected
