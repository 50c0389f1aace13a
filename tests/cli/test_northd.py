"""`ovn-northd` as a process: it compiles, is told to pause, and another takes over."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyovn.ovsdb.declare import schema_of
from pyovn.runtime.blocking import BlockingClient, connect
from pyovn.schemas import nb, sb
from tests.runtime.processes import Place

MAIN = "import sys; from pyovn.cli.northd import main; sys.argv[0] = 'ovn-northd'; sys.exit(main())"
FLAGS = ("--detach", "--no-chdir", "--log-file", "-vconsole:off", "--ovnnb-db=unix:db.sock", "--ovnsb-db=unix:db.sock")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A server of both databases."""
    made = Place(tmp_path)
    for name, module in (("nb", nb), ("sb", sb)):
        (tmp_path / f"{name}.ovsschema").write_text(json.dumps(schema_of(module).to_json()))
        assert made.run("ovsdb-tool", "create", f"{name}.db", f"{name}.ovsschema").returncode == 0
    assert made.start("ovsdb-server", "--remote=punix:db.sock", "nb.db", "sb.db").returncode == 0
    yield made
    made.end()


def start(place: Place, name: str) -> None:
    """Start a compiler whose control socket and pid file are called `name`."""
    done = place.program([sys.executable, "-c", MAIN, *FLAGS, f"--pidfile={name}.pid", f"--unixctl={place.folder}/{name}.ctl"])
    assert done.returncode == 0, done.stderr
    place.started.append(f"{place.folder}/{name}.ctl")


def tell(place: Place, name: str, *words: str) -> str:
    """What a compiler answers to a command."""
    return place.appctl(*words, target=f"{place.folder}/{name}.ctl")


def add_switch(client: BlockingClient, name: str) -> None:
    """Ask for a switch, and wait until the southbound has it."""
    insert = {"op": "insert", "table": "Logical_Switch", "row": {"name": name}}
    count = {"op": "mutate", "table": "NB_Global", "where": [], "mutations": [["nb_cfg", "+=", 1]]}
    read = {"op": "select", "table": "NB_Global", "where": [], "columns": ["nb_cfg"]}
    wanted = rows_of(client.call("transact", ["OVN_Northbound", insert, count, read]))[0]["nb_cfg"]
    rows = {"columns": ["sb_cfg"], "until": "==", "rows": [{"sb_cfg": wanted}]}
    until = {"op": "wait", "table": "NB_Global", "where": [], "timeout": 10000, **rows}
    assert client.call("transact", ["OVN_Northbound", until]) == [{}]


def datapaths(client: BlockingClient) -> int:
    """How many datapaths the southbound has."""
    select = {"op": "select", "table": "Datapath_Binding", "where": [], "columns": ["tunnel_key"]}
    return len(rows_of(client.call("transact", ["OVN_Southbound", select])))


def rows_of(results: Any) -> list[dict[str, Any]]:
    """The rows that the last operation of a transaction selected."""
    rows: list[dict[str, Any]] = results[-1]["rows"]
    return rows


@pytest.mark.slow
def test_of_several_compilers_one_works(place: Place) -> None:
    client = connect(f"unix:{place.folder}/db.sock")
    client.call("transact", ["OVN_Northbound", {"op": "insert", "table": "NB_Global", "row": {}}])
    start(place, "first")
    add_switch(client, "a")
    start(place, "second")
    assert tell(place, "first", "status") == "Status: active\n"
    assert tell(place, "first", "nb-connection-status") == "connected\n"
    assert tell(place, "second", "status") == "Status: standby\n"
    tell(place, "first", "exit")
    add_switch(client, "b")
    assert tell(place, "second", "status") == "Status: active\n"
    assert datapaths(client) == 2
    tell(place, "second", "pause")
    assert tell(place, "second", "is-paused") == "true\n"
    assert tell(place, "second", "status") == "Status: paused\n"
    start(place, "third")
    add_switch(client, "c")
    assert tell(place, "third", "status") == "Status: active\n", "a paused one leaves the lock to others"
    tell(place, "second", "resume")
    assert tell(place, "second", "status") == "Status: standby\n"
    assert "Node: contents.empty_stages" in tell(place, "second", "inc-engine/show-stats")
