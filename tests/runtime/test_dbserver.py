"""A database server in this process: endpoints that come, fail and come back; files that are compacted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyovn.ovsdb.database_file import create_file
from pyovn.ovsdb.declare import schema_of
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.operation import EVERY, Insert, Named, Update
from pyovn.runtime.dbserver import DatabaseServer
from pyovn.runtime.link import Network
from pyovn.runtime.loop import Loop
from pyovn.runtime.remote import parse_remote
from pyovn.runtime.stream import open_stream
from pyovn.schemas import nb
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
    endpoint = server.endpoints["punix:folder/sock"]
    assert endpoint.error == "No such file or directory" and endpoint.listener is None
    (tmp_path / "folder").mkdir()
    assert server.due() == endpoint.life.due()
    server.turn(endpoint.life.due())
    assert endpoint.listener is not None and (tmp_path / "folder" / "sock").exists()


def test_another_row_or_other_options_make_another_endpoint(server: DatabaseServer) -> None:
    server.add_remote("db:OVN_Northbound,NB_Global,connections")
    database = server.databases()["OVN_Northbound"]
    database.transact([
        Insert(nb.Connection, {"target": "ptcp:0:127.0.0.1"}, uuid_name="c"), Insert(nb.NBGlobal, {"connections": (Named("c"),)}),
    ])  # fmt: skip
    server.turn(0)
    first = server.endpoints["ptcp:0:127.0.0.1"]
    server.turn(0)
    assert server.endpoints["ptcp:0:127.0.0.1"] is first
    database.transact([Update(nb.Connection, EVERY, {"inactivity_probe": 7000})])
    server.turn(0)
    second = server.endpoints["ptcp:0:127.0.0.1"]
    assert second is not first and second.options.probe_interval_ms == 7000
    database.transact([Update(nb.NBGlobal, EVERY, {"connections": ()})])
    server.turn(0)
    assert not server.endpoints


def test_compacting_makes_a_file_small_and_keeps_the_rows(server: DatabaseServer, tmp_path: Path) -> None:
    database = server.databases()["OVN_Northbound"]
    database.transact([Insert(nb.LogicalSwitch, {"name": "a"})])
    for number in range(100):
        database.transact([Update(nb.LogicalSwitch, EVERY, {"external_ids": {"n": str(number)}})])
    before = (tmp_path / "nb.db").stat().st_size
    server.compact("OVN_Northbound")
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
