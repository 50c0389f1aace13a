"""Matches and flows as `ovs-ofctl` prints them."""

from __future__ import annotations

import pytest
from hypothesis import given

from pyovn.openflow.match import Match
from pyovn.openflow.match_text import format_flow, format_match, parse_match
from pyovn.openflow.message import FlowMod
from pyovn.openflow.message_codec import decode
from pyovn.packet.flow import parse_flow
from tests.openflow.samples import RECORDED, Recorded, matches


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda r: f"{r.version}-{r.match[:40]}")
def test_as_the_reference_prints(recorded: Recorded) -> None:
    message = decode(recorded.data)[2]
    assert isinstance(message, FlowMod)
    assert format_match(message.match, message.priority) == recorded.match


PRINTED = [  # what was asked, and how the reference says it
    ("ct_state=+est+trk-rpl,ipv6,ct_label=0x1/0x1", "ct_state=+est-rpl+trk,ct_label=0x1/0x1,ipv6"),
    ("ip,nw_src=10.0.0.0/24,nw_dst=10.0.0.1/255.0.255.0", "ip,nw_src=10.0.0.0/24,nw_dst=10.0.0.0/255.0.255.0"),
    ("tcp,tcp_flags=0x012", "tcp,tcp_flags=syn|ack"),
    ("tcp6,tp_dst=0x1f0/0xfff0", "tcp6,tp_dst=0x1f0/0xfff0"),
    ("ip,nw_proto=50,nw_tos=16,nw_ecn=2,nw_ttl=3,nw_frag=later", "ip,nw_proto=50,nw_tos=16,nw_ecn=2,nw_ttl=3,nw_frag=later"),
    ("ipv6,ipv6_src=::ffff:1.2.3.4,ipv6_dst=::1.2.3.4", "ipv6,ipv6_src=::ffff:1.2.3.4,ipv6_dst=::1.2.3.4"),
    ("dl_type=0x1234,dl_dst=01:00:00:00:00:00/01:00:00:00:00:00", "dl_dst=01:00:00:00:00:00/01:00:00:00:00:00,dl_type=0x1234"),
    ("ct_zone=5", "ct_zone=5"),
    ("tun_flags=+oam,tun_id=5", "tun_id=0x5,tun_flags=+oam"),
]


@pytest.mark.parametrize(("text", "printed"), PRINTED)
def test_printed(text: str, printed: str) -> None:
    assert format_match(parse_match(text)) == printed


@given(matches())
def test_text_says_it_all(match: Match) -> None:
    assert parse_match(format_match(match)) == match


FRAMES = [  # frames, and what `ovs-ofctl parse-packet` says of them
    (
        "50540000000150540000000208004500001c00010000401100000a0000010a0000020044004300080000",
        "udp,vlan_tci=0x0000,dl_src=50:54:00:00:00:02,dl_dst=50:54:00:00:00:01,nw_src=10.0.0.1,nw_dst=10.0.0.2,"
        "nw_tos=0,nw_ecn=0,nw_ttl=64,nw_frag=no,tp_src=68,tp_dst=67",
    ),
    (
        "50540000000150540000000286dd6a00000500203a4000000000000000000000000000000001000000000000000000000000000000028700000000000000"
        "000000000000000000000000000000050101000102030405",
        "icmp6,vlan_tci=0x0000,dl_src=50:54:00:00:00:02,dl_dst=50:54:00:00:00:01,ipv6_src=::1,ipv6_dst=::2,ipv6_label=0x00005,"
        "nw_tos=160,nw_ecn=0,nw_ttl=64,nw_frag=no,icmp_type=135,icmp_code=0,nd_target=::5,nd_sll=00:01:02:03:04:05,"
        "nd_tll=00:00:00:00:00:00",
    ),
    (
        "50540000000150540000000288a800058100000608004500001c00010000401100000a0000010a0000020044004300080000",
        "udp,dl_vlan=5,dl_vlan_pcp=0,dl_vlan1=6,dl_vlan_pcp1=0,dl_src=50:54:00:00:00:02,dl_dst=50:54:00:00:00:01,nw_src=10.0.0.1,"
        "nw_dst=10.0.0.2,nw_tos=0,nw_ecn=0,nw_ttl=64,nw_frag=no,tp_src=68,tp_dst=67",
    ),
]


@pytest.mark.parametrize(("frame", "text"), FRAMES)
def test_flows(frame: str, text: str) -> None:
    assert format_flow(parse_flow(bytes.fromhex(frame), vlan_limit=2)) == text


WRONG = [
    ("frobnicate=1", "unknown field frobnicate"),
    ("reg0", "field reg0 missing value"),
    ("ip,nw_src=10.0.0.256", "invalid IP address"),
    ("dl_src=1:2:3", "invalid Ethernet address"),
    ("ipv6,ipv6_src=::g", "invalid IPv6 address"),
    ("reg0=0x100000000", "too large"),
    ("ct_state=+nope", "unknown flag"),
    ("ip,nw_src=10.0.0.1/33", "not between 0 and 32"),
]


@pytest.mark.parametrize(("text", "fact"), WRONG)
def test_wrong(text: str, fact: str) -> None:
    with pytest.raises(ValueError, match=fact):
        parse_match(text)
