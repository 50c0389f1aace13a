"""A daemon's life, shown on ovsdb-server: options, detaching, pid file, log, control socket, end."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyovn.runtime.version import version_text
from tests.runtime.processes import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.end()


def test_a_detached_daemon_serves_when_its_parent_leaves(place: Place) -> None:
    assert place.start("ovsdb-server", "--no-dbs", "--remote=punix:db.sock").returncode == 0
    pid = int((place.folder / "ovsdb-server.pid").read_text())
    assert (place.folder / f"ovsdb-server.{pid}.ctl").exists()
    assert place.run("ovsdb-client", "list-dbs", f"unix:{place.folder}/db.sock").stdout == "_Server\n"
    assert place.appctl("version") == version_text("ovsdb-server")
    assert (place.folder / "ovsdb-server.log").read_text().splitlines()[0].endswith(f"|opened log file {place.folder}/ovsdb-server.log")


def test_a_second_one_is_refused_by_the_pid_file(place: Place) -> None:
    place.start("ovsdb-server", "--no-dbs")
    pid = int((place.folder / "ovsdb-server.pid").read_text())
    again = place.run("ovsdb-server", "--no-dbs", "--detach", "--pidfile")
    assert again.returncode == 1
    assert again.stderr.splitlines()[-1] == f"ovsdb-server: {place.folder}/ovsdb-server.pid: already running as pid {pid}, aborting"


@pytest.mark.parametrize("how", ["exit", "SIGTERM"])
def test_an_end_leaves_nothing_behind(place: Place, how: str) -> None:
    place.start("ovsdb-server", "--no-dbs", "--remote=punix:db.sock")
    pid = int((place.folder / "ovsdb-server.pid").read_text())
    watched = os.pidfd_open(pid)
    if how == "exit":
        place.appctl("exit")
    else:
        os.kill(pid, signal.SIGTERM)
    wait_for_end(watched)
    assert sorted(path.name for path in place.folder.iterdir()) == ["ovsdb-server.log"]
    place.started.clear()


def wait_for_end(pidfd: int) -> None:
    """A pidfd can be read when its process is over."""
    assert select.select([pidfd], [], [], 10)[0]
    os.close(pidfd)


def test_with_a_monitor_a_killed_daemon_comes_back(place: Place) -> None:
    place.start("ovsdb-server", "--no-dbs", "--monitor", "--remote=punix:db.sock")
    pid = int((place.folder / "ovsdb-server.pid").read_text())
    watched = os.pidfd_open(pid)
    os.kill(pid, signal.SIGSEGV)
    wait_for_end(watched)
    successor = place.run("ovsdb-client", "wait", f"unix:{place.folder}/db.sock", "_Server", "added")
    while successor.returncode:
        successor = place.run("ovsdb-client", "wait", f"unix:{place.folder}/db.sock", "_Server", "added")
    assert int((place.folder / "ovsdb-server.pid").read_text()) != pid
    logged = (place.folder / "ovsdb-server.log").read_text()
    assert "|backtrace(monitor)|WARN|SIGSEGV detected, backtrace:\n" in logged and "program.py" in logged
    assert f"|daemon_unix(monitor)|ERR|1 crashes: pid {pid} died, killed (Segmentation fault), restarting\n" in logged


REFUSED = [
    (["--bogus"], "unrecognized option '--bogus'"),
    (["--remote"], "option '--remote' requires an argument"),
    (["--detach=1"], "option '--detach' doesn't allow an argument"),
    (["nothing.db"], "I/O error: nothing.db: open failed (No such file or directory)"),
    (["--no-dbs", "--remote=db:x"], '"db:x": invalid syntax'),
    (["--no-dbs", "--remote=db:x,y,z"], '"db:x,y,z": no database named x'),
    (["--no-dbs", "-vnope:info"], 'processing "nope:info": no destination, level, or module "nope"'),
    (["--no-dbs", "--user=nobody-of-that-name"], "user nobody-of-that-name not found, aborting."),
]


@pytest.mark.parametrize(("words", "line"), REFUSED)
def test_what_is_wrong_is_said_in_one_line(place: Place, words: list[str], line: str) -> None:
    done = place.run("ovsdb-server", "-vconsole:off", *words)
    assert (done.returncode, done.stderr.splitlines()) == (1, [f"ovsdb-server: {line}"])


def test_a_detached_one_fails_with_the_same_line(place: Place) -> None:
    done = place.start("ovsdb-server", "nothing.db")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "ovsdb-server: I/O error: nothing.db: open failed (No such file or directory)"
    assert not (place.folder / "ovsdb-server.pid").exists()


@pytest.mark.parametrize(("command", "status"), [("exit 0", 0), ("exit 3", 1), ("kill -9 $$", 1)])
def test_with_run_it_ends_with_the_command(place: Place, command: str, status: int) -> None:
    done = place.run("ovsdb-server", "--no-dbs", f"--run={command}")
    assert done.returncode == status


def test_help_and_version(place: Place) -> None:
    assert "--remote=REMOTE" in place.run("ovsdb-server", "--help").stdout
    assert place.run("ovsdb-server", "-V").stdout.startswith("ovsdb-server (Open vSwitch) 3.7.0")
