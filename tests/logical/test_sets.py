"""Sets of numbers as cubes and as ranges."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.logical.sets import Cube, absorb, common, complement, except_cube, intersect, merge, to_cubes, to_ranges, top_of

BITS = 6
ALL = range(1 << BITS)
numbers = st.integers(0, (1 << BITS) - 1)
cubes = st.lists(st.tuples(numbers, numbers).map(lambda pair: (pair[0] & pair[1], pair[1])), max_size=5)
ranges = st.lists(st.tuples(numbers, numbers).map(lambda pair: (min(pair), max(pair))), max_size=5).map(merge)


def members(found: Sequence[Cube]) -> set[int]:
    return {number for number in ALL if any(number & mask == value for value, mask in found)}


def within(found: Sequence[tuple[int, int]]) -> set[int]:
    return {number for number in ALL if any(first <= number <= last for first, last in found)}


@settings(deadline=None)
@given(cubes)
def test_absorbing_changes_nothing(found: list[Cube]) -> None:
    assert members(absorb(found)) == members(found)


@settings(deadline=None)
@given(cubes, cubes)
def test_intersection(left: list[Cube], right: list[Cube]) -> None:
    assert members(intersect(left, right)) == members(left) & members(right)


@settings(deadline=None)
@given(ranges, ranges)
def test_ranges(left: tuple[tuple[int, int], ...], right: tuple[tuple[int, int], ...]) -> None:
    assert within(common(left, right)) == within(left) & within(right)
    assert within(complement(left, BITS)) == set(ALL) - within(left)
    assert members(to_cubes(left, BITS)) == within(left)
    assert to_ranges(to_cubes(left, BITS), BITS) == left


@settings(deadline=None)
@given(numbers, numbers)
def test_all_but_one_cube(value: int, mask: int) -> None:
    found = except_cube(value & mask, mask)
    assert members(found) == set(ALL) - members([(value & mask, mask)])
    assert sum(len(members([cube])) for cube in found) == len(members(found))


def test_top_of_a_mask() -> None:
    assert [top_of(mask) for mask in (0b1, 0b1100, 0b1010, 0xFF)] == [1, 4, -1, 8]


def test_large_sets_are_crossed_as_ranges() -> None:
    draw = random.Random(7)
    left, right = ([(draw.getrandbits(32), 0xFFFFFFFF) for _ in range(5000)] for _ in range(2))
    started = time.process_time()
    assert intersect(left, [*right, left[0]])[0][1]
    assert time.process_time() - started < 1
