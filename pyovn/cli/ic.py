"""`ovn-ic`: the daemon that joins a zone to others, between its two databases and the two that all share (ovn-ic(8))."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType

from pyovn.cli.standby import offer_standby
from pyovn.interconnect.contents import TABLES
from pyovn.interconnect.interconnect import LOCK, Interconnect
from pyovn.interconnect.zone import probe_interval
from pyovn.ovsdb.copy import EVERYTHING
from pyovn.ovsdb.replica import Replica
from pyovn.runtime.link import remotes_of
from pyovn.runtime.options import Option
from pyovn.runtime.paths import default_ic_nb_db, default_ic_sb_db, default_nb_db, default_sb_db
from pyovn.runtime.program import Process, Program, run_program
from pyovn.runtime.stopwatch import Stopwatches
from pyovn.schemas import ic_nb, ic_sb, nb, sb

OPTIONS = (
    Option("ovnnb-db", "required", "D"),
    Option("ovnsb-db", "required", "d"),
    Option("ic-nb-db", "required", "I"),
    Option("ic-sb-db", "required", "i"),
)

GlobalTable = type[nb.NBGlobal] | type[ic_nb.ICNBGlobal]

log = logging.getLogger("ovn_ic")


LOOP = "ovn-ic-loop"
"""The stopwatch of one look at what has changed."""


class Joining:
    """A task that gives the machine a turn after each wait, says what changed about it, and follows the settings of its replicas.

    `replicas`: for each global row that says something of them, those that it speaks for.
    """

    def __init__(self, machine: Interconnect, replicas: Mapping[GlobalTable, Sequence[Replica]], stopwatches: Stopwatches) -> None:
        self._machine = machine
        self._replicas = replicas
        self._stopwatches = stopwatches
        self._was_active = False
        self._told: set[str] = set()

    def turn(self, now: float) -> bool:
        """See `Task`."""
        before = self._machine.transactions
        with self._stopwatches.timed(LOOP):
            self._machine.tick(now)
        self._follow_settings()
        self._tell()
        return self._machine.transactions != before

    def due(self) -> float:
        """See `Task`."""
        return self._machine.due()

    def _follow_settings(self) -> None:
        for table, replicas in self._replicas.items():
            for replica in replicas:
                replica.reconnect.probe_every(probe_interval(self._machine.db, table))

    def _tell(self) -> None:
        if self._machine.is_active is not self._was_active:
            self._was_active = self._machine.is_active
            words = ("acquired", "active") if self._was_active else ("lost", "on standby")
            log.info("ovn-ic lock %s. This ovn-ic instance is now %s.", *words)
        complaints = self._machine.complaints if self._was_active else []
        for text in complaints:
            if text not in self._told:
                log.warning("%s", text)
        self._told = set(complaints)


def setup(process: Process) -> None:
    """Connect to the four databases and join the zone to the others."""

    def replica(schema: ModuleType, option: str, default: Callable[[Mapping[str, str]], str], lock: str | None = None) -> Replica:
        remotes = remotes_of(process.options.last(option, default(process.env)))
        made = Replica(schema, remotes, tables=dict.fromkeys(TABLES[schema.__name__], EVERYTHING), leader_only=True, lock=lock)
        process.link(made)
        return made

    northbound = replica(nb, "ovnnb-db", default_nb_db)
    southbound = replica(sb, "ovnsb-db", default_sb_db, LOCK)
    shared = replica(ic_nb, "ic-nb-db", default_ic_nb_db), replica(ic_sb, "ic-sb-db", default_ic_sb_db)
    machine, stopwatches = Interconnect(northbound, southbound, *shared), Stopwatches(LOOP)
    stopwatches.offer(process.commands)
    process.loop.add(Joining(machine, {nb.NBGlobal: (northbound, southbound), ic_nb.ICNBGlobal: shared}, stopwatches))
    register(process, machine, southbound.want_lock)


def register(process: Process, machine: Interconnect, want_lock: Callable[[str | None], None]) -> None:
    """Offer the daemon's own commands; `want_lock` asks for a lock of the southbound database, or (None) gives back the one held."""
    stores = {"nb": machine.nb, "sb": machine.sb, "ic-nb": machine.ic_nb, "ic-sb": machine.ic_sb}
    offer_standby(process.commands, machine, LOCK, want_lock, stores)


PROGRAM = Program("ovn-ic", "joins availability zones by switches, routers and routes that they share", setup, OPTIONS)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the daemon; its exit status."""
    return run_program(PROGRAM, argv)
