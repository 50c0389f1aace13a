"""`ovn-controller`: the host's agent as a daemon between two databases and a switch (ovn-controller(8))."""

from __future__ import annotations

import logging
import random
import socket
from collections.abc import Sequence

from pyovn.controller.controller import Controller
from pyovn.controller.facts import Process as Facts
from pyovn.controller.host import bridge_name, chassis_name, raw_setting, setting
from pyovn.controller.ofstream import Ch, Connection
from pyovn.ovsdb.replica import Replica
from pyovn.runtime.link import remotes_of
from pyovn.runtime.loop import wall_s
from pyovn.runtime.options import Option
from pyovn.runtime.program import Process, Program, run_program
from pyovn.runtime.unixctl import CommandError
from pyovn.schemas import sb, vswitch

OPTIONS = (Option("chassis", "required", "n"), Option("enable-dummy-vif-plug"))

log = logging.getLogger("main")


class Agent:
    """A task that gives the agent a turn after each wait, and follows the settings that say whom to talk to."""

    def __init__(self, machine: Controller, southbound: Replica) -> None:
        self.machine = machine
        self._southbound = southbound
        self._remotes: tuple[str, ...] = ()

    def turn(self, now: float) -> bool:
        """See `Task`."""
        before = self.machine.written
        self.machine.tick(now)
        self._follow()
        return self.machine.written != before

    def due(self) -> float:
        """See `Task`."""
        return self.machine.due()

    def _follow(self) -> None:
        remotes = remotes_of(setting(self.machine.db, "ovn-remote") or "")
        if remotes != self._remotes:
            self._remotes = tuple(remotes)
            self._southbound.set_remotes(self._remotes)


def setup(process: Process) -> None:
    local = process.options.operands[0] if process.options.operands else f"unix:{process.network.rundir}/db.sock"
    switchdb = Replica(vswitch, [local], probe_interval_s=0)
    southbound = Replica(sb, [])
    channel = Connection(f"unix:{process.network.rundir}/br-int.mgmt")
    facts = Facts(process.options.last("chassis", ""), socket.gethostname(), int(wall_s() * 1000), "0e:00:00:00:00:01")
    machine = Controller(southbound, switchdb, Ch(channel), facts, lambda: int(wall_s() * 1000))
    process.link(switchdb); process.link(southbound); process.link(channel)
    process.loop.add(Agent(machine, southbound))


PROGRAM = Program("ovn-controller", "the local agent of Open Virtual Network", setup, OPTIONS, "[OVS-DATABASE]", 1)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the daemon; its exit status."""
    return run_program(PROGRAM, argv)
