"""Zones: the lowest free one, remembered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.controller.ct_zones import assign, restore


@pytest.mark.parametrize(
    ("zones", "names", "given_now"),
    [
        ({}, ["b", "a"], {"a": 1, "b": 2}),
        ({"a": 2}, ["a", "b"], {"b": 1}),
        ({"a": 1, "c": 3}, ["b", "d"], {"b": 2, "d": 4}),
        ({"a": 1}, ["a"], {}),
    ],
)
def test_assign(zones: dict[str, int], names: list[str], given_now: dict[str, int]) -> None:
    assert assign(zones, names) == given_now


@pytest.mark.parametrize(
    ("external_ids", "zones"),
    [
        ({"ct-zone-p1": "7", "ovn-nb-cfg": "3"}, {"p1": 7}),
        ({"ct-zone-p1": "seven", "ct-zone-p2": "0", "ct-zone-p3": "65536"}, {}),
    ],
)
def test_restore(external_ids: dict[str, str], zones: dict[str, int]) -> None:
    assert restore(external_ids) == zones


@given(st.lists(st.sets(st.text("abcdef", min_size=1, max_size=2))))
def test_no_two_names_share_a_zone(steps: list[set[str]]) -> None:
    zones: dict[str, int] = {}
    for names in steps:
        assign(zones, names)
        assert len(set(zones.values())) == len(zones)
        assert names <= zones.keys()
