"""The real daemon: two hosts in network namespaces, machines behind ordinary bridges, a Geneve tunnel between the hosts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyovn.schemas.__main__ import write
from tests.integration.needs import need

pytestmark = [pytest.mark.integration, pytest.mark.slow]

LIMIT_S = 30
HOSTS = ("a", "b")


def our(module: str) -> list[str]:
    """The command that runs one of our programs."""
    return [sys.executable, "-c", f"import sys; from pyovn.cli.{module} import main; sys.exit(main())"]


class Lab:
    """Namespaces `ID-a` and `ID-b` joined by a wire, each with a database and a switch, and machines in namespaces of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = f"pyovnvs{os.getpid() % 10000}"
        self.namespaces: list[str] = []
        self.daemons: list[tuple[str, str]] = []

    def run(self, *words: str, host: str = "", check: bool = True) -> str:
        """Run a command, on a host if one is named; what it printed."""
        inside = ["ip", "netns", "exec", f"{self.name}-{host}"] if host else []
        folder = str(self.folder / host)
        environment = {**os.environ, "OVS_RUNDIR": folder, "OVS_LOGDIR": folder, "OVS_DBDIR": folder, "OVS_SYSCONFDIR": folder}
        done = subprocess.run([*inside, *words], env=environment, text=True, capture_output=True, timeout=LIMIT_S)
        assert not check or done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def program(self, module: str, *words: str, host: str) -> str:
        """Run one of our programs on a host."""
        return self.run(*our(module), *words, host=host)

    def namespace(self, name: str) -> None:
        """Make a namespace."""
        self.run("ip", "netns", "add", f"{self.name}-{name}")
        self.namespaces.append(name)
        self.run("ip", "link", "set", "lo", "up", host=name)

    def start(self, host: str) -> None:
        """Start a host's database and switch."""
        folder = self.folder / host
        folder.mkdir()
        self.program("ovsdb_tool", "create", f"{folder}/conf.db", f"{self.folder}/schemas/vswitch.ovsschema", host=host)
        daemon = ["--detach", "--no-chdir"]
        for module, name, words in (
            ("ovsdb_server", "ovsdb-server", [f"--remote=punix:{folder}/db.sock", f"{folder}/conf.db"]),
            ("vswitchd", "ovs-vswitchd", [f"unix:{folder}/db.sock"]),
        ):
            self.daemons.append((host, f"{folder}/{name}.ctl"))
            log = f"--log-file={folder}/{name}.log"
            self.program(module, *daemon, f"--pidfile={folder}/{name}.pid", f"--unixctl={folder}/{name}.ctl", log, *words, host=host)
            if module == "ovsdb_server":
                self.vsctl(host, "--no-wait", "init")

    def vsctl(self, host: str, *words: str) -> str:
        """Edit a host's configuration."""
        return self.program("vsctl", "--timeout=10", *words, host=host)

    def machine(self, host: str, name: str, address: str) -> None:
        """A machine on a host's br0."""
        self.namespace(name)
        self.vsctl(host, "add-port", "br0", name, "--", "set", "interface", name, "type=internal")
        self.run("ip", "link", "set", name, "netns", f"{self.name}-{name}", host=host)
        self.run("ip", "addr", "add", f"{address}/24", "dev", name, host=name)
        self.run("ip", "link", "set", name, "up", host=name)

    def ping(self, name: str, address: str) -> str:
        """Ping three times from a machine."""
        return self.run("ping", "-c", "3", "-i", "0.2", "-W", "2", address, host=name)

    def stop(self) -> None:
        """End the daemons and take the namespaces away."""
        for host, socket in reversed(self.daemons):
            self.run(*our("appctl"), "-t", socket, "exit", host=host, check=False)
        for name in reversed(self.namespaces):
            self.run("ip", "netns", "del", f"{self.name}-{name}", check=False)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    need()
    write(tmp_path / "schemas")
    made = Lab(tmp_path)
    try:
        yield made
    finally:
        made.stop()


def test_two_hosts(lab: Lab) -> None:
    for host in HOSTS:
        lab.namespace(host)
    ends = [word for host in HOSTS for word in ("wire", "netns", f"{lab.name}-{host}")]
    lab.run("ip", "link", "add", *ends[:3], "type", "veth", "peer", "name", *ends[3:])
    for number, host in enumerate(HOSTS, 1):
        lab.run("ip", "addr", "add", f"192.0.2.{number}/24", "dev", "wire", host=host)
        lab.run("ip", "link", "set", "wire", "up", host=host)
        lab.start(host)
        lab.vsctl(host, "add-br", "br0")
        remote = f"options:remote_ip=192.0.2.{3 - number}"
        lab.vsctl(host, "add-port", "br0", "tunnel", "--", "set", "interface", "tunnel", "type=geneve", remote, "options:key=7")
    lab.machine("a", "m1", "10.0.0.1")
    lab.machine("a", "m2", "10.0.0.2")
    lab.machine("b", "m3", "10.0.0.3")
    # Through an ordinary bridge, and through it and the tunnel.
    assert "3 received" in lab.ping("m1", "10.0.0.2")
    assert "3 received" in lab.ping("m1", "10.0.0.3")
    shown = lab.program("appctl", "-t", f"{lab.folder}/a/ovs-vswitchd.ctl", "fdb/show", "br0", host="a")
    assert len(shown.splitlines()) >= 4
    # A device that its owner took away is no port any more; one that is not there has an error.
    lab.vsctl("a", "del-port", "br0", "m2")
    assert "m2" not in lab.run("ip", "-o", "link", host="m2")
