"""What a test needs of the system; without it the test is skipped and says what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROGRAMS = ("ip", "ping", "dhclient", "ethtool")
OPEN_VSWITCH = "/usr/sbin/ovs-vswitchd"
"""Where Debian's package puts its switch; the programs of this project come first in PATH, so the name alone will not do."""

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def missing(*programs: str) -> str | None:
    """Why a test in network namespaces cannot run here, or None."""
    if os.geteuid() != 0:
        return "needs root"
    absent = [program for program in programs if shutil.which(program, path=SYSTEM_PATH) is None]
    if absent:
        return f"needs {', '.join(absent)}"
    if not Path("/dev/net/tun").exists():
        return "needs /dev/net/tun"
    name = f"pyovn-probe-{os.getpid()}"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode:
        return "needs the right to make network namespaces"
    subprocess.run(["ip", "netns", "del", name], capture_output=True)
    return None


def need(*programs: str) -> None:
    """Skip the calling test unless it can have network namespaces and these programs."""
    reason = missing(*PROGRAMS, *programs)
    if reason is not None:
        pytest.skip(reason)
