"""`ovn-ic` as a process: it joins a zone, is told to pause, and another takes over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyovn.ovsdb.declare import schema_of
from pyovn.schemas import ic_nb, ic_sb, nb, sb
from tests.runtime.processes import Place, command

SOCKET = "unix:db.sock"
FLAGS = ("--detach", "--no-chdir", "--log-file", "-vconsole:off")
REMOTES = tuple(f"--{name}-db={SOCKET}" for name in ("ovnnb", "ovnsb", "ic-nb", "ic-sb"))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A server of all four databases of a zone called `az1`."""
    made, files = Place(tmp_path), []
    for module in (nb, sb, ic_nb, ic_sb):
        name = module.SCHEMA
        (tmp_path / f"{name}.ovsschema").write_text(json.dumps(schema_of(module).to_json()))
        assert made.run("ovsdb-tool", "create", f"{name}.db", f"{name}.ovsschema").returncode == 0
        files.append(f"{name}.db")
    assert made.start("ovsdb-server", f"--remote=p{SOCKET}", *files).returncode == 0
    assert made.run("ovn-nbctl", f"--db={SOCKET}", "set", "NB_Global", ".", "name=az1").returncode == 0
    yield made
    made.end()


def start(place: Place, name: str, *words: str) -> None:
    """Start a daemon whose control socket and pid file are called `name`."""
    files = (f"--pidfile={name}.pid", f"--unixctl={place.folder}/{name}.ctl")
    done = place.program([*command("ovn-ic"), *FLAGS, *files, *(words or REMOTES)])
    assert done.returncode == 0, done.stderr
    place.started.append(f"{place.folder}/{name}.ctl")


def tell(place: Place, name: str, *words: str) -> str:
    """What a daemon answers to a command."""
    return place.appctl(*words, target=f"{place.folder}/{name}.ctl")


def add_switch(place: Place, name: str) -> None:
    """Ask for a transit switch, and wait until every zone has it."""
    done = place.run("ovn-ic-nbctl", f"--db={SOCKET}", "--wait=sb", "--timeout=20", "ts-add", name)
    assert (done.returncode, done.stderr) == (0, "")


def switches(place: Place) -> list[str]:
    """The names of the zone's switches."""
    return sorted(place.run("ovn-nbctl", f"--db={SOCKET}", "--bare", "--columns=name", "list", "Logical_Switch").stdout.split())


@pytest.mark.slow
def test_of_several_daemons_one_works(place: Place) -> None:
    start(place, "first")
    add_switch(place, "a")
    start(place, "second")
    assert tell(place, "first", "status") == "Status: active\n"
    assert {tell(place, "first", f"{name}-connection-status") for name in ("nb", "sb", "ic-nb", "ic-sb")} == {"connected\n"}
    assert tell(place, "second", "status") == "Status: standby\n"
    tell(place, "first", "exit")
    add_switch(place, "b")
    assert tell(place, "second", "status") == "Status: active\n"
    assert switches(place) == ["a", "b"]
    tell(place, "second", "pause")
    assert (tell(place, "second", "is-paused"), tell(place, "second", "status")) == ("true\n", "Status: paused\n")
    start(place, "third")
    add_switch(place, "c")
    assert tell(place, "third", "status") == "Status: active\n", "a paused one leaves the lock to others"
    tell(place, "second", "resume")
    assert tell(place, "second", "status") == "Status: standby\n"
    assert "Statistics for 'ovn-ic-loop'" in tell(place, "third", "stopwatch/show")


@pytest.mark.slow
def test_databases_are_where_the_environment_says(place: Place) -> None:
    (place.folder / "ovn_ic_nb_db.sock").symlink_to("db.sock")
    (place.folder / "ovn_ic_sb_db.sock").symlink_to("db.sock")
    (place.folder / "ovnnb_db.sock").symlink_to("db.sock")
    (place.folder / "ovnsb_db.sock").symlink_to("db.sock")
    start(place, "first", "--no-self-confinement")
    assert place.run("ovn-ic-nbctl", "--wait=sb", "--timeout=20", "ts-add", "a").returncode == 0
    assert place.run("ovn-ic-sbctl", "show").stdout == "availability-zone az1\n"
    assert switches(place) == ["a"]
