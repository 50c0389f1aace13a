"""The daemon that joins a zone to others as a machine: a zone's two databases and the two that all share, on any four stores.

What it knows is what the databases hold; one that starts in the place of another finds nothing to do.
"""

from __future__ import annotations

import logging
from typing import Any, NamedTuple

from pyovn.interconnect.advertised import SUPPRESSED
from pyovn.interconnect.contents import EDITS, PROGRESS, TABLES
from pyovn.interconnect.edits import Edit, operations
from pyovn.interconnect.zone import REGISTERED, Registered, my_zone, zone_name
from pyovn.machine import NEVER
from pyovn.ovsdb.store import Pending, Store
from pyovn.query import Engine
from pyovn.schemas import ic_nb, ic_sb, nb, sb

log = logging.getLogger("ovn_ic")

LOCK = "ovn_ic"
"""Who holds it in the southbound database is the zone's active daemon."""

RETRY_S = 1.0
"""How long after a refused transaction the next is tried if nothing has happened meanwhile."""

MAX_ROUNDS = 16
"""How often a tick starts over because its own writing has changed something: what one round makes, the next builds on."""


class _Fed(NamedTuple):
    """A change of a row that is in no database."""

    table: type[Any]
    uuid: str
    old: Any
    new: Any


class Interconnect:
    """Joins the zone of `nb_store` and `sb_store` to those that share the other two."""

    def __init__(self, nb_store: Store, sb_store: Store, ic_nb_store: Store, ic_sb_store: Store) -> None:
        self.nb, self.sb, self.ic_nb, self.ic_sb = nb_store, sb_store, ic_nb_store, ic_sb_store
        self.stores = {nb.__name__: nb_store, sb.__name__: sb_store, ic_nb.__name__: ic_nb_store, ic_sb.__name__: ic_sb_store}
        """By the module that declares the schema."""
        self.paused = False
        self.transactions = 0
        """How many were sent."""
        self.db = Engine()
        self._pending: list[Pending] = []
        self._retry_at = NEVER
        self._news = True
        """Something has happened since the last time everything was done."""
        self._refused = ""
        """What the databases said of the last transaction."""

    # The four verbs

    def receive(self, port: Any, data: Any, now: float) -> None:
        """Nothing is received: the stores change by themselves."""

    def due(self) -> float:
        """Without a change only a transaction that failed is tried again."""
        return self._retry_at

    def take(self) -> list[Any]:
        """No effects: transactions go through the stores."""
        return []

    def tick(self, now: float) -> None:
        """Take what changed and do what is left to do; harmless when nothing is."""
        self._news = self._hear() > 0 or self._news or now >= self._retry_at
        if not self._news or self.paused or not self.is_active or not self._is_settled(now):
            return
        if not all(store.connected for store in self.stores.values()):
            return
        self._news, self._retry_at = False, NEVER
        for _ in range(MAX_ROUNDS):
            if not self._write():
                return
            self._news = self._hear() > 0 or self._news
            if not self._is_settled(now):
                return

    @property
    def is_active(self) -> bool:
        """All databases are known and the lock is held."""
        return all(store.synced for store in self.stores.values()) and self.sb.has_lock

    @property
    def complaints(self) -> list[str]:
        """What the log should say of rows that come to nothing."""
        return sorted(self.db.items(SUPPRESSED))

    # Hearing

    def _hear(self) -> int:
        """Take what happened in all databases; to how many rows."""
        heard = 0
        for module, store in self.stores.items():
            changes = store.take_changes() if store.synced else []
            heard += len(changes)
            self.db.feed(change for change in changes if change.table in TABLES[module])
        return heard

    def _is_settled(self, now: float) -> bool:
        """No transaction is under way, and none has failed without anything having changed since."""
        if not all(pending.done for pending in self._pending):
            self._news = True
            return False
        refused = "; ".join(str(pending.error) for pending in self._pending if pending.error is not None)
        self._pending = []
        if not refused:
            return True
        # Two zones may do the same at the same time: who comes second has heard of it and finds it done.
        level = logging.WARNING if refused == self._refused else logging.INFO
        log.log(level, "transaction failed, to be tried again: %s", refused)
        self._refused, self._retry_at = refused, now + RETRY_S
        self._news = self._hear() > 0
        return self._news

    # Doing

    def _write(self) -> bool:
        """Send what is left to do; true if there was anything."""
        self._remember_zone()
        edits = self.db.items(EDITS) or self.db.items(PROGRESS)
        by_module: dict[str, list[Edit]] = {}
        for edit in edits:
            by_module.setdefault(edit.table.__module__, []).append(edit)
        for module, wanted in by_module.items():
            self.transactions += 1
            self._pending.append(self.stores[module].transact(list(operations(wanted))))
        return bool(by_module)

    def _remember_zone(self) -> None:
        """The row that the zone has now stays its own under another name, until it takes no part any more."""
        zone = my_zone(self.db)
        held = self.db.get(Registered, REGISTERED)
        if zone is not None and (held is None or held.zone != zone):
            self.db.feed([_Fed(Registered, REGISTERED, held, Registered(REGISTERED, zone))])
        elif held is not None and not zone_name(self.db) and self.db.get(ic_sb.AvailabilityZone, held.zone) is None:
            self.db.feed([_Fed(Registered, REGISTERED, held, None)])
