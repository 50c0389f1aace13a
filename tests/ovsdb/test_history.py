"""What is remembered of commits."""

from __future__ import annotations

from pyovn.ovsdb.change import Change
from pyovn.ovsdb.database import Committed
from pyovn.ovsdb.history import MOST_CHANGES, MOST_COMMITS, History, merged
from pyovn.ovsdb.row import Ref, Table
from pyovn.schemas import nb

A, B, C = (nb.LogicalSwitch("u", name=name) for name in "abc")


def commit(ident: str, *changes: tuple[Table | None, Table | None]) -> Committed:
    return Committed([Change(nb.LogicalSwitch, Ref("u"), old, new) for old, new in changes], ident)


def test_positions_count_commits_and_old_ones_are_forgotten() -> None:
    history = History()
    for number in range(MOST_COMMITS + 5):
        history.append(commit(str(number), (None, A)))
    assert (history.start, history.end) == (5, MOST_COMMITS + 5)
    assert (history.after("4"), history.after("5"), history.after("nobody's")) == (None, 6, None)
    assert [each.transaction_id for each in history.since(history.end - 1)] == [str(MOST_COMMITS + 4)]


def test_a_huge_commit_pushes_out_the_rest_but_stays() -> None:
    history = History()
    history.append(commit("small", (None, A)))
    history.append(commit("huge", *[(A, B)] * (MOST_CHANGES + 1)))
    assert (history.after("small"), history.after("huge")) == (None, 2)


Step = tuple[Table | None, Table | None]
MERGES: list[tuple[list[Step], list[Step]]] = [
    ([(None, A), (A, B)], [(None, B)]),
    ([(A, B), (B, C)], [(A, C)]),
    ([(A, B), (B, None)], [(A, None)]),
    ([(None, A), (A, None)], []),
    ([(A, B), (B, A)], []),
]


def test_commits_come_to_their_net_change() -> None:
    for steps, net in MERGES:
        commits = [commit(str(number), step) for number, step in enumerate(steps)]
        assert [(change.old, change.new) for change in merged(commits)] == net
