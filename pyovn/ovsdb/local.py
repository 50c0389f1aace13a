"""`Local`: a store straight on a `Database` in the same process; nothing is serialised.

Several may share a database, beside a server that offers it to others; `Locks` is shared with that server too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

from pyovn.ovsdb.change import Change
from pyovn.ovsdb.database import Committed, Database
from pyovn.ovsdb.lock import Locks
from pyovn.ovsdb.operation import Condition, Operation
from pyovn.ovsdb.row import Ref, Table
from pyovn.ovsdb.store import Pending

T = TypeVar("T", bound=Table)


class Local:
    """One user of a database. Its changes wait here until it takes them.

    A transaction with a `Wait` that does not hold is tried again after each commit, for as long as it takes: nobody tells
    this store the time, so only a time-out of 0 ever passes.
    """

    synced = True
    connected = True

    def __init__(self, database: Database, locks: Locks | None = None, lock: str | None = None) -> None:
        self.database = database
        self.locks = locks or Locks()
        self.lock = lock
        self._changes = [Change(data.table, uuid, None, row) for data in database.tables.values() for uuid, row in data.rows.items()]
        self._waiting: list[tuple[Sequence[Operation], Pending]] = []
        database.listeners.append(self._committed)
        if lock is not None:
            self.locks.request(lock, self)

    @property
    def has_lock(self) -> bool:
        """The lock asked for is held."""
        return self.lock is None or self.locks.owner(self.lock) is self

    def close(self) -> None:
        """Hear no more, hold no lock."""
        self.database.listeners.remove(self._committed)
        self.locks.forget(self)

    def rows(self, table: type[T]) -> Mapping[Ref[T], T]:
        """Every row of the table by uuid, as it is now."""
        return cast("Mapping[Ref[T], T]", self.database.tables[table.__table__].rows)

    def find(self, table: type[T], column: str, value: Any) -> Iterable[T]:
        """The rows whose column equals the value."""
        data = self.database.tables[table.__table__]
        return [cast("T", data.rows[uuid]) for uuid in data.find(column, value)]

    def take_changes(self) -> list[Change]:
        """What was committed since last asked."""
        taken, self._changes = self._changes, []
        return taken

    def transact(self, operations: Sequence[Operation]) -> Pending:
        """Run the operations now; done at once unless a `Wait` among them has to wait."""
        pending = Pending()
        if not self._attempt(operations, pending):
            self._waiting.append((operations, pending))
        return pending

    def set_conditions(self, table: type[Table], where: Sequence[Condition] | None) -> None:
        """See `Store`: all rows are here in any case."""

    @property
    def conditions_applied(self) -> bool:
        """See `Store`."""
        return True

    def _attempt(self, operations: Sequence[Operation], pending: Pending) -> bool:
        outcome = self.database.transact(operations, elapsed_ms=0, holds_lock=self._holds)
        if outcome is None:
            return False
        pending.done, pending.results, pending.error = True, outcome.results, outcome.error
        return True

    def _holds(self, lock: str) -> bool:
        return self.locks.owner(lock) is self

    def _committed(self, committed: Committed) -> None:
        self._changes.extend(committed.changes)
        waiting, self._waiting = self._waiting, []
        self._waiting += [(operations, pending) for operations, pending in waiting if not self._attempt(operations, pending)]
