"""What packets say of groups, and the queries as they are on the wire."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.controller.services.frame import ICMPV6, ethernet, ipv4, ipv6, parse_ip, with_checksum
from pyovn.controller.services.membership import Member, Query, query4, query6, read
from pyovn.packet import igmp, mld
from pyovn.packet.checksum import pseudo_header

G4, G6 = 0xEF010101, 0xFF0E << 112 | 0x42
SRC6 = 0xFE80 << 112 | 1


def frame4(message: igmp.Igmp) -> bytes:
    """An IGMP message in a frame."""
    return ethernet(bytes(6), bytes(6), 0x0800, ipv4(1, G4, igmp.PROTOCOL, igmp.build(message), ttl=1))


def frame6(kind: int, rest: bytes, *, number: int = 0, src: int = SRC6, alert: bool = True) -> bytes:
    """An MLD message in a frame, with a router alert before it or without."""
    message = with_checksum(bytes((kind, 0, 0, 0, 0, 0)) + number.to_bytes(2, "big") + rest, 2)
    message = with_checksum(message, 2, pseudo_header(src, G6, ICMPV6, len(message)))
    inner = (0, bytes((ICMPV6, 0, 5, 2, 0, 0, 1, 0)) + message) if alert else (ICMPV6, message)
    return ethernet(bytes(6), bytes(6), 0x86DD, ipv6(src, G6, *inner, hops=1))


def report3(kind: int, *sources: int) -> bytes:
    """An IGMPv3 report of one record."""
    return frame4(igmp.Igmp(igmp.REPORT_V3, 0, 0, (igmp.Record(kind, G4, sources),)))


def report_mld2(kind: int, *sources: int) -> bytes:
    """An MLDv2 report of one record."""
    return frame6(mld.REPORT_V2, mld.build_report((mld.Record(kind, G6, sources),)), number=1)


SAID = [
    (frame4(igmp.Igmp(igmp.REPORT_V1, 0, G4)), (Member(G4, 4, "IGMPv1"),)),
    (frame4(igmp.Igmp(igmp.REPORT_V2, 0, G4)), (Member(G4, 4, "IGMPv2"),)),
    (frame4(igmp.Igmp(igmp.LEAVE, 0, G4)), (Member(G4, 4, "IGMPv2", False),)),
    (frame4(igmp.Igmp(igmp.QUERY, 10, 0)), Query()),
    (report3(4), (Member(G4, 4, "IGMPv3"),)),
    (report3(3), (Member(G4, 4, "IGMPv3", False),)),
    (report3(3, 5), (Member(G4, 4, "IGMPv3"),)),
    (report3(9), ()),
    (frame4(igmp.Igmp(igmp.REPORT_V2, 0, 0xE0000005)), ()),  # a group of one link's routers
    (frame4(igmp.Igmp(igmp.REPORT_V2, 0, 0x0A000001)), ()),  # not a group
    (frame4(igmp.Igmp(0x99, 0, G4)), None),
    (frame6(mld.REPORT_V1, G6.to_bytes(16, "big")), (Member(G6, 6, "MLDv1"),)),
    (frame6(mld.REPORT_V1, G6.to_bytes(16, "big"), alert=False), (Member(G6, 6, "MLDv1"),)),
    (frame6(mld.DONE, G6.to_bytes(16, "big")), (Member(G6, 6, "MLDv1", False),)),
    (frame6(mld.QUERY, bytes(16)), Query()),
    (frame6(mld.QUERY, bytes(16), src=0), None),
    (report_mld2(2), (Member(G6, 6, "MLDv2"),)),
    (report_mld2(1), (Member(G6, 6, "MLDv2", False),)),
    (ethernet(bytes(6), bytes(6), 0x0806, bytes(28)), None),
]


@pytest.mark.parametrize(("frame", "said"), SAID)
def test_what_a_packet_says(frame: bytes, said: object) -> None:
    assert read(frame) == said


@pytest.mark.parametrize("frame", [frame for frame, _ in SAID])
def test_a_packet_that_is_cut_says_nothing_that_it_did_not_say(frame: bytes) -> None:
    whole = read(frame)
    for end in range(len(frame)):
        assert read(frame[:end]) in (None, whole)


@given(st.binary(max_size=80))
def test_no_packet_raises(data: bytes) -> None:
    for frame in (data, bytes(12) + b"\x08\x00" + data, bytes(12) + b"\x86\xdd" + data):
        read(frame)


def test_the_queries_are_queries() -> None:
    for frame, hops, last in ((query4(bytes(6), 1, 2), 22, 1), (query6(bytes(6), SRC6, 2), 21, 1)):
        ip = parse_ip(frame)
        assert ip is not None and (frame[hops], read(frame)) == (last, Query())
