"""The compiler's figures on a cluster, beside the reference's in the same run where `PYOVN_REFERENCE` names it.

    python bench/northd.py [NODES [PODS [SERVICES [POLICIES]]]]

Databases and compiler are in this process. Each line says how long it takes from a northbound change until the southbound
has it, by the clock and of the CPU: median and worst of so many changes of a kind.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from itertools import count
from types import ModuleType
from uuid import UUID

from changes import CHANGES
from cluster import Shape, cluster
from reference import Central, central, resident_megabytes

from pyovn.northd.northd import Northd
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.operation import Operation
from pyovn.runtime.collector import Collector
from pyovn.schemas import nb, sb

REPEAT = 15

Say = Callable[[list[Operation]], float]
"""Makes a change; how many seconds it took to be followed."""


def new_database(module: ModuleType) -> Database:
    """An empty database."""
    numbers = count(1)
    return Database(schema_of(module), tables_of(module), lambda: str(UUID(int=next(numbers) << 64 | 0x8000 << 48)))


class Ours:
    """Two databases and the compiler between them."""

    def __init__(self) -> None:
        self.before = resident_megabytes(os.getpid())
        self.northbound, self.southbound = new_database(nb), new_database(sb)
        self.store = Local(self.northbound)
        self.northd: Northd | None = None
        self.collector = Collector()
        self.cpu: list[float] = []
        """What each change took of the CPU: the same as by the clock where nobody else wants it."""

    def say(self, operations: list[Operation]) -> float:
        """Change the northbound, and follow."""
        start, cpu = time.perf_counter(), time.process_time()
        outcome = self.store.transact(operations)
        assert outcome.error is None, outcome.error
        if self.northd is not None:
            self.northd.tick(0.0)
        self.store.take_changes()
        spent = time.perf_counter() - start
        self.cpu.append(time.process_time() - cpu)
        # As the daemon's loop does.
        self.collector.turn(0.0)
        return spent

    def build(self, shape: Shape) -> tuple[float, float]:
        """Describe the cluster, and compile it: seconds, and seconds of CPU."""
        self.say(list(cluster(shape)))
        self.northd = Northd(Local(self.northbound), Local(self.southbound))
        start, cpu = time.perf_counter(), time.process_time()
        self.northd.tick(0.0)
        return time.perf_counter() - start, time.process_time() - cpu

    def report(self, shape: Shape) -> None:
        """Build the cluster, and print what that took."""
        wall, cpu = self.build(shape)
        flows, held = len(self.southbound.tables["Logical_Flow"].rows), resident_megabytes(os.getpid()) - self.before
        print(f"ours: {flows} flows from empty in {wall:.2f} s ({cpu:.2f} s of CPU); {held} MB with both databases")


def measured(say: Say, shape: Shape, name: str) -> str:
    """Median and worst, in milliseconds, of a kind of change."""
    return shown([say(CHANGES[name](shape, number)) for number in range(REPEAT + 1)])


def shown(spent: list[float]) -> str:
    """Median and worst, in milliseconds; the first time brings indexes into being and is not counted."""
    return f"{1e3 * statistics.median(spent[1:]):8.2f} {1e3 * max(spent[1:]):8.2f}"


def main() -> None:
    """Build, change, print."""
    shape = Shape(*map(int, sys.argv[1:]))
    ours = Ours()
    ours.report(shape)
    with central() as node:
        if node is not None:
            report_reference(node, shape)
        print(f"{'milliseconds, median and worst':30} {'ours':>17} {'of the CPU':>17} {'reference' if node else '':>17}")
        for name in CHANGES:
            ours.cpu.clear()
            line = f"{name:30} {measured(ours.say, shape, name)} {shown(ours.cpu)}"
            print(line, measured(node.say, shape, name) if node else "", flush=True)


def report_reference(node: Central, shape: Shape) -> None:
    """Build the cluster with the reference, and print what that took."""
    node.describe(list(cluster(shape)))
    start = time.perf_counter()
    node.compile()
    node.follow()
    wall = time.perf_counter() - start
    print(f"reference: {node.flows()} flows from empty in {wall:.2f} s; {node.megabytes()} MB in compiler and southbound's server")


if __name__ == "__main__":
    main()
