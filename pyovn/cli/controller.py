"""`ovn-controller`: the host's agent as a daemon between two databases and a switch (ovn-controller(8))."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import replace as with_fields

from pyovn.controller.commands import register
from pyovn.controller.controller import Controller
from pyovn.controller.facts import Process as Facts
from pyovn.controller.host import bridge_name, integration_bridge, setting
from pyovn.controller.injection import injected
from pyovn.logical.lexer import LogicalError
from pyovn.openflow.connection import Connection
from pyovn.openflow.message import OF15
from pyovn.ovsdb.copy import Interest
from pyovn.ovsdb.reconnect import Reconnect
from pyovn.ovsdb.replica import Replica
from pyovn.query import Engine
from pyovn.runtime.link import remotes_of
from pyovn.runtime.loop import wall_s
from pyovn.runtime.options import Option
from pyovn.runtime.program import Process, Program, run_program
from pyovn.runtime.tls import TlsSettings
from pyovn.runtime.unixctl import CommandError
from pyovn.schemas import sb, vswitch

OPTIONS = (Option("chassis", "required", "n"), Option("enable-dummy-vif-plug"))
SWITCH_BACKOFF_S = 1.0
MOVING = frozenset({"statistics", "rstp_statistics", "status", "rstp_status", "link_speed", "duplex"})
"""Columns of the host's database that change all the time and concern nobody here."""

log = logging.getLogger("main")


class Agent:
    """A task that gives the agent a turn after each wait, and follows the settings that say whom to talk to."""

    def __init__(self, process: Process, machine: Controller, southbound: Replica, switch: Reconnect) -> None:
        self.machine = machine
        self._process = process
        self._southbound = southbound
        self._switch = switch
        self._given = process.network.tls.settings
        """The TLS identity that the command line has given."""

    def turn(self, now: float) -> bool:
        """See `Task`."""
        before = self.machine.spoken, self._southbound.reconnect.remotes, self._switch.remotes
        self.machine.tick(now)
        self._process.network.tls.settings = identity(self.machine.db, self._given)
        self._southbound.set_remotes(list(remotes_of(setting(self.machine.db, "ovn-remote") or "")))
        self._southbound.reconnect.probe_every(setting(self.machine.db, "ovn-remote-probe-interval") or "")
        # The switch is on this host: unless somebody insists, silence means nothing.
        self._switch.probe_every(setting(self.machine.db, "ovn-bridge-remote-probe-interval") or "0")
        self._follow_bridge()
        if self.machine.left:
            self._process.exit()
        return before != (self.machine.spoken, self._southbound.reconnect.remotes, self._switch.remotes)

    def due(self) -> float:
        """See `Task`."""
        return self.machine.due()

    def _follow_bridge(self) -> None:
        """The switch is there once the bridge has a datapath; its socket is called after the bridge."""
        db = self.machine.db
        ref = integration_bridge(db)
        bridge = db.get(vswitch.Bridge, ref) if ref else None
        if bridge is not None and bridge.datapath_id:
            remote = setting(db, "ovn-bridge-remote") or f"unix:{self._process.network.rundir}/{bridge_name(db)}.mgmt"
            self._switch.remotes = (remote,)


def identity(db: Engine, given: TlsSettings) -> TlsSettings:
    """The TLS identity that the host's database has (`ovs-vsctl set-ssl`), or where it has none the one that was given."""
    for row in (db.get(vswitch.SSL, ref) for ref in db.every(vswitch.SSL)):
        if row is not None:
            ca_cert, bootstrap = ("", row.ca_cert) if row.bootstrap_ca_cert else (row.ca_cert, "")
            files = {"private_key": row.private_key, "certificate": row.certificate, "ca_cert": ca_cert, "bootstrap_ca_cert": bootstrap}
            return with_fields(given, **files)
    return given


def interests() -> dict[type, Interest]:
    """What of the host's database is worth copying."""
    tables = (vswitch.OpenvSwitch, vswitch.Bridge, vswitch.Port, vswitch.Interface, vswitch.Datapath, vswitch.SSL)
    return {table: Interest(columns=tuple(name for name in table.__columns__ if name not in MOVING)) for table in tables}


def setup(process: Process) -> None:
    """Connect to the host's database; it says where the others are."""
    local = process.options.operands[0] if process.options.operands else f"unix:{process.network.rundir}/db.sock"
    switchdb = Replica(vswitch, [local], tables=interests(), probe_interval_s=0)
    southbound = Replica(sb, [])
    life = Reconnect((), probe_interval_s=0.0, max_backoff_s=SWITCH_BACKOFF_S)
    switch = Connection(life, (OF15,))
    facts = Facts(process.options.last("chassis", ""), os.uname().nodename, wall_ms(), random_mac())
    machine = Controller(southbound, switchdb, switch.channel, facts, wall_ms)
    for linked in (switchdb, southbound, switch):
        process.link(linked)
    process.loop.add(Agent(process, machine, southbound, life))
    register(process.commands, machine, lambda: southbound.connected, process.exit)
    process.commands.register("inject-pkt", lambda words: _inject(machine, words[0]), least=1, most=1, usage="MICROFLOW")


def _inject(machine: Controller, microflow: str) -> str:
    if not machine.switch.connected:
        raise CommandError("OpenFlow channel not ready.")
    try:
        machine.switch.send(injected(machine.db, microflow))
    except LogicalError as error:
        raise CommandError(str(error)) from None
    return ""


def wall_ms() -> int:
    """The time of day in milliseconds."""
    return int(wall_s() * 1000)


def random_mac() -> str:
    """A random Ethernet address of one's own making: unicast, locally administered."""
    octets = bytearray(os.urandom(6))
    octets[0] = octets[0] & 0xFC | 0x02
    return ":".join(f"{octet:02x}" for octet in octets)


PROGRAM = Program("ovn-controller", "the local agent of Open Virtual Network", setup, OPTIONS, "[OVS-DATABASE]", 1)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the daemon; its exit status."""
    return run_program(PROGRAM, argv)
