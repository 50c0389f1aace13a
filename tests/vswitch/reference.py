"""The reference's switch with in-memory ports, where `PYOVN_REFERENCE` names a folder of its programs; otherwise tests are skipped."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from struct import unpack

import pytest

from pyovn.schemas.__main__ import write

PORTS = (1, 2, 3)
LIMIT_S = 20


@dataclass
class Reference:
    """Its programs and the folder that it runs in."""

    programs: Path
    folder: Path
    rounds: int = 0

    def run(self, program: str, *arguments: str) -> str:
        """Run one of its programs to the end; what it printed."""
        where = next(place for place in (self.programs / "bin", self.programs / "sbin", self.programs) if (place / program).exists())
        folder = str(self.folder)
        environment = {**os.environ, "OVS_RUNDIR": folder, "OVS_LOGDIR": folder, "OVS_DBDIR": folder, "OVS_SYSCONFDIR": folder}
        done = subprocess.run([str(where / program), *arguments], env=environment, text=True, capture_output=True, timeout=LIMIT_S)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def appctl(self, *arguments: str) -> str:
        """Ask the switch."""
        return self.run("ovs-appctl", "-t", f"{self.folder}/ovs-vswitchd.ctl", *arguments)

    def start(self) -> None:
        """Start a database and a switch."""
        write(self.folder / "schemas")
        self.run("ovsdb-tool", "create", f"{self.folder}/conf.db", f"{self.folder}/schemas/vswitch.ovsschema")
        daemon = ("--detach", "--no-chdir")
        names = {name: (f"--pidfile={self.folder}/{name}.pid", f"--unixctl={self.folder}/{name}.ctl") for name in DAEMONS}
        remote = f"--remote=punix:{self.folder}/db.sock"
        log = f"--log-file={self.folder}/log"
        self.run("ovsdb-server", *daemon, *names["ovsdb-server"], log, remote, f"{self.folder}/conf.db")
        self.run("ovs-vsctl", "--no-wait", "init")
        self.run("ovs-vswitchd", *daemon, *names["ovs-vswitchd"], log, "--enable-dummy", "--disable-system", f"unix:{self.folder}/db.sock")
        self.appctl("vlog/set", "off")

    def stop(self) -> None:
        """End both."""
        for name in reversed(DAEMONS):
            pidfile = self.folder / f"{name}.pid"
            if pidfile.exists():
                self.run("ovs-appctl", "-t", f"{self.folder}/{name}.ctl", "exit")

    def course(
        self, rules: Sequence[str], arrivals: Sequence[tuple[int, bytes]], more: Sequence[str] = ()
    ) -> list[list[tuple[int, bytes]]]:
        """What leaves a new bridge with these rules for each arrival, by port; `more` are words for ovs-vsctl with {bridge} and {port}."""
        self.rounds += 1
        bridge = f"br{self.rounds}"
        captures = {number: self.folder / f"{bridge}-{number}.pcap" for number in PORTS}
        command = ["add-br", bridge, "--", "set", "bridge", bridge, "datapath_type=dummy", "fail_mode=secure"]
        for number, file in captures.items():
            port = f"p{self.rounds}-{number}"
            command += ["--", "add-port", bridge, port, "--", "set", "interface", port, "type=dummy", f"options:tx_pcap={file}"]
            command += [f"ofport_request={number}"]
        self.run("ovs-vsctl", *command)
        if more:
            self.run("ovs-vsctl", *(word.format(bridge=bridge, port=f"p{self.rounds}-") for word in more))
        for rule in rules:
            self.run("ovs-ofctl", "-OOpenFlow15", "add-flow", bridge, rule)
        sent = []
        before = dict.fromkeys(PORTS, 0)
        for number, frame in arrivals:
            self.appctl("netdev-dummy/receive", f"p{self.rounds}-{number}", frame.hex())
            # A frame is forwarded in the turn of the main loop that follows the command, so before the next one is answered.
            self.appctl("revalidator/wait")
            frames = {port: read_pcap(file) for port, file in captures.items()}
            sent.append(sorted((port, out) for port in PORTS for out in frames[port][before[port] :]))
            before = {port: len(frames[port]) for port in PORTS}
        self.appctl("dpctl/flush-conntrack")
        self.run("ovs-vsctl", "del-br", bridge)
        return sent


DAEMONS = ("ovsdb-server", "ovs-vswitchd")


def read_pcap(file: Path) -> list[bytes]:
    """The frames of a capture."""
    data = file.read_bytes()
    order = "<" if data[:4] == b"\xd4\xc3\xb2\xa1" else ">"
    frames, at = [], 24
    while at + 16 <= len(data):
        (size,) = unpack(order + "I", data[at + 8 : at + 12])
        frames.append(data[at + 16 : at + 16 + size])
        at += 16 + size
    return frames


def reference(folder: Path) -> Iterator[Reference]:
    """The switch, started and in the end stopped; the caller is skipped without one."""
    programs = os.environ.get("PYOVN_REFERENCE", "")
    if not programs:
        pytest.skip("PYOVN_REFERENCE names no folder of the reference's programs")
    peer = Reference(Path(programs), folder)
    try:
        peer.start()
        yield peer
    finally:
        peer.stop()
