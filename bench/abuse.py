"""What floods cost the others: one client's small transactions while others misbehave, beside the reference's server.

    python bench/abuse.py [MEGABYTES [CONNECTIONS]]

`PYOVN_REFERENCE` names the reference's programs. For each flood, what the well-behaved client waits (median and 99th percentile,
milliseconds) before and during it, and the memory that the server has grown by.
"""

from __future__ import annotations

import contextlib
import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ovsdb import DATAPATH, MONITOR, OURS, Running, ask, flows, request, sb, served, small, transaction

from pyovn.ovsdb.operation import Insert

MEGABYTES = 1000
CONNECTIONS = 10_000
SAMPLES = 1500
ROWS = 20_000
READERS = 20
MOST_MEMORY = 4 << 30
"""What a flooded server may have: one that keeps all of a message must not take the machine along."""
MEGABYTE = 1 << 20

NUMBERS = iter(range(10**9))


def waits(server: Running, count: int, going_on: Callable[[], bool] = lambda: False) -> list[float]:
    """What one client waits for each of so many small transactions, or as long as something goes on; milliseconds, sorted."""
    found = []
    with server.connect() as connection:
        while len(found) < count or going_on():
            data = small(next(NUMBERS))
            start = time.perf_counter()
            ask(connection, data)
            found.append((time.perf_counter() - start) * 1000)
    return sorted(found)


def told(found: list[float]) -> str:
    """Median and 99th percentile."""
    return f"{statistics.median(found):.2f} / {found[len(found) * 99 // 100]:.2f} ms"


@contextlib.contextmanager
def flood_of(action: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Do something in a process of its own, so that the client that measures is not slowed by it here; whether it goes on."""
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(OSError):
            action()
        os._exit(0)
    ended = threading.Event()

    def wait() -> None:
        os.waitpid(pid, 0)
        ended.set()

    threading.Thread(target=wait).start()
    yield lambda: not ended.is_set()
    ended.wait()


def one_message(server: Running, megabytes: int, piece: bytes) -> None:
    """A request that is too long, sent as fast as the server takes it."""
    with server.connect() as connection:
        connection.sendall(b'{"id":1,"method":"echo","params":["')
        for _ in range(megabytes):
            connection.sendall(piece)
        connection.sendall(b'"]}')
        connection.recv(1)


def slow_readers(server: Running) -> None:
    """Clients that ask for everything again and again and read nothing."""
    connections = [server.connect() for _ in range(READERS)]
    for connection in connections:
        connection.settimeout(0.1)
        with contextlib.suppress(TimeoutError):
            for number in range(50):
                connection.sendall(MONITOR.replace(b'"bench"', str(number).encode()))
    time.sleep(2)


def measure(programs: Path, folder: Path, megabytes: int, connections: int) -> None:
    """Print the figures of one server."""
    folder.mkdir()
    with served(programs, folder) as server:
        resource.prlimit(server.pid, resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        with server.connect() as connection:
            ask(connection, transaction(Insert(sb.DatapathBinding, {"tunnel_key": 1}, uuid=DATAPATH)))
            ask(connection, transaction(*flows(ROWS)))
        text, nested = b"x" * MEGABYTE, b'"' + b',[{"a":1}]' * (MEGABYTE // 10) + b',"'
        floods: dict[str, Callable[[], None]] = {
            f"a message of {megabytes} MB, one string": lambda: one_message(server, megabytes, text),
            f"a message of {megabytes} MB, nested": lambda: one_message(server, megabytes, nested),
            f"{READERS} clients that do not read": lambda: slow_readers(server),
        }
        for name, flood in floods.items():
            before, memory = waits(server, SAMPLES), server.memory()
            with flood_of(flood) as going_on:
                most = peak(server, going_on)
                during = waits(server, SAMPLES, going_on)
            print(f"  {name}: {told(before)} before, {told(during)} during; {(most() - memory) / MEGABYTE:.0f} MB", flush=True)
        before, memory = waits(server, SAMPLES), server.memory()
        idle = [server.connect() for _ in range(connections)]
        for each in idle:
            each.sendall(request("echo"))
        during = waits(server, SAMPLES)
        grown = (server.memory() - memory) / max(connections, 1)
        print(f"  {connections} idle connections: {told(before)} before, {told(during)} during; {grown / 1024:.1f} KB each")
        for each in idle:
            each.close()


def peak(server: Running, going_on: Callable[[], bool]) -> Callable[[], int]:
    """The most memory that the server holds as long as something goes on."""
    found = [server.memory()]

    def look() -> None:
        while going_on():
            found.append(server.memory())
            time.sleep(0.02)

    watcher = threading.Thread(target=look)
    watcher.start()

    def most() -> int:
        watcher.join()
        return max(found)

    return most


def main() -> None:
    """Print the figures."""
    megabytes, connections = (int(word) for word in (*sys.argv[1:], *(MEGABYTES, CONNECTIONS)[len(sys.argv) - 1 :]))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    connections = min(connections, most // 2)
    root = os.environ.get("PYOVN_REFERENCE", "")
    with tempfile.TemporaryDirectory() as name:
        print("ours:")
        measure(OURS, Path(name) / "ours", megabytes, connections)
        if root:
            print("the reference:")
            try:
                measure(Path(root), Path(name) / "theirs", megabytes, connections)
            except OSError as error:
                print(f"  ended: {error}")


if __name__ == "__main__":
    main()
