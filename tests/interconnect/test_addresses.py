"""Addresses and prefixes in the text of rows."""

from __future__ import annotations

import pytest

from pyovn.interconnect.addresses import Home, Prefix, is_next_hop, parse_home, parse_prefix, parse_prefixes, parse_vip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("10.0.0.1/24", "10.0.0.1/24"), ("10.0.0.1", "10.0.0.1/32"), ("10.0.0.0/255.255.0.0", "10.0.0.0/16"), ("0.0.0.0/0", "0.0.0.0/0"),
        ("FD00:0::1/64", "fd00::1/64"), ("fd00::1", "fd00::1/128"), ("::/0", "::/0"), ("10.0.0.1/33", None), ("fe80::1%eth0", None),
        ("discard", None), ("", None),
    ],
)  # fmt: skip
def test_a_prefix(text: str, shown: str | None) -> None:
    found = parse_prefix(text)
    assert (None if found is None else str(found)) == shown


def prefix(text: str) -> Prefix:
    found = parse_prefix(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("outer", "inner", "holds"),
    [
        ("10.0.0.0/8", "10.1.2.3/24", True), ("10.1.0.0/16", "10.1.0.0/16", True), ("10.1.0.0/17", "10.1.0.0/16", False),
        ("10.9.0.9/24", "10.9.0.1", True), ("10.9.1.0/24", "10.9.0.1", False), ("0.0.0.0/0", "10.0.0.1", True),
        ("0.0.0.0/0", "fd00::1", False), ("fd00::/16", "fd00:1::/32", True), ("2005:1234::/21", "2005:1734:5678::1/50", True),
        ("2005:1234::/21", "2005:1834:5678::1/50", False),
    ],
)  # fmt: skip
def test_one_prefix_within_another(outer: str, inner: str, holds: bool) -> None:
    assert prefix(outer).holds(prefix(inner)) is holds


@pytest.mark.parametrize(
    ("text", "beyond"),
    [("169.254.3.0/24", False), ("169.0.0.0/8", True), ("fe80:10::/64", False), ("fec0::/16", True), ("10.0.0.0/8", True)],
)
def test_a_prefix_of_use_beyond_a_link(text: str, beyond: bool) -> None:
    assert prefix(text).is_link_local is not beyond


@pytest.mark.parametrize(("text", "usable"), [("169.254.0.1", True), ("fe80::1", False), ("fe80:10::2", True), ("fd00::1", True)])
def test_a_next_hop(text: str, usable: bool) -> None:
    assert is_next_hop(prefix(text)) is usable


def test_of_a_list_what_is_a_prefix_counts() -> None:
    assert [str(found) for found in parse_prefixes(" 10.0.0.0/8,nope, fd00::/64 ,")] == ["10.0.0.0/8", "fd00::/64"]


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("aa:aa:aa:aa:aa:01 10.0.0.1/24 10.0.1.1/24 fd00::1/64", Home("10.0.0.1", "fd00::1")),
        ("aa:aa:aa:aa:aa:01 10.0.0.1/24", Home("10.0.0.1", "fe80::a8aa:aaff:feaa:aa01")),
        ("aa:aa:aa:aa:aa:01", Home("", "fe80::a8aa:aaff:feaa:aa01")),
        ("unknown", None),
        ("10.0.0.1/24", None),
        ("", None),
    ],
)
def test_who_is_at_a_port(text: str, home: Home | None) -> None:
    assert parse_home(text) == home


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("10.0.0.1:80", "10.0.0.1/32"), ("10.0.0.1", "10.0.0.1/32"), ("[fd00::1]:80", "fd00::1/128"), ("fd00::1", "fd00::1/128"),
        ("^vip:^port", None), ("10.0.0.0/24", None),
    ],
)  # fmt: skip
def test_a_vip(text: str, shown: str | None) -> None:
    found = parse_vip(text)
    assert (None if found is None else str(found)) == shown
