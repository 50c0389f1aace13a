"""Frames follow their flows: what is set is in the bytes, and checksums that were right stay right."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.packet import icmp4, icmp6, ipv4, sctp, slot, tcp, udp
from pyovn.packet import ipv6 as ip6
from pyovn.packet.checksum import adjust, checksum, ones_sum, pseudo_header
from pyovn.packet.flow import parse_flow
from pyovn.packet.packet import Packet
from tests.packet.frames import ARP, FRAMES, SOLICIT, ethernet

A, B = 0x0A000001, 0x0A000002
A6, B6 = 0xFD00 << 112 | 1, 0xFD00 << 112 | 2


def over_ipv4(protocol: int, payload: bytes) -> bytes:
    return ethernet(0x0800, ipv4.build(ipv4.Ipv4(A, B, protocol, payload)))


def over_ipv6(protocol: int, payload: bytes) -> bytes:
    return ethernet(0x86DD, ip6.build(ip6.Ipv6(A6, B6, protocol, payload)))


RIGHT = {
    "udp": over_ipv4(17, udp.build(udp.Udp(68, 67, b"hello"), A, B)),
    "tcp": over_ipv4(6, tcp.build(tcp.Tcp(80, 5, 1, 2, 0x12, 9, b"hello"), A, B)),
    "icmp": over_ipv4(1, icmp4.build(icmp4.echo(8, 1, 2, b"hello"))),
    "sctp": over_ipv4(132, sctp.build(sctp.Sctp(7, 8, 9, b"chunks"))),
    "udp6": over_ipv6(17, udp.build(udp.Udp(68, 67, b"hello"), A6, B6)),
    "tcp6": over_ipv6(6, tcp.build(tcp.Tcp(80, 5, 1, 2, 0x12, 9, b"hello"), A6, B6)),
    "nd": over_ipv6(58, icmp6.build(icmp6.Icmp6(135, 0, 0, SOLICIT[8:]), A6, B6)),
}


def is_right(frame: bytes) -> bool:
    """Are all checksums of an untagged IP frame what they should be?"""
    if frame[12:14] == b"\x08\0":
        packet = ipv4.parse(frame[14:])
        src, dst, proto, payload = packet.src, packet.dst, packet.proto, packet.payload
    else:
        wide = ip6.parse(frame[14:])
        src, dst, proto, payload = wide.src, wide.dst, wide.proto, wide.payload
    if proto == 132:
        return sctp.build(sctp.parse(payload)) == payload
    return checksum(payload, 0 if proto == 1 else pseudo_header(src, dst, proto, len(payload))) == 0


SETTABLE = {slot.ETH_SRC: 48, slot.ETH_DST: 48, slot.NW_TOS: 8, slot.NW_TTL: 8}
BY_KIND = {
    "udp": {slot.NW_SRC: 32, slot.NW_DST: 32, slot.TP_SRC: 16, slot.TP_DST: 16},
    "tcp": {slot.NW_SRC: 32, slot.NW_DST: 32, slot.TP_SRC: 16, slot.TP_DST: 16},
    "sctp": {slot.NW_SRC: 32, slot.TP_SRC: 16, slot.TP_DST: 16},
    "icmp": {slot.NW_SRC: 32, slot.NW_DST: 32, slot.TP_SRC: 8, slot.TP_DST: 8},
    "udp6": {slot.IPV6_SRC: 128, slot.IPV6_DST: 128, slot.IPV6_LABEL: 20, slot.TP_SRC: 16, slot.TP_DST: 16},
    "tcp6": {slot.IPV6_SRC: 128, slot.IPV6_DST: 128, slot.TP_SRC: 16, slot.TP_DST: 16},
    "nd": {slot.IPV6_SRC: 128, slot.ND_TARGET: 128, slot.ARP_SHA: 48},
}


@settings(max_examples=300)
@given(st.sampled_from(sorted(RIGHT)), st.data())
def test_what_is_set_is_in_the_frame_and_checksums_stay_right(kind: str, data: st.DataObject) -> None:
    packet = Packet(RIGHT[kind], in_port=7)
    fields = SETTABLE | BY_KIND[kind]
    for at in data.draw(st.sets(st.sampled_from(sorted(fields)), min_size=1)):
        packet.flow[at] = data.draw(st.integers(0, (1 << fields[at]) - 1))
    wanted = packet.flow.copy()
    frame = packet.frame
    assert parse_flow(frame, in_port=7) == wanted == packet.flow
    assert is_right(frame)


def test_metadata_leaves_the_frame_alone() -> None:
    packet = Packet(RIGHT["udp"])
    packet.flow[slot.REG0] = 5
    assert packet.frame is RIGHT["udp"]
    assert packet.flow[slot.REG0] == 5


def test_tags_are_pushed_set_and_popped() -> None:
    packet = Packet(RIGHT["udp"])
    packet.push_vlan()
    packet.flow[slot.VLAN_TCI] = slot.VLAN_PRESENT | 5
    packet.flow[slot.NW_TTL] = 9
    tagged = packet.frame
    assert tagged[12:18] == b"\x81\0\0\x05\x08\0"
    assert parse_flow(tagged)[slot.NW_TTL] == 9
    packet.pop_vlan()
    assert is_right(packet.frame) and packet.flow[slot.VLAN_TCI] == 0
    packet.flow[slot.VLAN_TCI] = slot.VLAN_PRESENT | 7
    assert packet.frame[12:18] == b"\x81\0\0\x07\x08\0"
    packet.flow[slot.VLAN_TCI] = 0
    assert packet.frame[12:14] == b"\x08\0"


def test_arp_becomes_its_reply() -> None:
    packet = Packet(ethernet(0x0806, ARP))
    packet.flow[slot.NW_PROTO] = 2
    packet.flow[slot.ARP_SHA], packet.flow[slot.ARP_THA] = 0xAABBCCDDEEFF, packet.flow[slot.ARP_SHA]
    packet.flow[slot.NW_SRC], packet.flow[slot.NW_DST] = packet.flow[slot.NW_DST], packet.flow[slot.NW_SRC]
    assert packet.frame[20:].hex() == "0002aabbccddeeff0a0000025054000000010a000001"


def test_a_copy_goes_its_own_way() -> None:
    packet = Packet(RIGHT["udp"])
    other = packet.copy()
    other.flow[slot.TP_SRC] = 1
    assert other.frame != packet.frame == RIGHT["udp"]


def test_no_checksum_stays_none() -> None:
    datagram = bytearray(udp.build(udp.Udp(68, 67, b"hello"), A, B))
    datagram[6:8] = bytes(2)
    packet = Packet(over_ipv4(17, bytes(datagram)))
    packet.flow[slot.NW_SRC] = 5
    assert packet.frame[40:42] == bytes(2)


@settings(max_examples=200)
@given(st.sampled_from(FRAMES), st.data())
def test_any_frame_can_be_written_to(frame: bytes, data: st.DataObject) -> None:
    packet = Packet(frame, vlan_limit=2)
    for at in (slot.ETH_SRC, slot.VLAN_TCI, slot.NW_SRC, slot.TP_SRC, slot.IPV6_DST, slot.ARP_SHA, slot.MPLS_LSE, slot.NW_TTL):
        if data.draw(st.booleans()):
            packet.flow[at] = data.draw(st.integers(0, 255))
    again = packet.frame
    assert parse_flow(again, vlan_limit=2)[slot.ETH_SRC : slot.REG0] == packet.flow[slot.ETH_SRC : slot.REG0]


SUMS = [
    (b"", 0, 0xFFFF),
    (b"\0\0", 0, 0xFFFF),
    (b"\xff\xff", 0xFFFF, 0),
    (b"\1", 0x0100, 0xFEFF),
    (b"\0\1\xf2\3\xf4\xf5\xf6\xf7", 0xDDF2, 0x220D),
]


@pytest.mark.parametrize(("data", "total", "complement"), SUMS)
def test_sums(data: bytes, total: int, complement: int) -> None:
    assert (ones_sum(data), checksum(data)) == (total, complement)


@given(st.binary(min_size=4, max_size=20).filter(lambda data: len(data) % 2 == 0 and any(data[2:])), st.integers(0, 0xFFFF))
def test_a_changed_word_adjusts_the_sum(data: bytes, word: int) -> None:
    changed = word.to_bytes(2, "big") + data[2:]
    assert adjust(checksum(data), int.from_bytes(data[:2], "big"), word) == checksum(changed)
