"""Our programs as processes in a folder of their own, started detached and ended by their control sockets."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

MAINS = {
    "ovsdb-server": "pyovn.cli.ovsdb_server:main",
    "ovsdb-client": "pyovn.cli.ovsdb_client:main",
    "ovsdb-tool": "pyovn.cli.ovsdb_tool:main",
    "ovs-appctl": "pyovn.cli.appctl:main",
    "ovn-appctl": "pyovn.cli.appctl:main_ovn",
    "ovn-nbctl": "pyovn.cli.nbctl:main",
    "ovn-sbctl": "pyovn.cli.sbctl:main",
    "ovs-vsctl": "pyovn.cli.vsctl:main",
    "ovn-trace": "pyovn.cli.trace:main",
    "ovn-northd": "pyovn.cli.northd:main",
    "ovn-central": "pyovn.cli.central:main",
    "ovn-controller": "pyovn.cli.controller:main",
    "ovn-ic": "pyovn.cli.ic:main",
    "ovn-ic-nbctl": "pyovn.cli.icnbctl:main",
    "ovn-ic-sbctl": "pyovn.cli.icsbctl:main",
    "ovs-vswitchd": "pyovn.cli.vswitchd:main",
}
TIME_LIMIT_S = 30


@dataclass
class Place:
    """A folder that programs run in: their run, log and database folder."""

    folder: Path
    started: list[str] = field(default_factory=list)

    @property
    def env(self) -> dict[str, str]:
        """The environment of a program that runs here."""
        here = {f"{project}_{kind}DIR": str(self.folder) for project in ("OVS", "OVN") for kind in ("RUN", "LOG", "DB")}
        return {**os.environ, **here, "PYTHONPATH": str(Path(__file__).parents[2])}

    def run(self, name: str, *words: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run one of our programs to its end."""
        return self.program([*command(name), *words], text)

    def program(self, words: list[str], text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run any program to its end."""
        return subprocess.run(
            words, env=self.env, cwd=self.folder, input=text, capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False
        )

    def start(self, name: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Start a daemon of ours; it serves when this returns with status 0."""
        done = self.run(name, *words, "--detach", "--no-chdir", "--pidfile", "--log-file", "-vconsole:off")
        if done.returncode == 0:
            self.started.append(name)
        return done

    def appctl(self, *words: str, target: str = "ovsdb-server") -> str:
        """Have a daemon do a command; what it printed, on either stream."""
        done = self.run("ovs-appctl", "-t", target, *words)
        return done.stdout + done.stderr

    def end(self) -> None:
        """End the daemons that were started here."""
        for name in self.started:
            self.appctl("exit", target=name)


def command(name: str) -> list[str]:
    """How to run one of our programs without its being installed."""
    module, _, main = MAINS[name].partition(":")
    return [sys.executable, "-c", f"import sys; from {module} import {main}; sys.argv[0] = {name!r}; sys.exit({main}())"]
