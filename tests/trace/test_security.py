"""Which packets a port may send and is sent."""

from __future__ import annotations

import pytest

from pyovn.logical.microflow import parse_microflow
from pyovn.logical.parser import NO_SCOPE
from pyovn.trace.security import admits, delivers

MAC = "00:00:00:00:00:01"
SENDER = f"eth.src == {MAC}"
SENDS = [
    ("", "eth.src == 00:00:00:00:00:09", True),
    (MAC, SENDER, True),
    (MAC, "eth.src == 00:00:00:00:00:09", False),
    (MAC, f"{SENDER} && ip4.src == 9.9.9.9", True),
    (f"{MAC} 10.0.0.5", f"{SENDER} && ip4.src == 10.0.0.5", True),
    (f"{MAC} 10.0.0.5", f"{SENDER} && ip4.src == 10.0.0.6", False),
    (f"{MAC} 10.0.0.5", f"{SENDER} && ip6.src == fd00::5", False),
    (f"{MAC} 10.0.0.0/24", f"{SENDER} && ip4.src == 10.0.0.77", True),
    (f"{MAC} 10.0.0.5/24", f"{SENDER} && ip4.src == 10.0.0.77", False),
    (f"{MAC} 10.0.0.5", f"{SENDER} && ip4.src == 0.0.0.0 && ip4.dst == 255.255.255.255 && udp.src == 68 && udp.dst == 67", True),
    (f"{MAC} 10.0.0.5", f"{SENDER} && arp.op == 1 && arp.sha == {MAC} && arp.spa == 10.0.0.5", True),
    (f"{MAC} 10.0.0.5", f"{SENDER} && arp.op == 1 && arp.sha == {MAC} && arp.spa == 10.0.0.9", False),
    (f"{MAC} 10.0.0.5", f"{SENDER} && arp.op == 1 && arp.sha == 00:00:00:00:00:09 && arp.spa == 10.0.0.5", False),
    (f"{MAC} fd00::5", f"{SENDER} && ip6.src == fd00::5", True),
    (f"{MAC} fd00::5", f"{SENDER} && ip6.src == fe80::200:ff:fe00:1", True),
    (f"{MAC} fd00::5", f"{SENDER} && ip6.src == fd00::6", False),
]
RECEIVER = f"eth.dst == {MAC}"
RECEIVES = [
    ("", "eth.dst == 00:00:00:00:00:09", True),
    (MAC, RECEIVER, True),
    (MAC, "eth.dst == 00:00:00:00:00:09", False),
    (MAC, "eth.dst == ff:ff:ff:ff:ff:ff", True),
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
