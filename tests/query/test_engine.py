"""Queries run when, and only when, something they read has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from pyovn.query import Engine, each, projection, query
from tests.query.rows import Change, Port, Switch, appeared, changed, gone

A = Port("a", "port-a", {"peer": "b", "mtu": "1500"})
B = Port("b", "port-b", {})
S = Switch("s", "switch", ("a", "b"))


@query
def port_name(db: Engine, port: str) -> str:
    row = db.get(Port, port)
    return row.name if row else ""


@query
def port_names(db: Engine, switch: str) -> tuple[str, ...]:
    row = db.get(Switch, switch)
    return tuple(port_name(db, port) for port in row.ports) if row else ()


@query
def title(db: Engine, switch: str) -> str:
    return "+".join(port_names(db, switch))


@query
def holders(db: Engine, port: str) -> tuple[str, ...]:
    return db.referrers(Switch, "ports", port)


@query
def naming(db: Engine, peer: str) -> tuple[str, ...]:
    return db.find(Port, "options", ("peer", peer))


@query
def census(db: Engine) -> int:
    return len(db.every(Port))


def check(ask: Callable[[Engine], Any], changes: Iterable[Change], ran: list[str], answer: Any) -> None:
    """Ask, change, ask again: which queries ran the second time, and what came out."""
    db = Engine()
    db.feed(appeared(A, B, S))
    ask(db)
    seen: list[str] = []
    db.on_run = lambda function, args: seen.append(function.__name__)
    db.feed(changes)
    assert ask(db) == answer
    assert seen == ran
    assert ask(db) == answer
    assert seen == ran, "asking again runs nothing"


def test_nothing_runs_when_nothing_changed() -> None:
    check(lambda db: title(db, "s"), [], [], "port-a+port-b")


def test_only_readers_run() -> None:
    renamed = changed(A, replace(A, name="x"))
    check(lambda db: title(db, "s"), renamed, ["port_name", "port_names", "title"], "x+port-b")
    check(lambda db: port_name(db, "b"), renamed, [], "port-b")


def test_an_unchanged_answer_stops_the_wave() -> None:
    check(lambda db: title(db, "s"), changed(A, replace(A, noise=1)), ["port_name"], "port-a+port-b")


def test_a_missing_row_is_read_too() -> None:
    check(lambda db: port_name(db, "c"), appeared(Port("c", "late", {})), ["port_name"], "late")
    check(lambda db: port_name(db, "a"), gone(A), ["port_name"], "")


def test_index_buckets_are_read_one_by_one() -> None:
    moved = changed(S, replace(S, ports=("b",)))
    check(lambda db: holders(db, "a"), moved, ["holders"], ())
    check(lambda db: holders(db, "b"), moved, [], ("s",))
    check(lambda db: naming(db, "b"), changed(A, replace(A, options={"peer": "b", "mtu": "9000"})), [], ("a",))
    check(lambda db: naming(db, "b"), changed(A, replace(A, options={})), ["naming"], ())


def test_membership_is_not_content() -> None:
    check(census, changed(A, replace(A, name="x")), [], 2)
    check(census, gone(A), ["census"], 1)


def test_reads_that_end_are_forgotten() -> None:
    db = Engine()
    db.feed(appeared(A, B, S))
    title(db, "s")
    held = len(db.cells)
    db.feed(changed(S, replace(S, ports=("b",))))
    assert title(db, "s") == "port-b"
    db.collect()
    assert len(db.cells) == held - 2, "the dropped port's name and row"


@projection
def switch_name(db: Engine, switch: str) -> str:
    row = db.get(Switch, switch)
    return row.name if row else ""


def labels(db: Engine, port: str) -> Iterator[str]:
    yield from (f"{switch_name(db, switch)}/{port_name(db, port)}" for switch in holders(db, port))


LABELS = each((Port, labels))


def test_who_reads_a_projection_hears_only_of_what_it_shows() -> None:
    db = Engine()
    db.feed(appeared(A, B, S))
    assert db.take(LABELS).gained == ("switch/port-a", "switch/port-b")
    ran: list[str] = []
    db.on_run = lambda function, args: ran.append(function.__name__)
    wider = replace(S, ports=("a", "b", "c"))
    db.feed(changed(S, wider))
    assert (db.take(LABELS), ran) == (((), ()), ["switch_name"])
    db.feed(changed(wider, replace(wider, name="other")))
    assert set(db.take(LABELS).gained) == {"other/port-a", "other/port-b"}


def test_a_projection_reads_rows_only() -> None:
    @projection
    def shout(db: Engine, port: str) -> str:
        return port_name(db, port).upper()

    db = Engine()
    db.feed(appeared(A))
    with pytest.raises(AssertionError, match="rows only"):
        shout(db, "a")
