"""Meters: how many packets of a burst, and of a steady stream, pass."""

from __future__ import annotations

import pytest

from pyovn.openflow.commands import Band, MeterFlag
from pyovn.vswitch.meters import admits, make

PKTPS, KBPS, BURST = MeterFlag.PKTPS, MeterFlag.KBPS, MeterFlag.BURST
CASES = [
    # flags, bands, size of a packet, packets a second, seconds: how many pass
    (PKTPS, (Band(10),), 100, 100, 1, 20),
    (PKTPS | BURST, (Band(10, 3),), 100, 100, 1, 13),
    (PKTPS, (Band(10),), 100, 5, 4, 20),
    (KBPS, (Band(8),), 1000, 10, 1, 2),
    (KBPS | BURST, (Band(80, 80),), 1000, 5, 2, 10),
    (PKTPS, (Band(10), Band(2)), 100, 100, 1, 4),
    (PKTPS, (), 100, 100, 1, 100),
]


@pytest.mark.parametrize("case", CASES)
def test_rates(case: tuple[int, tuple[Band, ...], int, int, int, int]) -> None:
    flags, bands, size, rate, seconds, passing = case
    meter = make(1, flags, bands, 0.0)
    passed = sum(admits(meter, size, number / rate) for number in range(rate * seconds))
    assert abs(passed - passing) <= 1
    assert meter.packets == rate * seconds and sum(bucket.packets for bucket in meter.buckets) == meter.packets - passed
