"""The command line of ovn-trace."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pyovn.cli.trace import default_remote, run
from pyovn.runtime.blocking import CallError, connect
from tests.trace.recorded import Recorded

ROOT = Path(__file__).resolve().parents[2]

PACKET = 'inport=="vm1"'
FAULTS = [
    ([], "ovn-trace: one or two non-option arguments are required (use --help for help)\n"),
    (["a", "b", "c"], "ovn-trace: one or two non-option arguments are required (use --help for help)\n"),
    (["--nosuch"], "ovn-trace: unrecognized option '--nosuch'\n"),
    (["--ct=new,odd", PACKET], "ovn-trace: odd: unknown connection tracking state flag\n"),
    (["--lb-dst=nowhere", PACKET], "ovn-trace: nowhere: bad address\n"),
    (["--select-id=x", PACKET], "ovn-trace: x: bad select-id\n"),
]


@pytest.mark.parametrize(("argv", "message"), FAULTS)
def test_a_wrong_command_line(argv: list[str], message: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run(argv, {}, out=out, err=err, connect=Recorded().connect) == 1
    assert (out.getvalue(), err.getvalue()) == ("", message)


def test_options_may_follow_the_microflow() -> None:
    outputs = []
    for argv in (["--minimal", "ls1", PACKET], ["ls1", PACKET, "--minimal"]):
        out = io.StringIO()
        run(argv, {}, out=out, err=io.StringIO(), connect=Recorded().connect)
        outputs.append(out.getvalue())
    assert outputs[0] == outputs[1] and outputs[0].startswith("# reg14=0x2")


def test_an_unknown_port_is_said() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run(["ls1", 'inport=="nosuch"'], {}, out=out, err=err, connect=Recorded().connect) == 0
    assert out.getvalue() == "microflow does not specify ingress port"
    assert err.getvalue() == "ovn-trace: nosuch: unknown logical port\n"


def test_where_the_database_is() -> None:
    assert default_remote({"OVN_SB_DB": "tcp:1.2.3.4:6642"}) == "tcp:1.2.3.4:6642"
    assert default_remote({"OVN_RUNDIR": "/tmp/x"}) == "unix:/tmp/x/ovnsb_db.sock"


def test_a_daemon_traces_and_ends(tmp_path: Path) -> None:
    """There is no database here, which each trace says; another option than those of a trace is refused."""
    socket, pidfile = tmp_path / "trace.ctl", tmp_path / "pid"
    daemon = [sys.executable, "-c", "from pyovn.cli.trace import main; main()", "--detach", f"--unixctl={socket}", f"--pidfile={pidfile}"]
    environment = os.environ | {"OVN_RUNDIR": str(tmp_path), "OVN_LOGDIR": str(tmp_path)}
    assert subprocess.run([*daemon, f"--db=unix:{tmp_path}/none"], env=environment, cwd=ROOT, timeout=30, check=False).returncode == 0
    try:
        for words, message in (
            ([PACKET], f"unix:{tmp_path}/none: database connection failed (No such file or directory)"),
            (["--ct=new", PACKET], "unknown option"),
            (["a", "b", "c"], "one or two non-option arguments are required"),
        ):
            with pytest.raises(CallError, match=re.escape(message)):
                connect(f"unix:{socket}").call("trace", words)
        assert connect(f"unix:{socket}").call("exit", []) == ""
    finally:
        deadline = time.monotonic() + 10
        while pidfile.exists() and time.monotonic() < deadline:
            os.sched_yield()
    assert not pidfile.exists()


def test_a_daemon_takes_no_packet() -> None:
    err = io.StringIO()
    assert run(["--detach", PACKET], {}, out=io.StringIO(), err=err, connect=Recorded().connect) == 1
    assert err.getvalue() == "ovn-trace: non-option arguments not supported with --detach (use --help for help)\n"
