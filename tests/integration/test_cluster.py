"""A RAFT cluster of Open vSwitch's servers under our programs, as docs/clusters.md sets it up; its leader is killed in mid write."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyovn.ovsdb.operation import Insert
from pyovn.ovsdb.replica import Replica
from pyovn.ovsdb.store import Pending
from pyovn.runtime.link import Link, Network
from pyovn.runtime.loop import Loop
from pyovn.schemas import nb
from tests.runtime.processes import Place, command

pytestmark = [pytest.mark.integration, pytest.mark.slow]

PAGE = Path(__file__).parents[2] / "docs" / "clusters.md"
SERVER = "/usr/sbin/ovsdb-server"
TOOL = "/usr/bin/ovsdb-tool"
NUMBERS = (1, 2, 3)
OURS = ("ovsdb-client", "ovn-northd", "ovn-nbctl", "ovn-sbctl")
ENOUGH_S = 60.0


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """The cluster of the page, with our compiler on it."""
    if not (os.access(SERVER, os.X_OK) and os.access(TOOL, os.X_OK)):
        pytest.skip(f"needs Open vSwitch's {SERVER} and {TOOL} (Debian: openvswitch-switch)")
    made = Place(tmp_path)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in OURS:
        (programs / name).write_text("#!/bin/sh\nexec " + " ".join(map(quoted, command(name))) + ' "$@"\n')
        (programs / name).chmod(0o755)
    (programs / "python3").write_text(f'#!/bin/sh\nexec {quoted(sys.executable)} "$@"\n')
    (programs / "python3").chmod(0o755)
    try:
        yield made
    finally:
        for file in tmp_path.glob("*.pid"):
            end(file)


def quoted(word: str) -> str:
    """A word for the shell."""
    return "'" + word.replace("'", "'\\''") + "'"


def end(pid_file: Path, how: signal.Signals = signal.SIGKILL) -> None:
    """End the process of a pid file."""
    with contextlib.suppress(ProcessLookupError, ValueError, FileNotFoundError):
        os.kill(int(pid_file.read_text()), how)


def follow_the_page(place: Place) -> str:
    """Run the page's commands; what they print."""
    script = "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), re.M | re.S))
    env = {**place.env, "PATH": f"{place.folder}/bin:{os.environ['PATH']}", "REAL_SERVER": SERVER, "REAL_TOOL": TOOL}
    done = subprocess.run(
        ["sh", "-e", "-c", script], env=env, cwd=place.folder, capture_output=True, text=True, timeout=ENOUGH_S, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class Writer:
    """Keeps one transaction under way after the other, on whatever server leads; knows which were acknowledged."""

    def __init__(self, folder: Path) -> None:
        self.loop = Loop()
        self.replica = Replica(nb, [f"unix:{folder}/{n}.sock" for n in NUMBERS], leader_only=True)
        self.loop.add(Link(Network(self.loop, str(folder)), self.replica))
        self.count = 0
        self.under_way: dict[str, Pending] = {}
        self.acknowledged: set[str] = set()

    def write(self, count: int) -> None:
        """Go on until so many more were acknowledged."""
        wanted = len(self.acknowledged) + count
        assert self.loop.run(until=lambda: self._goes_on(wanted), timeout_s=ENOUGH_S), "the cluster takes no transactions"

    def _goes_on(self, wanted: int) -> bool:
        for name, pending in list(self.under_way.items()):
            if pending.done:
                del self.under_way[name]
                if pending.error is None:
                    self.acknowledged.add(name)
        if self.replica.connected and len(self.under_way) < 4:
            name = f"ls{self.count}"
            self.count += 1
            self.under_way[name] = self.replica.transact([Insert(nb.LogicalSwitch, {"name": name})])
        return len(self.acknowledged) >= wanted

    def leader(self) -> int:
        """The number of the server in use."""
        return int(self.replica.reconnect.remote.removesuffix(".sock")[-1])

    def names(self) -> set[str]:
        """The switches of the copy."""
        return {row.name for row in self.replica.rows(nb.LogicalSwitch).values()}


def test_the_page_and_the_death_of_a_leader(place: Place) -> None:
    assert "vm1" in follow_the_page(place)
    writer = Writer(place.folder)
    writer.write(50)
    dead = writer.leader()
    assert writer.under_way
    end(place.folder / f"{dead}.pid")
    writer.write(50)
    assert writer.leader() != dead
    assert writer.acknowledged <= writer.names()
    compiled(place, writer.names())
    # Another copy, made from nothing, says the same.
    other = Writer(place.folder)
    assert other.loop.run(until=lambda: other.replica.synced, timeout_s=ENOUGH_S)
    assert writer.acknowledged <= other.names()


def compiled(place: Place, switches: set[str]) -> None:
    """The compiler, which lost its leader too, has gone on."""
    servers = ",".join(f"unix:{place.folder}/{n}.sock" for n in NUMBERS)
    done = place.run("ovn-nbctl", f"--db={servers}", "--wait=sb", "--timeout=30", "sync")
    assert done.returncode == 0, done.stderr
    done = place.run("ovn-sbctl", f"--db={servers}", "--bare", "--columns=external_ids", "list", "Datapath_Binding")
    assert switches <= set(re.findall(r"\bname=(\S+)", done.stdout)), done.stderr
