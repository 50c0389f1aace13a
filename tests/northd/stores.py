"""A compiler between two databases in this process, and what a test says to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pyovn.northd.northd import Northd
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.lock import Locks
from pyovn.ovsdb.operation import Operation
from pyovn.ovsdb.row import Table
from pyovn.schemas import nb, sb
from tests.northd.differential import dump_of, new_database, put

T = TypeVar("T", bound=Table)


class Pair:
    """The two databases, `northd` between them, and a user of each."""

    def __init__(self) -> None:
        self.nb_database, self.sb_database = new_database(nb), new_database(sb)
        self.nb, self.sb = Local(self.nb_database), Local(self.sb_database)
        self.locks = Locks()
        self.northd = self.another_northd()

    def another_northd(self) -> Northd:
        """One more compiler on the same databases, on standby while the first holds the lock."""
        return Northd(Local(self.nb_database), Local(self.sb_database, self.locks, "ovn_northd"))

    def say(self, *operations: Operation, now: float = 0.0) -> None:
        """Change the northbound, and let the compiler follow."""
        outcome = self.nb.transact(operations)
        assert outcome.error is None, outcome.error
        self.northd.tick(now)

    def hear(self, *operations: Operation, now: float = 0.0) -> None:
        """Change the southbound, as chassis do, and let the compiler follow."""
        outcome = self.sb.transact(operations)
        assert outcome.error is None, outcome.error
        self.northd.tick(now)

    def load(self, rows: Iterable[Table], now: float = 0.0) -> None:
        """Make the northbound tables of these rows hold exactly them."""
        tables: dict[str, list[Table]] = {}
        for row in rows:
            tables.setdefault(type(row).__table__, []).append(row)
        put(self.nb_database, tables)
        self.northd.tick(now)

    def southbound(self, table: type[T]) -> list[T]:
        """The southbound's rows of a table."""
        return list(self.sb.rows(table).values())

    def northbound(self, table: type[T]) -> list[T]:
        """The northbound's rows of a table."""
        return list(self.nb.rows(table).values())


def differs(pair: Pair) -> str:
    """What a compiler that knows nothing but the databases would write."""
    before = dump_of(pair.sb_database), dump_of(pair.nb_database)
    anew = Northd(Local(pair.nb_database), Local(pair.sb_database))
    anew.tick(0.0)
    if not anew.transactions:
        return ""
    told = []
    for old, new in zip(before, (dump_of(pair.sb_database), dump_of(pair.nb_database))):
        for table in new:
            was, now = old[table], new[table]
            told += [f"{table} {uuid}: {was.get(uuid)} -> {now.get(uuid)}" for uuid in was | now if was.get(uuid) != now.get(uuid)]
    return "\n".join(told) or "only something that changes nothing"
