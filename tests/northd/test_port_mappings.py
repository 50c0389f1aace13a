"""What mappings of backends to ports say, and what is wrong with those that say nothing."""

from __future__ import annotations

import pytest

from pyovn.northd.port_mappings import Mapping, parse_mapping


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vm:10.0.0.8", Mapping("vm", "10.0.0.8", "")),
        ("vm:10.0.0.8:west", Mapping("vm", "10.0.0.8", "west")),
        ("vm:[fd00::0:8]", Mapping("vm", "fd00::8", "")),
        ("vm:[fd00::8]:west", Mapping("vm", "fd00::8", "west")),
        (":10.0.0.8", Mapping("", "10.0.0.8", "")),
    ],
)
def test_what_a_mapping_says(text: str, expected: Mapping) -> None:
    assert parse_mapping(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("vm", "Expected ':' separator"),
        ("vm:", 'Invalid svc mon src IP "": bad IP address'),
        ("vm:nonsense", 'Invalid svc mon src IP "nonsense"'),
        ("vm:10.0.0.8:", 'Empty AZ name specified for backend "vm"'),
        ("vm:[fd00::8]:", 'Empty AZ name specified for backend "vm"'),
        ("vm:[fd00::8", "Malformed IPv6 address"),
    ],
)
def test_what_is_no_mapping(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_mapping(text)


def test_who_is_not_probed_needs_no_source() -> None:
    assert parse_mapping("vm", needs_source=False) == Mapping("vm", "", "")
    with pytest.raises(ValueError, match="Empty port name"):
        parse_mapping("", needs_source=False)
