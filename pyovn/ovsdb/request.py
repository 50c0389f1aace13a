"""The requests that a database server answers, one function each (RFC 7047 4.1, ovsdb-server(7) 4.1)."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from pyovn.coverage import counter
from pyovn.machine import NEVER
from pyovn.ovsdb.atom import IDENTIFIER, UUID, syntax_error
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.history import NO_TRANSACTION, merged
from pyovn.ovsdb.jsonrpc import Reply, Request, encode_json
from pyovn.ovsdb.monitor import Form, View, changes_between, sorted_json, view_of, view_with_conditions
from pyovn.ovsdb.rbac import check_allowed
from pyovn.ovsdb.session import Parked, Session, Watch, notification
from pyovn.ovsdb.wire import operation_from_json, outcome_to_json

if TYPE_CHECKING:
    from pyovn.ovsdb.operation import Operation
    from pyovn.ovsdb.server import Served, Server
    from pyovn.ovsdb.transaction import Transaction

REQUESTS, TRANSACTIONS = counter("jsonrpc_request"), counter("ovsdb_transaction")
RESUMED, COPIED = counter("ovsdb_monitor_resumed"), counter("ovsdb_monitor_copied")

MODIFYING = {"insert", "update", "mutate", "delete"}
LOCK_WORD = {False: "lock", True: "steal"}


class Refusal(Exception):
    """A request is answered with an error that is no OVSDB error; `args[0]` is its JSON."""


class Encoded:
    """A result that is JSON already."""

    __slots__ = ("json",)

    def __init__(self, json: bytes) -> None:
        self.json = json


def answer(server: Server, session: Session, request: Request) -> Reply | bytes | None:
    """The reply to a request, None if it comes later."""
    method = METHODS.get(request.method)
    if method is None or (not server.conditional and method in CONDITIONAL):
        return Reply(request.id, None, "unknown method")
    REQUESTS.count += 1
    try:
        result = method(server, session, request)
    except OvsdbError as error:
        return Reply(request.id, None, error.to_json())
    except Refusal as refusal:
        return Reply(request.id, None, refusal.args[0])
    if isinstance(result, Encoded):
        return b'{"id":%b,"result":%b,"error":null}' % (encode_json(request.id), result.json)
    return None if result is None else Reply(request.id, result)


def cancel(server: Server, session: Session, params: Any) -> None:
    """End a parked transaction (RFC 7047 4.1.4); the notification itself has no answer."""
    for parked in [each for each in session.parked if [each.ident] == params]:
        session.parked.remove(parked)
        server.send(session, Reply(parked.ident, None, "canceled"))


def run_transaction(server: Server, session: Session, asked: Parked) -> Any:
    """Try a transaction; its result, or None if it is parked (again)."""
    TRANSACTIONS.count += 1
    served = server.databases[asked.database]
    total = len(asked.operations)
    elapsed_ms = (server.now() - asked.since) * 1000

    def parse(transaction: Transaction, given: Any, position: int) -> Operation:
        operation = operation_from_json(transaction.tables, given, transaction.resolve, (position + 1, total))
        if given["op"] in MODIFYING and (served.read_only or session.read_only):
            raise OvsdbError("not allowed", f"{given['op']} operation not allowed when database server is in read only mode")
        check_allowed(transaction.tables, operation, session.actor)
        return operation

    outcome = served.database.transact(asked.operations, parse=parse, elapsed_ms=elapsed_ms, holds_lock=server.holds(session))
    if outcome is not None:
        return outcome_to_json(served.database, asked.operations, outcome)
    session.parked.append(Parked(asked.ident, asked.database, asked.operations, asked.since, _next_timeout(asked, elapsed_ms)))
    return None


def _next_timeout(asked: Parked, elapsed_ms: float) -> float:
    timeouts = (op.get("timeout") for op in asked.operations if isinstance(op, dict) and op.get("op") == "wait")
    pending = [timeout for timeout in timeouts if isinstance(timeout, int) and timeout > elapsed_ms]
    # A little late rather than a little early: the clock may round down.
    return asked.since + min(pending) / 1000 + 0.001 if pending else NEVER


def _list_dbs(server: Server, session: Session, request: Request) -> Any:
    return sorted({*server.databases, *server.awaited})


def _get_schema(server: Server, session: Session, request: Request) -> Any:
    return _served(server, request).database.schema.to_json()


def _get_server_id(server: Server, session: Session, request: Request) -> Any:
    return server.server_id


def _echo(server: Server, session: Session, request: Request) -> Any:
    return request.params


def _set_db_change_aware(server: Server, session: Session, request: Request) -> Any:
    if len(request.params) != 1 or type(request.params[0]) is not bool:
        raise syntax_error(request.params, "set_db_change_aware: true or false parameter expected")
    session.change_aware = request.params[0]
    return {}


def _transact(server: Server, session: Session, request: Request) -> Any:
    served = _served(server, request)
    if served.forward is not None and any(type(each) is dict and each.get("op") in MODIFYING for each in request.params[1:]):
        return _pass_on(server, session, request, served)
    result = run_transaction(server, session, Parked(request.id, served.name, request.params[1:], server.now(), NEVER))
    if result is not None:
        server.flush(session)
    return result


def _pass_on(server: Server, session: Session, request: Request, served: Served) -> Any:
    """Have the server that the database is relayed from do it, unless it is refused here already."""
    operations = request.params[1:]
    if session.read_only or session.actor.role:
        attempt = Parked(request.id, served.name, [*operations, {"op": "abort"}], server.now(), NEVER)
        tried = run_transaction(server, session, attempt)
        if tried is not None and tried[-1] != {"error": "aborted", "details": "aborted by request"}:
            return tried[: len(operations)]

    def answered(reply: Reply) -> None:
        if server.sessions.get(session.port) is session:
            # What others are told of the commit, and this session too, comes before the reply to it.
            server.flush(session)
            server.send(session, Reply(request.id, reply.result, reply.error))

    assert served.forward is not None
    served.forward(request.params, answered)
    return None


def _convert(server: Server, session: Session, request: Request) -> Any:
    served = _served(server, request)
    if len(request.params) != 2:
        raise syntax_error(request.params, "array expected")
    if server.convert is None or served.read_only or session.read_only or session.actor.role:
        raise OvsdbError("not allowed", f"database {served.name} cannot be converted while it is served")
    server.convert(served.database, request.params[1])
    return {}


# Monitors


def _monitor(server: Server, session: Session, request: Request) -> Any:
    if len(request.params) != 3:
        raise syntax_error(request.params, "invalid parameters")
    return Encoded(_watch(server, session, request, "update").view.initial())


def _monitor_cond(server: Server, session: Session, request: Request) -> Any:
    if len(request.params) != 3:
        raise syntax_error(request.params, "invalid parameters")
    return Encoded(_watch(server, session, request, "update2").view.initial())


def _monitor_cond_since(server: Server, session: Session, request: Request) -> Any:
    if len(request.params) != 4:
        raise syntax_error(request.params, "invalid parameters")
    known = request.params[3]
    if type(known) is not str or not UUID.match(known):
        raise syntax_error(known, "last-txn-id must be UUID format.")
    watch = _watch(server, session, request, "update3")
    history = server.databases[watch.database].history
    latest = history.told(watch.view.database.last_transaction_id)
    position = history.end if known == latest != NO_TRANSACTION else history.after(known)
    (RESUMED if position is not None else COPIED).count += 1
    if position is None:
        return Encoded(b'[false,"%b",%b]' % (latest.encode(), watch.view.initial()))
    missed = watch.view.compose(merged(history.since(position))) or b"{}"
    return Encoded(b'[true,"%b",%b]' % (latest.encode(), missed))


def _watch(server: Server, session: Session, request: Request, form: Form) -> Watch:
    """A new watch, told of nothing yet."""
    served = _served(server, request)
    _, ident, requests = request.params[:3]
    key = sorted_json(ident)
    if key in session.watches:
        raise syntax_error(ident, "duplicate monitor ID")
    view_key, view = shared_view(server, served, form, requests)
    # What others committed in this round is in the initial rows already.
    server.flush(session)
    watch = Watch(encode_json(ident), served.name, view_key, view, served.history.end)
    session.watches[key] = watch
    return watch


def shared_view(server: Server, served: Served, form: Form, requests: Any) -> tuple[bytes, View]:
    """The view for a request, the same one for equal requests."""
    key = _digest(sorted_json([served.name, form, requests]))
    view = server.views.get(key)
    if view is None or view.database is not served.database:
        view = server.views[key] = view_of(served.database, form, requests, requests)
    return key, view


def _digest(key: bytes) -> bytes:
    return blake2b(key, digest_size=20).digest()


def _monitor_cond_change(server: Server, session: Session, request: Request) -> Any:
    if len(request.params) != 3:
        raise syntax_error(request.params, "invalid parameters")
    old_ident, new_ident, requests = request.params
    watch = session.watches.get(sorted_json(old_ident))
    new_key = sorted_json(new_ident)
    if watch is None or watch.view.form == "update":
        raise syntax_error(old_ident, "unknown monitor session")
    if new_key in session.watches and session.watches[new_key] is not watch:
        raise syntax_error(new_ident, "duplicate monitor ID")
    view = view_with_conditions(watch.view, requests)
    server.flush(session)
    del session.watches[sorted_json(old_ident)]
    # A view with other conditions is shared with those who changed from the same to the same.
    key = _digest(watch.key + sorted_json(requests))
    view = server.views.setdefault(key, view)
    changed = Watch(encode_json(new_ident), watch.database, key, view, watch.position)
    session.watches[new_key] = changed
    told = changes_between(watch.view, view)
    if told:
        history = server.databases[watch.database].history
        session.out.append(notification(changed, history.told(view.database.last_transaction_id), told))
    return {}


def _monitor_cancel(server: Server, session: Session, request: Request) -> Any:
    if len(request.params) != 1 or session.watches.pop(sorted_json(request.params[0]), None) is None:
        raise Refusal("unknown monitor")
    return {}


# Locks


def _lock(server: Server, session: Session, request: Request) -> Any:
    return _request_lock(server, session, request, steal=False)


def _steal(server: Server, session: Session, request: Request) -> Any:
    return _request_lock(server, session, request, steal=True)


def _request_lock(server: Server, session: Session, request: Request, *, steal: bool) -> Any:
    name = _lock_name(request)
    if name in session.locks:
        raise syntax_error(request.params, f'must issue "unlock" before new "{LOCK_WORD[steal]}"')
    session.locks.add(name)
    robbed = server.locks.request(name, session, steal=steal)
    server.tell_robbed(name, robbed)
    return {"locked": server.locks.owner(name) is session}


def _unlock(server: Server, session: Session, request: Request) -> Any:
    name = _lock_name(request)
    if name not in session.locks:
        raise syntax_error(request.params, 'unlock: "unlock" without "lock" or "steal"')
    session.locks.remove(name)
    server.tell_owner(name, server.locks.release(name, session))
    return {}


def _lock_name(request: Request) -> str:
    params = request.params
    if len(params) != 1 or type(params[0]) is not str or not IDENTIFIER.match(params[0]):
        raise syntax_error(params, f"{request.method} request params must be <id>")
    return str(params[0])


def _served(server: Server, request: Request) -> Served:
    """The database that the first parameter names."""
    params, method = request.params, request.method
    if not params or type(params[0]) is not str:
        raise syntax_error(params, f"{method} request params must begin with <db-name>")
    served = server.databases.get(params[0])
    if params[0] in server.awaited:
        cause = f"{params[0]} which is not yet available because it has not completed joining its cluster"
        raise OvsdbError("database not available", f"{method} request specifies database {cause}")
    if served is None:
        raise syntax_error(params, f"{method} request specifies unknown database {params[0]}", "unknown database")
    return served


METHODS: dict[str, Callable[[Server, Session, Request], Any]] = {
    "list_dbs": _list_dbs,
    "get_schema": _get_schema,
    "get_server_id": _get_server_id,
    "echo": _echo,
    "set_db_change_aware": _set_db_change_aware,
    "transact": _transact,
    "convert": _convert,
    "monitor": _monitor,
    "monitor_cond": _monitor_cond,
    "monitor_cond_since": _monitor_cond_since,
    "monitor_cond_change": _monitor_cond_change,
    "monitor_cancel": _monitor_cancel,
    "lock": _lock,
    "steal": _steal,
    "unlock": _unlock,
}

CONDITIONAL = {_monitor_cond, _monitor_cond_since, _monitor_cond_change}
