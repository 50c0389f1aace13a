"""Thresholds of age."""

from __future__ import annotations

import pytest

from pyovn.northd.ageing import least_threshold, parse_thresholds, threshold_of

SEVERAL = "10.0.0.0/8:60;10.1.0.0/16:30;fd00::/64:20;90"


@pytest.mark.parametrize(
    ("text", "address", "expected"),
    [
        ("60", "10.0.0.1", 60),
        (SEVERAL, "10.0.0.1", 60),
        (SEVERAL, "10.1.0.1", 30),
        (SEVERAL, "fd00::1", 20),
        (SEVERAL, "11.0.0.1", 90),
        ("10.0.0.0/8:60", "11.0.0.1", 0),
        ("", "10.0.0.1", 0),
        ("nonsense;60", "10.0.0.1", 0),
        ("10.0.0.0/8:x", "10.0.0.1", 0),
    ],
)
def test_the_smallest_network_counts(text: str, address: str, expected: int) -> None:
    assert threshold_of(parse_thresholds(text), address) == expected


@pytest.mark.parametrize(("text", "expected"), [(SEVERAL, 20), ("0", 0), ("10.0.0.0/8:0;5", 5), ("bad", 0)])
def test_the_shortest(text: str, expected: int) -> None:
    assert least_threshold(text) == expected
