"""The compiler's figures: a cluster of nodes (a switch of pods each, one router between them), built and then changed.

    python bench/northd.py [NODES [PODS]]
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from itertools import count
from types import ModuleType
from uuid import UUID

from pyovn.northd.northd import Northd
from pyovn.ovsdb.database import Database
from pyovn.ovsdb.declare import schema_of, tables_of
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.operation import Insert, Mutate, Mutation, Operation, Update, by_uuid
from pyovn.schemas import nb, sb

NODES = 100
PODS = 40
REPEAT = 20


def new_database(module: ModuleType) -> Database:
    """An empty database."""
    numbers = count(1)
    return Database(schema_of(module), tables_of(module), lambda: str(UUID(int=next(numbers) << 64 | 0x8000 << 48)))


def uuid(kind: int, *numbers: int) -> str:
    """The uuid of a row of the cluster."""
    value = kind
    for number in numbers:
        value = value << 16 | number
    return str(UUID(int=value << 64 | 0x8000 << 48 | 1))


def pod(node: int, number: int) -> Insert:
    """A pod's port."""
    addresses = (f"0a:00:00:{node:02x}:{number >> 8:02x}:{number & 255:02x} 10.{node}.{number >> 8}.{number & 255}",)
    columns = {"name": f"pod-{node}-{number}", "addresses": addresses, "port_security": addresses}
    return Insert(nb.LogicalSwitchPort, columns, uuid=uuid(1, node, number))


def node(number: int, pods: int) -> list[Operation]:
    """A node's switch with its pods, and its two ends towards the router."""
    ports = [pod(number, each) for each in range(2, pods + 2)]
    side = Insert(
        nb.LogicalSwitchPort,
        {"name": f"to-{number}", "type": "router", "addresses": ("router",), "options": {"router-port": f"from-{number}"}},
        uuid=uuid(2, number),
    )
    end = Insert(
        nb.LogicalRouterPort,
        {"name": f"from-{number}", "mac": f"0a:01:00:00:00:{number:02x}", "networks": (f"10.{number}.0.1/16",)},
        uuid=uuid(3, number),
    )
    refs = tuple(sorted(str(each.uuid) for each in (*ports, side)))
    switch = Insert(nb.LogicalSwitch, {"name": f"node-{number}", "ports": refs}, uuid=uuid(4, number))
    return [*ports, side, end, switch]


def build(store: Local, nodes: int, pods: int) -> None:
    """Describe the cluster in the northbound."""
    ends = tuple(sorted(uuid(3, number) for number in range(nodes)))
    operations = [operation for number in range(nodes) for operation in node(number, pods)]
    operations.append(Insert(nb.LogicalRouter, {"name": "cluster", "ports": ends}, uuid=uuid(5)))
    outcome = store.transact(operations)
    assert outcome.error is None, outcome.error


def change(northd: Northd, store: Local, name: str, operations: Callable[[int], list[Operation]]) -> None:
    """Print how long the compiler takes, from the northbound's commit to the southbound's."""
    spent = []
    for number in range(REPEAT):
        outcome = store.transact(operations(number))
        assert outcome.error is None, outcome.error
        start = time.perf_counter()
        northd.tick(float(number))
        spent.append(1e3 * (time.perf_counter() - start))
    print(f"  {name}: {statistics.median(spent):.2f} ms (worst {max(spent):.2f})")


def add_pod(number: int) -> list[Operation]:
    """One more pod on the first node."""
    new = pod(0, 1000 + number)
    return [new, Mutate(nb.LogicalSwitch, by_uuid(uuid(4, 0)), [Mutation("ports", "insert", (new.uuid,))])]


def move_pod(number: int) -> list[Operation]:
    """A pod with another address."""
    return [Update(nb.LogicalSwitchPort, by_uuid(uuid(1, 1, 5)), {"addresses": (f"0a:00:00:01:00:05 10.1.9.{number + 1}",)})]


def add_switch(number: int) -> list[Operation]:
    """One more switch."""
    return [Insert(nb.LogicalSwitch, {"name": f"new-{number}"})]


def main() -> None:
    """Build, change, print."""
    nodes, pods = (int(word) for word in (sys.argv[1:] + [str(NODES), str(PODS)][len(sys.argv) - 1 :])[:2])
    northbound, southbound = new_database(nb), new_database(sb)
    store = Local(northbound)
    build(store, nodes, pods)
    northd = Northd(Local(northbound), Local(southbound))
    start = time.perf_counter()
    northd.tick(0.0)
    spent = time.perf_counter() - start
    flows = len(southbound.tables["Logical_Flow"].rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{nodes} nodes x {pods} pods: {flows} logical flows from an empty southbound in {spent:.2f} s, peak {peak} MB")
    change(northd, store, "a pod more", add_pod)
    change(northd, store, "a pod's address", move_pod)
    change(northd, store, "a switch more", add_switch)


if __name__ == "__main__":
    main()
