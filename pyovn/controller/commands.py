"""What the agent answers to `ovn-appctl -t ovn-controller` (ovn-controller(8), Runtime Management Commands)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from pyovn.controller.controller import Controller
from pyovn.controller.interfaces import interface_of
from pyovn.controller.local_datapaths import datapath_key, datapath_name, local_datapaths
from pyovn.query import Engine
from pyovn.schemas import sb, vswitch


class Offer(Protocol):
    """Where commands are registered; see `pyovn.runtime.unixctl`."""

    def register(self, name: str, handler: Callable[[list[str]], str], *, usage: str = "", least: int = 0, most: int = 0) -> None:
        """Offer a command."""


def register(commands: Offer, machine: Controller, is_connected: Callable[[], bool], stop: Callable[[], None]) -> None:
    """Offer every command; `stop` ends the program."""
    offer = commands.register
    offer("exit", lambda words: _exit(machine, stop, words), usage="[--restart]", most=1)
    offer("connection-status", lambda _: "connected\n" if is_connected() else "not connected\n")
    offer("ct-zone-list", lambda _: "".join(f"{name} {zone}\n" for name, zone in machine.zones.items()))
    offer("group-table-list", lambda _: _numbers(machine.allocators.groups.of))
    offer("meter-table-list", lambda _: _numbers(machine.allocators.meters.of))
    for name in ("recompute", "inc-engine/recompute"):
        offer(name, lambda _: _recompute(machine))
    offer("debug/pause", lambda _: _pause(machine, True))
    offer("debug/resume", lambda _: _pause(machine, False))
    offer("debug/status", lambda _: "paused\n" if machine.paused else "running\n")
    offer("debug/delay-nb-cfg-report", lambda words: _delay(machine, words), usage="SECONDS", least=1, most=1)
    offer("debug/dump-local-bindings", lambda _: local_bindings(machine.db))
    offer("debug/dump-local-datapaths", lambda _: dump_datapaths(machine.db))
    offer("lflow-cache/flush", lambda _: "")
    offer("lflow-cache/show-stats", lambda _: f"Enabled: true\ntotal           : {len(machine.switch.desired.rules)}\n")
    offer("sb-cluster-state-reset", lambda _: "")
    offer("debug/packets", lambda _: _packets(machine))


def _exit(machine: Controller, stop: Callable[[], None], words: Sequence[str]) -> str:
    if "--restart" in words:
        stop()
    else:
        machine.leave()
    return ""


def _numbers(given: Mapping[Any, int]) -> str:
    return "".join(f"{thing}: {number}\n" for thing, number in given.items())


def _recompute(machine: Controller) -> str:
    machine.switch.say_everything_again()
    return ""


def _pause(machine: Controller, paused: bool) -> str:
    machine.paused = paused
    return ""


def _delay(machine: Controller, words: Sequence[str]) -> str:
    machine.report_delay_s = float(words[0]) if words[0].isdigit() else 0.0
    return ""


def local_bindings(db: Engine) -> str:
    """The logical ports that interfaces of this host stand for."""
    lines = ["Local bindings:"]
    for ref in db.every(sb.PortBinding):
        row = db.get(sb.PortBinding, ref)
        interface = interface_of(db, row.logical_port) if row else None
        named = db.get(vswitch.Interface, interface) if interface else None
        if row and named:
            kind = "localport" if row.type == "localport" else "primary"
            lines.append(f"name: [{row.logical_port}], OVS interface name : [{named.name}], num binding lports : [1]")
            lines += [f"{kind} lport : [{row.logical_port}]", "-" * 40]
    return "\n".join(lines) + "\n"


def dump_datapaths(db: Engine) -> str:
    """The datapaths that matter here."""
    lines = [f"Datapath: {datapath_name(db, ref)} tunnel key: {datapath_key(db, ref)}" for ref in sorted(local_datapaths(db))]
    return "\n".join(["Local datapaths:", *lines]) + "\n"


def _packets(machine: Controller) -> str:
    """How many packets each service had, and how many made no sense."""
    counters = machine.desk.counters
    names = sorted({*counters.served, *counters.dropped})
    return "".join(f"{name}: served {counters.served[name]}, dropped {counters.dropped[name]}\n" for name in names)
