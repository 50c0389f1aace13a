"""A store of a database on another node: empty until somebody has connected it, and again once it is cut off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pyovn.ovsdb.change import Change
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.operation import Condition, Operation
from pyovn.ovsdb.row import Ref, Table
from pyovn.ovsdb.store import Pending

T = TypeVar("T", bound=Table)


class RemoteStore:
    """What an agent holds of the southbound database, wherever that is."""

    def __init__(self) -> None:
        self.local: Local | None = None

    @property
    def synced(self) -> bool:
        """Whether it is connected."""
        return self.local is not None

    @property
    def connected(self) -> bool:
        """The same: a copy of nothing is kept."""
        return self.synced

    @property
    def has_lock(self) -> bool:
        """Agents ask for no lock."""
        return True

    def rows(self, table: type[T]) -> Mapping[Ref[T], T]:
        """Every row of the table."""
        return self.local.rows(table) if self.local else {}

    def find(self, table: type[T], column: str, value: Any) -> Iterable[T]:
        """The rows whose column equals the value."""
        return self.local.find(table, column, value) if self.local else ()

    def take_changes(self) -> list[Change]:
        """What was committed since last asked."""
        return self.local.take_changes() if self.local else []

    def transact(self, operations: Sequence[Operation]) -> Pending:
        """Send a transaction; without a connection it stays pending."""
        return self.local.transact(operations) if self.local else Pending()

    def set_conditions(self, table: type[Table], where: Sequence[Condition] | None) -> None:
        """All rows are there in any case."""

    @property
    def conditions_applied(self) -> bool:
        """Whether they are."""
        return self.local is not None
