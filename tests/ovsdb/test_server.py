"""A database server by hand: requests and answers as the reference's, order of what a session hears, sessions that misbehave."""

from __future__ import annotations

from typing import Any

import pytest

from pyovn.machine import Close, Closed, Reading, Slow
from pyovn.ovsdb.history import MOST_COMMITS
from pyovn.ovsdb.jsonrpc import Reply, Request, encode, messages
from pyovn.ovsdb.server import ENOUGH, REQUESTS_A_TURN
from tests.ovsdb.wires import Client, deliver, empty_database, new_server

NB = "OVN_Northbound"
ZERO = "00000000-0000-0000-0000-000000000000"
INSERT = {"op": "insert", "table": "Logical_Switch", "row": {"name": "a"}}


def client(**how: Any) -> Client:
    return Client(new_server(empty_database()), 1, **how)


def refusal(tag: str, details: str, syntax: str | None = None) -> dict[str, str]:
    return {"error": tag, "details": details} | ({} if syntax is None else {"syntax": syntax})


# What the reference's server answered to the same requests.
ANSWERS: list[tuple[str, list[Any], Any]] = [
    ("list_dbs", [], [NB, "_Server"]),
    ("echo", ["a", 1], ["a", 1]),
    ("nope", [], "unknown method"),
    ("cancel", [99], "unknown method"),
    ("get_schema", ["x"], refusal("unknown database", "get_schema request specifies unknown database x", '["x"]')),
    ("get_schema", [], refusal("syntax error", "get_schema request params must begin with <db-name>", "[]")),
    ("transact", [1], refusal("syntax error", "transact request params must begin with <db-name>", "[1]")),
    ("transact", ["x", {}], refusal("unknown database", "transact request specifies unknown database x", '["x",{}]')),
    ("transact", [NB], []),
    ("transact", [NB, {"op": "foo"}],
     [refusal("syntax error", 'Parsing ovsdb operation 1 of 1 failed: No operation "foo"', '{"op":"foo"}')]),
    ("set_db_change_aware", [True], {}),
    ("set_db_change_aware", [], refusal("syntax error", "set_db_change_aware: true or false parameter expected", "[]")),
    ("lock", ["l"], {"locked": True}),
    ("lock", ["1l"], refusal("syntax error", "lock request params must be <id>", '["1l"]')),
    ("unlock", ["l"], refusal("syntax error", 'unlock: "unlock" without "lock" or "steal"', '["l"]')),
    ("monitor", ["x", 1, {}], refusal("unknown database", "monitor request specifies unknown database x", '["x",1,{}]')),
    ("monitor", [NB, 1, {}], {}),
    ("monitor", [NB], refusal("syntax error", "invalid parameters", '["OVN_Northbound"]')),
    ("monitor", [NB, 1, {"Nope": {}}], refusal("syntax error", "no table named Nope")),
    ("monitor", [NB, 1, {"ACL": {"columns": ["x"]}}], refusal("syntax error", "x is not a valid column name", '["x"]')),
    ("monitor", [NB, 1, {"ACL": {"columns": ["name", "name"]}}],
     refusal("syntax error", "column name mentioned more than once", '["name","name"]')),
    ("monitor", [NB, 1, {"ACL": {"bogus": 1}}],
     refusal("syntax error", "Parsing table ACL failed: Member 'bogus' is present but not allowed here.", '{"bogus":1}')),
    ("monitor", [NB, 1, {"ACL": 5}], refusal("syntax error", "Parsing table ACL failed: Object expected.")),
    ("monitor_cond", [NB, 1, {"ACL": {"where": ["x"]}}], refusal("syntax error", "Parse error in condition.", '"x"')),
    ("monitor_cond", [NB, 1, {"ACL": {"select": {"initial": 3}}}],
     refusal("syntax error", "Parsing table ACL select failed: Type mismatch for member 'initial'.", '{"initial":3}')),
    ("monitor_cond_since", [NB, 1, {}, "zz"], refusal("syntax error", "last-txn-id must be UUID format.", '"zz"')),
    ("monitor_cond_since", [NB, 1, {}, ZERO], [False, ZERO, {}]),
    ("monitor_cond_change", ["m", "n", {}], refusal("syntax error", "unknown monitor session", '"m"')),
    ("monitor_cancel", ["m"], "unknown monitor"),
    ("transact", ["_Server", {"op": "delete", "table": "Database", "where": []}],
     [refusal("not allowed", "delete operation not allowed when database server is in read only mode")]),
    ("transact", ["_Server", {"op": "select", "table": "Database", "where": [["name", "==", NB]], "columns": ["model", "leader"]}],
     [{"rows": [{"model": "standalone", "leader": True}]}]),
]  # fmt: skip


@pytest.mark.parametrize(("method", "params", "answer"), ANSWERS, ids=[f"{method}-{n}" for n, (method, _, _) in enumerate(ANSWERS)])
def test_answers(method: str, params: list[Any], answer: Any) -> None:
    assert client().call(method, *params) == answer


def test_a_monitor_id_is_used_once() -> None:
    session = client()
    session.call("monitor", NB, ["a", 1], {})
    assert session.call("monitor_cond", NB, ["a", 1], {}) == refusal("syntax error", "duplicate monitor ID", '["a",1]')


def test_updates_come_before_the_reply_in_each_form() -> None:
    session = client()
    columns = {"Logical_Switch": {"columns": ["name", "ports"]}}
    session.call("monitor", NB, "one", columns)
    session.call("monitor_cond", NB, "two", columns)
    session.call("monitor_cond_since", NB, "three", columns, ZERO)
    session.send(Request("transact", [NB, INSERT], 9))
    deliver(session.server, session)
    assert isinstance(session.heard[-1], Reply)
    uuid = session.heard[-1].result[0]["uuid"][1]
    updates = {params[0]: (method, params[-1]["Logical_Switch"][uuid]) for method, params in session.updates()}
    assert updates == {
        "one": ("update", {"new": {"name": "a", "ports": ["set", []]}}),
        "two": ("update2", {"insert": {"name": "a"}}),
        "three": ("update3", {"insert": {"name": "a"}}),
    }


CHANGES: list[tuple[dict[str, Any], Any, Any]] = [
    ({"op": "update", "row": {"external_ids": ["map", [["k", "v"]]]}}, None, None),
    ({"op": "update", "row": {"name": "b"}}, {"old": {"name": "a"}, "new": {"name": "b", "other_config": ["map", [["x", "1"]]]}},
     {"modify": {"name": "b"}}),
    ({"op": "update", "row": {"other_config": ["map", [["x", "2"], ["y", "1"]]]}},
     {"old": {"other_config": ["map", [["x", "1"]]]}, "new": {"name": "a", "other_config": ["map", [["x", "2"], ["y", "1"]]]}},
     {"modify": {"other_config": ["map", [["x", "2"], ["y", "1"]]]}}),
    ({"op": "mutate", "mutations": [["other_config", "delete", ["set", ["x"]]]]},
     {"old": {"other_config": ["map", [["x", "1"]]]}, "new": {"name": "a", "other_config": ["map", []]}},
     {"modify": {"other_config": ["map", [["x", "1"]]]}}),
    ({"op": "delete"}, {"old": {"name": "a", "other_config": ["map", [["x", "1"]]]}}, {"delete": None}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "old_form", "new_form"), CHANGES)
def test_how_a_change_is_told(change: dict[str, Any], old_form: Any, new_form: Any) -> None:
    session = client()
    row = {"name": "a", "other_config": ["map", [["x", "1"]]]}
    (inserted,) = session.call("transact", NB, {"op": "insert", "table": "Logical_Switch", "row": row})
    columns = {"Logical_Switch": {"columns": ["name", "other_config"]}}
    session.call("monitor", NB, "old", columns)
    session.call("monitor_cond", NB, "new", columns)
    session.call("transact", NB, {"table": "Logical_Switch", "where": [], **change})
    told = {params[0]: params[1]["Logical_Switch"][inserted["uuid"][1]] for _, params in session.updates()}
    assert (told.get("old"), told.get("new")) == (old_form, new_form)


def test_a_row_that_enters_or_leaves_a_condition_is_inserted_or_deleted() -> None:
    session = client()
    session.call("transact", NB, INSERT)
    session.call("monitor_cond", NB, "m", {"Logical_Switch": {"columns": ["name"], "where": [["name", "==", "b"]]}})
    for name, told in (("b", {"insert": {"name": "b"}}), ("c", {"delete": None})):
        session.call("transact", NB, {"op": "update", "table": "Logical_Switch", "where": [], "row": {"name": name}})
        ((_, (_, updates)),) = session.updates()
        assert list(updates["Logical_Switch"].values()) == [told]


def test_a_changed_condition_tells_the_difference_under_the_new_id() -> None:
    session = client()
    session.call("transact", NB, INSERT, {**INSERT, "row": {"name": "b"}})
    session.call("monitor_cond", NB, "m", {"Logical_Switch": {"columns": ["name"], "where": [["name", "==", "a"]]}})
    assert session.call("monitor_cond_change", "m", "n", {"Logical_Switch": {"where": [["name", "==", "b"]]}}) == {}
    ((_, (ident, updates)),) = session.updates()
    assert ident == "n"
    assert sorted(updates["Logical_Switch"].values(), key=str) == [{"delete": None}, {"insert": {"name": "b"}}]
    assert session.call("monitor_cancel", "m") == "unknown monitor"
    assert session.call("monitor_cancel", "n") == {}


def test_equal_requests_share_one_view() -> None:
    server = new_server(empty_database())
    sessions = [Client(server, port) for port in range(5)]
    for session in sessions:
        session.call("monitor_cond", NB, f"m{session.port}", {"Logical_Switch": {"columns": ["name"]}})
    assert len(server.views) == 1
    for session in sessions:
        server.receive(session.port, Closed(""), 0.0)
    assert not server.views


NAMES = {"Logical_Switch": {"columns": ["name"]}}


def test_since_a_transaction_only_what_followed_is_told() -> None:
    session = Client(new_server(empty_database(), remembers=True), 1)
    session.call("transact", NB, INSERT)
    _, last, _ = session.call("monitor_cond_since", NB, "m", NAMES, ZERO)
    session.call("transact", NB, {**INSERT, "row": {"name": "b"}})
    found, _, missed = session.call("monitor_cond_since", NB, "n", NAMES, last)
    assert found and list(missed["Logical_Switch"].values()) == [{"insert": {"name": "b"}}]


def test_of_a_file_of_its_own_a_server_names_no_transaction_and_tells_everything_again() -> None:
    session = client()
    session.call("transact", NB, INSERT)
    assert session.call("monitor_cond_since", NB, "m", NAMES, ZERO)[:2] == [False, ZERO]
    session.call("transact", NB, {**INSERT, "row": {"name": "b"}})
    ((method, (_, told, _)),) = session.updates()
    assert (method, told) == ("update3", ZERO)
    session.call("monitor_cond_change", "m", "m", {"Logical_Switch": [{"where": [["name", "==", "a"]]}]})
    assert [told for _, (_, told, _) in session.updates()] == [ZERO]
    last = session.server.databases[NB].database.last_transaction_id
    for known in (ZERO, last):
        found, told, rows = session.call("monitor_cond_since", NB, known, NAMES, known)
        assert (found, told, len(rows["Logical_Switch"])) == (False, ZERO, 2)


def test_what_nobody_may_come_back_to_is_forgotten_once_nobody_lags() -> None:
    server = new_server(empty_database())
    history = server.databases[NB].history
    writer, slow = Client(server, 1), Client(server, 2)
    slow.call("monitor_cond", NB, "m", NAMES)
    for lags, kept in ((True, 1), (True, 2), (False, 0), (False, 0)):
        server.receive(2, Slow(lags), 0.0)
        writer.call("transact", NB, INSERT)
        assert len(history.commits) == kept


def test_a_wait_is_answered_when_it_holds_or_its_time_is_over() -> None:
    session = client()
    other = Client(session.server, 2)
    wait = {"op": "wait", "table": "Logical_Switch", "where": [], "columns": ["name"], "until": "==", "rows": [{"name": "a"}]}
    session.send(Request("transact", [NB, {**wait, "timeout": 1000}], 1))
    session.send(Request("transact", [NB, {**wait, "timeout": 9000}], 2))
    deliver(session.server, session)
    assert session.heard == []
    assert 1.0 <= session.server.due() < 1.1
    session.server.tick(1.1)
    deliver(session.server, session)
    (late,) = session.heard
    assert isinstance(late, Reply) and (late.id, late.result[0]["error"]) == (1, "timed out")
    other.send(Request("transact", [NB, INSERT], 3))
    deliver(session.server, session, other)
    assert session.heard[-1] == Reply(2, [{}])


def test_a_parked_transaction_can_be_canceled() -> None:
    session = client()
    wait = {"op": "wait", "table": "ACL", "where": [], "columns": ["name"], "until": "!=", "rows": []}
    session.send(Request("transact", [NB, wait], 5))
    session.send(b'{"id":null,"method":"cancel","params":[5]}')
    deliver(session.server, session)
    assert session.heard == [Reply(5, None, "canceled")]


def test_a_lock_passes_on_and_may_be_stolen() -> None:
    server = new_server(empty_database())
    a, b, c = everyone = [Client(server, port) for port in (1, 2, 3)]

    def say(session: Client, method: str) -> list[list[str]]:
        """What each of the three hears of it, apart from the answer."""
        session.send(Request(method, ["x"], 1))
        deliver(server, *everyone)
        return [[method for method, _ in each.updates()] for each in everyone]

    assert say(a, "lock") == say(b, "lock") == [[], [], []]
    assert say(c, "steal") == [["stolen"], [], []]
    assert say(c, "unlock") == [["locked"], [], []]
    assert say(a, "unlock") == [[], ["locked"], []]
    say(c, "lock")
    server.receive(2, Closed(""), 0.0)
    deliver(server, *everyone)
    assert c.updates() == [("locked", ["x"])]


def test_a_database_that_goes_cancels_the_monitors_of_those_who_know_and_cuts_off_the_rest() -> None:
    server = new_server(empty_database())
    aware, unaware = Client(server, 1), Client(server, 2)
    aware.call("set_db_change_aware", True)
    aware.call("monitor", NB, "m", {})
    server.remove_database(NB)
    deliver(server, aware, unaware)
    assert aware.updates() == [("monitor_canceled", ["m"])]
    assert (aware.closed, unaware.closed is not None) == (None, True)
    assert aware.call("list_dbs") == ["_Server"]


@pytest.mark.parametrize("peer", ["unix#1", "tcp:127.0.0.1:9"])
def test_the_silent_are_asked_and_left(peer: str) -> None:
    session = client(peer=peer)
    for now in (4.9, 5.1, 9.9, 10.2):
        session.server.tick(now)
    deliver(session.server, session)
    assert (session.closed is not None) == peer.startswith("tcp")


def test_an_answer_to_a_probe_is_a_sign_of_life() -> None:
    session = client(peer="tcp:127.0.0.1:9")
    for now in range(1, 40):
        session.server.tick(now)
        deliver(session.server, session)
        for message in session.heard:
            if isinstance(message, Request):
                session.server.receive(1, encode(Reply(message.id, [])), float(now))
        session.heard.clear()
    assert session.closed is None


ABUSE = [
    b"nope",
    b'{"id":1,"method":"transact","params":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    b'{"id":1,"method":"transact","params":["OVN_Northbound",{"op":' + b'{"op":' * 10_000 + b"1" + b"}" * 10_002 + b"]}",
    b'{"id":1,"method":7}',
    b'{"id":1,"method":"echo","params":["\xff\xfe"]}',
]


@pytest.mark.parametrize("data", ABUSE, ids=lambda data: repr(data[:20]))
def test_who_speaks_no_protocol_is_cut_off_and_nobody_else(data: bytes) -> None:
    server = new_server(empty_database())
    good, bad = Client(server, 1), Client(server, 2)
    bad.send(data)
    deliver(server, good, bad)
    assert bad.closed is not None and good.closed is None
    assert good.call("echo", 1) == [1]


def test_half_a_message_keeps_nobody_waiting() -> None:
    server = new_server(empty_database())
    good, half = Client(server, 1), Client(server, 2)
    half.send(b'{"id":1,"method":"echo","params":["')
    assert good.call("echo", 1) == [1]
    half.send(b'x"]}')
    deliver(server, half)
    assert half.heard == [Reply(1, ["x"])]


def test_a_slow_session_is_told_later_and_a_hopeless_one_never() -> None:
    server = new_server(empty_database())
    writer, slow = Client(server, 1), Client(server, 2)
    slow.call("monitor_cond", NB, "m", {"Logical_Switch": {"columns": ["name"]}})
    server.receive(2, Slow(True), 0.0)
    for number in range(3):
        writer.call("transact", NB, {**INSERT, "row": {"name": str(number)}})
    deliver(server, slow)
    assert slow.updates() == []
    server.receive(2, Slow(False), 0.0)
    deliver(server, slow)
    assert len(slow.updates()) == 3
    server.receive(2, Slow(True), 0.0)
    for number in range(MOST_COMMITS + 1):
        writer.call("transact", NB, {**INSERT, "row": {"name": str(number)}})
    server.receive(2, Slow(False), 0.0)
    assert [effect for port, effect in server.take() if port == 2 and isinstance(effect, Close)]
    assert writer.call("echo") == []


def test_one_session_answers_its_share_of_a_turn_and_is_read_no_further_while_more_waits() -> None:
    session = client()
    session.send(b"".join(encode(Request("echo", [number], number)) for number in range(2 * REQUESTS_A_TURN + 1)))
    for answered, reading in ((REQUESTS_A_TURN, [Reading(False)]), (2 * REQUESTS_A_TURN, []), (2 * REQUESTS_A_TURN + 1, [Reading(True)])):
        effects = session.server.take()
        assert [effect for _, effect in effects if isinstance(effect, Reading)] == reading
        session.heard += [message for _, effect in effects if isinstance(effect, bytes) for message in messages(session.framer, effect)]
        assert [message.result for message in session.heard if isinstance(message, Reply)] == [[number] for number in range(answered)]
        assert session.server.due() == (session.now if reading != [Reading(True)] else float("inf"))
        session.server.tick(session.now)


def test_a_session_that_does_not_take_large_answers_gets_one_at_a_time() -> None:
    session = client()
    text = "x" * (ENOUGH + 1)
    session.send(b"".join(encode(Request("echo", [text], number)) for number in range(3)))
    assert sum(len(effect) for _, effect in session.server.take() if isinstance(effect, bytes)) < 2 * ENOUGH
    session.server.receive(1, Slow(True), 0.0)
    session.server.tick(0.0)
    assert [effect for _, effect in session.server.take() if isinstance(effect, bytes)] == []
    session.server.receive(1, Slow(False), 0.0)
    session.server.tick(session.server.due())
    assert len([effect for _, effect in session.server.take() if isinstance(effect, bytes)]) == 1


def test_one_serialisation_serves_all_who_watch_the_same() -> None:
    database = empty_database()
    server = new_server(database)
    clients = [Client(server, port) for port in range(1, 11)]
    for number, each in enumerate(clients):
        each.call("monitor_cond", NB, f"id{number}", {"Logical_Switch": {"columns": ["name"]}})
    (view,) = {id(watch.view): watch.view for each in server.sessions.values() for watch in each.watches.values()}.values()
    clients[0].send(Request("transact", [NB, INSERT], 1))
    updates = [effect for _, effect in server.take() if isinstance(effect, bytes) and b"update2" in effect]
    assert len(updates) == len(clients) and len({update[update.index(b"{", 30) :] for update in updates}) == 1
    assert len(view.updates) == 1
