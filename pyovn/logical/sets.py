"""Sets of numbers as a match sees them: cubes (value and mask) and, where masks are prefixes, ranges, which do not multiply.

A cube is (value, mask) with no bit of the value outside the mask. Ranges are (first, last), ascending, disjoint, not touching.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

Cube: TypeAlias = tuple[int, int]
Range: TypeAlias = tuple[int, int]

MANY = 64
"""From so many pairs on, intersecting as ranges beats crossing each cube with each."""


def top_of(mask: int) -> int:
    """One more than the mask's highest bit, if its ones are adjacent; else -1."""
    return mask.bit_length() if mask + (mask & -mask) == 1 << mask.bit_length() else -1


def merge(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """The union, in order and without overlap."""
    merged: list[Range] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def complement(ranges: Sequence[Range], bits: int) -> tuple[Range, ...]:
    """The numbers of `bits` bits that are in none of the (merged) ranges."""
    gaps: list[Range] = []
    start = 0
    for first, last in ranges:
        if first > start:
            gaps.append((start, first - 1))
        start = last + 1
    if start < 1 << bits:
        gaps.append((start, (1 << bits) - 1))
    return tuple(gaps)


def common(left: Sequence[Range], right: Sequence[Range]) -> tuple[Range, ...]:
    """The numbers that are in both (merged) sequences."""
    found: list[Range] = []
    i = j = 0
    while i < len(left) and j < len(right):
        first, last = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if first <= last:
            found.append((first, last))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def _prefixes(first: int, last: int, bits: int) -> Iterator[Cube]:
    """The fewest aligned blocks that make up a range."""
    ones = (1 << bits) - 1
    while first <= last:
        size = first & -first or 1 << bits
        while first + size - 1 > last:
            size >>= 1
        yield first, ones & ~(size - 1)
        first += size


def to_cubes(ranges: Iterable[Range], bits: int) -> tuple[Cube, ...]:
    """The fewest cubes with prefix masks of `bits` bits, the narrowest first."""
    cubes = [cube for first, last in ranges for cube in _prefixes(first, last, bits)]
    cubes.sort(key=lambda cube: (-cube[1], cube[0]))
    return tuple(cubes)


def to_ranges(cubes: Iterable[Cube], bits: int) -> tuple[Range, ...]:
    """The ranges that cubes with prefix masks of `bits` bits make up."""
    ones = (1 << bits) - 1
    return merge((value, value | ones & ~mask) for value, mask in cubes)


def _within(cubes: Iterable[Cube], bits: int) -> set[Cube]:
    """Those with prefix masks that lie within another: two of them are apart, or one is within the other."""
    ones = (1 << bits) - 1
    found: set[Cube] = set()
    last = -1
    for cube in sorted(cubes):
        end = cube[0] | ones & ~cube[1]
        if end <= last:
            found.add(cube)
        else:
            last = end
    return found


def absorb(cubes: Iterable[Cube]) -> tuple[Cube, ...]:
    """The same numbers without cubes that lie within another."""
    distinct = dict.fromkeys(cubes)
    masks = {mask for _, mask in distinct}
    if len(masks) == 1:
        return tuple(distinct)
    tops = {top_of(mask) for mask in masks}
    if len(tops) == 1 and -1 not in tops:
        inner = _within(distinct, tops.pop())
        return tuple(cube for cube in distinct if cube not in inner) if inner else tuple(distinct)
    wider = {mask: [other for other in masks if other != mask and other & mask == other] for mask in masks}
    return tuple(
        (value, mask) for value, mask in distinct if not any((value & other, other) in distinct for other in wider[mask])
    )


def _cross(left: Sequence[Cube], right: Sequence[Cube]) -> tuple[Cube, ...]:
    """Each cube with each."""
    return absorb((v1 | v2, m1 | m2) for v1, m1 in left for v2, m2 in right if not (v1 ^ v2) & m1 & m2)


def _shared_top(left: Sequence[Cube], right: Sequence[Cube]) -> int:
    """The top of every mask, if it is the same and all are prefixes; else -1."""
    tops = {top_of(mask) for _, mask in (*left, *right)}
    return tops.pop() if len(tops) == 1 else -1


def intersect(left: Sequence[Cube], right: Sequence[Cube]) -> tuple[Cube, ...]:
    """The numbers in both; empty if there are none."""
    if len(left) == 1 and len(right) == 1:
        (v1, m1), (v2, m2) = left[0], right[0]
        return () if (v1 ^ v2) & m1 & m2 else ((v1 | v2, m1 | m2),)
    if len(left) * len(right) >= MANY:
        bits = _shared_top(left, right)
        if bits > 0:
            return to_cubes(common(to_ranges(left, bits), to_ranges(right, bits)), bits)
    return _cross(left, right)


def except_cube(value: int, mask: int) -> tuple[Cube, ...]:
    """The numbers outside one cube, whatever its mask: disjoint cubes, each differing at one bit from it on."""
    cubes: list[Cube] = []
    above = mask
    while above:
        lowest = above & -above
        cubes.append((value & above ^ lowest, above))
        above ^= lowest
    return tuple(cubes)
