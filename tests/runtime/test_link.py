"""Machines on real streams: a replica that follows our server, and the reference's; sessions that are slow."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyovn.ovsdb.copy import Interest
from pyovn.ovsdb.declare import schema_of
from pyovn.ovsdb.operation import EVERY, Condition, Delete, Insert, Named, Update
from pyovn.ovsdb.replica import Replica
from pyovn.runtime.dbserver import DatabaseServer
from pyovn.runtime.link import Link, Network, remotes_of
from pyovn.runtime.loop import Loop
from pyovn.runtime.stream import BACKLOG_LIMIT
from pyovn.schemas import nb
from tests.ovsdb.reference import program
from tests.runtime.processes import Place

SWITCH, PORT = nb.LogicalSwitch, nb.LogicalSwitchPort


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.close()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder with an empty northbound database."""
    made = Place(tmp_path)
    (tmp_path / "nb.ovsschema").write_text(json.dumps(schema_of(nb).to_json()))
    made.run("ovsdb-tool", "create", "nb.db", "nb.ovsschema")
    return made


@pytest.fixture(params=["ours", "the reference's"])
def remote(request: pytest.FixtureRequest, place: Place) -> Iterator[str]:
    """A server of it, as a process."""
    words = [f"--remote=punix:{place.folder}/db.sock", "--pidfile", "--detach", "--no-chdir", "-vconsole:off"]
    if request.param == "ours":
        assert place.run("ovsdb-server", *words, "nb.db").returncode == 0
    else:
        # Its output is not read: a daemon keeps the pipe open.
        server = [program("ovsdb-server"), *words, f"--unixctl={place.folder}/ctl", f"--pidfile={place.folder}/ovsdb-server.pid", "nb.db"]
        subprocess.run(server, cwd=place.folder, env=place.env, check=True, timeout=20)
    yield f"unix:{place.folder}/db.sock"
    place.appctl("exit", target="ovsdb-server" if request.param == "ours" else f"{place.folder}/ctl")


class Users:
    """Replicas in one loop."""

    def __init__(self, loop: Loop, remote: str) -> None:
        self.loop = loop
        self.network = Network(loop, "/nonexistent")
        self.remote = remote

    def add(self, **how: Any) -> Replica:
        """One more, synced."""
        replica = Replica(nb, remotes_of(self.remote), **how)
        self.loop.add(Link(self.network, replica))
        assert self.loop.run(until=lambda: replica.synced, timeout_s=10)
        return replica

    def until(self, holds: Any) -> None:
        """Run until it holds."""
        assert self.loop.run(until=holds, timeout_s=10)


def test_replicas_follow_each_others_transactions(loop: Loop, remote: str) -> None:
    users = Users(loop, remote)
    one, two = users.add(lock="a_lock"), users.add(lock="a_lock", probe_interval_s=0.2)
    users.until(lambda: one.has_lock)
    row = {"name": "a", "ports": (Named("p"),), "external_ids": {"k": "v"}}
    pending = one.transact([Insert(PORT, {"name": "p1", "addresses": ("unknown",)}, uuid_name="p"), Insert(SWITCH, row)])
    users.until(lambda: pending.done and bool(two.rows(PORT)))
    assert pending.error is None
    (switch,) = two.rows(SWITCH).values()
    assert (switch.name, switch.external_ids, switch.ports) == ("a", {"k": "v"}, tuple(two.rows(PORT)))
    refused = two.transact([Delete(SWITCH, EVERY)])
    users.until(lambda: refused.done)
    assert refused.error is not None and refused.error.tag == "not owner"
    assert not two.has_lock
    again = one.transact([Update(SWITCH, EVERY, {"external_ids": {"k": "w", "l": "x"}})])
    users.until(lambda: again.done and two.rows(SWITCH)[switch.uuid].external_ids == {"k": "w", "l": "x"})
    assert [change.old for change in two.take_changes() if change.table is SWITCH] == [None, switch]


def test_conditions_change_under_way(loop: Loop, remote: str) -> None:
    users = Users(loop, remote)
    writer = users.add()
    for name in ("a", "b"):
        writer.transact([Insert(SWITCH, {"name": name})])
    reader = users.add(tables={SWITCH: Interest(columns=("name",), where=(Condition("name", "==", "a"),))})
    users.until(lambda: [row.name for row in reader.rows(SWITCH).values()] == ["a"])
    reader.set_conditions(SWITCH, [Condition("name", "==", "b")])
    users.until(lambda: reader.conditions_applied)
    assert [row.name for row in reader.rows(SWITCH).values()] == ["b"]


def test_leaders_only(loop: Loop, remote: str) -> None:
    assert Users(loop, remote).add(leader_only=True).connected


@pytest.fixture
def server(loop: Loop, place: Place) -> Iterator[DatabaseServer]:
    """A server in this process."""
    made = DatabaseServer(Network(loop, str(place.folder)))
    made.add_file(str(place.folder / "nb.db"))
    made.add_remote("punix:db.sock")
    yield made
    made.close()


def test_a_client_that_never_reads_costs_a_bounded_backlog(loop: Loop, place: Place, server: DatabaseServer) -> None:
    database = server.databases()["OVN_Northbound"]
    deaf = socket.socket(socket.AF_UNIX)
    deaf.connect(str(place.folder / "db.sock"))
    request = {"id": 1, "method": "monitor_cond", "params": ["OVN_Northbound", 1, {"Logical_Switch": [{"columns": ["name"]}]}]}
    deaf.sendall(json.dumps(request).encode())
    assert loop.run(until=lambda: any(session.watches for session in server.server.sessions.values()), timeout_s=5)
    (session,) = server.server.sessions.values()
    for _ in range(30):
        database.transact([Insert(SWITCH, {"name": "x" * 200_000})])
        loop.run(until=lambda: True)
    assert session.slow
    (stream,) = server.endpoints.service._streams.values()
    assert BACKLOG_LIMIT < stream.backlog < 2 * BACKLOG_LIMIT
    heard = b""
    deaf.setblocking(False)

    def listen() -> bool:
        nonlocal heard
        try:
            heard += deaf.recv(1 << 20)
        except BlockingIOError:
            return False
        return heard.count(b'"update2"') == 30

    assert loop.run(until=listen, timeout_s=10)
    deaf.close()
