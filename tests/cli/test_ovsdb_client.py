"""`ovsdb-client`: every command against our server, and word for word what the reference's prints (where it is at hand)."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyovn.ovsdb.declare import schema_of
from pyovn.schemas import nb
from tests.ovsdb.reference import program
from tests.runtime.processes import Place, command

NB = "OVN_Northbound"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A northbound database with one switch and its port."""
    made = Place(tmp_path_factory.mktemp("client"))
    (made.folder / "nb.ovsschema").write_text(json.dumps(schema_of(nb).to_json()))
    made.run("ovsdb-tool", "create", "nb.db", "nb.ovsschema")
    assert made.start("ovsdb-server", "--remote=punix:db.sock", "nb.db").returncode == 0
    port = {"op": "insert", "table": "Logical_Switch_Port", "row": {"name": "p1"}, "uuid-name": "p"}
    row = {"name": "a", "ports": ["named-uuid", "p"], "external_ids": ["map", [["k", "v, w"]]]}
    made.run("ovsdb-client", "transact", json.dumps([NB, port, {"op": "insert", "table": "Logical_Switch", "row": row}]))
    yield made
    made.end()


def shown(place: Place, *words: str, text: str | None = None) -> str:
    """What our client prints, uuids and the server's name left out."""
    done = place.run("ovsdb-client", *words, text=text)
    return plain(place, done.stdout + done.stderr)


def plain(place: Place, text: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", text).replace(f"unix:{place.folder}/db.sock", "SERVER")


SELECT = json.dumps([NB, {"op": "select", "table": "Logical_Switch", "where": [], "columns": ["name"]}])
DELETE = json.dumps([NB, {"op": "delete", "table": "Logical_Switch", "where": []}])

SAID: list[tuple[list[str], str]] = [
    (["list-dbs"], f"{NB}\n_Server\n"),
    (["get-schema-version"], nb.VERSION + "\n"),
    (["get-schema-version", NB], nb.VERSION + "\n"),
    (["get-schema-cksum"], nb.CKSUM + "\n"),
    (["needs-conversion", "nb.ovsschema"], "no\n"),
    (["transact", SELECT], '[{"rows":[{"name":"a"}]}]\n'),
    (["query", DELETE], '[{"count":1}]\n'),
    (["dump", "Logical_Switch", "name", "ports", "external_ids"],
     "Logical_Switch table\nexternal_ids name ports\n------------ ---- --------------------------------------\n"
     '{k="v, w"}   a    [UUID]\n'),
    (["dump", "Logical_Switch", "name", "--format=list"], "Logical_Switch table\nname                : a\n"),
    (["dump", "Logical_Switch", "name", "--format=json"],
     '{"caption":"Logical_Switch table","data":[["a"]],"headings":["name"]}\n'),
    (["dump", "Logical_Switch", "name", "--format=csv", "--no-headings"], "Logical_Switch table\na\n"),
    (["wait", NB, "connected"], ""),
    (["unlock", "x"],
     'ovsdb-client: server returned error: {"details":"unlock: \\"unlock\\" without \\"lock\\" or \\"steal\\"",'
     '"error":"syntax error","syntax":"[\\"x\\"]"}\n'),
    (["nope"], "ovsdb-client: unknown command 'nope'; use --help for help\n"),
    ([], "ovsdb-client: missing command name; use --help for help\n"),
    (["list-dbs", "x"], "ovsdb-client: invalid syntax for 'list-dbs' (use --help for help)\n"),
    (["transact"], "ovsdb-client: invalid syntax for 'transact' (use --help for help)\n"),
    (["list-dbs", "unix:/nope"], 'ovsdb-client: failed to connect to "unix:/nope" (No such file or directory)\n'),
    (["dump", "Nope"], 'ovsdb-client: No table "Nope" found.\n'),
    (["dump", "Logical_Switch", "nope"], 'ovsdb-client: Table "Logical_Switch" has no column nope.\n'),
    (["monitor", "Nope"], f'ovsdb-client: SERVER: {NB} does not have a table named "Nope"\n'),
    (["--bogus"], "ovsdb-client: unrecognized option '--bogus'\n"),
    (["transact", '["nope"]'],
     'ovsdb-client: transaction returned error: {"details":"transact request specifies unknown database nope",'
     '"error":"unknown database","syntax":"[\\"nope\\"]"}\n'),
]  # fmt: skip
THE_SAME = [
    ["list-dbs", "SERVER"],
    ["get-schema-version", "SERVER", NB],
    ["get-schema-cksum", "SERVER", NB],
    ["dump", "SERVER", NB],
    ["-f", "csv", "dump", "SERVER", NB, "Logical_Switch"],
    ["-f", "html", "dump", "SERVER", NB, "Logical_Switch", "name"],
    ["-f", "list", "dump", "SERVER", NB],
    ["-f", "list", "-d", "bare", "dump", "SERVER", NB, "Logical_Switch"],
    ["-f", "json", "--pretty", "dump", "SERVER", NB, "Logical_Switch"],
    ["transact", "SERVER", SELECT],
    ["query", "SERVER", DELETE],
    ["wait", "SERVER", NB, "added"],
    ["needs-conversion", "SERVER", "nb.ovsschema"],
    ["-f", "csv", "dump", "SERVER", NB],
    ["dump", "SERVER", NB, "Nope"],
    ["get-schema", "SERVER", "nope"],
    ["transact", "SERVER", '["nope"]'],
]


@pytest.mark.parametrize(("words", "text"), SAID, ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "")
def test_what_it_says(place: Place, words: list[str], text: str) -> None:
    assert shown(place, *words) == text


@pytest.mark.parametrize("words", THE_SAME, ids=lambda words: " ".join(words)[:50])
def test_the_reference_says_the_same(place: Place, words: list[str]) -> None:
    theirs = program("ovsdb-client")
    words = [word.replace("SERVER", f"unix:{place.folder}/db.sock") for word in words]
    ours = place.run("ovsdb-client", *words)
    reference = place.program([theirs, "-vconsole:off", *words])
    assert (ours.stdout, ours.returncode) == (reference.stdout, reference.returncode)


def test_tables_and_columns_are_listed(place: Place) -> None:
    assert shown(place, "list-tables").splitlines()[2:] == sorted(schema_of(nb).tables)
    columns = shown(place, "list-columns", NB, "Meter_Band").splitlines()
    assert columns[0].split() == ["Column", "Type"] and len(columns) == 2 + 2 + len(schema_of(nb).tables["Meter_Band"].columns)


def test_what_is_watched_is_shown_at_once(place: Place) -> None:
    done = place.run("ovsdb-client", "-t", "1", "monitor", "Logical_Switch", "name,ports", "external_ids")
    header, _, row = done.stdout.splitlines()
    assert header.split() == ["row", "action", "name", "ports", "external_ids"]
    assert re.fullmatch(r'[0-9a-f-]{36} initial a    \[[0-9a-f-]{36}\] \{k="v, w"\}', row)


def test_who_loses_a_lock_is_told_which(place: Place) -> None:
    server = f"unix:{place.folder}/db.sock"
    words = [*command("ovsdb-client"), "-t", "20", "lock", server, "l"]
    with subprocess.Popen(words, env=place.env, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == '{"locked":true}\n'
        assert place.run("ovsdb-client", "-t", "1", "steal", server, "l").stdout.startswith('{"locked":true}')
        assert [holder.stdout.readline() for _ in range(2)] == ["stolen\n", '["l"]\n']
        holder.terminate()


def test_a_backup_can_be_served_and_restored(place: Place, tmp_path: Path) -> None:
    backup = place.run("ovsdb-client", "backup").stdout
    (place.folder / "copy.db").write_text(backup)
    assert place.run("ovsdb-tool", "db-version", "copy.db").stdout == nb.VERSION + "\n"
    before = place.run("ovsdb-client", "dump").stdout
    place.run("ovsdb-client", "transact", DELETE)
    assert shown(place, "restore", text=backup) == ""
    after = place.run("ovsdb-client", "dump").stdout
    # Rows are new, and refer to each other as before.
    assert after != before and plain(place, after) == plain(place, before)


def test_a_client_is_played_what_it_heard(place: Place, tmp_path: Path) -> None:
    words = ["monitor", f"unix:{place.folder}/db.sock", NB, "Logical_Switch", "name"]
    recorded = place.run("ovsdb-client", "-t", "1", f"--record={tmp_path}", *words)
    played = place.run("ovsdb-client", "-t", "9", f"--replay={tmp_path}", *words)
    assert recorded.stdout and played.stdout == recorded.stdout
    assert (played.returncode, played.stderr) == (1, "ovsdb-client: receive failed (End of file)\n")
    for words in (["--record", "--replay"], [f"--replay={tmp_path}/none"], [f"--record={tmp_path}/none"]):
        assert place.run("ovsdb-client", *words, "list-dbs").returncode == 1
    nowhere = [place.run("ovsdb-client", f"--{how}={tmp_path}", "list-dbs", "unix:/none") for how in ("record", "replay")]
    assert nowhere[0].stderr == nowhere[1].stderr != ""
