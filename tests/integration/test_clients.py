"""The field's own clients on our databases and compiler, and our clients on Debian's database server."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyovn.ovsdb.declare import schema_of
from pyovn.schemas import nb, sb
from tests.runtime.processes import Place

pytestmark = pytest.mark.integration

NBCTL = "/usr/bin/ovn-nbctl"
CLIENT = "/usr/bin/ovsdb-client"
SERVER = "/usr/sbin/ovsdb-server"
TIME_LIMIT_S = 20


def need(program: str, package: str) -> None:
    """Skip the calling test without one of Debian's programs."""
    if not os.access(program, os.X_OK):
        pytest.skip(f"needs {program} (Debian: {package})")


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Place]:
    """Our databases and compiler."""
    place = Place(tmp_path)
    assert place.start("ovn-central").returncode == 0
    yield place
    place.end()


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Place]:
    """Debian's server of both databases, where our programs look for it."""
    need(SERVER, "openvswitch-switch")
    place = Place(tmp_path)
    for name, module in (("nb", nb), ("sb", sb)):
        (tmp_path / f"{name}.ovsschema").write_text(json.dumps(schema_of(module).to_json()))
        assert place.run("ovsdb-tool", "create", f"{name}.db", f"{name}.ovsschema").returncode == 0
    remotes = [f"--remote=punix:{tmp_path}/ovn{name}_db.sock" for name in ("nb", "sb")]
    # Not detached, or its pipes would stay open.
    server = subprocess.Popen([SERVER, *remotes, f"--unixctl={tmp_path}/ctl", "-vconsole:off", "nb.db", "sb.db"], cwd=tmp_path)
    while not (tmp_path / "ovnsb_db.sock").exists() and server.poll() is None:
        os.sched_yield()
    yield place
    place.end()
    server.terminate()
    server.wait()


def done(result: subprocess.CompletedProcess[str]) -> str:
    """What a command printed; it must have gone well and without complaint."""
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def test_ovsdbapp_writes_and_is_told(central: Place) -> None:
    from ovsdbapp.backend.ovs_idl import connection, event
    from ovsdbapp.schema.ovn_northbound import impl_idl

    heard = threading.Event()

    class SwitchComes(event.RowEvent):  # type: ignore[misc]
        """Somebody adds the switch."""

        def run(self, happened: Any, row: Any, old: Any) -> None:
            heard.set()

    idl = connection.OvsdbIdl.from_server(f"unix:{central.folder}/ovnnb_db.sock", "OVN_Northbound")
    handler = event.RowEventHandler()
    idl.notify = handler.notify
    handler.watch_event(SwitchComes((event.RowEvent.ROW_CREATE,), "Logical_Switch", (("name", "=", "told"),)))
    link = connection.Connection(idl, timeout=TIME_LIMIT_S)
    try:
        api = impl_idl.OvnNbApiIdlImpl(link)
        with api.transaction(check_error=True) as transaction:
            transaction.add(api.ls_add("sw0"))
            transaction.add(api.lsp_add("sw0", "p0"))
            transaction.add(api.lsp_set_addresses("p0", ["00:00:00:00:00:01 10.0.0.1"]))
        done(central.run("ovn-nbctl", "--wait=sb", "ls-add", "told"))
        assert heard.wait(TIME_LIMIT_S)
        assert [switch.name for switch in api.ls_list().execute(check_error=True)] == ["sw0", "told"]
        assert done(central.run("ovn-nbctl", "lsp-get-addresses", "p0")) == "00:00:00:00:00:01 10.0.0.1\n"
    finally:
        link.stop()


def test_the_idl_follows(central: Place) -> None:
    import ovs.db.idl
    import ovs.poller

    helper = ovs.db.idl.SchemaHelper(schema_json=schema_of(nb).to_json())
    helper.register_columns("Logical_Switch", ["name", "external_ids"])
    idl = ovs.db.idl.Idl(f"unix:{central.folder}/ovnnb_db.sock", helper)

    def run_until_named(names: set[str]) -> None:
        while {row.name for row in idl.tables["Logical_Switch"].rows.values()} != names:
            seen = idl.change_seqno
            idl.run()
            if idl.change_seqno == seen:
                poller = ovs.poller.Poller()
                idl.wait(poller)
                poller.block()

    try:
        done(central.run("ovn-nbctl", "ls-add", "a"))
        run_until_named({"a"})
        transaction = ovs.db.idl.Transaction(idl)
        transaction.insert(idl.tables["Logical_Switch"]).name = "b"
        assert transaction.commit_block() == transaction.SUCCESS
        run_until_named({"a", "b"})
        done(central.run("ovn-nbctl", "ls-del", "a"))
        run_until_named({"b"})
    finally:
        idl.close()


def test_debians_commands(central: Place) -> None:
    need(NBCTL, "ovn-common")
    need(CLIENT, "openvswitch-common")
    remote = f"unix:{central.folder}/ovnnb_db.sock"

    def nbctl(*words: str) -> str:
        return done(central.program([NBCTL, f"--db={remote}", *words]))

    nbctl("--wait=sb", "ls-add", "sw0", "--", "lsp-add", "sw0", "p0", "--", "lsp-set-addresses", "p0", "dynamic")
    assert nbctl("--bare", "--columns=name", "list", "Logical_Switch_Port") == "p0\n"
    assert nbctl("show") == central.run("ovn-nbctl", "show").stdout
    ask = '["OVN_Northbound",{"op":"select","table":"Logical_Switch","where":[],"columns":["name"]}]'
    for words in (
        ["list-dbs", remote], ["transact", remote, ask], ["dump", remote, "OVN_Northbound", "Logical_Switch"],
        ["get-schema-version", remote, "OVN_Northbound"],    ):  # fmt: skip
        assert done(central.program([CLIENT, *words])) == done(central.run("ovsdb-client", *words)), words
    backup = central.folder / "backup.db"
    backup.write_text(done(central.program([CLIENT, "backup", remote, "OVN_Northbound"])))
    assert "sw0" in done(central.run("ovsdb-tool", "query", str(backup), ask))


def test_ours_on_debians_server(theirs: Place) -> None:
    assert theirs.start("ovn-northd").returncode == 0
    done(theirs.run("ovn-nbctl", "--wait=sb", "--timeout=20", "ls-add", "sw0", "--", "lsp-add", "sw0", "p0"))
    assert done(theirs.run("ovn-sbctl", "--bare", "--columns=logical_port", "list", "Port_Binding")) == "p0\n"
    remote = f"unix:{theirs.folder}/ovnnb_db.sock"
    assert sorted(done(theirs.run("ovsdb-client", "list-dbs", remote)).split()) == ["OVN_Northbound", "OVN_Southbound", "_Server"]
    assert "sw0" in done(theirs.run("ovsdb-client", "dump", remote, "OVN_Northbound", "Logical_Switch", "name"))
    backup = theirs.folder / "backup.db"
    backup.write_text(done(theirs.run("ovsdb-client", "backup", remote, "OVN_Northbound")))
    done(theirs.run("ovn-nbctl", "ls-del", "sw0"))
    done(theirs.run("ovsdb-client", "restore", remote, "OVN_Northbound", text=backup.read_text()))
    assert done(theirs.run("ovn-nbctl", "--bare", "--columns=name", "list", "Logical_Switch")) == "sw0\n"
