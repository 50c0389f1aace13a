"""A client's live copy of a database: a machine on a byte stream and a `Store` (ovsdb-server(7), 4.1.12 to 4.1.16).

It connects to its remotes in turn, asks for the schema, watches what it is interested in by the best of `monitor_cond_since`,
`monitor_cond` and `monitor` that the server knows, and after a break asks only for what it missed. While there is no connection the
copy stays as it was, and transactions fail.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace as with_fields
from types import ModuleType
from typing import Any, TypeVar, cast

from pyovn.machine import Close, Closed, Open, Opened
from pyovn.ovsdb.bulk import LARGE, collector_at_rest
from pyovn.ovsdb.change import Change
from pyovn.ovsdb.copy import EVERYTHING, Copy, Copying, Interest
from pyovn.ovsdb.declare import tables_of
from pyovn.ovsdb.errors import OvsdbError, error_from_json
from pyovn.ovsdb.history import NO_TRANSACTION
from pyovn.ovsdb.jsonrpc import Framer, Message, Notify, ProtocolError, Reply, Request, decode
from pyovn.ovsdb.operation import Assert, Condition, Operation
from pyovn.ovsdb.reconnect import PROBE_INTERVAL_S, Action, Reconnect
from pyovn.ovsdb.row import Ref, Table
from pyovn.ovsdb.schema import DatabaseSchema
from pyovn.ovsdb.schema_json import schema_from_json
from pyovn.ovsdb.store import Pending
from pyovn.ovsdb.traffic import received, sent
from pyovn.ovsdb.undecoded import Undecoded, decode_long
from pyovn.ovsdb.wire import operations_to_json, outcome_from_json

T = TypeVar("T", bound=Table)
Then = Callable[[Reply], None]

log = logging.getLogger("ovsdb_idl")

SERVER_COLUMNS = ["name", "leader", "connected", "index"]

SERVER_MONITOR = ["monid", "_Server"]
"""How monitors are called is free; who reads a log of messages knows these names."""

METHODS = ("monitor_cond_since", "monitor_cond", "monitor")
FORM = {"monitor_cond_since": "update3", "monitor_cond": "update2", "monitor": "update"}


class Replica:
    """A copy of the database that `schema`, a module of tables, declares, or of the one that a `Copying` keeps.

    `tables` chooses what is copied (None: everything). `lock` is asked for whenever there is a connection, and asserted by
    every transaction. With `leader_only`, servers that are not the cluster's leader are left for the next remote; any server
    that is cut off from its cluster, or knows less of it than was known here, is left in any case. The server whose id is `not_server`
    is not copied from; `refusal` says that it was met, or why the copy can be made of no server with such a schema.
    """

    def __init__(
        self, schema: ModuleType | Copying, remotes: Sequence[str], *, tables: Mapping[type[Table], Interest] | None = None,
        lock: str | None = None, leader_only: bool = False, probe_interval_s: float = PROBE_INTERVAL_S, not_server: str = "",
    ) -> None:  # fmt: skip
        self._copy: Copying = _copy_of(schema, tables) if isinstance(schema, ModuleType) else schema
        self.name = self._copy.name
        self._monitor = ["monid", self.name]
        self.refusal = ""
        self.synced = False
        self.lock = lock
        self.leader_only = leader_only
        self.reconnect = Reconnect(list(remotes), probe_interval_s)
        self.epoch = 0
        self._not_server = not_server
        self._owns_lock = False
        self._asked_lock: str | None = None
        """The lock that was asked for on this connection."""
        self._changes: list[Change] = []
        self._effects: list[bytes | Open | Close] = []
        self._framer = Framer()
        self._schema: DatabaseSchema | None = None
        self._method = 0
        self._last_transaction = NO_TRANSACTION
        self._watching = False
        self._known_index = 0
        self._offers: dict[str, dict[str, Any]] = {}
        self._unapplied_conditions: set[str] = set()
        self._conditions_under_way = False
        self._replies: dict[int, Then] = {}
        self._under_way: dict[int, tuple[Pending, list[Operation], int]] = {}
        """By request: what was asked, and how many operations before the user's own."""
        self._forwarded: dict[int, Then] = {}
        self._next_id = 0
        self._now = 0.0

    # The store

    @property
    def connected(self) -> bool:
        """Whether the server is there and its changes arrive."""
        return self._watching

    @property
    def has_lock(self) -> bool:
        """See `Store`."""
        return self.lock is None or self._owns_lock

    @property
    def conditions_applied(self) -> bool:
        """Whether the copy is what the conditions set last ask for."""
        waiting = self._unapplied_conditions or self._conditions_under_way
        # A server that knows no conditions has sent everything.
        return self._watching and (METHODS[self._method] == "monitor" or not waiting)

    def rows(self, table: type[T]) -> Mapping[Ref[T], T]:
        """See `Store`."""
        return cast("Mapping[Ref[T], T]", self._copy.tables[table.__table__].rows)

    def find(self, table: type[T], column: str, value: Any) -> Iterable[T]:
        """See `Store`."""
        data = self._copy.tables[table.__table__]
        return [cast("T", data.rows[uuid]) for uuid in data.find(column, value)]

    def take_changes(self) -> list[Change]:
        """See `Store`."""
        taken, self._changes = self._changes, []
        return taken

    def transact(self, operations: Sequence[Operation]) -> Pending:
        """See `Store`; without a connection the transaction has failed at once."""
        pending = Pending()
        if not self._watching:
            pending.done, pending.error = True, OvsdbError("not connected", f"no connection to the {self.name} database")
            return pending
        guarded = list(operations) if self.lock is None else [Assert(self.lock), *operations]
        self._under_way[self._next_id] = (pending, guarded, len(guarded) - len(operations))
        self._request("transact", [self.name, *operations_to_json(guarded)])
        return pending

    def forward(self, method: str, params: list[Any], then: Then) -> None:
        """Pass on somebody else's request; `then` gets the reply, or one that says "canceled" if the connection ends before it comes."""
        self._forwarded[self._next_id] = then
        self._request(method, params)

    def set_conditions(self, table: type[Table], where: Sequence[Condition] | None) -> None:
        """Be interested in the rows of `table` that meet any of these conditions from now on (None: in all, empty: in none)."""
        name = table.__table__
        interest = self._copy.interests[name]
        wanted = None if where is None else tuple(where)
        if interest.where != wanted:
            self._copy.interests[name] = with_fields(interest, where=wanted)
            self._unapplied_conditions.add(name)
            # What was missed under other conditions says nothing about the rows wanted now.
            if not self._watching:
                self._last_transaction = NO_TRANSACTION
            self._send_conditions()

    def want_lock(self, lock: str | None) -> None:
        """Ask for this lock from now on (None: for none), and leave the one that was held or waited for to others."""
        self.lock = lock
        if self.reconnect.connected:
            self._agree_on_lock()

    def force_reconnect(self) -> None:
        """Hang up and connect anew, to the next remote if there are several."""
        if self.reconnect.connected:
            self._hang_up("reconnect was asked for", skip=True)

    def set_remotes(self, remotes: Sequence[str]) -> None:
        """Use other remotes from now on; harmless if they are the same."""
        if list(remotes) != list(self.reconnect.remotes):
            had_remotes = bool(self.reconnect.remotes)
            self.reconnect = Reconnect(list(remotes), self.reconnect.probe_interval_s)
            if had_remotes:
                self._lose("other remotes")
                self._effects.append(Close("other remotes"))

    # The machine

    def receive(self, port: object, data: object, now: float) -> None:
        """See `Machine`; `data` is `Opened`, bytes or `Closed`."""
        self._now = now
        if isinstance(data, Opened):
            log.info("%s: connected", self.reconnect.remote)
            self.reconnect.opened(now)
            self._begin()
        elif isinstance(data, Closed):
            self._lose(data.reason)
            self.reconnect.closed(now)
        elif isinstance(data, bytes) and self.reconnect.connected:
            self.reconnect.activity(now)
            try:
                self._arrived(data)
            except (ProtocolError, OvsdbError, KeyError, TypeError, IndexError) as error:
                self._hang_up(f"protocol error: {error!r}")

    def tick(self, now: float) -> None:
        """See `Machine`."""
        self._now = now
        action = self.reconnect.run(now)
        if action is Action.CONNECT:
            log.info("%s: connecting...", self.reconnect.remote)
            self._effects.append(Open(self.reconnect.remote))
        elif action is Action.PROBE:
            self._send(Request("echo", [], "echo"))
        elif action is Action.DISCONNECT:
            self._lose("no response to inactivity probe")
            self._effects.append(Close("no response to inactivity probe"))

    def due(self) -> float:
        """See `Machine`."""
        return self.reconnect.due()

    def take(self) -> list[bytes | Open | Close]:
        """See `Machine`."""
        effects, self._effects = self._effects, []
        return effects

    # A connection's beginning and end

    def _begin(self) -> None:
        self.epoch += 1
        self._framer = Framer()
        self._replies.clear()
        self._offers.clear()
        if self._not_server:
            self._ask("get_server_id", [], self._on_server_id)
        self._ask("monitor_cond", ["_Server", SERVER_MONITOR, {"Database": [{"columns": SERVER_COLUMNS}]}], self._on_server)

    def _on_server_id(self, reply: Reply) -> None:
        if reply.result == self._not_server:
            self.refusal = "Self replicating is not allowed"
            self._hang_up(self.refusal)

    def _ask_schema(self) -> None:
        self._ask("set_db_change_aware", [True], lambda reply: None)
        self._ask("get_schema", [self.name], self._on_schema)

    def _on_server(self, reply: Reply) -> None:
        """An older server has no `_Server`, and no cluster either."""
        if reply.error is None:
            self._hear_of_servers(reply.result)
        if self.reconnect.connected:
            self._ask_schema()

    def _hear_of_servers(self, updates: Mapping[str, Mapping[str, Any]]) -> None:
        """Go on to the next remote if this server is not the one that is wanted, or no more."""
        for uuid, update in updates.get("Database", {}).items():
            if "delete" in update:
                self._offers.pop(uuid, None)
            else:
                ((_, told),) = update.items()
                self._offers[uuid] = {**self._offers.get(uuid, {}), **told}
        ours = [row for row in self._offers.values() if row.get("name") == self.name]
        problem = "" if not ours else self._problem_of(ours[0])
        if problem:
            self._hang_up(problem, skip=True)

    def _problem_of(self, server: Mapping[str, Any]) -> str:
        """Why a server of a cluster will not do: it leads not, is cut off, or knows less than one heard before."""
        if not server.get("connected"):
            return "cut off from its cluster"
        if self.leader_only and not server.get("leader"):
            return "not the cluster's leader"
        index = server.get("index")
        if type(index) is int:
            if index < self._known_index:
                return "behind another server of its cluster"
            self._known_index = index
        return ""

    def _on_schema(self, reply: Reply) -> None:
        if reply.error is not None:
            self._hang_up(f"no {self.name} database there: {error_of(reply.error)}", skip=True)
            return
        self._schema = schema_from_json(reply.result)
        self._method = 0
        self._ask_monitor()
        self._agree_on_lock()

    def _ask_monitor(self) -> None:
        assert self._schema is not None
        method = METHODS[self._method]
        try:
            requests = self._copy.requests(self._schema, conditional=method != "monitor")
        except OvsdbError as error:
            self.refusal = str(error)
            self._hang_up(self.refusal)
            return
        params: list[Any] = [self.name, self._monitor, requests]
        self._unapplied_conditions.clear()
        if method == "monitor_cond_since":
            params.append(self._last_transaction)
        self._ask(method, params, self._on_monitor)

    def _on_monitor(self, reply: Reply) -> None:
        if reply.error is not None and self._method + 1 < len(METHODS):
            self._method += 1
            self._ask_monitor()
            return
        if reply.error is not None:
            self._hang_up(f"monitor refused: {error_of(reply.error)}")
            return
        form = FORM[METHODS[self._method]]
        self._changes += self._first_changes(reply.result, form)
        self._watching = self.synced = True
        self._send_conditions()

    def _first_changes(self, result: Any, form: str) -> list[Change]:
        """What comes of the answer to a monitor request: a complete copy, or what was missed."""
        found, updates = False, result
        if form == "update3":
            found, self._last_transaction = result[0], result[1]
            updates = result.part(2) if isinstance(result, Undecoded) and not found else result[2]
        take_over = self._copy.apply if found else self._copy.replace_all
        return take_over(updates, form=form, transaction_id=self._last_transaction)

    def _agree_on_lock(self) -> None:
        """Have the server know which lock is wanted, if it does not."""
        if self._asked_lock == self.lock:
            return
        if self._asked_lock is not None:
            self._ask("unlock", [self._asked_lock], lambda reply: None)
            self._owns_lock = False
        if self.lock is not None:
            self._ask("lock", [self.lock], self._on_lock)
        self._asked_lock = self.lock

    def _on_lock(self, reply: Reply) -> None:
        self._owns_lock = reply.error is None and bool(reply.result.get("locked"))

    def _lose(self, reason: str) -> None:
        """The connection is gone: what waited for an answer has failed."""
        if reason:
            log.info("%s: connection %s (%s)", self.reconnect.remote, "dropped" if self.reconnect.connected else "attempt failed", reason)
        if self._conditions_under_way:
            self._last_transaction = NO_TRANSACTION
        self._watching = self._owns_lock = self._conditions_under_way = False
        self._asked_lock = None
        self._replies.clear()
        under_way, self._under_way = self._under_way, {}
        for pending, _, _ in under_way.values():
            pending.done, pending.error = True, OvsdbError("disconnected", reason or "connection closed")
        forwarded, self._forwarded = self._forwarded, {}
        for ident, then in forwarded.items():
            then(Reply(ident, None, "canceled"))

    def _hang_up(self, reason: str, *, skip: bool = False) -> None:
        self._lose(reason)
        self._effects.append(Close(reason))
        if skip:
            self.reconnect.skip(self._now)
        else:
            self.reconnect.closed(self._now)

    # Messages

    def _ask(self, method: str, params: list[Any], then: Then) -> None:
        self._replies[self._next_id] = then
        self._request(method, params)

    def _request(self, method: str, params: list[Any]) -> None:
        self._send(Request(method, params, self._next_id))
        self._next_id += 1

    def _send(self, message: Message) -> None:
        self._effects.append(sent(self.reconnect.remote, message))

    def _arrived(self, data: bytes) -> None:
        for frame in self._framer.take(data):
            if not self.reconnect.connected:
                return
            is_long = len(frame) > LARGE
            with collector_at_rest(is_long):
                self._take(decode_long(frame) if is_long else decode(frame))

    def _take(self, message: Message) -> None:
        received(self.reconnect.remote, message)
        if isinstance(message, Reply):
            self._answered(message)
        elif isinstance(message, Request):
            known = message.method == "echo"
            self._send(Reply(message.id, message.params if known else None, None if known else "unknown method"))
        else:
            self._hear(message)

    def _answered(self, reply: Reply) -> None:
        if type(reply.id) is not int:
            return
        then = self._replies.pop(reply.id, None)
        if then is not None:
            then(reply)
        elif reply.id in self._forwarded:
            self._forwarded.pop(reply.id)(reply)
        elif reply.id in self._under_way:
            pending, operations, skipped = self._under_way.pop(reply.id)
            _settle(pending, operations, reply, skipped=skipped)

    def _hear(self, message: Notify) -> None:
        params = message.params
        if message.method in ("update", "update2", "update3"):
            if params[0] == SERVER_MONITOR:
                self._hear_of_servers(params[-1])
            elif params[0] == self._monitor:
                if message.method == "update3":
                    self._last_transaction = params[1]
                self._changes += self._copy.apply(params[-1], form=message.method, transaction_id=self._last_transaction)
        elif message.method in ("locked", "stolen") and params == [self.lock]:
            self._owns_lock = message.method == "locked"
        elif message.method == "monitor_canceled" and params == [self._monitor]:
            self._hang_up("the server has canceled the monitor")

    def _send_conditions(self) -> None:
        if not self._watching or self._conditions_under_way or not self._unapplied_conditions or METHODS[self._method] == "monitor":
            return
        changed = {name: [{"where": self._where(name)}] for name in sorted(self._unapplied_conditions)}
        self._unapplied_conditions.clear()
        self._conditions_under_way = True
        self._ask("monitor_cond_change", [self._monitor, self._monitor, changed], self._on_conditions)

    def _where(self, name: str) -> list[Any]:
        where = self._copy.interests[name].where
        return [True] if where is None else self._copy.conditions(name, where)

    def _on_conditions(self, reply: Reply) -> None:
        self._conditions_under_way = False
        if reply.error is None or not self._watching:
            self._send_conditions()
        else:
            log.warning("%s: conditions refused: %s", self.name, error_of(reply.error))


def _copy_of(schema: ModuleType, tables: Mapping[type[Table], Interest] | None) -> Copy:
    classes = tables_of(schema)
    wanted = dict.fromkeys(classes, EVERYTHING) if tables is None else {each.__table__: how for each, how in tables.items()}
    return Copy(schema.SCHEMA, classes, wanted)


def _settle(pending: Pending, operations: list[Operation], reply: Reply, *, skipped: int) -> None:
    """Say in `pending` what came of a transaction, the first `skipped` operations of which are not its user's."""
    pending.done = True
    if reply.error is not None:
        pending.error = error_of(reply.error)
        return
    outcome = outcome_from_json(operations, reply.result)
    pending.results, pending.error = outcome.results[skipped:], outcome.error


def error_of(error: Any) -> OvsdbError:
    """What a reply's `error` says."""
    return error_from_json(error) if isinstance(error, dict) and "error" in error else OvsdbError(str(error))
