"""Addresses as northbound rows write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.northd.addresses import eui64, link_local, parse_addresses, parse_network, parse_networks, solicited_node


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("00:00:00:00:00:01", "00:00:00:00:00:01"),
        ("0A:00:00:00:00:01 10.0.0.1", "0a:00:00:00:00:01 10.0.0.1"),
        ("00:00:00:00:00:01 10.0.0.1/24 FD00::0:1", "00:00:00:00:00:01 10.0.0.1 fd00::1"),
        ("00:00:00:00:00:01,10.0.0.1", "00:00:00:00:00:01 10.0.0.1"),
        ("00:00:00:00:00:01 10.0.0.1 nonsense 10.0.0.2", "00:00:00:00:00:01 10.0.0.1"),
        ("00:00:00:00:00:01 dynamic", "00:00:00:00:00:01"),
        ("0:0:0:0:0:010 10.0.0.1", "00:00:00:00:00:10 10.0.0.1"),
        ("dynamic", "None"),
        ("unknown", "None"),
        ("", "None"),
        ("10.0.0.1", "None"),
    ],
)
def test_addresses(text: str, shown: str) -> None:
    assert str(parse_addresses(text)) == shown


def test_a_network_has_all_its_texts() -> None:
    network = parse_network("10.1.2.3/20")
    assert network == ("10.1.2.3", 20, "10.1.0.0", "255.255.240.0", "10.1.15.255")
    assert network is not None and network.cidr == "10.1.0.0/20"
    assert parse_network("10.1.2.300") is None


def test_versions_are_told_apart() -> None:
    ipv4, ipv6 = parse_networks(("10.0.0.1/24", "bad", "fd00::1/64"))
    assert [network.address for network in ipv4 + ipv6] == ["10.0.0.1", "fd00::1"]
    assert not ipv4[0].is_ipv6 and ipv6[0].is_ipv6


def test_made_addresses() -> None:
    assert link_local("00:00:00:00:ff:01") == "fe80::200:ff:fe00:ff01"
    assert eui64("fd05::", "c0:ff:ee:00:00:11") == "fd05::c2ff:eeff:fe00:11"
    assert solicited_node("fd00::12:3456") == "ff02::1:ff12:3456"


@given(st.ip_addresses(), st.integers(0, 32))
def test_any_address_is_read_back(address: object, prefix: int) -> None:
    network = parse_network(f"{address}/{prefix}")
    assert network is not None
    assert (network.address, network.prefix) == (str(address), prefix)
