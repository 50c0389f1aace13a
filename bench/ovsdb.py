"""Databases: many rows in one transaction, then small transactions, beside the reference's server where `PYOVN_REFERENCE` names it.

    python bench/ovsdb.py [ROWS]

Ours runs in this process on a file of its own, as it does under the compiler; the reference's server is spoken to over a
unix socket in JSON, which is how it is used. Both write their log; neither syncs it to disk but where asked.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyovn import schemas
from pyovn.ovsdb.bulk import collector_at_rest
from pyovn.ovsdb.copy import EVERYTHING, Copy
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.database_file import create_file, load, open_file
from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.jsonrpc import Framer, Reply, decode
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.monitor import view_of
from pyovn.ovsdb.operation import Insert, Update, by_uuid
from pyovn.ovsdb.wire import operation_to_json
from pyovn.runtime.storage import disk_world
from pyovn.schemas import sb

ROWS = 206_000
SMALL = 2_000
PIECE = 256 * 1024
DATAPATH = "dddddddd-0000-4000-8000-000000000001"


def flows(count: int) -> list[Insert]:
    """As many logical flows of one datapath, alike in size to real ones."""
    return [
        Insert(
            sb.LogicalFlow,
            {
                "logical_datapath": DATAPATH,
                "pipeline": "ingress",
                "table_id": number % 30,
                "priority": number % 1000,
                "match": f"ip4.dst == 10.{number >> 16}.{number >> 8 & 255}.{number & 255} && inport == \"lsp{number}\"",
                "actions": "next;",
                "external_ids": {"source": "northd.c:1234", "stage-name": "ls_in_acl_eval"},
            },
        )
        for number in range(count)
    ]


def timed(action: Any) -> tuple[float, Any]:
    """Seconds that a call takes, and what it answers."""
    start = time.perf_counter()
    answer = action()
    return time.perf_counter() - start, answer


def ours(folder: Path, rows: int) -> dict[str, float]:
    """Our figures, in seconds."""
    world, path = disk_world(schemas.classes_for), str(folder / "ours.db")
    create_file(world, path, schema_of(sb))
    file = open_file(world, path)
    store = Local(file.database)
    store.transact([Insert(sb.DatapathBinding, {"tunnel_key": 1}, uuid=DATAPATH)])
    operations = flows(rows)
    bulk, pending = timed(lambda: store.transact(operations))
    assert pending.error is None, pending.error
    sync, _ = timed(file.log.sync)
    uuids = list(store.rows(sb.LogicalFlow))[:SMALL]
    copying = copied(file.database)
    small, _ = timed(lambda: [store.transact([Update(sb.LogicalFlow, by_uuid(uuid), {"actions": "drop;"})]) for uuid in uuids])
    file.close()
    reading, (database, _) = timed(lambda: load(world, path))
    assert len(database.tables["Logical_Flow"].rows) == rows
    return {"insert": bulk + sync, "small": small / SMALL, "load": reading, "copy": copying}


def copied(database: Database) -> float:
    """Seconds that a replica takes from the bytes of its first copy, in pieces as they arrive, to the rows."""
    classes = tables_of(sb)
    copy = Copy(classes, dict.fromkeys(classes, EVERYTHING))
    requests = copy.requests(database.schema, conditional=True)
    reply = b'{"id":1,"error":null,"result":%b}' % view_of(database, "update2", requests, requests).initial()

    def copy_all() -> None:
        framer = Framer()
        with collector_at_rest():
            pieces = (reply[start : start + PIECE] for start in range(0, len(reply), PIECE))
            (frame,) = (frame for piece in pieces for frame in framer.feed(piece))
            message = decode(frame)
            assert isinstance(message, Reply)
            copy.replace_all(message.result, form="update2")

    seconds, _ = timed(copy_all)
    return seconds


@contextlib.contextmanager
def reference_server(root: str, folder: Path) -> Iterator[socket.socket]:
    """A connection to the reference's server on an empty southbound database."""
    programs = {name: next(str(path) for path in Path(root).rglob(name) if path.is_file()) for name in ("ovsdb-tool", "ovsdb-server")}
    (folder / "schema").write_text(json.dumps(schema_of(sb).to_json()))
    database, path = str(folder / "theirs.db"), str(folder / "sock")
    subprocess.run([programs["ovsdb-tool"], "create", database, str(folder / "schema")], check=True)
    server = subprocess.Popen([programs["ovsdb-server"], f"--remote=punix:{path}", f"--unixctl={folder}/ctl", "-vconsole:off", database])
    try:
        while not os.path.exists(path):
            time.sleep(0.01)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(path)
            yield connection
    finally:
        server.terminate()
        server.wait()


def call(connection: socket.socket, operations: list[Any]) -> None:
    """One transaction, until its whole reply is there."""
    params = ["OVN_Southbound", *operations]
    connection.sendall(json.dumps({"id": 1, "method": "transact", "params": params}).encode())
    data = b""
    while not data.endswith(b"}"):
        data += connection.recv(1 << 20)
    if b'"error":null' not in data[:40] + data[-40:]:
        raise SystemExit(f"reference: {data[:200]!r}")


def calls(connection: socket.socket, transactions: list[list[Any]]) -> None:
    """Transactions, one after the other."""
    for transaction in transactions:
        call(connection, transaction)


def theirs(root: str, folder: Path, rows: int) -> dict[str, float]:
    """The reference's figures, in seconds."""
    operations = [operation_to_json(operation) for operation in flows(rows)]
    with reference_server(root, folder) as connection:
        call(connection, [operation_to_json(Insert(sb.DatapathBinding, {"tunnel_key": 1}, uuid=DATAPATH))])
        bulk, _ = timed(lambda: calls(connection, [operations]))
        where = by_uuid(DATAPATH)
        updates = [[operation_to_json(Update(sb.DatapathBinding, where, {"external_ids": {"n": str(n)}}))] for n in range(SMALL)]
        small, _ = timed(lambda: calls(connection, updates))
    reading, _ = timed(lambda: reopened(root, folder))
    return {"insert": bulk, "small": small / SMALL, "load": reading}


def reopened(root: str, folder: Path) -> None:
    """Have the reference read its file from the start."""
    tool = next(str(path) for path in Path(root).rglob("ovsdb-tool") if path.is_file())
    subprocess.run([tool, "query", str(folder / "theirs.db"), '["OVN_Southbound"]'], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Print the figures."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    root = os.environ.get("PYOVN_REFERENCE", "")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = ours(folder, rows)
        other = theirs(root, folder, rows) if root else None
    lines = {
        "insert": (f"{rows} logical flows in one transaction", "s", 1),
        "small": ("one small transaction", "us", 1e6),
        "copy": (f"a replica's first copy of {rows} logical flows, from bytes to rows", "s", 1),
        "load": (f"reading a file of {rows} logical flows", "s", 1),
    }
    for key, (what, unit, scale) in lines.items():
        theirs_s = None if other is None else other.get(key)
        beside = "" if theirs_s is None else f"; the reference {theirs_s * scale:.2f} {unit}, ratio {theirs_s / found[key]:.2f}"
        print(f"{what}: {found[key] * scale:.2f} {unit}{beside}")


if __name__ == "__main__":
    main()
