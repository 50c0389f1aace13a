"""A database server in this process: endpoints that come, fail and come back; files that are compacted."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyovn.ovsdb.database_file import create_file, load
from pyovn.ovsdb.declare import schema_of, tables_for
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import EVERY, Insert, Named, Update
from pyovn.runtime.dbserver import DatabaseServer
from pyovn.runtime.link import Network
from pyovn.runtime.loop import Loop
from pyovn.runtime.remote import parse_remote
from pyovn.runtime.storage import disk_world
from pyovn.runtime.stream import open_stream
from pyovn.schemas import nb
from tests.runtime.processes import Place
from tests.runtime.test_stream import Ear


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DatabaseServer]:
    loop = Loop()
    made = DatabaseServer(Network(loop, str(tmp_path)))
    create_file(made.world, str(tmp_path / "nb.db"), schema_of(nb))
    made.add_file(str(tmp_path / "nb.db"))
    yield made
    made.close()
    loop.close()


def test_a_file_is_offered_once(server: DatabaseServer, tmp_path: Path) -> None:
    with pytest.raises(OvsdbError, match="already open"):
        server.add_file(str(tmp_path / "nb.db"))


def test_a_socket_that_cannot_be_had_is_tried_again(server: DatabaseServer, tmp_path: Path) -> None:
    server.add_remote("punix:folder/sock")
    endpoint = server.endpoints.open["punix:folder/sock"]
    assert endpoint.error == "No such file or directory" and endpoint.listener is None
    (tmp_path / "folder").mkdir()
    assert server.endpoints.due() == endpoint.life.due()
    server.endpoints.turn(endpoint.life.due())
    assert endpoint.listener is not None and (tmp_path / "folder" / "sock").exists()


def test_another_row_or_other_options_make_another_endpoint(server: DatabaseServer) -> None:
    server.add_remote("db:OVN_Northbound,NB_Global,connections")
    database = server.databases()["OVN_Northbound"]
    database.transact([
        Insert(nb.Connection, {"target": "ptcp:0:127.0.0.1"}, uuid_name="c"), Insert(nb.NBGlobal, {"connections": (Named("c"),)}),
    ])  # fmt: skip
    server.endpoints.turn(0)
    first = server.endpoints.open["ptcp:0:127.0.0.1"]
    server.endpoints.turn(0)
    assert server.endpoints.open["ptcp:0:127.0.0.1"] is first
    database.transact([Update(nb.Connection, EVERY, {"inactivity_probe": 7000})])
    server.endpoints.turn(0)
    second = server.endpoints.open["ptcp:0:127.0.0.1"]
    assert second is not first and second.options.probe_interval_ms == 7000
    database.transact([Update(nb.NBGlobal, EVERY, {"connections": ()})])
    server.endpoints.turn(0)
    assert not server.endpoints.open


def test_compacting_makes_a_file_small_and_keeps_the_rows(server: DatabaseServer, tmp_path: Path) -> None:
    database = server.databases()["OVN_Northbound"]
    database.transact([Insert(nb.LogicalSwitch, {"name": "a"})])
    for number in range(100):
        database.transact([Update(nb.LogicalSwitch, EVERY, {"external_ids": {"n": str(number)}})])
    before = (tmp_path / "nb.db").stat().st_size
    answers: list[str] = []
    server.compact("OVN_Northbound", answers.append)
    while not answers:
        server.turn(0)
    assert answers == [""] and server.due() > 0
    assert (tmp_path / "nb.db").stat().st_size < before
    lines = (tmp_path / "nb.db").read_text().splitlines()
    assert len(lines) == 4
    assert list(json.loads(lines[3])["Logical_Switch"].values()) == [{"name": "a", "external_ids": ["map", [["n", "99"]]]}]


def test_sessions_of_a_remote_that_goes_go_with_it(server: DatabaseServer, tmp_path: Path) -> None:
    loop = server._network.loop
    server.add_remote("punix:sock")
    ear = Ear()
    open_stream(loop, parse_remote(f"unix:{tmp_path}/sock"), "x", ear)
    assert loop.run(until=lambda: bool(server.server.sessions), timeout_s=5)
    server.remove_remote("punix:sock")
    assert loop.run(until=lambda: ear.reason is not None, timeout_s=5)
    assert not server.server.sessions and not (tmp_path / "sock").exists()


NAMES = '["OVN_Northbound", {"op": "select", "table": "Logical_Switch", "where": [], "columns": ["name"]}]'


def insertion(name: str, size: int) -> str:
    """A transaction that makes a switch of some size, durably."""
    insert = {"op": "insert", "table": "Logical_Switch", "row": {"name": name, "external_ids": ["map", [["x", "y" * size]]]}}
    return json.dumps(["OVN_Northbound", insert, {"op": "commit", "durable": True}])


def ask(place: Place, transaction: str) -> str:
    """What the server there answers."""
    return place.run("ovsdb-client", "transact", "unix:sock", transaction).stdout


def test_a_full_disk_costs_the_transaction_and_nothing_else(tmp_path: Path) -> None:
    place = Place(tmp_path)
    create_file(disk_world(tables_for), str(tmp_path / "nb.db"), schema_of(nb))
    assert place.start("ovsdb-server", "--remote=punix:sock", "nb.db").returncode == 0
    try:
        pid = int((tmp_path / "ovsdb-server.pid").read_text())
        assert "error" not in ask(place, insertion("a", 10))
        size = (tmp_path / "nb.db").stat().st_size
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size + 200, most))
        assert '"error":"I/O error"' in ask(place, insertion("b", 1000))
        assert (tmp_path / "nb.db").stat().st_size == size
        assert ask(place, NAMES) == '[{"rows":[{"name":"a"}]}]\n'
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
        assert "error" not in ask(place, insertion("c", 1000))
        assert place.appctl("ovsdb-server/compact") == ""
    finally:
        place.end()
    database, _ = load(disk_world(tables_for), str(tmp_path / "nb.db"))
    assert {getattr(row, "name", "") for row in database.tables["Logical_Switch"].rows.values()} == {"a", "c"}


def test_a_database_takes_another_schema_while_it_is_served(tmp_path: Path) -> None:
    place = Place(tmp_path)
    create_file(disk_world(tables_for), str(tmp_path / "nb.db"), schema_of(nb))
    schema = schema_of(nb).to_json()
    schema["version"] = "99.0.0"
    schema["tables"]["Logical_Switch"]["columns"]["extra"] = {"type": "string"}
    (tmp_path / "new").write_text(json.dumps(schema))
    schema["tables"]["Logical_Switch"]["columns"]["name"] = {"type": "integer"}
    (tmp_path / "bad").write_text(json.dumps(schema))
    assert place.start("ovsdb-server", "--remote=punix:sock", "nb.db").returncode == 0
    try:
        ask(place, insertion("a", 10))
        assert place.run("ovsdb-client", "convert", "unix:sock", "bad").returncode == 1
        assert ask(place, NAMES) == '[{"rows":[{"name":"a"}]}]\n'
        done = place.run("ovsdb-client", "convert", "unix:sock", "new")
        assert (done.returncode, done.stderr) == (0, "")
        assert ask(place, NAMES.replace('"name"]', '"name", "extra"]')) == '[{"rows":[{"extra":"","name":"a"}]}]\n'
        assert place.run("ovsdb-client", "get-schema-version", "unix:sock", "OVN_Northbound").stdout == "99.0.0\n"
        ask(place, insertion("b", 10))
    finally:
        place.end()
    database, _ = load(disk_world(tables_for), str(tmp_path / "nb.db"))
    assert database.schema.version == "99.0.0"
    assert {getattr(row, "name", "") for row in database.tables["Logical_Switch"].rows.values()} == {"a", "b"}
