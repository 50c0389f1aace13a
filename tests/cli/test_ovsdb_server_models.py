"""`ovsdb-server` as a relay, as a backup, by a configuration file, and after a crash under its monitor: several processes."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyovn.ovsdb.database_file import create_file
from pyovn.ovsdb.declare import schema_of, tables_for
from pyovn.runtime.storage import disk_world
from pyovn.schemas import nb
from tests.runtime.processes import Place

NB = "OVN_Northbound"
INSERT = json.dumps([NB, {"op": "insert", "table": "Logical_Switch", "row": {"name": "a"}}])
WAIT = json.dumps([
    NB,
    {"op": "wait", "table": "Logical_Switch", "where": [], "columns": ["name"], "until": "==", "rows": [{"name": "a"}], "timeout": 9000},
])  # fmt: skip
DONE = "[{}]\n"


@pytest.fixture
def places(tmp_path: Path) -> Iterator[list[Place]]:
    """Two folders with a database each; in the first a server offers it."""
    made = []
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        create_file(disk_world(tables_for), str(folder / "nb.db"), schema_of(nb))
        made.append(Place(folder))
    assert made[0].start("ovsdb-server", "--remote=punix:sock", "nb.db").returncode == 0
    yield made
    for place in made:
        place.end()


def transact(place: Place, text: str) -> str:
    return place.run("ovsdb-client", "transact", "unix:sock", text).stdout


def rows(place: Place) -> list[str]:
    """The names of the switches in a place's file."""
    select = json.dumps([NB, {"op": "select", "table": "Logical_Switch", "where": [], "columns": ["name"]}])
    return re.findall(r'"name":"(\w+)"', place.run("ovsdb-tool", "query", "nb.db", select).stdout)


def test_a_relay_shows_what_its_source_has_and_passes_changes_on(places: list[Place]) -> None:
    source, relay = places
    assert relay.start("ovsdb-server", "--remote=punix:sock", f"relay:{NB}:unix:{source.folder}/sock").returncode == 0
    assert relay.run("ovsdb-client", "-t", "9", "wait", "unix:sock", NB, "connected").returncode == 0
    assert re.fullmatch(r'\[{"uuid":\["uuid","[0-9a-f-]+"\]}\]\n', transact(relay, INSERT))
    assert transact(source, WAIT) == transact(relay, WAIT) == DONE
    assert relay.appctl("ovsdb-server/list-dbs") == f"{NB}\n_Server\n"
    source.appctl("exit")
    source.started.clear()
    assert transact(relay, WAIT) == DONE, "what is known can be read on"


def test_a_relay_without_its_source_is_announced(places: list[Place]) -> None:
    relay = places[1]
    assert relay.start("ovsdb-server", "--remote=punix:sock", f"relay:{NB}:unix:/nonexistent").returncode == 0
    columns = ("name", "model", "connected", "leader")
    shown = relay.run("ovsdb-client", "-f", "csv", "dump", "unix:sock", "_Server", "Database", *columns).stdout
    assert sorted(shown.splitlines()[2:]) == ["false,false,relay,OVN_Northbound", "true,true,standalone,_Server"]
    assert "not yet available" in relay.run("ovsdb-client", "list-tables", "unix:sock", NB).stderr


def test_a_backup_follows_until_it_takes_over(places: list[Place]) -> None:
    active, backup = places
    source = f"unix:{active.folder}/sock"
    assert backup.start("ovsdb-server", "--remote=punix:sock", f"--sync-from={source}", "nb.db").returncode == 0
    transact(active, INSERT)
    assert transact(backup, WAIT) == DONE
    assert backup.appctl("ovsdb-server/sync-status") == f"database: {NB}\nstate: backup\nreplicating: {source}\n"
    assert "read only mode" in transact(backup, INSERT)
    assert backup.appctl("ovsdb-server/disconnect-active-ovsdb-server") == ""
    assert backup.appctl("ovsdb-server/sync-status") == f"database: {NB}\nstate: active\n"
    assert "uuid" in transact(backup, INSERT)
    assert (rows(active), rows(backup)) == (["a"], ["a", "a"])


def test_a_configuration_file_is_followed(places: list[Place]) -> None:
    active, backup = places
    config = backup.folder / "config.json"

    def write(**said: object) -> None:
        source = {"service-model": "active-backup", "source": {f"unix:{active.folder}/sock": {}}, **said}
        config.write_text(json.dumps({"remotes": {"punix:sock": None}, "databases": {"nb.db": source}}))

    write(backup=True)
    assert backup.start("ovsdb-server", "--config-file=config.json").returncode == 0
    transact(active, INSERT)
    assert transact(backup, WAIT) == DONE
    write(backup=False)
    assert backup.appctl("ovsdb-server/reload") == ""
    assert "uuid" in transact(backup, INSERT)
    config.write_text("nonsense")
    assert "failed to load configuration" in backup.appctl("ovsdb-server/reload")
    assert "uuid" in transact(backup, INSERT), "a file that says nothing changes nothing"
    assert '"ovsdb-server/add-db" is not a valid command' in backup.appctl("ovsdb-server/add-db", "x")


def test_what_was_changed_at_run_time_outlives_a_crash(places: list[Place]) -> None:
    place = places[1]
    assert place.start("ovsdb-server", "--monitor", "--remote=punix:sock").returncode == 1, "there is no conf.db"
    assert place.start("ovsdb-server", "--monitor", "--no-dbs", "--remote=punix:sock").returncode == 0
    place.appctl("ovsdb-server/add-db", "nb.db")
    place.appctl("ovsdb-server/add-remote", "punix:more")
    pidfile = place.folder / "ovsdb-server.pid"
    pid = int(pidfile.read_text())
    os.kill(pid, signal.SIGSEGV)
    for _ in range(500):
        done = place.run("ovsdb-client", "-t", "1", "list-dbs", "unix:more")
        if done.returncode == 0 and int(pidfile.read_text()) != pid:
            break
    assert done.stdout == f"{NB}\n_Server\n"
    assert place.appctl("ovsdb-server/list-remotes") == "punix:more\npunix:sock\n"


ASKED = [
    ("ovsdb-server/get-active-ovsdb-server", ""),
    ("ovsdb-server/set-active-ovsdb-server unix:x", ""),
    ("ovsdb-server/get-active-ovsdb-server", "unix:x\n"),
    ("ovsdb-server/disconnect-active-ovsdb-server", ""),
    ("ovsdb-server/set-sync-exclude-tables OVN_Northbound:ACL", ""),
    ("ovsdb-server/get-sync-exclude-tables", "OVN_Northbound:ACL\n"),
    ("ovsdb-server/set-active-ovsdb-server-probe-interval 1000", ""),
    ("ovsdb-server/set-relay-source-probe-interval 1000", ""),
    ("ovsdb-server/memory-trim-on-compaction on", ""),
    ("ovsdb-server/tlog-set OVN_Northbound:ACL on", ""),
    ("ovsdb-server/disable-monitor-cond", ""),
    ("ovsdb-server/reload", "Configuration file was not specified on command line\novs-appctl: ovsdb-server: server returned an error\n"),
]


def test_every_command_is_answered(places: list[Place]) -> None:
    place = places[0]
    for words, answer in ASKED:
        assert place.appctl(*words.split()) == answer, words
    assert re.search(r"ACL +ON\n", place.appctl("ovsdb-server/tlog-list"))
    assert re.search(r"^atoms:\d+ cells:\d+ monitors:0 n-weak-refs:\d+$", place.appctl("memory/show"))
    unknown = place.run("ovsdb-client", "monitor-cond", "unix:sock", NB, "[true]", "ACL")
    assert "unknown method" in unknown.stderr
