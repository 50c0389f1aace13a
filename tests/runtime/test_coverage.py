"""Counters are counted, and remembered over five seconds, a minute and an hour."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyovn.coverage import ALL, Counter, counter
from pyovn.runtime.coverage import Coverage
from pyovn.runtime.unixctl import CommandError
from tests.ovsdb.reference import program
from tests.runtime.processes import Place


def test_there_is_one_counter_of_a_name() -> None:
    assert counter("test_only") is counter("test_only") is ALL.pop("test_only")


Rise = tuple[float, int]
RATES: list[tuple[list[Rise], float, tuple[str, str, str, int]]] = [
    ([(1.0, 10)], 4.0, ("0.0", "0.000", "0.0000", 10)),
    ([(1.0, 10)], 5.0, ("2.0", "0.167", "0.0000", 10)),
    ([(1.0, 10), (5.0, 5)], 10.0, ("1.0", "0.250", "0.0000", 15)),
    # Of a long sleep nobody knows when in it something happened.
    ([(1.0, 60)], 60.0, ("1.0", "1.000", "0.0167", 60)),
    ([(1.0, 600)], 3600.0 * 3, ("0.1", "0.056", "0.0556", 600)),
]


@pytest.mark.parametrize(("rises", "end", "shown"), RATES)
def test_rates(rises: list[Rise], end: float, shown: tuple[str, str, str, int]) -> None:
    counters = {name: Counter(name) for name in ("one", "none")}
    coverage = Coverage(0.0, counters)
    for when, count in rises:
        coverage.turn(when)
        counters["one"].count += count
    header, line, unhit = coverage.show(end).splitlines()
    assert header.startswith("Event coverage, avg rate over last: 5 seconds, last minute, last hour,  hash=")
    lately, minute, hour, total = shown
    assert line == f"{'one':<24} {lately:>5}/sec {minute:>9}/sec {hour:>13}/sec   total: {total}"
    assert unhit == "1 events never hit"
    assert coverage.read("one") == f"{total}\n"
    with pytest.raises(CommandError, match="No such counter"):
        coverage.read("nope")


def test_a_server_counts_what_it_does(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert place.start("ovsdb-server", "--no-dbs", "--remote=punix:db.sock").returncode == 0
    try:
        for _ in range(3):
            place.run("ovsdb-client", "transact", "unix:db.sock", '["_Server"]')
        assert place.appctl("coverage/read-counter", "ovsdb_transaction") == "3\n"
        assert int(place.appctl("coverage/read-counter", "unixctl_received")) == 2
        assert "jsonrpc_request" in place.appctl("coverage/show")
    finally:
        place.end()


def test_the_reference_writes_it_so(tmp_path: Path) -> None:
    place = Place(tmp_path)
    server = program("ovsdb-server")
    words = ["--detach", "--no-chdir", "--pidfile", "--no-db", "-vconsole:off", "--remote=punix:db.sock"]
    assert place.program([server, *words]).returncode == 0
    place.started.append("ovsdb-server")
    try:
        theirs = place.appctl("coverage/show").splitlines()
        ours = Coverage(0.0, {}).show(0.0).splitlines()
        assert theirs[0].rpartition("=")[0] == ours[0].rpartition("=")[0]
        assert theirs[-1].partition(" ")[2] == ours[-1].partition(" ")[2]
    finally:
        place.end()
