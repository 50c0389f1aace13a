"""Tunnel keys: kept, asked for, handed out."""

from __future__ import annotations

from pyovn.northd.keys import Keys
from pyovn.northd.southbound.datapaths import KeyRequest


def ask(owner: str, requested: int = 0, scope: str = "sw") -> KeyRequest:
    return KeyRequest(scope, owner, requested)


def allot(keys: Keys, *requests: KeyRequest, highest: int = 9) -> dict[str, int]:
    return {request.owner: key for request, key in keys.allot(requests, highest)}


def nothing_known(request: KeyRequest) -> int | None:
    return None


def test_a_ports_key_is_not_at_once_anothers() -> None:
    keys = Keys(nothing_known)
    assert allot(keys, ask("a"), ask("b")) == {"a": 1, "b": 2}
    assert list(keys.release((ask("b"),))) == [ask("b")]
    assert allot(keys, ask("c")) == {"c": 3}


def test_a_datapath_gets_the_lowest_free_key() -> None:
    keys = Keys(nothing_known, lowest=True)
    assert allot(keys, ask("a", scope=""), ask("b", scope=""), ask("c", scope="")) == {"a": 1, "b": 2, "c": 3}
    list(keys.release((ask("b", scope=""),)))
    assert allot(keys, ask("d", scope="")) == {"d": 2}


def test_keys_that_are_there_stay() -> None:
    keys = Keys(lambda request: 5 if request.owner == "old" else None)
    assert allot(keys, ask("new"), ask("old")) == {"old": 5, "new": 6}


def test_a_key_asked_for_comes_first_and_a_taken_one_is_a_problem() -> None:
    keys = Keys(nothing_known)
    assert allot(keys, ask("a"), ask("b", 1), ask("c", 1)) == {"b": 1, "a": 2, "c": 3}
    assert [problem.row for problem in keys.problems.values()] == ["c"]


def test_scopes_are_apart_and_end() -> None:
    keys = Keys(nothing_known)
    assert allot(keys, ask("a", scope="x"), ask("b", scope="y"), highest=1) == {"a": 1, "b": 1}
    assert allot(keys, ask("c", scope="x"), highest=1) == {}
    assert "all 1 keys are taken" in keys.problems["x", "c"].fact
