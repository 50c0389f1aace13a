"""What IGMP (RFC 1112, 2236, 3376) and MLD (RFC 2710, 3810) packets say of groups, and the queries that make hosts say it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyovn.controller.services.frame import ICMPV6, IPV4, IPV6, Ip, ethernet, ipv6, parse_ip, with_checksum
from pyovn.packet import igmp, mld
from pyovn.packet import ipv4 as ip4
from pyovn.packet.checksum import checksum, pseudo_header
from pyovn.packet.malformed import Malformed

IS_INCLUDE, TO_INCLUDE, BLOCK_OLD_SOURCES = 1, 3, 6
"""Kinds of records in reports of IGMPv3 and MLDv2; an include of no sources is a leave."""
HOP_BY_HOP = 0
ALERT4, ALERT6 = b"\x94\x04\0\0", bytes((ICMPV6, 0, 5, 2, 0, 0, 1, 0))
"""Router alert options (RFC 2113; RFC 2711, in a hop-by-hop header)."""
ALL_HOSTS4, ALL_HOSTS6 = 0xE0000001, 0xFF02 << 112 | 1
ROBUSTNESS = 2


class Member(NamedTuple):
    """A host joins a group, or leaves it; addresses as numbers of their family."""

    group: int
    version: int
    protocol: str
    joins: bool = True


class Query(NamedTuple):
    """A router asks who is in which group."""


Said = tuple[Member, ...] | Query | None
"""Reports, a query, or neither."""


def read(frame: bytes) -> Said:
    """What a packet says; None for what cannot be read, or says nothing of groups."""
    ip = parse_ip(frame)
    if ip is None:
        return None
    try:
        return _igmp(frame[ip.data : ip.end]) if ip.version == 4 else _mld(frame, ip)
    except Malformed:
        return None


def _igmp(data: bytes) -> Said:
    message = igmp.parse(data)
    if message.type == igmp.QUERY:
        return Query()
    if message.type == igmp.REPORT_V3:
        return tuple(_records(message.records, 4, "IGMPv3"))
    if message.type in (igmp.REPORT_V1, igmp.REPORT_V2, igmp.LEAVE):
        protocol = "IGMPv1" if message.type == igmp.REPORT_V1 else "IGMPv2"
        return tuple(_groups([Member(message.group, 4, protocol, message.type != igmp.LEAVE)]))
    return None


def _mld(frame: bytes, ip: Ip) -> Said:
    at = ip.data
    if ip.protocol == HOP_BY_HOP:
        if ip.end - at < 8 or frame[at] != ICMPV6:
            return None
        at += 8 + 8 * frame[at + 1]
    elif ip.protocol != ICMPV6:
        return None
    data = frame[at : ip.end]
    if len(data) < 8 or checksum(data, pseudo_header(ip.src, ip.dst, ICMPV6, len(data))):
        return None
    kind, rest = data[0], data[8:]
    if kind == mld.QUERY:
        return Query() if ip.src else None
    if kind == mld.REPORT_V2:
        return tuple(_records(mld.parse_report(rest, int.from_bytes(data[6:8], "big")), 6, "MLDv2"))
    if kind in (mld.REPORT_V1, mld.DONE):
        return tuple(_groups([Member(mld.parse_group(rest), 6, "MLDv1", kind != mld.DONE)]))
    return None


def _records(records: tuple[igmp.Record, ...] | tuple[mld.Record, ...], version: int, protocol: str) -> Iterator[Member]:
    for record in records:
        if IS_INCLUDE <= record.kind <= BLOCK_OLD_SOURCES:
            leaves = not record.sources and record.kind in (IS_INCLUDE, TO_INCLUDE)
            yield from _groups([Member(record.group, version, protocol, not leaves)])


def _groups(members: list[Member]) -> Iterator[Member]:
    """Only groups that can be joined: not those of one link's routers and hosts, which everybody hears (RFC 4541 2.1.2)."""
    for member in members:
        multicast = member.group >> 28 == 0xE and member.group >> 8 != 0xE00000 if member.version == 4 else member.group >> 120 == 0xFF
        if multicast and member.group != ALL_HOSTS6:
            yield member


def query4(src_mac: bytes, src: int, response_s: int) -> bytes:
    """A general IGMPv3 query (RFC 3376 4.1) to all hosts."""
    tenths = min(255, response_s * 10)
    message = igmp.build(igmp.Igmp(igmp.QUERY, tenths, 0, (), bytes((ROBUSTNESS, tenths, 0, 0))))
    packet = ip4.build(ip4.Ipv4(src, ALL_HOSTS4, igmp.PROTOCOL, message, ttl=1, options=ALERT4))
    return ethernet(bytes.fromhex("01005e000001"), src_mac, IPV4, packet)


def query6(src_mac: bytes, src: int, response_s: int) -> bytes:
    """A general MLDv2 query (RFC 3810 5.1) to all nodes."""
    code = min(0xFFFF, response_s * 1000).to_bytes(2, "big")
    message = bytes((mld.QUERY, 0, 0, 0)) + code + bytes(2 + 16) + bytes((ROBUSTNESS, min(255, response_s), 0, 0))
    message = with_checksum(message, 2, pseudo_header(src, ALL_HOSTS6, ICMPV6, len(message)))
    return ethernet(bytes.fromhex("333300000001"), src_mac, IPV6, ipv6(src, ALL_HOSTS6, HOP_BY_HOP, ALERT6 + message, hops=1))
