"""The rest of the protocols: bytes to value, value to bytes, and any cut or flipped byte is a value or `Malformed`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.packet import bfd, dns, geneve, icmp6, igmp, ipv6, mld, pcap, sctp, tcp
from pyovn.packet.checksum import checksum
from pyovn.packet.malformed import Malformed

SRC, DST = 0xFE80 << 112 | 1, 0xFE80 << 112 | 2

CASES: list[tuple[Callable[[bytes], Any], Any, Callable[[Any], bytes]]] = [
    (tcp.parse, tcp.Tcp(80, 5, 1, 2, tcp.SYN | tcp.ACK, 100, b"data", b"\2\4\5\xb4"), lambda v: tcp.build(v, SRC, DST)),
    (sctp.parse, sctp.Sctp(7, 8, 9, b"\6\0\0\4"), sctp.build),
    (ipv6.parse, ipv6.Ipv6(SRC, DST, 17, b"payload", 3, 0xB8, 5), ipv6.build),
    (ipv6.parse, ipv6.Ipv6(SRC, DST, 17, b"payload", first=0, extensions=b"\x11\0" + bytes(6)), ipv6.build),
    (ipv6.parse, ipv6.Ipv6(SRC, DST, 17, b"payload", first=44, extensions=b"\x11\0\0\x09" + bytes(4)), ipv6.build),
    (icmp6.parse, icmp6.Icmp6(icmp6.ECHO_REQUEST, 0, 7 << 16 | 1, b"ping"), lambda v: icmp6.build(v, SRC, DST)),
    (icmp6.parse_neighbor, icmp6.Neighbor(SRC, ((icmp6.SOURCE_LINK, b"abcdef"), (14, b"abcdef"))), icmp6.build_neighbor),
    (geneve.parse, geneve.Geneve(5, b"frame", (geneve.Option(0x0102, 0x80, b"\0\1\0\2"),), geneve.CRITICAL), geneve.build),
    (geneve.parse, geneve.Geneve(0xFFFFFF, b""), geneve.build),
    (igmp.parse, igmp.Igmp(igmp.REPORT_V2, 0, 0xE0000105), igmp.build),
    (igmp.parse, igmp.Igmp(igmp.REPORT_V3, 0, 0, (igmp.Record(4, 0xE0000105), igmp.Record(1, 0xE0000106, (1, 2)))), igmp.build),
    (lambda data: mld.parse_report(data, 2), (mld.Record(4, 0xFF02 << 112 | 5), mld.Record(1, 7, (SRC,))), mld.build_report),
    (bfd.parse, bfd.Bfd(bfd.UP, 5, 1, 2, 1000000, 1000000, 0, bfd.POLL, 3), bfd.build),
    (dns.parse, dns.Dns(7, dns.RECURSION_DESIRED, "vm1.example.org", dns.A), dns.build),
    (pcap.parse, [pcap.Capture(1.5, b"frame"), pcap.Capture(2.000001, b"")], pcap.build),
]
IDS = [f"{type(value).__name__}{number}" for number, (_, value, _) in enumerate(CASES)]


@pytest.mark.parametrize(("parse", "value", "build"), CASES, ids=IDS)
def test_bytes_and_value(parse: Callable[[bytes], Any], value: Any, build: Callable[[Any], bytes]) -> None:
    data = build(value)
    assert parse(data) == value
    for end in range(len(data)):
        try:
            parse(data[:end])
        except Malformed as error:
            assert error.fact


@settings(max_examples=300)
@given(st.sampled_from(CASES), st.data())
def test_flipped_bytes(case: tuple[Callable[[bytes], Any], Any, Callable[[Any], bytes]], data: st.DataObject) -> None:
    parse, value, build = case
    encoded = bytearray(build(value))
    for _ in range(data.draw(st.integers(1, 3))):
        encoded[data.draw(st.integers(0, len(encoded) - 1))] = data.draw(st.integers(0, 255))
    try:
        parse(bytes(encoded))
    except Malformed as error:
        assert error.protocol


def test_an_option_of_length_zero_is_malformed() -> None:
    with pytest.raises(Malformed):
        icmp6.parse_options(b"\1\0" + bytes(6))


def test_checksums_are_what_a_receiver_wants() -> None:
    message = icmp6.build(icmp6.Icmp6(icmp6.NEIGHBOR_SOLICIT, 0, 0, bytes(16)), SRC, DST)
    assert icmp6.verify(message, SRC, DST)
    assert not icmp6.verify(message, SRC, SRC)
    assert checksum(igmp.build(igmp.Igmp(igmp.LEAVE, 0, 5))) == 0
    # RFC 9260 and RFC 3720 agree on this one.
    assert sctp.crc32c(b"123456789") == 0xE3069283


def test_dns_answers() -> None:
    query = dns.Dns(7, 0x0100, "vm1", dns.A)
    reply = query._replace(flags=dns.RESPONSE | dns.AUTHORITATIVE, answers=(dns.Answer(dns.A, 3600, bytes((10, 0, 0, 5))),))
    assert dns.build(reply).hex() == "00078400000100010000000003766d310000010001c00c0001000100000e1000040a000005"
    with pytest.raises(Malformed):
        dns.parse(dns.build(reply))
