"""A database as one of its users sees it, whether it lives in the same process (`Local`) or far away (`Replica`).

A user reads rows, asks what changed since it last asked, and sends operations; it never learns which kind it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from pyovn.ovsdb.change import Change
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import Condition, Operation, Result
from pyovn.ovsdb.row import Ref, Table

T = TypeVar("T", bound=Table)


@dataclass(slots=True)
class Pending:
    """A transaction under way: `done` when the answer has come, `error` None if it was committed.

    `results` has an element for each operation that ran.
    """

    done: bool = False
    results: list[Result] = field(default_factory=list)
    error: OvsdbError | None = None


class Store(Protocol):
    """What every user of a database holds."""

    @property
    def synced(self) -> bool:
        """The first complete copy has arrived."""

    @property
    def connected(self) -> bool:
        """The database can be reached; one in this process always can."""

    @property
    def has_lock(self) -> bool:
        """The lock asked for is held; a store that asked for none: True."""

    def rows(self, table: type[T]) -> Mapping[Ref[T], T]:
        """Every row of the table by uuid; a live view, not to be changed nor kept across a commit."""

    def find(self, table: type[T], column: str, value: Any) -> Iterable[T]:
        """The rows whose column equals the value; indexed, never a scan."""

    def take_changes(self) -> list[Change]:
        """What was committed since last asked, by anyone; the first time, every row as new."""

    def transact(self, operations: Sequence[Operation]) -> Pending:
        """Send the operations as one transaction."""

    def set_conditions(self, table: type[Table], where: Sequence[Condition] | None) -> None:
        """Need no rows of the table from now on but those that meet any of these (None: all); a store may have more."""

    @property
    def conditions_applied(self) -> bool:
        """All rows that the conditions set last ask for have arrived."""
