"""The command line of ovn-trace."""

from __future__ import annotations

import io

import pytest

from pyovn.cli.trace import default_remote, run
from tests.trace.recorded import Recorded

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
