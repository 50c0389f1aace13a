"""The reference's two database servers and its compiler, for figures side by side."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from startup import found, reached

from pyovn.ovsdb.declare import schema_of
from pyovn.ovsdb.operation import Mutate, Mutation, Operation
from pyovn.ovsdb.wire import operation_to_json
from pyovn.runtime.blocking import BlockingClient
from pyovn.schemas import nb, sb

TIMEOUT_MS = 600_000


class Central:
    """Running servers and compiler, and a connection to each server."""

    def __init__(self, programs: Path, work: Path) -> None:
        self.programs, self.work = programs, work
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.cfg = 0
        for name, module in (("nb", nb), ("sb", sb)):
            self.serve(name, module)
        self.nb, self.sb = (reached(f"unix:{work}/{name}.sock") for name in ("nb", "sb"))

    def start(self, name: str, *command: str | Path) -> None:
        """Start a program in the background."""
        folders = ("OVN_RUNDIR", "OVS_RUNDIR", "OVN_LOGDIR", "OVS_LOGDIR", "OVN_DBDIR")
        environment = {**os.environ, **dict.fromkeys(folders, str(self.work))}
        options = (f"--unixctl={self.work}/{name}.ctl", "-vconsole:off", "--no-chdir")
        self.running[name] = subprocess.Popen([found(self.programs, str(command[0])), *options, *command[1:]], env=environment)

    def serve(self, name: str, module: ModuleType) -> None:
        """Start a server with an empty database."""
        schema = self.work / f"{name}.schema"
        schema.write_text(json.dumps(schema_of(module).to_json()))
        subprocess.run([found(self.programs, "ovsdb-tool"), "create", self.work / f"{name}.db", schema], check=True)
        self.start(name, "ovsdb-server", f"--remote=punix:{self.work}/{name}.sock", self.work / f"{name}.db")

    def compile(self) -> None:
        """Start the compiler."""
        self.start("northd", "ovn-northd", f"--ovnnb-db=unix:{self.work}/nb.sock", f"--ovnsb-db=unix:{self.work}/sb.sock")

    def describe(self, operations: Sequence[Operation]) -> None:
        """Change the northbound."""
        self.cfg += 1
        count = Mutate(nb.NBGlobal, [], [Mutation("nb_cfg", "+=", 1)])
        transact(self.nb, "OVN_Northbound", [operation_to_json(operation) for operation in (*operations, count)])

    def say(self, operations: Sequence[Operation]) -> float:
        """Change the northbound; how long it takes, in seconds, until the southbound has it, as `ovn-nbctl --wait=sb` waits."""
        start = time.perf_counter()
        self.describe(operations)
        self.follow()
        return time.perf_counter() - start

    def follow(self) -> None:
        """Wait until the southbound has all that was said."""
        row = {"op": "wait", "table": "NB_Global", "where": [], "columns": ["sb_cfg"], "until": "==", "rows": [{"sb_cfg": self.cfg}]}
        transact(self.nb, "OVN_Northbound", [row | {"timeout": TIMEOUT_MS}])

    def flows(self) -> int:
        """How many logical flows there are."""
        select = {"op": "select", "table": "Logical_Flow", "where": [], "columns": ["_uuid"]}
        return len(transact(self.sb, "OVN_Southbound", [select])[0]["rows"])

    def megabytes(self) -> int:
        """What the compiler and the southbound's server hold together."""
        return sum(resident_megabytes(self.running[name].pid) for name in ("northd", "sb"))

    def stop(self) -> None:
        """End what was started."""
        for process in reversed(self.running.values()):
            process.send_signal(signal.SIGTERM)
            process.wait()


def transact(client: BlockingClient, database: str, operations: list[dict[str, Any]]) -> Any:
    """The results of a transaction, which must succeed."""
    results: Any = client.call("transact", [database, *operations])
    assert not any(result and "error" in result for result in results), results[-1]
    return results


def resident_megabytes(pid: int) -> int:
    """How much memory of a process is resident."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // (1 << 20)


@contextmanager
def central() -> Iterator[Central | None]:
    """The reference, where `PYOVN_REFERENCE` names it."""
    programs = os.environ.get("PYOVN_REFERENCE")
    if not programs:
        yield None
        return
    with TemporaryDirectory(prefix="bench") as work:
        node = Central(Path(programs), Path(work))
        try:
            yield node
        finally:
            node.stop()
