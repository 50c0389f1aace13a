"""Collections and indexes follow their rows by differences, and equal those computed from scratch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyovn.query import Cross, Each, Engine, bag, cross, each, index, some
from tests.query.rows import Change, Port, Switch, appeared, changed, gone


def by_peer(db: Engine, port: str) -> Iterator[tuple[str, str]]:
    row = db.get(Port, port)
    if row and "peer" in row.options:
        yield row.options["peer"], row.name


PEERS = index((Port, by_peer))


def pairs(db: Engine, switch: str) -> Iterator[tuple[str, str]]:
    row = db.get(Switch, switch)
    for port in row.ports if row else ():
        yield switch, port


PAIRS = each((Switch, pairs))


def pair_facts(db: Engine, pair: tuple[str, str]) -> Iterator[str]:
    switch, port = db.get(Switch, pair[0]), db.get(Port, pair[1])
    if switch and port:
        yield f"{switch.name} has {port.name}"


def peer_facts(db: Engine, port: str) -> Iterator[str]:
    row = db.get(Port, port)
    for other in PEERS(db, row.name) if row else ():
        yield f"{other} looks at {row.name}" if row else ""


FACTS = each((PAIRS, pair_facts), (Port, peer_facts))


def by_name(db: Engine, port: str) -> Iterator[tuple[str, str]]:
    row = db.get(Port, port)
    if row:
        yield row.name, port


def meeting(looker: str, port: str) -> Iterator[str]:
    if looker != port:
        yield f"{looker} looks at {port}"


MEETINGS = cross(PEERS, index((Port, by_name)), meeting)

LOOKERS = each((some(Port, lambda row: "peer" in row.options), by_name))

BAG = bag((PAIRS, pair_facts), (Port, peer_facts))

LOOKED_AT = each((PEERS, lambda db, name: [f"{name}: {len(PEERS(db, name))}"]))

A = Port("a", "A", {"peer": "B"})
B = Port("b", "B", {})
S = Switch("s", "S", ("a",))


def test_differences_come_out_once() -> None:
    db = Engine()
    db.feed(appeared(A, B, S))
    assert db.take(FACTS) == (("A looks at B", "S has A"), ())
    assert db.take(FACTS) == ((), ())
    db.feed(changed(S, replace(S, ports=("a", "b"))))
    assert db.take(FACTS) == (("S has B",), ())
    db.feed(changed(A, replace(A, options={})))
    assert db.take(FACTS) == ((), ("A looks at B",))
    db.feed(gone(S))
    assert db.take(FACTS) == ((), ("S has A", "S has B"))


def test_what_comes_and_goes_between_two_takes_is_no_difference() -> None:
    db = Engine()
    db.feed(appeared(A, B, S))
    db.take(FACTS)
    db.feed(changed(S, replace(S, name="T")))
    db.settle()
    db.feed(changed(replace(S, name="T"), S))
    assert db.take(FACTS) == ((), ())


def test_an_answer_lives_while_one_unit_vouches_for_it() -> None:
    db = Engine()
    twin = Switch("t", "S", ("a",))
    db.feed(appeared(A, S, twin))
    assert db.take(FACTS).gained == ("S has A",)
    db.feed(gone(S))
    assert db.take(FACTS) == ((), ())
    db.feed(gone(twin))
    assert db.take(FACTS) == ((), ("S has A",))


def test_values_meet_those_under_the_same_key() -> None:
    db = Engine()
    db.feed(appeared(A, B))
    assert db.take(MEETINGS).gained == ("A looks at b",)
    ran: list[str] = []
    db.on_run = lambda function, args: ran.append(function.__name__)
    db.feed(appeared(Port("c", "B", {})))
    assert (db.take(MEETINGS), sorted(ran)) == ((("A looks at c",), ()), ["by_name", "by_peer"])
    db.feed(gone(A))
    assert db.take(MEETINGS) == ((), ("A looks at b", "A looks at c"))


def test_only_the_unit_of_the_changed_row_runs() -> None:
    db = Engine()
    ports = [Port(f"p{number}", f"P{number}", {}) for number in range(50)]
    switch = Switch("s", "S", tuple(port.uuid for port in ports))
    db.feed(appeared(*ports, switch))
    db.take(FACTS)
    ran: list[tuple[str, Any]] = []
    db.on_run = lambda function, args: ran.append((function.__name__, *args))
    db.feed(changed(ports[7], replace(ports[7], options={"peer": "P9"})))
    assert db.take(FACTS) == (("P7 looks at P9",), ())
    assert sorted(ran) == [("by_peer", "p7"), ("pair_facts", ("s", "p7")), ("peer_facts", "p7"), ("peer_facts", "p9")]


names = st.sampled_from(["A", "B", "C"])
refs = st.sampled_from(["a", "b", "c"])
ports = st.builds(Port, refs, names, st.dictionaries(st.just("peer"), names))
switches = st.builds(Switch, st.sampled_from(["s", "t"]), names, st.lists(refs, unique=True).map(lambda found: tuple(sorted(found))))
steps = st.lists(st.tuples(st.one_of(ports, switches), st.booleans(), st.booleans()), max_size=25)


def after(held: Counter[str], gained: Iterable[str], lost: Iterable[str]) -> Counter[str]:
    """What is held, how often, after a difference."""
    assert not set(gained) & set(lost) and Counter(lost) <= held
    return held + Counter(gained) - Counter(lost)


@pytest.mark.parametrize("collection", [FACTS, MEETINGS, BAG])
@settings(max_examples=150, deadline=None)
@given(history=steps)
def test_incremental_equals_from_scratch(collection: Each[str] | Cross[str], history: list[tuple[Any, bool, bool]]) -> None:
    db = Engine()
    rows: dict[tuple[type[Any], str], Any] = {}
    held: Counter[str] = Counter()
    for row, removed, asked in history:
        key = type(row), row.uuid
        old = rows.pop(key, None)
        if not removed:
            rows[key] = row
        if old is not None or not removed:
            db.feed([Change(type(row), row.uuid, old, rows.get(key))])
        if asked:
            gained, lost = db.take(collection)
            assert collection is BAG or not held.keys() & set(gained)
            held = after(held, gained, lost)
    scratch = Engine()
    scratch.feed(appeared(*rows.values()))
    assert Counter(db.items(collection)) == Counter(scratch.items(collection))
    assert after(held, *db.take(collection)) == Counter(scratch.items(collection))


def test_rows_that_fail_a_test_have_no_unit() -> None:
    db = Engine()
    ran: list[str] = []
    db.on_run = lambda function, args: ran.append(args[0])
    db.feed(appeared(A, B))
    assert db.take(LOOKERS) == ((("A", "a"),), ()) and ran == ["a"]
    looking = replace(B, options={"peer": "A"})
    db.feed(changed(B, looking))
    assert db.take(LOOKERS) == ((("B", "b"),), ())
    db.feed(changed(looking, B))
    db.feed(gone(A))
    assert db.take(LOOKERS) == ((), (("B", "b"), ("A", "a")))
    assert db.sources() == {Port}


def test_an_item_for_each_key_of_an_index() -> None:
    db = Engine()
    db.feed(appeared(A))
    assert db.take(LOOKED_AT) == (("B: 1",), ())
    other = Port("c", "C", {"peer": "B"})
    db.feed(appeared(other))
    assert db.take(LOOKED_AT) == (("B: 2",), ("B: 1",))
    db.feed(gone(A))
    db.feed(gone(other))
    assert db.take(LOOKED_AT) == ((), ("B: 2",))


def test_a_bag_gains_an_answer_as_often_as_it_is_given() -> None:
    db = Engine()
    twin = Switch("t", "S", ("a",))
    db.feed(appeared(A, S, twin))
    assert sorted(db.take(BAG).gained) == ["S has A", "S has A"]
    db.feed(gone(S))
    assert (db.take(BAG), list(db.items(BAG))) == (((), ("S has A",)), ["S has A"])
