"""Which command lines are for a daemon, what it is sent, and a daemon from its start to its end."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pyovn.cli.ctl.daemon import run, without_socket
from pyovn.cli.main import concerns
from pyovn.cli.nbctl import PROGRAM
from pyovn.cli.vsctl import PROGRAM as VSCTL

ROOT = Path(__file__).resolve().parents[2]
NBCTL = [sys.executable, "-c", "from pyovn.cli.nbctl import main; main()"]


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (["-u", "/x", "ls-list"], ["ls-list"]),
        (["-u/x", "--wait=sb", "ls-list"], ["--wait=sb", "ls-list"]),
        (["--unixctl=/x", "--", "--if-exists", "ls-del", "-u"], ["--", "--if-exists", "ls-del", "-u"]),
        (["--timeout=3", "ls-list"], ["--timeout=3", "ls-list"]),
    ],
)
def test_a_daemon_is_sent_the_command_line_without_its_socket(words: list[str], sent: list[str]) -> None:
    assert without_socket(words) == sent


def test_who_is_concerned() -> None:
    assert concerns(PROGRAM, ["ls-list"], {"OVN_NB_DAEMON": "/x"})
    assert concerns(PROGRAM, ["--detach"], {})
    assert not concerns(PROGRAM, ["ls-list"], {})
    assert not concerns(VSCTL, ["--detach"], {})


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--detach", "ls-list"], "non-option arguments not supported with --detach (use --help for help)"),
        (
            ["-u", "/nosuch", "ls-list"],
            "/nosuch: could not connect to ovn-nbctl daemon (No such file or directory); unset OVN_NB_DAEMON to avoid using daemon",
        ),
    ],
)
def test_what_is_refused(words: list[str], message: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run(PROGRAM, words, {}, out=out, err=err) == 1
    assert err.getvalue() == f"ovn-nbctl: {message}\n"


def test_a_daemon_answers_and_ends(tmp_path: Path) -> None:
    environment = os.environ | {"OVN_RUNDIR": str(tmp_path), "OVN_NB_DB": f"unix:{tmp_path}/nosuch"}
    pidfile = tmp_path / "pid"

    def nbctl(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*NBCTL, *words], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)

    started = nbctl("--detach", f"--pidfile={pidfile}")
    try:
        socket = started.stdout.strip()
        assert started.returncode == 0 and Path(socket).is_socket()
        asked = nbctl("-u", socket, "ls-list")
        assert asked.returncode == 1
        assert "database connection failed" in asked.stderr
    finally:
        os.kill(int(pidfile.read_text()), signal.SIGTERM)
