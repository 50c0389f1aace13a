"""Who is due is found in order, and nobody is forgotten."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pyovn.machine import NEVER
from pyovn.ovsdb.agenda import Agenda


def test_an_earlier_time_replaces_a_later_one() -> None:
    agenda = Agenda()
    for due in (5.0, 3.0, 4.0):
        agenda.plan(1, due)
    assert (agenda.earliest(), agenda.take_ripe(2.9)) == (3.0, [])
    assert (agenda.take_ripe(9.0), agenda.earliest()) == ([1], NEVER)


@given(st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(0, 9))))
def test_it_is_a_dictionary_of_the_earliest(steps: list[tuple[int, int | None]]) -> None:
    agenda, expected = Agenda(), dict[int, float]()
    for number, due in steps:
        if due is None:
            agenda.forget(number)
            expected.pop(number, None)
        else:
            agenda.plan(number, due)
            expected[number] = min(due, expected.get(number, NEVER))
        assert agenda.earliest() == min(expected.values(), default=NEVER)
    ripe = agenda.take_ripe(4)
    assert ripe == sorted(ripe, key=expected.__getitem__) and set(ripe) == {number for number, due in expected.items() if due <= 4}
    assert agenda.earliest() == min((due for due in expected.values() if due > 4), default=NEVER)
