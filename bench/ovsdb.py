"""The database server at the size of a large southbound database, beside the reference's where `PYOVN_REFERENCE` names it.

    python bench/ovsdb.py [ROWS]

Each server is a process of its own, spoken to over a unix socket by the same driver, whose requests are made beforehand. Wall
time is what a client waits; CPU time is the server's own, which other work on the machine disturbs less.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyovn.ovsdb.bulk import collector_at_rest
from pyovn.ovsdb.copy import EVERYTHING, Copy
from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.jsonrpc import Framer, Reply
from pyovn.ovsdb.operation import Insert, Update, by_uuid
from pyovn.ovsdb.undecoded import Undecoded, decode_long
from pyovn.ovsdb.wire import operation_to_json
from pyovn.schemas import sb

ROWS = 206_000
SMALL = 10_000
WINDOW = 50
"""Requests that a pipelining client has under way."""
PIECE = 256 * 1024
DATAPATH = "dddddddd-0000-4000-8000-000000000001"
WHOLE = [{"columns": list(columns.__columns__)} for columns in [sb.LogicalFlow]]
TICKS = os.sysconf("SC_CLK_TCK")

OURS = Path(sys.executable).parent


@dataclass
class Figure:
    """What something took: seconds a client waited, seconds of the server's processor."""

    wall: float
    cpu: float


@dataclass
class Running:
    """A server process on one southbound database."""

    folder: Path
    pid: int

    def connect(self) -> socket.socket:
        """A new client's connection."""
        made = socket.socket(socket.AF_UNIX)
        made.connect(str(self.folder / "sock"))
        return made

    def answers(self) -> bool:
        """Whether it takes connections yet."""
        try:
            self.connect().close()
        except OSError:
            return False
        return True

    def cpu_s(self) -> float:
        """Processor time that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> int:
        """Bytes that it holds."""
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) * 1024 if found else 0

    def timed(self, action: Callable[[], object]) -> Figure:
        """What a call takes."""
        cpu, start = self.cpu_s(), time.perf_counter()
        action()
        return Figure(time.perf_counter() - start, self.cpu_s() - cpu)


def found(programs: Path, name: str) -> str:
    """A program, wherever in its folder it is."""
    return str(next(programs / place / name for place in (".", "bin", "sbin") if (programs / place / name).exists()))


@contextlib.contextmanager
def served(programs: Path, folder: Path) -> Iterator[Running]:
    """A server on the southbound database of the folder, which is made if there is none."""
    database = folder / "sb.db"
    if not database.exists():
        (folder / "schema").write_text(json.dumps(schema_of(sb).to_json()))
        subprocess.run([found(programs, "ovsdb-tool"), "create", database, folder / "schema"], check=True)
    options = [f"--remote=punix:{folder}/sock", f"--unixctl={folder}/ctl", "-vconsole:off", "--no-chdir"]
    server = subprocess.Popen([found(programs, "ovsdb-server"), *options, database])
    try:
        running = Running(folder, server.pid)
        while not running.answers():
            time.sleep(0.002)
        yield running
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
        (folder / "sock").unlink(missing_ok=True)


# Requests


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
                "match": f'ip4.dst == 10.{number >> 16}.{number >> 8 & 255}.{number & 255} && inport == "lsp{number}"',
                "actions": "next;",
                "external_ids": {"source": "northd.c:1234", "stage-name": "ls_in_acl_eval"},
            },
        )
        for number in range(count)
    ]


def request(method: str, *params: Any) -> bytes:
    """A request as bytes."""
    return json.dumps({"id": 1, "method": method, "params": params}).encode()


def transaction(*operations: Any) -> bytes:
    """A transaction as bytes."""
    return request("transact", "OVN_Southbound", *map(operation_to_json, operations))


def small(number: int) -> bytes:
    """A transaction that inserts one row and changes another."""
    return transaction(
        Insert(sb.MACBinding, {"logical_port": f"lp{number}", "ip": "10.0.0.1", "mac": "0a:00:00:00:00:01", "datapath": DATAPATH}),
        Update(sb.DatapathBinding, by_uuid(DATAPATH), {"external_ids": {"number": str(number)}}),
    )


MONITOR = request("monitor_cond_since", "OVN_Southbound", "bench", {"Logical_Flow": WHOLE}, "00000000-0000-0000-0000-000000000000")
ECHO = request("echo")


# What a client does


def ask(connection: socket.socket, data: bytes) -> bytes:
    """One request, until its whole reply is there."""
    connection.sendall(data)
    framer, whole = Framer(), list[bytes]()
    while not whole:
        whole = framer.feed(connection.recv(PIECE))
    if b'"error":null' not in whole[0][:60] + whole[0][-60:]:
        raise SystemExit(f"refused: {whole[0][:200]!r}")
    return whole[0]


def pipelined(connections: list[socket.socket], requests: list[bytes], window: int) -> None:
    """Ask each of the requests on one of the connections, so many at a time on each, until all are answered."""
    shares = [requests[start :: len(connections)] for start in range(len(connections))]
    waiting, sent, tails = [0] * len(connections), [0] * len(connections), [b""] * len(connections)
    by_fd = {connection.fileno(): index for index, connection in enumerate(connections)}
    poller = select.poll()
    left = len(requests)
    for fd in by_fd:
        poller.register(fd, select.POLLIN)
    while left:
        for index, share in enumerate(shares):
            if waiting[index] <= window // 2 and sent[index] < len(share):
                more = share[sent[index] : sent[index] + window - waiting[index]]
                connections[index].sendall(b"".join(more))
                sent[index] += len(more)
                waiting[index] += len(more)
        for fd, _ in poller.poll():
            index = by_fd[fd]
            data = tails[index] + connections[index].recv(PIECE)
            done = data.count(REPLY_END)
            waiting[index] -= done
            left -= done
            tails[index] = data[data.rfind(REPLY_END) + 1 :] if done else data


REPLY_END = b'"error":null'
"""Stands once in the reply to a transaction that went well, by either server."""


def longest_pause(server: Running, during: subprocess.Popen[bytes]) -> float:
    """The longest that one client waits for one small transaction while a command runs."""
    longest = 0.0
    number = 10_000_000
    with server.connect() as connection:
        while during.poll() is None:
            number += 1
            start, _ = time.perf_counter(), ask(connection, small(number))
            longest = max(longest, time.perf_counter() - start)
    return longest


# Figures


def measured(programs: Path, folder: Path, rows: int) -> dict[str, Figure]:
    """The figures of one server."""
    folder.mkdir()
    figures: dict[str, Figure] = {}
    bulk, smalls = transaction(*flows(rows)), [small(number) for number in range(3 * SMALL)]
    with served(programs, folder) as server, server.connect() as one:
        ask(one, transaction(Insert(sb.DatapathBinding, {"tunnel_key": 1}, uuid=DATAPATH)))
        empty = server.memory()
        figures["insert"] = server.timed(lambda: ask(one, bulk))
        figures["memory"] = Figure(0, (server.memory() - empty) / rows)
        eight = [server.connect() for _ in range(8)]
        ways = {"one by one": ([one], 1), "pipelined": ([one], WINDOW), "8 clients": (eight, WINDOW)}
        for number, (name, (connections, window)) in enumerate(ways.items()):
            share = smalls[number * SMALL : (number + 1) * SMALL]
            figures[name] = per(SMALL, server.timed(lambda: pipelined(connections, share, window)))  # noqa: B023
        figures["monitor"] = server.timed(lambda: ask(one, MONITOR))
        command = [found(programs, "ovs-appctl"), "-t", str(folder / "ctl"), "ovsdb-server/compact"]
        figures["pause"] = Figure(longest_pause(server, subprocess.Popen(command, stdout=subprocess.DEVNULL)), 0)
        for each in eight:
            each.close()
    start = time.perf_counter()
    with served(programs, folder) as server, server.connect() as one:
        ask(one, ECHO)
        figures["restart"] = Figure(time.perf_counter() - start, server.cpu_s())
        figures["restarted memory"] = Figure(0, server.memory() / rows)
        reply = b""

        def watch() -> None:
            nonlocal reply
            reply = ask(one, MONITOR)

        figures["monitor again"] = server.timed(watch)
    if programs == OURS:
        figures["copy"] = copied(reply)
    return figures


def per(count: int, figure: Figure) -> Figure:
    """A share of a figure."""
    return Figure(figure.wall / count, figure.cpu / count)


def copied(reply: bytes) -> Figure:
    """What a replica takes from the bytes of its first copy, in pieces as they arrive, to the rows."""
    classes = tables_of(sb)
    copy = Copy(sb.SCHEMA, classes, dict.fromkeys(classes, EVERYTHING))
    cpu, start = time.process_time(), time.perf_counter()
    framer = Framer()
    with collector_at_rest():
        pieces = (reply[start : start + PIECE] for start in range(0, len(reply), PIECE))
        (frame,) = (frame for piece in pieces for frame in framer.feed(piece))
        message = decode_long(frame)
        assert isinstance(message, Reply) and isinstance(message.result, Undecoded)
        copy.replace_all(message.result.part(2), form="update2")
    return Figure(time.perf_counter() - start, time.process_time() - cpu)


LINES = {
    "insert": ("{rows} logical flows in one transaction", "s", 1.0),
    "one by one": ("one small transaction, a client that waits for each", "us", 1e6),
    "pipelined": (f"one small transaction, a client with {WINDOW} under way", "us", 1e6),
    "8 clients": (f"one small transaction, 8 clients with {WINDOW} under way", "us", 1e6),
    "monitor": ("monitor start-up of {rows} logical flows", "s", 1.0),
    "monitor again": ("the same after a restart", "s", 1.0),
    "pause": ("longest wait for a small transaction during a compaction", "ms", 1e3),
    "restart": ("restart on a file of {rows} logical flows", "s", 1.0),
    "memory": ("memory for each logical flow inserted", "bytes", 1.0),
    "restarted memory": ("memory for each logical flow read from the file", "bytes", 1.0),
    "copy": ("a replica's first copy of {rows} logical flows, from bytes to rows", "s", 1.0),
}


def told(figure: Figure, unit: str, scale: float) -> str:
    """A figure as text."""
    wall = f"{figure.wall * scale:.2f} {unit}" if figure.wall else ""
    cpu = f"{figure.cpu * scale:.2f} {unit}{' CPU' if wall else ''}" if figure.cpu else ""
    return ", ".join(filter(None, [wall, cpu]))


def main() -> None:
    """Print the figures."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    root = os.environ.get("PYOVN_REFERENCE", "")
    with tempfile.TemporaryDirectory() as name:
        ours = measured(OURS, Path(name) / "ours", rows)
        theirs = measured(Path(root), Path(name) / "theirs", rows) if root else {}
    for key, (what, unit, scale) in LINES.items():
        line = f"{what.format(rows=rows)}: {told(ours[key], unit, scale)}"
        if (other := theirs.get(key)) is not None:
            ratios = [f"{one / two:.2f}" for one, two in ((other.wall, ours[key].wall), (other.cpu, ours[key].cpu)) if two]
            line += f"; the reference {told(other, unit, scale)}; ratio {', '.join(ratios)}"
        print(line)


if __name__ == "__main__":
    main()
