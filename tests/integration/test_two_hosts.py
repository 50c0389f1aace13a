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
LIMIT_S = 240
"""The script takes some 40 s; longer than this means that it hangs."""

pytestmark = [pytest.mark.integration, pytest.mark.slow]


def run_script(directory: Path, **settings: str) -> str:
    """Run the script with our programs first in PATH; what it printed."""
    write(directory / "schemas")
    programs = Path(sys.executable).parent
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
