"""The reference's central node in a temporary directory: northbound commands in, the rows of both databases out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

Dump = dict[str, dict[str, dict[str, Any]]]
"""Table → uuid → column → JSON value (RFC 7047 5.1)."""


def program(name: str) -> str | None:
    """The reference's program of that name, below the folder that PYOVN_REFERENCE names."""
    root = os.environ.get("PYOVN_REFERENCE", "")
    found = (Path(root, place, name) for place in ("", "bin", "sbin") if root)
    return next((str(path) for path in found if path.is_file()), None)


def schema(name: str) -> str | None:
    """The reference's schema file of that name, beside its programs."""
    root = os.environ.get("PYOVN_REFERENCE", "")
    found = (Path(root, place, name) for place in ("", "share/ovn", "../share/ovn") if root)
    return next((str(path) for path in found if path.is_file()), None)


def is_there() -> bool:
    """All that is needed was found."""
    programs = ("ovsdb-tool", "ovsdb-server", "ovsdb-client", "ovn-northd", "ovn-nbctl", "ovn-sbctl", "ovn-appctl")
    return all(map(program, programs)) and all(map(schema, ("ovn-nb.ovsschema", "ovn-sb.ovsschema")))


class Fault(Exception):
    """The reference has died of what it was asked for, or tries for ever to write what its database refuses."""


PATIENCE_S = 10
"""After so long without an answer the reference is looked at."""


class Central:
    """A running pair of databases with ovn-northd."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folders = ("OVN_RUNDIR", "OVS_RUNDIR", "OVN_LOGDIR", "OVS_LOGDIR", "OVN_DBDIR")
        self.environment = {**os.environ, **dict.fromkeys(folders, str(folder))}
        self.pids: list[int] = []

    def start(self) -> None:
        """Start the servers, then ovn-northd."""
        for database in ("nb", "sb"):
            file = f"{self.folder}/{database}.db"
            self.run("ovsdb-tool", "create", file, str(schema(f"ovn-{database}.ovsschema")))
            self.daemon(database, "ovsdb-server", f"--remote=p{self.remote(database)}", file)
        self.start_northd(str(program("ovn-northd")))

    def start_northd(self, *command: str) -> None:
        """Start a compiler, the reference's or another."""
        self.daemon("northd", *command, f"--ovnnb-db={self.remote('nb')}", f"--ovnsb-db={self.remote('sb')}")

    def end_northd(self) -> None:
        """End the compiler."""
        pid = self.pids.pop()
        os.kill(pid, signal.SIGTERM)
        while (self.folder / "northd.pid").exists():
            os.sched_yield()

    def remote(self, database: str) -> str:
        """Where a database listens."""
        return f"unix:{self.folder}/{database}.sock"

    def daemon(self, name: str, *command: str) -> None:
        """Start a program in the background."""
        pidfile = self.folder / f"{name}.pid"
        files = (f"--pidfile={pidfile}", f"--unixctl={self.folder}/{name}.ctl", f"--log-file={self.folder}/{name}.log")
        self.run(*command, "--detach", "--no-chdir", *files)
        self.pids.append(int(pidfile.read_text()))

    def run(self, name: str, *arguments: str) -> str:
        """Run a program to its end; what it printed."""
        path = name if "/" in name else program(name)
        assert path is not None, f"{name}: not below PYOVN_REFERENCE"
        done = subprocess.run([path, *arguments], env=self.environment, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, f"{name} {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    def shell(self, line: str) -> None:
        """Run a line of shell in which the commands are the reference's; `ovn-nbctl` waits for the southbound."""
        folders = ":".join(dict.fromkeys(str(Path(path).parent) for name in ("ovn-nbctl", "ovsdb-server") if (path := program(name))))
        remotes = {"OVN_NB_DB": self.remote("nb"), "OVN_SB_DB": self.remote("sb"), "PATH": f"{folders}:{os.environ['PATH']}"}
        environment = {**self.environment, **remotes}
        done = subprocess.run(["sh", "-ec", line], env=environment, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, f"{line}: {done.stderr}"

    def transact(self, operations: list[dict[str, Any]]) -> None:
        """Change the northbound; the operations are RFC 7047's."""
        text = self.run("ovsdb-client", "transact", self.remote("nb"), json.dumps(["OVN_Northbound", *operations]))
        assert "error" not in text, text

    def obey(self, command: str | list[dict[str, Any]]) -> None:
        """Run a line of shell, or a northbound transaction."""
        if isinstance(command, str):
            self.shell(command)
        else:
            self.transact(command)

    def settle(self) -> None:
        """Wait until ovn-northd has written what the northbound asks for; `Fault` if it never will."""
        sync = ("ovn-nbctl", f"--db={self.remote('nb')}", "--wait=sb")
        try:
            self.run(*sync, f"--timeout={PATIENCE_S}", "sync")
        except AssertionError:
            self._examine()
            self.run(*sync, "sync")

    def _examine(self) -> None:
        try:
            os.kill(self.pids[-1], 0)
        except ProcessLookupError:
            raise Fault("ovn-northd has died") from None
        if "commit failed" in (self.folder / "northd.log").read_text()[-1000:]:
            raise Fault("ovn-northd fails to write, again and again")

    def recompute(self) -> None:
        """Have ovn-northd work out everything anew: its incremental shortcuts now and then leave something behind."""
        self.run("ovn-appctl", "-t", f"{self.folder}/northd.ctl", "inc-engine/recompute")
        self.settle()

    def dump(self, database: str) -> Dump:
        """Every row of `nb` or `sb`."""
        text = self.run("ovsdb-client", "-f", "json", "dump", self.remote(database))
        tables: Dump = {}
        for line in text.splitlines():
            table = json.loads(line)
            rows = [dict(zip(table["headings"], row)) for row in table["data"]]
            tables[table["caption"].removesuffix(" table")] = {row.pop("_uuid")[1]: row for row in rows}
        return tables

    def stop(self) -> None:
        """End what was started; a compiler that a test was too much for has ended already."""
        for pid in reversed(self.pids):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)


@contextmanager
def central() -> Iterator[Central]:
    """A central node for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="central") as folder:
        node = Central(Path(folder))
        try:
            node.start()
            yield node
        finally:
            node.stop()
