"""A database in memory: its tables, the one way to change them, and those who hear of every change.

A commit is checked, written to the journal, then told to the listeners, in that order; where one of the first two fails
nothing has happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pyovn.ovsdb.bulk import BULK, collector_at_rest
from pyovn.ovsdb.change import Change
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.integrity import settle
from pyovn.ovsdb.operation import Operation, Result
from pyovn.ovsdb.row import Table
from pyovn.ovsdb.schema import DatabaseSchema
from pyovn.ovsdb.tabledata import TableData, tables_data
from pyovn.ovsdb.transaction import MustWait, Transaction, execute


class Committed(NamedTuple):
    """A commit: what it changed, its id, and the comments that came with it."""

    changes: list[Change]
    transaction_id: str
    comment: str = ""
    durable: bool = False


class Outcome(NamedTuple):
    """What a transaction came to: a result for each operation that ran, and what went wrong if it did not stay.

    The error belongs to operation `len(results)`, or to the commit if all of them ran.
    """

    results: list[Result]
    error: OvsdbError | None = None


Listener = Callable[[Committed], None]
Journal = Callable[[Committed], None]
Parse = Callable[[Transaction, Any, int], Operation]


@dataclass(slots=True, eq=False)
class Database:
    """`new_uuid` draws uuids; `journal` makes a commit durable, and raises `OvsdbError` if it cannot.

    All rows that one transaction touches get the same `_version`, which is also the transaction's id.
    """

    schema: DatabaseSchema
    classes: Mapping[str, type[Table]]
    new_uuid: Callable[[], str]
    journal: Journal | None = None
    listeners: list[Listener] = field(default_factory=list)
    tables: dict[str, TableData] = field(init=False)
    last_transaction_id: str = ""
    untold: list[Committed] = field(default_factory=list)
    telling: bool = False

    def __post_init__(self) -> None:
        self.tables = tables_data(self.classes)

    def transact(
        self, operations: Sequence[Any], *, parse: Parse | None = None,
        elapsed_ms: float = float("inf"), holds_lock: Callable[[str], bool] = lambda name: False,
    ) -> Outcome | None:  # fmt: skip
        """Run operations as one transaction; None if a `Wait` in it has to wait, `elapsed_ms` after it was first asked for.

        `parse` turns each operation into a typed one when its turn comes, its position given; without it they are typed.
        """
        transaction = Transaction(
            self.tables, self.new_uuid, self.new_uuid(), elapsed_ms=elapsed_ms, holds_lock=holds_lock, from_json=parse is not None
        )
        if len(operations) < BULK:
            return self._run(transaction, operations, parse)
        with collector_at_rest():
            return self._run(transaction, operations, parse)

    def _run(self, transaction: Transaction, operations: Sequence[Any], parse: Parse | None) -> Outcome | None:
        results: list[Result] = []
        try:
            for position, operation in enumerate(operations):
                typed = operation if parse is None else parse(transaction, operation, position)
                results.append(execute(transaction, typed))
            self._finish(transaction)
        except MustWait:
            transaction.undo()
            return None
        except OvsdbError as error:
            transaction.undo()
            return Outcome(results, error)
        except BaseException:
            transaction.undo()
            raise
        return Outcome(results)

    def apply(self, changes: Iterable[tuple[TableData, str, Table | None]], transaction_id: str = "") -> None:
        """Put rows as a log or another server says, under its id if it gave one; `OvsdbError` if what comes of it has no integrity."""
        transaction = Transaction(self.tables, self.new_uuid, transaction_id or self.new_uuid(), again=True)
        try:
            for data, uuid, row in changes:
                transaction.put(data, uuid, row)
            self._finish(transaction)
        except BaseException:
            transaction.undo()
            raise

    def _finish(self, transaction: Transaction) -> None:
        settle(transaction)
        changes: list[Change] = []
        for name, before in transaction.before.items():
            table, rows = self.tables[name].table, self.tables[name].rows
            changes += [Change(table, uuid, old, rows.get(uuid)) for uuid, old in before.items()]
        committed = Committed(changes, transaction.version, "\n".join(transaction.comments), transaction.durable)
        if self.journal is not None and (changes or committed.comment):
            self.journal(committed)
        transaction.before.clear()
        if changes:
            self.last_transaction_id = committed.transaction_id
            self._tell(committed)

    def _tell(self, committed: Committed) -> None:
        """Tell every listener, commit after commit, even if one of them commits on hearing of one."""
        self.untold.append(committed)
        if self.telling:
            return
        self.telling = True
        try:
            while self.untold:
                said = self.untold.pop(0)
                for listener in tuple(self.listeners):
                    listener(said)
        finally:
            self.telling = False
