"""Tunnel keys: kept, asked for, handed out."""

from __future__ import annotations

from pyovn.northd.keys import Keys
from pyovn.northd.southbound.datapaths import ROUTER, KeyRequest


def ask(owner: str, requested: int = 0, scope: str = "sw") -> KeyRequest:
    return KeyRequest(scope, owner, requested)


def allot(keys: Keys, *requests: KeyRequest, highest: int = 9) -> dict[str, int | None]:
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


def test_who_asks_for_a_key_moves_one_aside_that_does_not() -> None:
    keys = Keys(nothing_known)
    allot(keys, ask("a"), ask("b"), ask("c"))
    list(keys.release((ask("a"),)))
    assert allot(keys, ask("a", 2)) == {"a": 2, "b": 4}
    list(keys.release((ask("b"),)))
    assert allot(keys, ask("b", 2), highest=3) == {"b": 1}
    assert [problem.row for problem in keys.problems.values()] == ["b"]


def test_who_was_moved_aside_may_find_no_other_key() -> None:
    keys = Keys(nothing_known)
    assert allot(keys, ask("a"), highest=1) == {"a": 1}
    assert allot(keys, ask("b", 1), highest=1) == {"b": 1, "a": None}


def test_a_key_that_was_refused_comes_with_the_end_of_who_had_it() -> None:
    keys = Keys(nothing_known)
    assert allot(keys, ask("a", 1), ask("b", 1), ask("c", 1)) == {"a": 1, "b": 2, "c": 3}
    list(keys.release((ask("a", 1),)))
    assert allot(keys) == {"b": 1, "c": 3}, "who is refused again keeps what it had"
    assert [problem.row for problem in keys.problems.values()] == ["c"]


def test_of_two_that_ask_for_a_key_the_one_that_has_it_keeps_it() -> None:
    keys = Keys(lambda request: {"a": 2, "b": 1}[request.owner])
    assert allot(keys, ask("a", 1), ask("b", 1)) == {"b": 1, "a": 2}


def test_who_was_refused_a_key_keeps_the_other_one() -> None:
    keys = Keys(lambda request: {"a": 1, "b": 5}[request.owner])
    assert allot(keys, ask("a", 1), ask("b", 1)) == {"a": 1, "b": 5}
    assert [problem.row for problem in keys.problems.values()] == ["b"]


def test_a_gateway_port_comes_before_its_other_half() -> None:
    assert allot(Keys(nothing_known), ask("cr-out"), ask("out"), ask("z")) == {"out": 1, "cr-out": 2, "z": 3}


def test_scopes_are_apart_and_end() -> None:
    keys = Keys(nothing_known)
    assert allot(keys, ask("a", scope="x"), ask("b", scope="y"), highest=1) == {"a": 1, "b": 1}
    assert allot(keys, ask("c", scope="x"), highest=1) == {"c": None}
    assert "all keys exhausted: 1 are taken" in keys.problems["x", "c"].fact


def test_who_got_no_key_gets_the_next_that_is_free() -> None:
    keys = Keys(nothing_known)
    assert allot(keys, ask("a"), ask("b"), ask("c"), highest=1) == {"a": 1, "b": None, "c": None}
    assert allot(keys, highest=1) == {}
    assert allot(keys, highest=2) == {"b": 2, "c": None}, "there are more keys"
    assert list(keys.release((ask("a"), ask("c")))) == [ask("a"), ask("c")], "who waits for one goes as well"
    assert not keys.problems
    assert allot(keys, ask("d"), ask("e"), highest=2) == {"d": 1, "e": None}
    list(keys.release((ask("b"),)))
    assert allot(keys, highest=2) == {"e": 2}, "one was freed"


def test_switches_come_before_routers() -> None:
    router = KeyRequest("", "a", 0, kind=ROUTER)
    assert allot(Keys(nothing_known, lowest=True), router, ask("b", scope="")) == {"b": 1, "a": 2}


def test_where_copies_leave_comes_last() -> None:
    copies = KeyRequest("sw", "a", 0, fleeting=True)
    assert allot(Keys(nothing_known), copies, ask("b")) == {"b": 1, "a": 2}


def test_who_is_patient_waits_for_a_round() -> None:
    keys = Keys(nothing_known, lowest=True, patient=True)
    assert allot(keys, ask("a")) == {"a": 1}
    list(keys.release((ask("a"),)))
    assert allot(keys, ask("b")) == {"b": 2}
    assert allot(keys, ask("c")) == {"c": 1}
