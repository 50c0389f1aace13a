"""port_security as it is written."""

from __future__ import annotations

from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.controller.physical.port_security import link_local, parse_allowed


@pytest.mark.parametrize(
    ("text", "mac", "addresses"),
    [
        ("00:00:00:00:00:01", 1, []),
        ("00:00:00:00:00:01 10.0.0.1 10.0.1.0/24 fd00::1", 1, ["10.0.0.1/32", "10.0.1.0/24", "fd00::1/128"]),
        ("0:0:0:0:0:2 nonsense 10.0.0.1", 2, ["10.0.0.1/32"]),
    ],
)
def test_allowed(text: str, mac: int, addresses: list[str]) -> None:
    allowed = parse_allowed(text)
    assert allowed is not None
    assert allowed.mac == mac
    assert [str(address) for address in (*allowed.ip4, *allowed.ip6)] == addresses


@pytest.mark.parametrize("text", ["", "10.0.0.1", "00:00:00:00:00", "00:00:00:00:00:00:00", "gg:00:00:00:00:00", "00:00:00:00:00:01/x"])
def test_without_an_ethernet_address_nothing_is_allowed(text: str) -> None:
    assert parse_allowed(text) is None


def test_link_local() -> None:
    assert IPv6Address(link_local(0x000000000701)) == IPv6Address("fe80::200:ff:fe00:701")


@given(st.text())
def test_no_text_raises(text: str) -> None:
    parse_allowed(text)
