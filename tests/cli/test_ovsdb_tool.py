"""`ovsdb-tool` on files in memory: outputs, complaints, statuses."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

from pyovn import schemas
from pyovn.cli.ovsdb_tool import COMMANDS, Invocation, main, run
from pyovn.ovsdb.database_file import World, open_file
from pyovn.ovsdb.log import encode
from tests.ovsdb.memory_storage import MemoryStorage
from tests.ovsdb.sample import counting_uuids

ORDINALS = {
    "name": "ordinals",
    "version": "5.1.3",
    "cksum": "12345678 9",
    "tables": {"ordinals": {"columns": {"number": {"type": "integer"}, "name": {"type": "string"}}, "indexes": [["number"]]}},
}
NEWER = {"name": "ordinals", "version": "5.1.4", "tables": {"ordinals": {"columns": {"number": {"type": "integer"}}}}}
INSERT = '["ordinals",{"op":"insert","table":"ordinals","row":{"name":"five","number":5}},{"op":"comment","comment":"add 5"}]'
SELECT = '["ordinals",{"op":"select","table":"ordinals","where":[],"columns":["name"]}]'


def new_invocation() -> tuple[Invocation, MemoryStorage, io.StringIO]:
    """A world with a schema, a newer schema, an empty database `db`, a clustered one and a file that is none."""
    storage = MemoryStorage()
    storage.files = {
        "schema": bytearray(json.dumps(ORDINALS).encode()),
        "newer": bytearray(json.dumps(NEWER).encode()),
        "bad": bytearray(b'{"name": "x"}'),
        "text": bytearray(b"hello"),
        "cluster": bytearray(b"OVSDB CLUSTER 5 x\nabc\n"),
        "db": bytearray(encode(ORDINALS)),
    }
    out = io.StringIO()
    world = World(storage, counting_uuids(), lambda: 1_700_000_000_000)
    return Invocation(world, out, "conf.db", "vswitch.ovsschema", schemas.schema_of_file), storage, out


def check(words: list[str], status: int, output: str) -> None:
    """Run one command line on the world above; `output` is what stdout or, for a complaint, stderr says."""
    invocation, _, out = new_invocation()
    err = io.StringIO()
    assert run(words, invocation, err) == status
    assert out.getvalue() + err.getvalue() == output


@pytest.mark.parametrize(
    ("words", "output"),
    [
        (["create", "new", "schema"], ""),
        (["create", "new", "/usr/share/ovn/ovn-nb.ovsschema"], ""),
        (["db-name", "db"], "ordinals\n"),
        (["db-version", "db"], "5.1.3\n"),
        (["db-cksum", "db"], "12345678 9\n"),
        (["schema-name", "schema"], "ordinals\n"),
        (["schema-version"], "8.8.0\n"),
        (["schema-cksum", "newer"], "\n"),
        (["needs-conversion", "db", "schema"], "no\n"),
        (["needs-conversion", "db", "newer"], "yes\n"),
        (["db-is-standalone", "db"], ""),
        (["db-is-clustered", "cluster"], ""),
        (["compare-versions", "1.2.3", "<", "1.10.0"], ""),
        (["query", "db", SELECT], '[{"rows":[]}]\n'),
        (["query", "db", '["x"]'], '{"details":"database name expected as first parameter","error":"syntax error","syntax":"[\\"x\\"]"}\n'),
        (["query", "db", "{}"], '{"details":"array expected","error":"syntax error","syntax":"{}"}\n'),
        (["transact", "db", '["ordinals",{"op":"abort"}]'], '[{"details":"aborted by request","error":"aborted"}]\n'),
        (["show-log", "db"], 'record 0: "ordinals" schema, version="5.1.3", cksum="12345678 9"\n\n'),
    ],
)  # fmt: skip
def test_what_works(words: list[str], output: str) -> None:
    check(words, 0, output)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "missing command name; use --help for help"),
        (["foo"], "unknown command 'foo'; use --help for help"),
        (["create", "a", "b", "c"], "'create' command takes at most 2 arguments"),
        (["query"], "'query' command requires at least 1 arguments"),
        (["create", "db", "schema"], "I/O error: db: create failed (File exists)"),
        (["create", "new", "none"],
         'failed to read schema: "none" could not be read as JSON (error opening "none": No such file or directory)'),
        (["schema-name", "bad"],
         'syntax "{"name":"x"}": syntax error: failed to parse "bad" as ovsdb schema: '
         "Parsing database schema failed: Required 'tables' member is missing."),
        (["compact", "none"], "I/O error: none: open failed (No such file or directory)"),
        (["db-name", "text"], "ovsdb error: text: unexpected file format"),
        (["compact", "cluster"], "ovsdb error: cluster: cannot apply this operation to clustered database file"),
        (["db-cid", "db"], "db: not a clustered database"),
        (["compare-versions", "1.2", "<", "1.2.3"], "1.2: not an OVSDB version number in format x.y.z"),
        (["compare-versions", "1.2.3", "=", "1.2.3"], "=: not a relational operator"),
        (["create-cluster", "new", "none", "tcp:1.2.3.4:5"], "I/O error: none: open failed (No such file or directory)"),
        (["create-cluster", "new", "schema", "here"], 'ovsdb error: here: expected "tcp" or "ssl" address'),
        (["create-cluster", "new", "db", "tcp:1.2.3.4"], "ovsdb error: tcp:1.2.3.4: syntax error in address"),
        (["join-cluster", "new", "3x", "tcp:h:1", "tcp:h:2"],
         '3x: not a valid schema name (use "schema-name" command to find the correct name)'),
        (["join-cluster", "new", "x", "tcp:h:1", "tcp:h:99999"], "ovsdb error: tcp:h:99999: syntax error in address"),
        (["join-cluster", "new", "x", "tcp:h:1", "tcp:h:2", "tcp:h:1"],
         "ovsdb error: remote addresses cannot be the same as the local address"),
    ],
)  # fmt: skip
def test_complaints(words: list[str], complaint: str) -> None:
    check(words, 1, f"ovsdb-tool: {complaint}\n")


@pytest.mark.parametrize(
    ("how", "words", "complaint"),
    [
        ({"election_timer": "99"}, ["create-cluster", "new", "schema", "unix:x"],
         "ovsdb error: election timer must be between 100 and 600000, in msec."),
        ({"election_timer": "soon"}, ["create-cluster", "new", "schema", "unix:x"],
         "ovsdb error: election timer must be between 100 and 600000, in msec."),
        ({"cluster": "zz"}, ["join-cluster", "new", "x", "unix:x", "unix:y"], "zz: not a valid UUID"),
    ],
)  # fmt: skip
def test_complaints_about_options(how: dict[str, str], words: list[str], complaint: str) -> None:
    invocation, _, _ = new_invocation()
    err = io.StringIO()
    assert run(words, replace(invocation, **how), err) == 1  # type: ignore[arg-type]
    assert err.getvalue() == f"ovsdb-tool: {complaint}\n"


def test_a_transaction_is_run_in_a_role() -> None:
    invocation, storage, out = new_invocation()
    schema = {**ORDINALS, "tables": {**ORDINALS["tables"], "RBAC_Role": {"columns": {"name": {"type": "string"}}}}}  # type: ignore[dict-item]
    storage.files["db"] = bytearray(encode(schema))
    for command in ("transact", "query"):
        assert run([command, "db", INSERT], replace(invocation, role="guest"), io.StringIO()) == 0
    refused = 'RBAC rules for client "(null)" role "guest" prohibit row insertion into table "ordinals".'
    assert [json.loads(line)[0]["details"] for line in out.getvalue().splitlines()] == [refused] * 2


def test_options_are_listed_for_completion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--option"]) == 0
    assert {"--more", "-m ", "--cid=ARG", "--verbose=[ARG]", "-v [ARG]", "--option"} <= set(capsys.readouterr().out.splitlines())


@pytest.mark.parametrize("words", [["db-is-clustered", "db"], ["db-is-standalone", "cluster"], ["compare-versions", "1.2.3", ">", "1.2.3"]])
def test_no_is_status_2(words: list[str]) -> None:
    check(words, 2, "")


def test_a_database_through_its_life() -> None:
    invocation, storage, out = new_invocation()
    err = io.StringIO()
    uuids = counting_uuids()
    invocation = replace(invocation, world=replace(invocation.world, new_uuid=uuids))
    steps = [["transact", "db", INSERT], ["query", "db", INSERT], ["compact", "db"], ["compact", "db", "copy"], ["query", "copy", SELECT]]
    assert [run(words, invocation, err) for words in steps] == [0] * len(steps)
    assert out.getvalue().splitlines()[2] == '[{"rows":[{"name":"five"}]}]'
    assert b'"compacted by ovsdb-tool 3.7.0"' in storage.files["db"]
    assert run(["convert", "db", "newer"], invocation, err) == 0
    file = open_file(invocation.world, "db")
    assert [row.number for row in file.database.tables["ordinals"].rows.values()] == [5]  # type: ignore[attr-defined]
    assert run(["transact", "db", INSERT], invocation, err) == 1
    assert err.getvalue() == "ovsdb-tool: I/O error: db: failed to lock lockfile (Resource temporarily unavailable)\n"


def test_show_log_shows_what_comes_before_the_damage() -> None:
    invocation, storage, out = new_invocation()
    end = len(storage.files["db"])
    storage.files["db"] += b"xxx\n"
    err = io.StringIO()
    assert run(["show-log", "db"], invocation, err) == 1
    assert out.getvalue().startswith('record 0: "ordinals" schema')
    assert err.getvalue() == f'ovsdb-tool: syntax error: db: parse error at offset {end} in header line "xxx"\n'


def test_a_database_may_be_its_own_target() -> None:
    invocation, storage, out = new_invocation()
    for words in (["transact", "db", INSERT], ["compact", "db", "db"], ["convert", "db", "schema", "db"], ["query", "db", SELECT]):
        assert run(words, invocation, io.StringIO()) == 0
    assert out.getvalue().splitlines()[-1] == '[{"rows":[{"name":"five"}]}]'
    assert not storage.locked


def test_help_and_list_name_every_command() -> None:
    invocation, _, out = new_invocation()
    for words in (["help"], ["list-commands"]):
        assert run(words, invocation, io.StringIO()) == 0
    assert all(out.getvalue().count(f"  {name} ") >= 1 for name in COMMANDS)
