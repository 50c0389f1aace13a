"""Meter and Meter_Band: how much of what may pass; of a fair meter every ACL that logs has a copy of its own."""

from __future__ import annotations

from collections.abc import Iterator

from pyovn.northd.southbound.wanted import Key, Wanted, wanted
from pyovn.northd.switch.acl import log_meter
from pyovn.query import Engine
from pyovn.schemas import nb, sb


def meter(db: Engine, ref: str) -> Iterator[Wanted]:
    """A northbound meter."""
    row = db.get(nb.Meter, ref)
    if row is not None:
        yield from _called(db, row, row.name)


def acl_meter(db: Engine, ref: str) -> Iterator[Wanted]:
    """An ACL's own copy of a fair meter."""
    acl = db.get(nb.ACL, ref)
    if acl is None or not acl.log or acl.meter is None:
        return
    name = log_meter(db, acl)
    for found in db.find(nb.Meter, "name", acl.meter) if name != acl.meter else ():
        row = db.get(nb.Meter, found)
        if row is not None:
            yield from _called(db, row, name)


def _called(db: Engine, row: nb.Meter, name: str) -> Iterator[Wanted]:
    found = sorted(
        (band.rate, band.burst_size, band.action) for ref in row.bands if (band := db.get(nb.MeterBand, ref)) is not None
    )
    for rate, burst, action in dict.fromkeys(found):
        yield wanted(sb.MeterBand, (name, rate, burst, action), action=action, rate=rate, burst_size=burst)
    bands = tuple(Key(sb.MeterBand, (name, *band)) for band in dict.fromkeys(found))
    yield wanted(sb.Meter, name, name=name, unit=row.unit, bands=bands)
