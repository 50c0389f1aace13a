"""Our ovs-vsctl edits Open vSwitch's database, and its ovs-vsctl edits ours; both databases end up the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pyovn.schemas.__main__ import write

OURS = Path(sys.executable).parent
THEIRS = Path("/usr/sbin"), Path("/usr/bin")
"""Where Debian puts the server and ovs-vsctl."""

COMMANDS = (
    "init",
    "add-br br-int -- set Bridge br-int fail-mode=secure",
    "add-port br-int vm1 -- set interface vm1 type=internal external_ids:iface-id=ls1-vm1",
    "add-port br-int vm2 tag=7 -- set interface vm2 type=internal",
    "set open_vswitch . external_ids:ovn-encap-type=geneve external_ids:ovn-encap-ip=192.168.0.1",
    "--may-exist add-br br-int",
    "del-port br-int vm2",
    "set-controller br-int tcp:127.0.0.1:6653",
)
QUESTIONS = ("show", "list-br", "list-ports br-int", "get interface vm1 external_ids:iface-id", "--columns=external_ids list open_vswitch")

pytestmark = pytest.mark.integration


@contextmanager
def database(tool: Path, server: Path, folder: Path) -> Iterator[str]:
    """A running Open_vSwitch database; its remote."""
    folder.mkdir()
    write(folder)
    environment = {**os.environ, "OVS_RUNDIR": str(folder)}
    subprocess.run([tool, "create", folder / "conf.db", folder / "vswitch.ovsschema"], check=True, env=environment)
    flags = ["--detach", "--no-chdir", f"--pidfile={folder}/pid", f"--unixctl={folder}/ctl", f"--log-file={folder}/log"]
    subprocess.run([server, *flags, f"--remote=punix:{folder}/db.sock", folder / "conf.db"], check=True, env=environment, timeout=20)
    try:
        yield f"unix:{folder}/db.sock"
    finally:
        subprocess.run(["kill", (folder / "pid").read_text().strip()], check=False)


def run(vsctl: Path, remote: str, words: str) -> str:
    """What ovs-vsctl prints, uuids and the order of rows aside."""
    command = [str(vsctl), "--no-syslog", f"--db={remote}", "--no-wait", *words.split()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, f"{words}: {done.stderr}"
    nameless = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "-", done.stdout)
    return "\n".join(sorted(nameless.splitlines()))


def test_each_command_line_edits_the_others_database(tmp_path: Path) -> None:
    server, vsctl = THEIRS[0] / "ovsdb-server", THEIRS[1] / "ovs-vsctl"
    if not (server.exists() and vsctl.exists()):
        pytest.skip("needs Debian's openvswitch-switch")
    with (
        database(THEIRS[1] / "ovsdb-tool", server, tmp_path / "theirs") as their_remote,
        database(OURS / "ovsdb-tool", OURS / "ovsdb-server", tmp_path / "ours") as our_remote,
    ):
        for words in COMMANDS:
            assert run(OURS / "ovs-vsctl", their_remote, words) == run(vsctl, our_remote, words)
        for words in QUESTIONS:
            answers = {run(program, remote, words) for program in (OURS / "ovs-vsctl", vsctl) for remote in (their_remote, our_remote)}
            assert len(answers) == 1, (words, answers)
