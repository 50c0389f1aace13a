"""The operations of a transaction (RFC 7047 5.2) as values, one class each; JSON becomes these once, at the boundary.

`table` is the class of the rows, `row` a dict column → value as in `pyovn.ovsdb.row`, `where` a list of conditions
that must all hold. A value may hold `Named("x")` where a reference to a row inserted by the same transaction stands.
Values are handed over: a dict given here may become part of a row and must not be changed afterwards.
What is made by the thousand is a NamedTuple: that takes a third of a frozen dataclass's time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pyovn.ovsdb.declare import defaults_of
from pyovn.ovsdb.row import Table


class Named(str):
    """The name that another operation's `uuid_name` gave to a row that has no uuid yet."""

    __slots__ = ()


class Condition(NamedTuple):
    """`column function value`; functions are == != < <= > >= includes excludes (RFC 7047 5.1). Column may be `_uuid`."""

    column: str
    function: str
    value: Any


class Mutation(NamedTuple):
    """`column mutator value`; mutators are += -= *= /= %= insert delete (RFC 7047 5.1)."""

    column: str
    mutator: str
    value: Any


Where = Sequence[Condition]


class Insert(NamedTuple):
    """Add a row; columns not named hold their defaults. `uuid` chooses its uuid, else the database does."""

    table: type[Table]
    row: Mapping[str, Any]
    uuid_name: str | None = None
    uuid: str | None = None


class InsertRows(NamedTuple):
    """Add rows whose values are vouched for: typed, sorted, within the schema's limits, no names.

    A database of this process takes them as they are, at a fourth of the cost. References and uniqueness are checked all the same.
    To others each is an `Insert`, and has a result of its own.
    """

    table: type[Table]
    rows: Sequence[tuple[str, tuple[Any, ...]]]
    """The uuid of each, and what its columns hold in the order of the class."""

    def inserts(self) -> list[Insert]:
        """The same as insertions of one row; columns that hold their defaults are left out."""
        defaults = defaults_of(self.table)
        return [
            Insert(self.table, {name: value for (name, default), value in zip(defaults.items(), values) if value != default}, uuid=uuid)
            for uuid, values in self.rows
        ]


class Select(NamedTuple):
    """Read `columns` (all where None) of the rows that match, in the order of the columns `sort` (an extension of ovsdb-server(7))."""

    table: type[Table]
    where: Where
    columns: Sequence[str] | None = None
    sort: Sequence[str] = ()


class Update(NamedTuple):
    """Set columns of the rows that match."""

    table: type[Table]
    where: Where
    row: Mapping[str, Any]


class Mutate(NamedTuple):
    """Change columns of the rows that match by what they hold."""

    table: type[Table]
    where: Where
    mutations: Sequence[Mutation]


class Delete(NamedTuple):
    """Remove the rows that match."""

    table: type[Table]
    where: Where


class Wait(NamedTuple):
    """Go on only when the rows that match, cut down to `columns`, are (`until` "==") or are not ("!=") these rows."""

    table: type[Table]
    where: Where
    columns: Sequence[str] | None
    rows: Sequence[Mapping[str, Any]]
    until: str = "=="
    timeout_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """Ask for the answer only when the transaction is on disk."""

    durable: bool = False


@dataclass(frozen=True, slots=True)
class Abort:
    """Undo everything."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A sentence for the log."""

    comment: str


@dataclass(frozen=True, slots=True)
class Assert:
    """Go on only when the client holds this lock."""

    lock: str


Operation = Insert | InsertRows | Select | Update | Mutate | Delete | Wait | Commit | Abort | Comment | Assert


@dataclass(slots=True)
class Result:
    """What one operation answered: an insertion its uuid, a selection its rows, a change how many rows it met.

    Nobody changes one; that nobody can would treble the time that making one takes.
    """

    uuid: str | None = None
    rows: tuple[Mapping[str, Any], ...] | None = None
    count: int | None = None


NOTHING = Result()


def by_uuid(uuid: str) -> list[Condition]:
    """The condition that names one row."""
    return [Condition("_uuid", "==", uuid)]


EVERY: list[Condition] = []
"""The condition that every row meets."""


