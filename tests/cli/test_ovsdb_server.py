"""`ovsdb-server` as a process: files, remotes from a database, management, clients that misbehave, PyPI's `ovs`."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import ovs.db.idl
import ovs.poller
import pytest

from pyovn.ovsdb.declare import schema_of
from pyovn.runtime.blocking import BlockingClient, CallError, ConnectError, connect
from pyovn.schemas import nb, vswitch
from tests.runtime.processes import Place

NB = "OVN_Northbound"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A server of a northbound and a host's database."""
    made = Place(tmp_path)
    for name, module in (("nb", nb), ("host", vswitch)):
        (tmp_path / f"{name}.ovsschema").write_text(json.dumps(schema_of(module).to_json()))
        assert made.run("ovsdb-tool", "create", f"{name}.db", f"{name}.ovsschema").returncode == 0
    remotes = ["punix:db.sock", f"db:{NB},NB_Global,connections", "db:Open_vSwitch,Open_vSwitch,manager_options"]
    assert made.start("ovsdb-server", *(f"--remote={remote}" for remote in remotes), "nb.db", "host.db").returncode == 0
    yield made
    made.end()


def client(place: Place) -> BlockingClient:
    return connect(f"unix:{place.folder}/db.sock")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def insert(table: str, **row: object) -> dict[str, object]:
    return {"op": "insert", "table": table, "row": row}


def test_rows_outlive_the_server(place: Place) -> None:
    client(place).call("transact", [NB, insert("Logical_Switch", name="a")])
    place.appctl("exit")
    assert place.start("ovsdb-server", "--remote=punix:db.sock", "nb.db").returncode == 0
    select = {"op": "select", "table": "Logical_Switch", "where": [], "columns": ["name"]}
    assert client(place).call("transact", [NB, select]) == [{"rows": [{"name": "a"}]}]


def test_remotes_are_read_from_the_database_and_followed(place: Place) -> None:
    port = free_port()
    connection = insert("Connection", target=f"ptcp:{port}:127.0.0.1") | {"uuid-name": "c"}
    here = client(place)
    here.call("transact", [NB, connection, insert("NB_Global", connections=["named-uuid", "c"])])
    there = connect(f"tcp:127.0.0.1:{port}")
    assert there.call("echo", ["x"]) == ["x"]
    here.call("transact", [NB, {"op": "delete", "table": "NB_Global", "where": []}])
    with pytest.raises(ConnectError, match=r"Connection refused|End of file|reset"):
        connect(f"tcp:127.0.0.1:{port}").call("echo", [])
    with pytest.raises(ConnectError):
        there.call("echo", [])


def test_managers_are_remotes_too(place: Place) -> None:
    port = free_port()
    connection = insert("Manager", target=f"ptcp:{port}:127.0.0.1") | {"uuid-name": "c"}
    client(place).call("transact", ["Open_vSwitch", connection, insert("Open_vSwitch", manager_options=["named-uuid", "c"])])
    there = connect(f"tcp:127.0.0.1:{port}")
    select = {"op": "select", "table": "Manager", "where": [], "columns": ["is_connected", "status"]}
    wait = {"op": "wait", "table": "Manager", "where": [], "columns": ["is_connected"], "until": "==", "rows": [{"is_connected": True}]}
    there.call("transact", ["Open_vSwitch", {**wait, "timeout": 5000}], 10)
    answer = client(place).call("transact", ["Open_vSwitch", select])
    assert isinstance(answer, list)
    (row,) = answer[0]["rows"]
    status = dict(row["status"][1])
    assert row["is_connected"] and status["bound_port"] == str(port)
    assert int(status["sec_since_connect"]) + int(status["sec_since_disconnect"]) < 10


MANAGEMENT = [
    (["ovsdb-server/list-dbs"], f"{NB}\nOpen_vSwitch\n_Server\n"),
    (["ovsdb-server/list-remotes"], f"db:{NB},NB_Global,connections\ndb:Open_vSwitch,Open_vSwitch,manager_options\npunix:db.sock\n"),
    (["ovsdb-server/compact"], ""),
    (["ovsdb-server/compact", "nope"], "no database by that name\novs-appctl: ovsdb-server: server returned an error\n"),
    (["ovsdb-server/remove-remote", "x"], "no such remote\novs-appctl: ovsdb-server: server returned an error\n"),
    (["ovsdb-server/remove-db", "x"], "Failed to find the database.\novs-appctl: ovsdb-server: server returned an error\n"),
    (["ovsdb-server/add-remote", f"db:{NB},x,y"], f'"db:{NB},x,y": no table named x\novs-appctl: ovsdb-server: server returned an error\n'),
    (["ovsdb-server/add-db", "/no"],
     "I/O error: /no: open failed (No such file or directory)\novs-appctl: ovsdb-server: server returned an error\n"),
    (["ovsdb-server/sync-status"], "state: active\n"),
    (["ovsdb-server/get-db-storage-status", NB], "status: ok\n"),
]  # fmt: skip


def test_management(place: Place) -> None:
    for words, answer in MANAGEMENT:
        assert place.appctl(*words) == answer, words


def test_databases_and_remotes_come_and_go(place: Place) -> None:
    place.appctl("ovsdb-server/add-remote", "punix:second.sock")
    assert connect(f"unix:{place.folder}/second.sock").call("echo", []) == []
    place.appctl("ovsdb-server/remove-remote", "punix:second.sock")
    assert not (place.folder / "second.sock").exists()
    place.appctl("ovsdb-server/remove-db", "Open_vSwitch")
    assert client(place).call("list_dbs", []) == [NB, "_Server"]
    place.appctl("ovsdb-server/add-db", str(place.folder / "host.db"))
    assert client(place).call("list_dbs", []) == [NB, "Open_vSwitch", "_Server"]


def raw(place: Place) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(10)
    sock.connect(str(place.folder / "db.sock"))
    return sock


def test_who_misbehaves_suffers_alone(place: Place) -> None:
    good = client(place)
    monitor = {"Logical_Switch": [{"columns": ["name", "external_ids"]}]}
    half, deep, deaf, flood = (raw(place) for _ in range(4))
    half.sendall(b'{"id":1,"method":"transact","params":["')
    deep.sendall(b'{"id":1,"method":"echo","params":' + b"[" * 10_000 + b"]" * 10_000 + b"}")
    assert deep.recv(10) == b""
    deaf.sendall(json.dumps({"id": 1, "method": "monitor_cond", "params": [NB, 1, monitor]}).encode())
    flood.setblocking(False)
    echo = json.dumps({"id": 1, "method": "echo", "params": ["x" * 100_000]}).encode()
    with pytest.raises(BlockingIOError):
        # Who does not read answers is not read from: in the end the system takes no more of its requests.
        while True:
            flood.sendall(echo)
    big = "x" * 1_000_000
    for number in range(20):
        good.call("transact", [NB, insert("Logical_Switch", name=str(number), external_ids=["map", [["big", big]]])], 10)
    assert good.call("echo", ["still there"], 10) == ["still there"]
    memory = place.appctl("memory/show")
    assert "sessions:4" in memory
    for sock in (half, deep, deaf, flood):
        sock.close()


def test_a_string_of_50_mb_is_taken_or_refused_but_hurts_nobody_else(place: Place) -> None:
    good, bad = client(place), raw(place)
    start = json.dumps({"id": 1, "method": "transact", "params": [NB, insert("Logical_Switch", name="NAME")]}).encode()
    head, tail = start.split(b"NAME")
    bad.sendall(head)
    for _ in range(50):
        bad.sendall(b"x" * 1_000_000)
        assert good.call("echo", [1], 10) == [1]
    bad.sendall(tail)
    assert bad.recv(1000)
    assert good.call("echo", [1], 10) == [1]
    bad.close()


def test_a_wait_of_one_client_ends_with_a_commit_of_another(place: Place) -> None:
    waiting, other = client(place), client(place)
    wait = {"op": "wait", "table": "Logical_Switch", "where": [], "columns": ["name"], "until": "==", "rows": [{"name": "x"}]}
    waiting._send({"id": 0, "method": "transact", "params": [NB, wait]})
    other.call("transact", [NB, insert("Logical_Switch", name="x")])
    assert waiting._receive() == {"id": 0, "result": [{}], "error": None}


def test_refusals_reach_a_client_as_errors(place: Place) -> None:
    with pytest.raises(CallError) as caught:
        client(place).call("get_schema", ["nope"])
    assert caught.value.error == {
        "error": "unknown database", "details": "get_schema request specifies unknown database nope", "syntax": '["nope"]',
    }  # fmt: skip


def test_the_idl_of_pypi_follows_and_writes(place: Place) -> None:
    helper = ovs.db.idl.SchemaHelper(str(place.folder / "nb.ovsschema"))
    helper.register_all()
    idl = ovs.db.idl.Idl(f"unix:{place.folder}/db.sock", helper)
    transaction = None
    names: list[str] = []
    for _ in range(200):
        idl.run()
        if idl.has_ever_connected() and transaction is None:
            transaction = ovs.db.idl.Transaction(idl)
            transaction.insert(idl.tables["Logical_Switch"]).name = "from the idl"
        status = None if transaction is None else transaction.commit()
        names = [row.name for row in idl.tables["Logical_Switch"].rows.values()]
        if status == ovs.db.idl.Transaction.SUCCESS and names:
            break
        poller = ovs.poller.Poller()
        idl.wait(poller)
        poller.timer_wait(100)
        poller.block()
    idl.close()
    assert names == ["from the idl"]
