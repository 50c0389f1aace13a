"""Groups and meters as the switch is told of them: what the numbers in rules mean."""

from __future__ import annotations

from pyovn.controller.facts import Allocators
from pyovn.openflow import ports
from pyovn.openflow.fields import FIELDS
from pyovn.openflow.match import Match
from pyovn.openflow.message import Band, Bucket, GroupCommand, GroupMod, GroupType, MeterCommand, MeterFlag, MeterMod
from pyovn.query import Engine
from pyovn.schemas import sb

DROP = 1


def group_mod(allocators: Allocators, number: int) -> GroupMod:
    """The message that makes a select group."""
    spec = allocators.groups.things[number]
    buckets = tuple(
        Bucket(bucket.actions, bucket.weight, bucket.bucket_id, ports.NONE if bucket.watch_port is None else bucket.watch_port)
        for bucket in spec.buckets
    )
    names = [name for name in spec.hash_fields.split(",") if name]
    fields = Match.of({FIELDS[name]: (FIELDS[name].full, FIELDS[name].full) for name in names if name in FIELDS})
    method = "hash" if names else "dp_hash"
    return GroupMod(GroupCommand.ADD, number, GroupType.SELECT, buckets, selection_method=method, selection_fields=fields)


def meter_mod(db: Engine, allocators: Allocators, number: int) -> MeterMod:
    """The message that makes a meter: that of a southbound row by name, or one that a flow describes itself (`__string: TEXT`)."""
    name = allocators.meters.things[number]
    if name.startswith(STRING):
        return _from_text(name.removeprefix(STRING), number)
    ref = next(iter(db.find(sb.Meter, "name", name)), None)
    row = db.get(sb.Meter, ref) if ref else None
    bands = [band for band in (db.get(sb.MeterBand, band) for band in row.bands) if band] if row else []
    flags = (MeterFlag.KBPS if row is not None and row.unit == "kbps" else MeterFlag.PKTPS) | MeterFlag.STATS
    if any(band.burst_size for band in bands):
        flags |= MeterFlag.BURST
    return MeterMod(MeterCommand.ADD, number, flags, tuple(Band(band.rate, band.burst_size, DROP) for band in bands))


STRING = "__string: "


def _from_text(text: str, number: int) -> MeterMod:
    """`kbps burst stats bands=type=drop rate=N burst_size=N`."""
    said = dict(part.partition("=")[::2] for part in text.replace("bands=", "").split())
    rate, burst = (int(said.get(key, "0") or 0) for key in ("rate", "burst_size"))
    flags = (MeterFlag.KBPS if "kbps" in said else MeterFlag.PKTPS) | MeterFlag.STATS | (MeterFlag.BURST if burst else MeterFlag(0))
    return MeterMod(MeterCommand.ADD, number, flags, (Band(rate, burst, DROP),))
