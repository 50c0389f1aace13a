"""Which packets a port may send and is sent."""

from __future__ import annotations

from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.logical.microflow import parse_microflow
from pyovn.logical.parser import NO_SCOPE
from pyovn.logical.port_security import admits, delivers, link_local, parse_entry

MAC = "00:00:00:00:00:01"
SENDER = f"eth.src == {MAC}"
SOLICITS, ADVERTISES = (f"icmp6.type == {kind} && icmp6.code == 0 && ip.ttl == 255" for kind in (135, 136))
ROUTER4 = "eth.src == 00:00:5e:00:01:07"
SENDS = [
    ("", "eth.src == 00:00:00:00:00:09", True),
    (MAC, SENDER, True),
    (MAC, "eth.src == 00:00:00:00:00:09", False),
    (MAC, f"{SENDER} && ip4.src == 9.9.9.9", True),
    (f"{MAC} 10.0.0.5", f"{SENDER} && ip4.src == 10.0.0.5", True),
    (f"{MAC} 10.0.0.5", f"{SENDER} && ip4.src == 10.0.0.6", False),
    (f"{MAC} 10.0.0.5", f"{SENDER} && ip6.src == fd00::5", False),
    (f"{MAC} 10.0.0.5", SENDER, True),
    (f"{MAC} 10.0.0.5", f"{SENDER} && eth.type == 0x88cc", False),
    (f"{MAC} 10.0.0.0/24", f"{SENDER} && ip4.src == 10.0.0.77", True),
    (f"{MAC} 10.0.0.5/24", f"{SENDER} && ip4.src == 10.0.0.77", False),
    (f"{MAC} 10.0.0.5", f"{SENDER} && ip4.src == 0.0.0.0 && ip4.dst == 255.255.255.255 && udp.src == 68 && udp.dst == 67", True),
    (f"{MAC} 10.0.0.5", f"{SENDER} && arp.op == 1 && arp.sha == {MAC} && arp.spa == 10.0.0.5", True),
    (f"{MAC} 10.0.0.5", f"{SENDER} && arp.op == 1 && arp.sha == {MAC} && arp.spa == 10.0.0.9", False),
    (f"{MAC} 10.0.0.5", f"{SENDER} && arp.op == 1 && arp.sha == 00:00:00:00:00:09 && arp.spa == 10.0.0.5", False),
    (f"{MAC} fd00::5", f"{SENDER} && ip6.src == fd00::5", True),
    (f"{MAC} fd00::5", f"{SENDER} && ip6.src == fe80::200:ff:fe00:1", True),
    (f"{MAC} fd00::5", f"{SENDER} && ip6.src == fd00::6", False),
    (MAC, f"{SENDER} && {SOLICITS} && nd.sll == {MAC}", True),
    (MAC, f"{SENDER} && {SOLICITS} && nd.sll == 00:00:00:00:00:09", False),
    (f"{MAC} fd00::5", f"{SENDER} && ip6.src == fd00::5 && {ADVERTISES} && nd.target == fd00::5 && nd.tll == {MAC}", True),
    (f"{MAC} fd00::5", f"{SENDER} && ip6.src == fd00::5 && {ADVERTISES} && nd.target == fd00::6 && nd.tll == {MAC}", False),
    (f"{MAC} fd00::5", f"{SENDER} && ip6.src == :: && ip6.dst == ff02::16 && icmp6.type == 143 && icmp6.code == 0", True),
    (f"{MAC} fd00::5", f"{SENDER} && ip6.src == :: && ip6.dst == ff05::16 && icmp6.type == 143 && icmp6.code == 0", False),
    (f"VRRPv3 {MAC}", SENDER, False),
    (f"VRRPv3 {MAC}", f"{ROUTER4} && ip4.src == 9.9.9.9", True),
    (f"VRRPv3 {MAC} 10.0.0.5", f"{ROUTER4} && ip4.src == 10.0.0.6", False),
    (f"VRRPv3 {MAC} 10.0.0.5", f"{SENDER} && arp.op == 1 && arp.sha == 00:00:5e:00:01:07 && arp.spa == 10.0.0.5", True),
    (f"VRRPv3 {MAC} 00:00:5e:00:01:00/47 10.0.0.5", f"{ROUTER4} && ip4.src == 10.0.0.5", False),
    (f"VRRPv3 {MAC} fd00::5", "eth.src == 00:00:5e:00:02:07 && ip6.src == fe80::200:5eff:fe00:209", True),
    (f"{MAC} 10.0.0.5 nonsense", "eth.src == 00:00:00:00:00:09", True),
]
RECEIVER = f"eth.dst == {MAC}"
RECEIVES = [
    ("", "eth.dst == 00:00:00:00:00:09", True),
    (MAC, RECEIVER, True),
    (MAC, "eth.dst == 00:00:00:00:00:09", False),
    (f"{MAC} 10.0.0.5", f"{RECEIVER} && ip4.dst == 10.0.0.5", True),
    (f"{MAC} 10.0.0.5", f"{RECEIVER} && ip4.dst == 10.0.0.6", False),
    (f"{MAC} 10.0.0.5", f"{RECEIVER} && ip4.dst == 224.0.0.1", True),
    (f"{MAC} 10.0.0.5/24", f"{RECEIVER} && ip4.dst == 10.0.0.255", True),
    (f"{MAC} fd00::5", f"{RECEIVER} && ip6.dst == ff02::1", True),
    (f"{MAC} fd00::5", f"{RECEIVER} && ip6.dst == fd00::7", False),
]


@pytest.mark.parametrize(("entry", "packet", "expected"), SENDS)
def test_sending(entry: str, packet: str, expected: bool) -> None:
    flow = parse_microflow(packet, NO_SCOPE, lambda name: None)
    assert admits([entry] if entry else [], flow) == expected


@pytest.mark.parametrize(("entry", "packet", "expected"), RECEIVES)
def test_receiving(entry: str, packet: str, expected: bool) -> None:
    flow = parse_microflow(packet, NO_SCOPE, lambda name: None)
    assert delivers([entry] if entry else [], flow) == expected


@pytest.mark.parametrize(
    ("text", "mac", "addresses"),
    [
        ("00:00:00:00:00:01", 1, []),
        ("00:00:00:00:00:01 10.0.0.1 10.0.1.0/24 fd00::1", 1, ["10.0.0.1/32", "10.0.1.0/24", "fd00::1/128"]),
        ("VRRPv3 0:0:0:0:0:2 10.0.0.1", 2, ["10.0.0.1/32"]),
    ],
)
def test_entries(text: str, mac: int, addresses: list[str]) -> None:
    entry = parse_entry(text)
    assert entry is not None
    assert entry.mac == mac
    assert [str(address) for address in (*entry.ip4, *entry.ip6)] == addresses


@pytest.mark.parametrize(
    "text",
    [
        "", "10.0.0.1", "00:00:00:00:00", "00:00:00:00:00:00:00", "gg:00:00:00:00:00", "00:00:00:00:00:01/x",
        "00:00:00:00:00:01 nonsense 10.0.0.1", "VRRPv3 00:00:00:00:00:01 00:00:5e:00:01:00", "VRRPv3 00:00:00:00:00:01 00:00:00:00:00:02",
        "VRRPv3 00:00:00:00:00:01 00:00:5e:00:01:01/47", "00:00:00:00:00:01 00:00:5e:00:01:01",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_no_entry(text: str) -> None:
    assert parse_entry(text) is None


def test_link_local() -> None:
    assert IPv6Address(link_local(0x000000000701)) == IPv6Address("fe80::200:ff:fe00:701")


@given(st.text())
def test_no_text_raises(text: str) -> None:
    parse_entry(text)
