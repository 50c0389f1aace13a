"""MAC_Binding and FDB rows that have reached the age that their router or switch allows: they are deleted when the time has come.

Chassis say when they last saw what they have learned; queries say when each row is to go, and `Deadlines` knows which is next.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from pyovn.northd.ageing import NEVER as NEVER_AGES
from pyovn.northd.ageing import Thresholds, parse_thresholds, threshold_of
from pyovn.northd.chassis_features import FDB_STAMPED, MAC_STAMPED, everywhere
from pyovn.northd.global_options import global_option
from pyovn.northd.settings import unsigned
from pyovn.northd.topology import router, switch
from pyovn.ovsdb.row import Table
from pyovn.query import Difference, Engine, each, query
from pyovn.schemas import sb

PAUSE_S = 5.0
"""How long the rest waits when as many rows have gone as may go at once."""

LIMITS: dict[type[Table], str] = {sb.MACBinding: "mac_binding_removal_limit", sb.FDB: "fdb_removal_limit"}
"""The options that say how many rows of a table may go at once."""


class Deadline(NamedTuple):
    """When a row is to go, in milliseconds of the wall clock."""

    at_ms: int
    row: str
    table: type[Table]


@query
def _of_neighbours(db: Engine, datapath: str) -> Thresholds:
    """The thresholds for what the router of a datapath has learned."""
    binding = db.get(sb.DatapathBinding, datapath)
    facts = router(db, binding.nb_uuid) if binding and binding.nb_uuid else None
    return parse_thresholds(facts.options.get("mac_binding_age_threshold", "")) if facts else NEVER_AGES


@query
def _of_macs(db: Engine, key: int) -> int:
    """The threshold for what the switch with a tunnel key has learned, in seconds."""
    for ref in db.find(sb.DatapathBinding, "tunnel_key", key):
        binding = db.get(sb.DatapathBinding, ref)
        facts = switch(db, binding.nb_uuid) if binding and binding.nb_uuid else None
        if facts is not None:
            return unsigned(facts.other_config, "fdb_age_threshold")
    return 0


def _neighbour(db: Engine, ref: str) -> Iterator[Deadline]:
    row = db.get(sb.MACBinding, ref)
    age_s = threshold_of(_of_neighbours(db, row.datapath), row.ip) if row and everywhere(db, MAC_STAMPED) else 0
    if row is not None and age_s:
        yield Deadline(row.timestamp + 1000 * age_s, ref, sb.MACBinding)


def _mac(db: Engine, ref: str) -> Iterator[Deadline]:
    row = db.get(sb.FDB, ref)
    age_s = _of_macs(db, row.dp_key) if row and everywhere(db, FDB_STAMPED) else 0
    if row is not None and age_s:
        yield Deadline(row.timestamp + 1000 * age_s, ref, sb.FDB)


DEADLINES = each((sb.MACBinding, _neighbour), (sb.FDB, _mac))
"""Every row that is to go some time."""


class Deadlines:
    """Which rows are to go, the next first."""

    def __init__(self) -> None:
        self._waiting: set[Deadline] = set()
        self._heap: list[tuple[int, str, Deadline]] = []
        self._not_before_ms = 0
        """As many have gone as may go at once: the rest waits until then."""

    def want(self, difference: Difference[Deadline]) -> None:
        """Take the deadlines that there are from now on, and those no longer."""
        self._waiting.difference_update(difference.lost)
        self._waiting.update(difference.gained)
        for deadline in difference.gained:
            heappush(self._heap, (deadline.at_ms, deadline.row, deadline))
        if len(self._heap) > 2 * len(self._waiting) + 64:
            self._heap = [(deadline.at_ms, deadline.row, deadline) for deadline in self._waiting]
            heapify(self._heap)

    def due_ms(self) -> int | None:
        """When the next row is to go; None if none is."""
        while self._heap and self._heap[0][2] not in self._waiting:
            heappop(self._heap)
        return max(self._heap[0][0], self._not_before_ms) if self._heap else None

    def expired(self, db: Engine, wall_ms: int) -> Iterator[Deadline]:
        """The rows that are to go now, as many as may at once."""
        gone: dict[type[Table], int] = {}
        while (due := self.due_ms()) is not None and due <= wall_ms:
            deadline = self._heap[0][2]
            limit = removal_limit(db, LIMITS[deadline.table])
            if limit and gone.get(deadline.table, 0) >= limit:
                self._not_before_ms = wall_ms + int(1000 * PAUSE_S)
                return
            gone[deadline.table] = gone.get(deadline.table, 0) + 1
            self._waiting.discard(deadline)
            yield deadline


def removal_limit(db: Engine, option: str) -> int:
    """How many rows may go at once; 0: any number."""
    return unsigned({option: global_option(db, option)}, option)
