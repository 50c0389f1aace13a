"""`ovn-central` as a process: to its clients it is two database servers and a compiler."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyovn.ovsdb.database_file import create_file
from pyovn.ovsdb.declare import schema_of, tables_for
from pyovn.ovsdb.schema_json import schema_from_json
from pyovn.runtime.storage import disk_world
from pyovn.schemas import nb
from tests.runtime.processes import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.end()


def start(place: Place) -> None:
    """Start the daemon on the files of the folder."""
    assert place.start("ovn-central").returncode == 0


def flows(place: Place) -> int:
    """How many logical flows the southbound has."""
    return len(place.run("ovn-sbctl", "--bare", "--columns=_uuid", "list", "Logical_Flow").stdout.split())


def test_a_change_is_compiled_when_the_client_hears_that_it_is(place: Place) -> None:
    start(place)
    done = place.run("ovn-nbctl", "--wait=sb", "ls-add", "sw0", "--", "lsp-add", "sw0", "p0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "p0" in place.run("ovn-sbctl", "--bare", "--columns=logical_port", "list", "Port_Binding").stdout
    assert flows(place) > 30
    assert place.appctl("status", target="ovn-central") == "Status: active\n"
    assert place.appctl("ovsdb-server/list-dbs", target="ovn-central") == "OVN_Northbound\nOVN_Southbound\n_Server\n"


def test_what_was_compiled_is_there_after_a_restart_and_nothing_is_written_again(place: Place) -> None:
    start(place)
    place.run("ovn-nbctl", "--wait=sb", "ls-add", "sw0")
    before = flows(place)
    place.end()
    size = (place.folder / "ovnsb_db.db").stat().st_size
    start(place)
    assert flows(place) == before
    assert (place.folder / "ovnsb_db.db").stat().st_size == size


def test_while_paused_another_compiler_works(place: Place) -> None:
    start(place)
    assert place.appctl("pause", target="ovn-central") == ""
    assert place.appctl("status", target="ovn-central") == "Status: paused\n"
    assert place.start("ovn-northd").returncode == 0
    assert place.run("ovn-nbctl", "--timeout=10", "--wait=sb", "ls-add", "sw0").returncode == 0
    assert place.appctl("status", target="ovn-northd") == "Status: active\n"
    assert place.appctl("resume", target="ovn-central") == ""
    assert place.appctl("status", target="ovn-central") == "Status: standby\n"
    assert place.appctl("exit", target="ovn-northd") == ""
    place.started.remove("ovn-northd")
    assert place.run("ovn-nbctl", "--timeout=10", "--wait=sb", "ls-add", "sw1").returncode == 0


def test_an_older_file_is_converted_and_a_newer_one_refused(place: Place) -> None:
    schema = schema_of(nb).to_json()
    schema["version"] = "5.0.0"
    del schema["tables"]["Logical_Switch"]["columns"]["other_config"]
    create_file(disk_world(tables_for), str(place.folder / "ovnnb_db.db"), schema_from_json(schema))
    start(place)
    assert place.run("ovn-nbctl", "ls-add", "sw0", "--", "set", "Logical_Switch", "sw0", "other_config:a=b").returncode == 0
    place.end()
    schema["version"] = "99.0.0"
    (place.folder / "new.schema").write_text(json.dumps(schema))
    assert place.run("ovsdb-tool", "convert", "ovnnb_db.db", "new.schema").returncode == 0
    refused = place.start("ovn-central")
    assert refused.returncode == 1 and "is not OVN_Northbound" in refused.stderr
