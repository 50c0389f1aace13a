"""Numbers in all their spellings."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.logical.constants import BadConstant, Constant, Format, format_constant, format_ipv6, parse_constant, parse_ipv6

WIDTHS = [
    ("5", 3), ("0x1f", 5), ("10.0.0.1", 32), ("10.0.0.0/8", 32), ("::1", 128), ("::1/::ff", 8), ("00:00:00:00:00:01", 48), ("6/3", 2),
]  # fmt: skip


@pytest.mark.parametrize(("text", "bits"), WIDTHS)
def test_width(text: str, bits: int) -> None:
    assert parse_constant(text).width == bits


@settings(deadline=None)
@given(st.integers(0, (1 << 128) - 1))
def test_ipv6(value: int) -> None:
    assert parse_ipv6(str(ipaddress.IPv6Address(value))) == value
    assert parse_ipv6(format_ipv6(value)) == value


@settings(deadline=None)
@given(st.integers(0, (1 << 32) - 1), st.integers(0, 32))
def test_ipv4_networks(value: int, length: int) -> None:
    network = ipaddress.IPv4Network((value, length), strict=False)
    constant = parse_constant(f"{ipaddress.IPv4Address(value)}/{length}")
    assert constant == Constant(int(network.network_address), int(network.netmask), Format.IPV4)
    assert format_constant(constant) == str(network)


@settings(deadline=None)
@given(st.text("0123456789abcdefx:./", min_size=1))
def test_what_is_no_number_is_refused(text: str) -> None:
    try:
        constant = parse_constant(text)
    except BadConstant as error:
        assert str(error).endswith(".")
    else:
        assert parse_constant(format_constant(constant)).value == constant.value
