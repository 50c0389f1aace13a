"""Which port an address is behind: learned, moved, forgotten."""

from __future__ import annotations

from pyovn.vswitch.mac_learning import MacTable, expire, find, forget_port, learn, next_expiry


def test_an_address_is_found_where_it_was_last_heard() -> None:
    table = MacTable()
    assert learn(table, 0, 7, 1, now=0.0)
    assert not learn(table, 0, 7, 1, now=1.0)
    assert learn(table, 0, 7, 2, now=2.0)
    assert (find(table, 0, 7), find(table, 5, 7), find(table, 0, 8)) == (2, None, None)


def test_silence_forgets() -> None:
    table = MacTable(idle_s=10.0)
    learn(table, 0, 7, 1, now=0.0)
    learn(table, 0, 8, 1, now=5.0)
    assert next_expiry(table) == 10.0
    assert not expire(table, 9.0) and expire(table, 10.0)
    assert (find(table, 0, 7), find(table, 0, 8)) == (None, 1)


def test_the_one_silent_longest_makes_room() -> None:
    table = MacTable(limit=2)
    for now, address in enumerate((7, 8, 7, 9)):
        learn(table, 0, address, 1, now=now)
    assert [address for _, address in table.learned] == [7, 9]


def test_a_port_that_is_gone_has_nobody_behind_it() -> None:
    table = MacTable()
    learn(table, 0, 7, 1, now=0.0)
    assert forget_port(table, 1) and not forget_port(table, 1)
    assert find(table, 0, 7) is None and next_expiry(table) == float("inf")
