"""One script of two hosts, run with this project's programs, and with Open vSwitch in the place of some."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pyovn.schemas.__main__ import write
from tests.integration.needs import OPEN_VSWITCH, SYSTEM_PATH, need

HERE = Path(__file__).parent
OURS = Path(sys.executable).parent
LIMIT_S = 240
"""The script takes some 40 s; longer than this means that it hangs."""

pytestmark = [pytest.mark.integration, pytest.mark.slow]


def run_script(directory: Path, programs: Path = OURS, **settings: str) -> str:
    """Run the script with these programs first in PATH; what it printed."""
    write(directory / "schemas")
    environment = {
        "PATH": f"{programs}:{SYSTEM_PATH}",
        "HOME": str(directory),
        "SCHEMAS": str(directory / "schemas"),
        "LEASE_SCRIPT": str(HERE / "lease.sh"),
        "AFTER": str(HERE / "restart.sh"),
        **settings,
    }
    command = ["sh", str(HERE / "two_hosts.sh"), f"pyovn{os.getpid()}", str(directory / "run")]
    done = subprocess.run(command, env=environment, text=True, timeout=LIMIT_S, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout + logs(directory)
    return done.stdout


def mixed(directory: Path, ours: tuple[str, ...]) -> Path:
    """A folder of the reference's programs with these of ours in their places."""
    folders = [Path(os.environ.get("PYOVN_REFERENCE", "/nonexistent"), place) for place in ("", "bin", "sbin")]
    theirs = [program for folder in folders if folder.is_dir() for program in folder.glob("ov*") if program.is_file()]
    if not theirs:
        pytest.skip("needs PYOVN_REFERENCE, a folder with the reference's programs")
    made = directory / "programs"
    made.mkdir()
    for program in theirs:
        (made / program.name).symlink_to(OURS / program.name if program.name in ours else program)
    return made


def logs(directory: Path) -> str:
    """The end of every log, for a failure to be understood."""
    files = sorted((directory / "run").glob("*/*.log"))
    return "".join(f"\n--- {file.parent.name}/{file.name}\n" + "\n".join(file.read_text().splitlines()[-15:]) for file in files)


def check(printed: str) -> None:
    """All pings were answered with the right time to live, all leases bound; no packet was lost while programs were restarted."""
    assert printed.count(" 0% packet loss") >= 5
    assert printed.count("64 bytes from 172.18.100.10: icmp_seq=3 ttl=63") == 1
    assert printed.count("64 bytes from 172.18.200.20: icmp_seq=3 ttl=63") == 1
    assert printed.count("64 bytes from 172.18.200.1: icmp_seq=1 ttl=254") == 1
    restarts = printed.partition("== restarts")[2]
    assert re.search(r"([1-9][0-9]{2,}) packets transmitted, \1 received, 0% packet loss", restarts), restarts
    assert all(f"bound to 10.0.0.{host}" in printed for host in (11, 12, 13))


def test_every_program_is_ours(tmp_path: Path) -> None:
    need()
    check(run_script(tmp_path))


def test_open_vswitch_is_the_switch(tmp_path: Path) -> None:
    need(OPEN_VSWITCH)
    check(run_script(tmp_path, VSWITCHD=OPEN_VSWITCH, DATAPATH="netdev"))


COMMAND_LINES = ("ovn-nbctl", "ovn-sbctl", "ovs-vsctl", "ovn-appctl")
SWAPPED = [("ovn-northd",), ("ovn-controller",), ("ovs-vswitchd",), ("ovsdb-server", "ovsdb-tool"), COMMAND_LINES]


@pytest.mark.parametrize("ours", SWAPPED, ids=lambda names: names[0])
def test_one_program_of_the_reference_is_ours(tmp_path: Path, ours: tuple[str, ...]) -> None:
    """Swappable: everything is the reference's but one program."""
    need()
    check(run_script(tmp_path, mixed(tmp_path, ours), DATAPATH="netdev"))
