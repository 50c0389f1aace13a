"""Meters: a bucket of tokens a band; a packet that finds too few in a bucket is dropped (OpenFlow 1.3.5, 5.7)."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyovn.openflow.commands import Band, MeterFlag

DEFAULT_BURST_S = 1.0
"""A band without a burst of its own lets as much pass at once as in this time."""


@dataclass(slots=True, eq=False)
class Bucket:
    """What is left of a band's allowance, in packets or in kilobits, and what it dropped."""

    band: Band
    capacity: float
    tokens: float
    packets: int = 0
    bytes: int = 0


@dataclass(slots=True, eq=False)
class Meter:
    """One meter of a bridge."""

    meter_id: int
    flags: int
    buckets: list[Bucket] = field(default_factory=list)
    filled: float = 0.0
    """When tokens were last added, in seconds."""
    created: float = 0.0
    packets: int = 0
    bytes: int = 0


def make(meter_id: int, flags: int, bands: tuple[Band, ...], now: float) -> Meter:
    """A meter with full buckets."""
    buckets = []
    for band in bands:
        capacity = float(band.burst if flags & MeterFlag.BURST and band.burst else band.rate * DEFAULT_BURST_S)
        buckets.append(Bucket(band, capacity, capacity))
    return Meter(meter_id, flags, buckets, filled=now, created=now)


def admits(meter: Meter, length: int, now: float) -> bool:
    """May a packet of `length` bytes pass? Counts it either way."""
    meter.packets += 1
    meter.bytes += length
    elapsed = max(0.0, now - meter.filled)
    meter.filled = now
    cost = 1.0 if meter.flags & MeterFlag.PKTPS else length * 8 / 1000
    exceeded: Bucket | None = None
    for bucket in meter.buckets:
        bucket.tokens = min(bucket.capacity, bucket.tokens + elapsed * bucket.band.rate)
        if bucket.tokens < cost and (exceeded is None or bucket.band.rate > exceeded.band.rate):
            exceeded = bucket
    if exceeded is None:
        for bucket in meter.buckets:
            bucket.tokens -= cost
        return True
    exceeded.packets += 1
    exceeded.bytes += length
    # Only drop bands are offered; a band that re-marks lets the packet pass.
    return exceeded.band.kind != 1
