"""`ovs-appctl` and `ovn-appctl`: how a daemon is found, what is said when it is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyovn.runtime.version import version_text
from tests.runtime.processes import Place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A folder with a daemon."""
    made = Place(tmp_path_factory.mktemp("appctl"))
    made.start("ovsdb-server", "--no-dbs")
    (made.folder / "dead.pid").write_text("1\n")
    yield made
    made.end()


REFUSED = [
    ("ovs-appctl", [], 1, "at least one non-option argument is required (use --help for help)"),
    ("ovs-appctl", ["-t"], 1, "option requires an argument -- 't'"),
    ("ovs-appctl", ["version"], 1, 'cannot read pidfile "HERE/ovs-vswitchd.pid" (No such file or directory)'),
    ("ovn-appctl", ["version"], 1, 'cannot read pidfile "HERE/ovn-controller.pid" (No such file or directory)'),
    ("ovn-appctl", ["-t", "dead", "version"], 1, 'cannot read pidfile "HERE/dead.pid" (No such process)'),
    ("ovs-appctl", ["-t", "/no.ctl", "version"], 1, 'cannot connect to "/no.ctl" (No such file or directory)'),
    ("ovs-appctl", ["--timeout=x", "version"], 1, "value x on -T or --timeout is invalid"),
    ("ovs-appctl", ["-f", "xml", "version"], 1, "value xml on -f or --format is invalid"),
    ("ovs-appctl", ["--pretty", "version"], 1, "--pretty is supported with --format json only"),
    ("ovs-appctl", ["-t", "ovsdb-server", "nope"], 2, "ovsdb-server: server returned an error"),
]


@pytest.mark.parametrize(("name", "words", "status", "line"), REFUSED)
def test_refusals(place: Place, name: str, words: list[str], status: int, line: str) -> None:
    done = place.run(name, *words)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (status, f"{name}: {line.replace('HERE', str(place.folder))}")


def test_a_daemon_is_found_by_name_and_by_socket(place: Place) -> None:
    pid = (place.folder / "ovsdb-server.pid").read_text().strip()
    for target in ("ovsdb-server", f"{place.folder}/ovsdb-server.{pid}.ctl"):
        assert place.appctl("version", target=target) == version_text("ovsdb-server")


def test_answers_in_json(place: Place) -> None:
    done = place.run("ovs-appctl", "-f", "json", "-t", "ovsdb-server", "ovsdb-server/list-dbs")
    assert json.loads(done.stdout) == {"reply-format": "plain", "reply": "_Server\n"}


def test_levels_are_set_while_it_runs(place: Place) -> None:
    place.appctl("vlog/set", "unixctl:file:dbg")
    assert "unixctl" in place.appctl("vlog/list")
    assert "received request version" in (place.appctl("version") and Path(place.folder / "ovsdb-server.log").read_text())
