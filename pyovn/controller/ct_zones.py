"""Connection tracking zones: one for each port plugged in here, two for each datapath; remembered in the bridge across restarts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pyovn.controller.binding import is_seed
from pyovn.controller.local_datapaths import datapath_name, is_local
from pyovn.query import Engine, each
from pyovn.schemas import sb

PREFIX = "ct-zone-"
FIRST, LAST = 1, 65535
ZONED = ("", "localport", "external", "l2gateway", "l3gateway")
"""Types of ports that have a zone of their own where they live; a localnet port has one wherever its switch matters."""


def _port_zones(db: Engine, ref: str) -> Iterator[str]:
    row = db.get(sb.PortBinding, ref)
    if row and is_local(db, row.datapath) and (row.type == "localnet" or (row.type in ZONED and is_seed(db, ref))):
        yield row.logical_port


def _datapath_zones(db: Engine, ref: str) -> Iterator[str]:
    if is_local(db, ref):
        yield f"{datapath_name(db, ref)}_dnat"
        yield f"{datapath_name(db, ref)}_snat"


USERS = each((sb.PortBinding, _port_zones), (sb.DatapathBinding, _datapath_zones))
"""Names that need a zone."""


def restore(external_ids: Mapping[str, str]) -> dict[str, int]:
    """The zones that the bridge remembers."""
    found = ((key.removeprefix(PREFIX), value) for key, value in external_ids.items() if key.startswith(PREFIX))
    return {name: int(value) for name, value in found if value.isdigit() and FIRST <= int(value) <= LAST}


def assign(zones: dict[str, int], names: Iterable[str]) -> dict[str, int]:
    """Give each name that has none the lowest free zone; what was given."""
    taken = set(zones.values())
    given = {}
    number = FIRST
    for name in sorted(set(names) - zones.keys()):
        while number in taken:
            number += 1
        if number > LAST:
            break
        taken.add(number)
        zones[name] = given[name] = number
    return given
