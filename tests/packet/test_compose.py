"""Frames made of fields, as Open vSwitch makes them: those that have all the fields, and whose checksums are right."""

from __future__ import annotations

import pytest

from pyovn.logical.microflow import parse_microflow
from pyovn.logical.parser import Scope
from pyovn.packet import slot
from pyovn.packet.compose import compose
from pyovn.packet.flow import Flow, parse_flow

PAIR = "eth.src == f0:00:00:00:00:01 && eth.dst == f0:00:00:00:00:02"
FOUR = f"{PAIR} && ip4.src == 10.0.0.1 && ip4.dst == 10.0.0.2 && ip.ttl == 64"
SIX = f"{PAIR} && ip6.src == fd00::1 && ip6.dst == fd00::2 && ip.ttl == 64"
MACS = "f00000000002f00000000001"


def described(text: str) -> Flow:
    return parse_microflow(text, Scope({}, {}), lambda name: None)


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        (f"{FOUR} && icmp4.type == 3 && icmp4.code == 1", "0800 4500001c00000000400166df0a0000010a000002 0301fcfe00000000"),
        (f"{FOUR} && tcp.dst == 80 && tcp.flags == 2",
         "0800 4500002800000000400666ce0a0000010a000002 000000500000000000000000500200009b900000"),
        (f"{PAIR} && arp.op == 1 && arp.sha == f0:00:00:00:00:01 && arp.spa == 10.0.0.1 && arp.tpa == 10.0.0.2",
         "0806 0001 0800 0604 0001 f00000000001 0a000001 000000000000 0a000002"),
        (f"{PAIR} && eth.type == 0x1234", "1234"),
        (f"{PAIR} && vlan.present && vlan.vid == 5 && eth.type == 0x1234", "8100 0005 1234"),
    ],
)  # fmt: skip
def test_frames(text: str, frame: str) -> None:
    assert compose(described(text)).hex() == MACS + frame.replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        f"{FOUR} && udp.src == 1 && udp.dst == 2", f"{FOUR} && tcp.dst == 2", f"{FOUR} && sctp.src == 1 && sctp.dst == 2",
        f"{FOUR} && icmp4.type == 8", f"{FOUR} && ip.frag == 3", f"{SIX} && udp.dst == 2", f"{SIX} && tcp.dst == 2",
        f"{SIX} && icmp6.type == 128", f"{SIX} && ip.dscp == 12 && udp.dst == 2",
        f"{PAIR} && nd_ns && ip6.src == fe80::1 && ip6.dst == ff02::1 && nd.target == fd00::2 && nd.sll == f0:00:00:00:00:01",
        f"{PAIR} && nd_na && ip6.src == fe80::1 && ip6.dst == ff02::1 && nd.target == fd00::2 && nd.tll == f0:00:00:00:00:01",
        f"{PAIR} && vlan.present && vlan.vid == 5 && ip4.src == 10.0.0.1",
    ],
)  # fmt: skip
def test_a_frame_has_the_fields_that_it_was_made_of(text: str) -> None:
    flow = described(text)
    found = parse_flow(compose(flow))
    # Which options a message has is a field too, that a description has not.
    found[slot.ND_OPTIONS_TYPE] = 0
    assert found == flow
