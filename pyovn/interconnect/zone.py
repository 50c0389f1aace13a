"""The zone itself: its row among those of all zones, and how far it has followed (ovn-ic-sb(5), Availability_Zone)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyovn.interconnect.edits import Edit, Remove, differing, new
from pyovn.query import Engine, projection, query
from pyovn.schemas import ic_nb, ic_sb, nb

SPOKEN_FOR = ((ic_sb.Gateway, "availability_zone"), (ic_sb.PortBinding, "availability_zone"), (ic_sb.Route, "availability_zone"))
"""What a zone tells the others, and which column says whose it is."""


@dataclass(frozen=True, slots=True)
class Registered:
    """Which row has been the zone's, so that it stays so under another name; fed like a row of a database."""

    uuid: str
    zone: str


REGISTERED = ""
"""The uuid of the only row of that kind."""


@projection
def zone_name(db: Engine) -> str:
    """What the zone calls itself; empty if it takes no part."""
    rows = [db.get(nb.NBGlobal, ref) for ref in db.every(nb.NBGlobal)]
    return next((row.name for row in rows if row), "")


@projection
def probe_interval(db: Engine, table: type[nb.NBGlobal] | type[ic_nb.ICNBGlobal]) -> str:
    """For how many milliseconds a silent server is left alone, as its database's global row says it; empty where it does not."""
    rows = [db.get(table, ref) for ref in db.every(table)]
    return next((row.options.get("ic_probe_interval", "") for row in rows if row), "")


@query
def my_zone(db: Engine) -> str | None:
    """The zone's row, or None as long as it has none under its name; then there is nothing to say to anybody."""
    name = zone_name(db)
    found = db.find(ic_sb.AvailabilityZone, "name", name) if name else ()
    return found[0] if found else None


def registration(db: Engine, _ref: str) -> Iterator[Edit]:
    """The zone's row follows the zone's name."""
    name, registered = zone_name(db), db.get(Registered, REGISTERED)
    row = db.get(ic_sb.AvailabilityZone, registered.zone) if registered else None
    if row is not None and not name:
        yield from farewell(db, row.uuid)
    elif row is not None and row.name != name and not db.find(ic_sb.AvailabilityZone, "name", name):
        yield from differing(row, name=name)
    elif row is None and name and my_zone(db) is None:
        yield new(ic_sb.AvailabilityZone, name=name)


def farewell(db: Engine, zone: str) -> Iterator[Edit]:
    """A zone that takes no part any more goes, with all that it has told."""
    for table, column in SPOKEN_FOR:
        yield from (Remove(table, ref) for ref in db.find(table, column, zone))
    yield Remove(ic_sb.AvailabilityZone, zone)


def global_rows(db: Engine, _ref: str) -> Iterator[Edit]:
    """Both shared databases have their one global row."""
    if my_zone(db) is not None:
        for table in (ic_nb.ICNBGlobal, ic_sb.ICSBGlobal):
            if not db.every(table):
                yield new(table)


def progress(db: Engine, ref: str) -> Iterator[Edit]:
    """The zone has followed the shared northbound, and if all have, that is said to who asked."""
    asked, zone = db.get(ic_nb.ICNBGlobal, ref), my_zone(db)
    mine = db.get(ic_sb.AvailabilityZone, zone) if zone else None
    if asked is None or mine is None:
        return
    goal = asked.nb_ic_cfg
    yield from differing(mine, nb_ic_cfg=goal)
    zones = [db.get(ic_sb.AvailabilityZone, other) for other in db.every(ic_sb.AvailabilityZone)]
    if all(row is not None and row.nb_ic_cfg == goal for row in zones):
        for other in db.every(ic_sb.ICSBGlobal):
            yield from differing(db.get(ic_sb.ICSBGlobal, other), nb_ic_cfg=goal)
        yield from differing(asked, sb_ic_cfg=goal)
