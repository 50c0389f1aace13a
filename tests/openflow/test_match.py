"""Matches: one question, one value, however it is spelled."""

from __future__ import annotations

import pytest
from hypothesis import given

from pyovn.openflow.fields import FIELDS, Need, parse_subfield, read, read_bits, write, write_bits
from pyovn.openflow.match import ANY, Match, meets
from pyovn.openflow.match_text import parse_match
from pyovn.packet.flow import empty_flow
from tests.openflow.samples import matches

SAME = [
    ("xreg0=0x100000002", "reg0=1,reg1=2"),
    ("xxreg1=5/0xf", "reg7=5/0xf"),
    ("dl_vlan=5", "vlan_tci=0x1005/0x1fff"),
    ("vlan_vid=5", "dl_vlan=5"),
    ("tcp,tp_src=80", "ip,nw_proto=6,tcp_src=80"),
    ("udp,tp_src=80", "ip,nw_proto=17,udp_src=80"),
    ("icmp,icmp_type=8", "ip,nw_proto=1,icmp_type=8"),
    ("arp,arp_op=1", "dl_type=0x806,arp_op=1"),
    ("ip,nw_tos=16", "ip,ip_dscp=4"),
    ("reg0=0x5/0", ""),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_question(one: str, other: str) -> None:
    assert parse_match(one) == parse_match(other)
    assert hash(parse_match(one)) == hash(parse_match(other))


@given(matches())
def test_fields_make_the_match_again(match: Match) -> None:
    assert Match.of(dict(match.items())) == match


@given(matches())
def test_a_match_fits_a_packet_that_has_what_it_asks(match: Match) -> None:
    flow = empty_flow()
    for field, (value, _) in match.items():
        write(flow, field, value)
    assert match.matches(flow)
    for field, (value, mask) in match.items():
        assert match.get(field) == (value, mask)
        write(flow, field, value ^ mask)
        assert not match.matches(flow)
        write(flow, field, value)


def test_wide_registers_are_their_parts() -> None:
    flow = empty_flow()
    write(flow, FIELDS["xxreg0"], 0x11111111_22222222_33333333_44444444)
    assert [read(flow, FIELDS[f"reg{n}"]) for n in range(4)] == [0x11111111, 0x22222222, 0x33333333, 0x44444444]
    write_bits(flow, parse_subfield("xreg1[32..63]"), 5)
    assert read(flow, FIELDS["reg2"]) == 5
    assert read_bits(flow, parse_subfield("NXM_NX_XXREG0[0..3]")) == 4


NEEDS = [
    ("", Need.NONE, True),
    ("ip", Need.IPV4, True),
    ("ip", Need.TCP, False),
    ("tcp6", Need.TCP, True),
    ("arp", Need.ARP, True),
    ("dl_vlan=5", Need.VLAN, True),
    ("vlan_tci=0", Need.VLAN, False),
    ("icmp6,icmp_type=135,icmp_code=0", Need.ND_SOLICIT, True),
    ("icmp6,icmp_type=136,icmp_code=0", Need.ND_SOLICIT, False),
    ("icmp6,icmp_type=136", Need.ND_ADVERT, False),
    ("mpls", Need.MPLS, True),
]


@pytest.mark.parametrize(("text", "need", "met"), NEEDS)
def test_prerequisites(text: str, need: Need, met: bool) -> None:
    assert meets(parse_match(text), need) is met


def test_later_questions_replace_earlier_ones() -> None:
    assert Match.of({"reg0": 5}).with_fields({"reg0": (0, 1)}) == Match.of({"reg0": 4})
    assert Match.of({}) == ANY
    assert not ANY
