"""OpenFlow 1.0's fixed match."""

from __future__ import annotations

import pytest

from pyovn.openflow import match10
from pyovn.openflow.error import OpenFlowError
from pyovn.openflow.match_text import parse_match

TEXTS = [
    "",
    "in_port=5",
    "dl_vlan=7",
    "dl_vlan=7,dl_vlan_pcp=3",
    "vlan_tci=0",
    "arp,arp_op=1,arp_spa=10.0.0.0/8",
    "icmp,icmp_type=8,icmp_code=0",
    "tcp,nw_src=10.0.0.1,nw_dst=10.0.0.0/24,tp_src=5,tp_dst=6,nw_tos=16",
    "dl_src=00:00:00:00:00:01,dl_dst=00:00:00:00:00:02",
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_encoded_is_decoded(text: str) -> None:
    match = parse_match(text)
    assert match10.can_encode(match)
    assert len(match10.encode(match)) == match10.SIZE
    assert match10.decode(match10.encode(match)) == match


@pytest.mark.parametrize(
    "text", ["reg0=1", "ipv6,ipv6_src=::1", "ip,nw_src=10.0.0.1/255.0.255.0", "dl_src=01:00:00:00:00:00/01:00:00:00:00:00"]
)
def test_what_it_has_no_room_for(text: str) -> None:
    assert not match10.can_encode(parse_match(text))


def test_a_cut_match() -> None:
    with pytest.raises(OpenFlowError):
        match10.decode(bytes(39))
