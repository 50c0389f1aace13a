"""Clients that flood a server, as a process, harm themselves: the others are served, and its memory is bounded."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyovn.ovsdb.declare import schema_of
from pyovn.ovsdb.session import LARGEST_REQUEST
from pyovn.runtime.blocking import BlockingClient, connect
from pyovn.schemas import nb
from tests.runtime.processes import Place

MEGABYTE = 1 << 20
ROWS = 3000
READERS = 5
REQUESTS = 40
IDLE = 1500
CALLS = 400
INSERT = {"op": "insert", "table": "Logical_Switch", "row": {"name": "x", "external_ids": ["map", [["k", "v" * 300]]]}}


class Flooded:
    """A server and a client of it that behaves."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.pid = int((place.folder / "ovsdb-server.pid").read_text())
        self.client: BlockingClient = connect(f"unix:{place.folder}/db.sock")

    def answers(self) -> bool:
        """Whether the client that behaves is served."""
        result: Any = self.client.call("transact", ["OVN_Northbound", INSERT])
        return "uuid" in result[0]

    def stranger(self) -> socket.socket:
        """Another connection."""
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(20)
        made.connect(str(self.place.folder / "db.sock"))
        return made

    def memory(self) -> int:
        """The most bytes that the server has held so far."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) * 1024 if found else 0

    def cpu_s(self) -> float:
        """Processor time that the server has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Flooded]:
    place = Place(tmp_path)
    (tmp_path / "nb.ovsschema").write_text(json.dumps(schema_of(nb).to_json()))
    assert place.run("ovsdb-tool", "create", "nb.db", "nb.ovsschema").returncode == 0
    assert place.start("ovsdb-server", f"--remote=punix:{tmp_path}/db.sock", "nb.db").returncode == 0
    yield Flooded(place)
    place.end()


def test_a_message_without_end_is_refused_and_takes_no_more_than_the_limit(server: Flooded) -> None:
    before, piece = server.memory(), b"x" * MEGABYTE
    with server.stranger() as stranger:
        stranger.sendall(b'{"id":1,"method":"echo","params":["')
        with pytest.raises(OSError, match=r"Broken pipe|reset"):
            for number in range(2 * LARGEST_REQUEST // MEGABYTE):
                stranger.sendall(piece)
                assert number % 64 or server.answers()
    assert server.answers()
    assert server.memory() - before < LARGEST_REQUEST + 64 * MEGABYTE


def test_who_asks_and_does_not_read_gets_no_more_answers(server: Flooded) -> None:
    assert server.client.call("transact", ["OVN_Northbound", *[INSERT] * ROWS])
    before = server.memory()
    strangers = [server.stranger() for _ in range(READERS)]
    for stranger in strangers:
        for number in range(REQUESTS):
            request = {"id": number, "method": "monitor", "params": ["OVN_Northbound", number, {"Logical_Switch": {}}]}
            stranger.sendall(json.dumps(request).encode())
        assert server.answers()
    assert all(server.answers() for _ in range(20))
    assert server.memory() - before < 20 * READERS * MEGABYTE, "one answer of some megabytes each, not forty"
    for stranger in strangers:
        stranger.close()


def test_idle_connections_cost_the_others_nothing(server: Flooded) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < 2 * IDLE:
        pytest.skip(f"needs {2 * IDLE} open files, {most} are allowed")
    raised = resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (most, most))
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    assert raised
    with contextlib.ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, soft)
        alone = cost(server)
        for _ in range(IDLE):
            stack.enter_context(server.stranger())
        assert server.answers()
        assert cost(server) < 2 * alone + 0.1


def cost(server: Flooded) -> float:
    """Seconds of the server's processor for so many transactions."""
    before = server.cpu_s()
    assert all(server.answers() for _ in range(CALLS))
    return server.cpu_s() - before
