"""The commits a database has seen lately, by position, so that a client may lag, or come back and hear only what it missed.

Rule: bounded. Whoever lags further than this starts again from a complete copy. A history that is not for those who come back
names every commit `NO_TRANSACTION`, and forgets it once nobody lags.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyovn.ovsdb.change import Change
from pyovn.ovsdb.database import Committed

NO_TRANSACTION = "00000000-0000-0000-0000-000000000000"

MOST_COMMITS = 1000
MOST_CHANGES = 200_000


@dataclass(slots=True, eq=False)
class History:
    """Commits `start` to `end` (exclusive) are remembered; a position is the number of commits before it."""

    kept: bool = True
    """Whether a client may come back to it (`monitor_cond_since`)."""
    start: int = 0
    commits: list[Committed] = field(default_factory=list)
    changes: int = 0
    positions: dict[str, int] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """The position after the last commit."""
        return self.start + len(self.commits)

    def append(self, committed: Committed) -> None:
        """Remember a commit, and forget the oldest ones if they have become too many."""
        self.commits.append(committed)
        self.positions[committed.transaction_id] = self.end
        self.changes += len(committed.changes)
        while len(self.commits) > MOST_COMMITS or (self.changes > MOST_CHANGES and len(self.commits) > 1):
            oldest = self.commits.pop(0)
            self.positions.pop(oldest.transaction_id, None)
            self.changes -= len(oldest.changes)
            self.start += 1

    def forget(self) -> None:
        """Nobody lags: drop what nobody may come back to."""
        if not self.kept:
            self.start = self.end
            self.commits.clear()
            self.positions.clear()
            self.changes = 0

    def after(self, transaction_id: str) -> int | None:
        """The position just after that transaction, None if it is not remembered."""
        return self.positions.get(transaction_id) if self.kept else None

    def told(self, transaction_id: str) -> str:
        """The id of a transaction as clients get it: one to come back with, or none."""
        return transaction_id if self.kept and transaction_id else NO_TRANSACTION

    def since(self, position: int) -> list[Committed]:
        """The commits from `position` on; it must be remembered."""
        assert position >= self.start
        return self.commits[position - self.start :]


def merged(commits: Iterable[Committed]) -> list[Change]:
    """What several commits come to together: each row once, from what it was first to what it is last."""
    net: dict[tuple[str, str], Change] = {}
    for committed in commits:
        for change in committed.changes:
            key = (change.table.__table__, change.uuid)
            first = net.get(key)
            net[key] = change if first is None else first._replace(new=change.new)
    return [change for change in net.values() if change.old is not change.new]
