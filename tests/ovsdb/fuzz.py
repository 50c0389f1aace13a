"""What anybody may send or damage, by the million: streams, transactions, monitors and files, each input drawn from a number.

    python -m tests.ovsdb.fuzz [--count N] [--first NUMBER] [TARGET...]

An input that fails is named by its target and number, which `REGRESSIONS` in `test_fuzz.py` then keeps.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable
from random import Random
from typing import Any

from pyovn.machine import Opened
from pyovn.ovsdb.database_file import World, create_file, load, open_file
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.jsonrpc import Framer, Notify, ProtocolError, Request, decode, encode
from pyovn.ovsdb.log import Total
from pyovn.ovsdb.server import Server
from tests.ovsdb.memory_storage import MemoryStorage
from tests.ovsdb.sample import SCHEMA, TABLES, check_integrity, contents, counting_uuids, run, sample_database, sample_schema
from tests.ovsdb.wires import new_server

INPUTS_A_SERVER = 200
"""How many inputs one server takes, so that what one leaves behind is there for the next."""

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31, 2**63 - 1, 2**63, -(2**63), 10**30, 0.5, 1e308, "", "x", "_uuid", "_version", "no", "\x00", "é☃",
    '"}{', [], {}, [[]], [None], ["set"], ["set", []], ["set", [1, 1]], ["set", ["a", ["map", []]]], ["map", []], ["map", [["a", "b"]]],
    ["map", [["a", "b"], ["a", "c"]]], ["map", [["a"]]], ["map", ["ab"]], ["uuid", "x"], ["uuid", "00000000-0000-0000-0000-000000000001"],
    ["uuid", []], ["named-uuid", "h"], ["named-uuid", "no"], ["named-uuid", ""], {"a": {"b": {}}}, [[[[[[[[]]]]]]]],
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    "a", "b", "red", "", 0, 1, 5, 1.5, ["set", []], ["set", [1, 2]], ["set", ["a"]], ["map", [["k", "v"]]], ["map", []],
    ["named-uuid", "h"], ["named-uuid", "r"], ["set", [["named-uuid", "r"]]], ["uuid", "00000000-0000-0000-0000-000000000002"],
)  # fmt: skip
BYTES = (b"", b'"', b"\\", b"{", b"}", b"[", b"\xff", b"\xc3", b"0", b"\x00", b" ")
COLUMNS = {name: (*table.__columns__, "_uuid") for name, table in TABLES.items()}
FUNCTIONS = ("==", "!=", "<", "<=", ">", ">=", "includes", "excludes")
MUTATORS = ("+=", "-=", "*=", "/=", "%=", "insert", "delete")


class Failure(Exception):
    """What must not happen has happened."""


# Drawing


def _spoilt(random: Random, value: Any, odds: float = 0.04) -> Any:
    """The JSON with some of its parts strange, doubled or gone."""
    if random.random() < odds:
        return random.choice(STRANGE)
    if isinstance(value, dict):
        kept = {name: _spoilt(random, part, odds) for name, part in value.items() if random.random() > odds / 2}
        return kept | ({random.choice(("x", "table", "op", "where", "uuid")): random.choice(STRANGE)} if random.random() < odds else {})
    if isinstance(value, list):
        parts = [_spoilt(random, part, odds) for part in value if random.random() > odds / 2]
        return parts + (parts[-1:] if random.random() < odds else [])
    return value


def _row(random: Random, table: str) -> dict[str, Any]:
    return {column: random.choice(VALUES) for column in random.sample(COLUMNS[table], random.randint(0, 3))}


def _where(random: Random, table: str) -> list[Any]:
    conditions = [[random.choice(COLUMNS[table]), random.choice(FUNCTIONS), random.choice(VALUES)] for _ in range(random.randint(0, 2))]
    return conditions if random.random() < 0.95 else [random.random() < 0.5]


def _operation(random: Random) -> Any:
    table = random.choice(tuple(TABLES))
    on = {"table": table, "where": _where(random, table)}
    operation: dict[str, Any] = random.choice((
        {"op": "insert", "table": table, "row": _row(random, table), "uuid-name": random.choice("hrx")},
        {"op": "insert", "table": "House", "row": {"name": random.choice("abcdefgh"), "rooms": ["named-uuid", "r"]}, "uuid-name": "h"},
        {"op": "insert", "table": "Room", "row": {"number": random.randint(0, 9)}, "uuid-name": "r"},
        {"op": "select", "columns": list(random.sample(COLUMNS[table], 2)), **on},
        {"op": "update", "row": _row(random, table), **on},
        {"op": "mutate", "mutations": [[random.choice(COLUMNS[table]), random.choice(MUTATORS), random.choice(VALUES)]], **on},
        {"op": "delete", **on},
        {"op": "wait", "until": random.choice(("==", "!=")), "rows": [_row(random, table)], "timeout": 0, "columns": ["name"], **on},
        {"op": random.choice(("abort", "commit", "comment", "assert")), "durable": True, "comment": "c", "lock": "l"},
    ))  # fmt: skip
    return operation


def _monitor(random: Random) -> list[Any]:
    table = random.choice(tuple(TABLES))
    request: dict[str, Any] = {"columns": list(random.sample(COLUMNS[table], random.randint(0, 3)))}
    if random.random() < 0.5:
        request["where"] = _where(random, table)
    if random.random() < 0.3:
        request["select"] = {random.choice(("initial", "insert", "delete", "modify")): random.random() < 0.5}
    ident, requests = random.choice(("m", "n", 1, None, ["x"])), {table: request if random.random() < 0.5 else [request]}
    return random.choice((
        ["monitor", SCHEMA, ident, {table: {"columns": request["columns"]}}],
        ["monitor_cond", SCHEMA, ident, requests],
        ["monitor_cond_since", SCHEMA, ident, requests, "00000000-0000-0000-0000-000000000000"],
        ["monitor_cond_change", ident, ident, {table: [{"where": _where(random, table)}]}],
        ["monitor_cancel", ident],
        [random.choice(("lock", "steal", "unlock")), "l"],
        ["set_db_change_aware", True],
        ["get_schema", SCHEMA],
    ))  # fmt: skip


# Targets


class Talk:
    """A client that talks to one server for a while."""

    def __init__(self) -> None:
        self.database = sample_database()
        self.server: Server = new_server(self.database)
        self.server.receive(1, Opened("unix#1"), 0.0)
        self.server.take()
        self._framer = Framer()

    def ask(self, method: Any, params: Any) -> list[Any]:
        """What the server says to a request, which must be a sequence of messages and not the end."""
        self.server.receive(1, json.dumps({"id": 7, "method": method, "params": params}).encode(), 0.0)
        return self.heard()

    def cancel(self) -> list[Any]:
        """What is said to a transaction that waits for longer than we do."""
        self.server.receive(1, encode(Notify("cancel", [7])), 0.0)
        return self.heard()

    def heard(self) -> list[Any]:
        """What the server has said since last asked."""
        told: list[Any] = []
        for _, effect in self.server.take():
            if not isinstance(effect, bytes):
                raise Failure(f"hung up: {effect}")
            told += map(decode, self._framer.feed(effect))
        if self._framer.pending:
            raise Failure("half a message")
        return told


def transactions() -> Callable[[Random], None]:
    """Operations with strange parts: each is answered, what is refused changes nothing, and the database stays whole."""
    talk = Talk()

    def attempt(random: Random) -> None:
        operations = _spoilt(random, [_operation(random) for _ in range(random.randint(1, 4))])
        before = contents(talk.database)
        if not isinstance(operations, list):
            return
        replies = talk.ask("transact", [SCHEMA, *operations]) or talk.cancel()
        result = replies[-1].result
        failed = result is None or any(isinstance(each, dict) and "error" in each for each in result)
        if failed and contents(talk.database) != before:
            raise Failure("what was refused has changed something")
        if result is not None and len(result) not in (len(operations), len(operations) + 1):
            raise Failure(f"{len(result)} results of {len(operations)} operations")
        check_integrity(talk.database)

    return attempt


def monitors() -> Callable[[Random], None]:
    """Monitors and locks with strange parts, and changes that they are to tell of."""
    talk = Talk()

    def attempt(random: Random) -> None:
        method, *params = _monitor(random)
        params = _spoilt(random, params)
        if isinstance(params, list):
            talk.ask(method, params)
        house = {"op": "insert", "table": "House", "row": {"name": random.choice("abcdef")}}
        run(talk.database, _operation(random), *[house][: random.randint(0, 1)])
        talk.heard()

    return attempt


def streams() -> Callable[[Random], None]:
    """Bytes that are nearly JSON-RPC: cut anyhow they mean the same, and only their own connection may end."""

    def attempt(random: Random) -> None:
        params = _spoilt(random, [_operation(random), random.choice(STRANGE)])
        text = b"".join(encode(Request("transact", [SCHEMA, params], number)) for number in range(random.randint(1, 3)))
        data = bytearray(text)
        for _ in range(random.choice((0, 0, 1, 1, 2, 8))):
            at = random.randrange(len(data))
            data[at : at + random.choice((0, 1, 1, 5))] = random.choice(BYTES)
        data *= random.choice((1, 1, 1, 1, 20))
        cuts = sorted(random.choices(range(len(data) + 1), k=random.choice((0, 1, 3))))
        whole, in_pieces = _frames(bytes(data), []), _frames(bytes(data), cuts)
        if whole != in_pieces:
            raise Failure(f"cut at {cuts}: {bytes(data)!r}")

    return attempt


def _frames(data: bytes, cuts: list[int]) -> list[Any] | None:
    """The messages of a stream; None where it stops being one, or ends within one, which is the end of its connection or no end."""
    framer, found = Framer(), list[Any]()
    try:
        for start, stop in zip([0, *cuts], [*cuts, len(data)]):
            found += map(decode, framer.feed(data[start:stop]))
    except ProtocolError:
        return None
    return None if framer.pending else found


def files() -> Callable[[Random], None]:
    """Files with damage: read whole, read without a cut end, or refused."""
    storage = MemoryStorage()
    world = World(storage, counting_uuids(), lambda: 0, lambda schema: TABLES)
    create_file(world, "db", sample_schema())
    file = open_file(world, "db")
    random = Random(1)
    for _ in range(30):
        run(file.database, *[_operation(random) for _ in range(2)])
    whole = bytes(storage.files["db"])

    def attempt(random: Random) -> None:
        data = bytearray(whole)
        for _ in range(random.randint(1, 3)):
            at = random.randrange(len(data))
            data[at : at + random.choice((0, 1, 4, 100))] = random.choice((b"", bytes([random.randrange(256)]), data[:at][-50:]))
        if random.random() < 0.7:
            data[:] = _with_true_sums(bytes(data))
        storage.files["damaged"] = data
        try:
            database, _ = load(world, "damaged")
        except OvsdbError:
            return
        check_integrity(database)

    return attempt


def _with_true_sums(data: bytes) -> bytes:
    """The same lines with the right length and sum before each, so that what they say is looked at."""
    made = []
    for line in data.split(b"\n"):
        if not line.startswith(b"OVSDB"):
            total = Total()
            total.add(line + b"\n")
            made.append(total.header() + line + b"\n")
    return b"".join(made)


TARGETS: dict[str, Callable[[], Callable[[Random], None]]] = {
    "transactions": transactions, "monitors": monitors, "streams": streams, "files": files,
}  # fmt: skip


def fuzz(target: str, first: int, count: int) -> None:
    """Try so many inputs; `Failure` names the number of the first that goes wrong, and with which one its server began."""
    logging.disable(logging.CRITICAL)
    try:
        for number in range(first, first + count):
            if number == first or number % INPUTS_A_SERVER == 0:
                attempt, began = TARGETS[target](), number
            try:
                attempt(Random(number))
            except Exception as error:
                raise Failure(f"{target} {number}, from {began} on: {error!r}") from error
    finally:
        logging.disable(logging.NOTSET)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    given = parser.parse_args()
    for target in given.targets or TARGETS:
        fuzz(target, given.first, given.count)
        print(f"{target}: {given.count} inputs")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
