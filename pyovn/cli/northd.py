"""`ovn-northd`: the compiler as a daemon between two databases (ovn-northd(8))."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from pyovn.cli.standby import offer_standby
from pyovn.northd import chassis_features
from pyovn.northd.global_options import global_option
from pyovn.northd.northd import LOCK, Northd
from pyovn.northd.southbound.global_rows import VERSION
from pyovn.northd.statistics import Statistics
from pyovn.ovsdb.replica import Replica
from pyovn.runtime.collector import Collector
from pyovn.runtime.link import remotes_of
from pyovn.runtime.loop import wall_s
from pyovn.runtime.options import Option
from pyovn.runtime.paths import default_nb_db, default_sb_db
from pyovn.runtime.program import Process, Program, run_program
from pyovn.runtime.stopwatch import Stopwatches
from pyovn.runtime.unixctl import CommandError
from pyovn.schemas import nb, sb

OPTIONS = (
    Option("ovnnb-db", "required"),
    Option("ovnsb-db", "required"),
    Option("dry-run"),
    Option("n-threads", "required"),
    Option("dummy-numa", "required"),
)

LOOP = "ovn-northd-loop"
"""The stopwatch of one look at what has changed."""

MOST_THREADS = 256

log = logging.getLogger("ovn_northd")


class Compiling:
    """A task that gives the machine a turn after each wait, says what changed about it, and follows the setting of its replicas."""

    def __init__(self, machine: Northd, replicas: Sequence[Replica], stopwatches: Stopwatches) -> None:
        self._machine = machine
        self._replicas = replicas
        self._stopwatches = stopwatches
        self._was_active = False
        self._told: set[object] = set()

    def turn(self, now: float) -> bool:
        """See `Task`."""
        machine = self._machine
        transactions, rounds = machine.transactions, machine.rounds
        with self._stopwatches.timed(LOOP):
            machine.tick(now)
        if machine.rounds != rounds or machine.is_active is not self._was_active:
            self._tell()
            for replica in self._replicas:
                replica.reconnect.probe_every(global_option(machine.db, "northd_probe_interval"))
        return machine.transactions != transactions

    def due(self) -> float:
        """See `Task`."""
        return self._machine.due()

    def _tell(self) -> None:
        if self._machine.is_active is not self._was_active:
            self._was_active = self._machine.is_active
            words = ("acquired", "active") if self._was_active else ("lost", "on standby")
            log.info("ovn-northd lock %s. This ovn-northd instance is now %s.", *words)
        problems = self._machine.problems if self._was_active else []
        for problem in problems:
            if problem not in self._told:
                log.warning("%s %s: %s", problem.table, problem.row, problem.fact)
        self._told = set(problems)


def setup(process: Process) -> None:
    """Connect to both databases and compile."""
    northbound = process.options.last("ovnnb-db", default_nb_db(process.env))
    southbound = process.options.last("ovnsb-db", default_sb_db(process.env))
    nb_replica = Replica(nb, remotes_of(northbound), leader_only=True)
    sb_replica = Replica(sb, remotes_of(southbound), leader_only=True, lock=LOCK)
    machine = Northd(nb_replica, sb_replica, wall_s() - process.loop.now())
    machine.paused = "dry-run" in process.options
    process.link(nb_replica)
    process.link(sb_replica)
    drive(process, machine, sb_replica.want_lock, (nb_replica, sb_replica))


def drive(process: Process, machine: Northd, want_lock: Callable[[str | None], None], replicas: Sequence[Replica] = ()) -> None:
    """Have the machine compile whenever there is something to; `want_lock` as for `register`, `replicas` are its stores far away."""
    stopwatches = Stopwatches(LOOP)
    stopwatches.offer(process.commands)
    process.loop.add(Compiling(machine, replicas, stopwatches))
    process.loop.add(Collector())
    # Once it runs: whoever starts it takes its console for errors.
    process.loop.post(lambda: log.info("OVN internal version is : [%s]", VERSION))
    register(process, machine, want_lock)


def register(process: Process, machine: Northd, want_lock: Callable[[str | None], None]) -> None:
    """Offer the daemon's own commands; `want_lock` asks for a lock of the southbound database, or (None) gives back the one held."""
    statistics = Statistics(machine.db)
    machine.on_round = statistics.close_round
    offer = process.commands.register
    offer_standby(process.commands, machine, LOCK, want_lock, {"nb": machine.nb, "sb": machine.sb})
    offer("nb-cluster-state-reset", lambda _: "")
    offer("sb-cluster-state-reset", lambda _: "")
    offer("inc-engine/show-stats", lambda words: _show(statistics, words), most=2, usage="[NODE [COUNTER]]")
    offer("inc-engine/clear-stats", lambda _: statistics.clear())
    offer("inc-engine/recompute", lambda _: _recompute(machine))
    offer("inc-engine/compute-log-timeout", lambda _: "", least=1, most=1, usage="MSECS")
    offer("debug/chassis-features-list", lambda _: chassis_features.shown(machine.db))
    offer_threads(process)
    offer("debug/problems", lambda _: "".join(f"{item.table} {item.row}: {item.fact}\n" for item in machine.problems))


def _recompute(machine: Northd) -> str:
    machine.compare_everything()
    return ""


def _show(statistics: Statistics, words: Sequence[str]) -> str:
    try:
        return statistics.show(words)
    except ValueError as error:
        raise CommandError(str(error)) from None


def offer_threads(process: Process) -> None:
    """Remember how many threads are asked for, as scripts expect: one compiles, and that at once."""
    threads = [process.options.last("n-threads", "1")]

    def set_threads(words: Sequence[str]) -> str:
        if not words[0].isdecimal() or not 1 <= int(words[0]) <= MOST_THREADS:
            raise CommandError("invalid n_threads: " + words[0])
        threads[:] = words
        return ""

    process.commands.register("parallel-build/get-n-threads", lambda _: f"{threads[0]}\n")
    process.commands.register("parallel-build/set-n-threads", set_threads, least=1, most=1, usage="N_THREADS")


PROGRAM = Program("ovn-northd", "compiles the northbound database into the southbound database", setup, OPTIONS)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the daemon; its exit status."""
    return run_program(PROGRAM, argv)
