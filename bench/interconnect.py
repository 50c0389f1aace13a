"""Routes from one zone to another: so many at once, then one more at a time; CPU time of what joins each zone, and its memory.

    PYOVN_REFERENCE=DIR python bench/interconnect.py [ROUTES]

The databases and compilers are the reference's in both runs; only `ovn-ic` is the reference's in the one and ours in the other.
"""

from __future__ import annotations

import os
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.interconnect.differential import World, is_there, reference

ROUTES = 2000
IN_ONE = 500
"""So many are added in one transaction."""
MORE = 20
TIME_LIMIT_S = 120
REST_S = 2.0
"""After so long without a change everybody has done what there was to do."""

OURS = Path(sys.executable).parent / "ovn-ic"


def cpu_s(pid: int) -> float:
    """The CPU time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> int:
    """The memory that a process takes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024


def build(world: World) -> None:
    """A router in each of two zones, on one transit switch."""
    lines = ["az1: ovn-ic-nbctl ts-add ts1"]
    for number, name in enumerate(world.zones, 1):
        lines += [
            f"{name}: ovn-nbctl set NB_Global . options:ic-route-adv=true options:ic-route-learn=true",
            f"{name}: ovn-nbctl lr-add lr{number} -- lrp-add lr{number} up{number} aa:aa:aa:aa:aa:0{number} 10.9.0.{number}/24",
            f"{name}: ovn-nbctl lsp-add-router-port ts1 to{number} up{number}",
        ]
    for line in lines:
        assert world.attempt(line) == 0, line
        world.attempt("az1: ovn-ic-nbctl --wait=sb sync")


def add(world: World, first: int, last: int) -> None:
    """Give the first zone's router these static routes, and wait until the other zone's has learned them."""
    operations: list[dict[str, Any]] = []
    for number in range(first, last):
        row = {"ip_prefix": f"10.{100 + number // 250}.{number % 250}.0/24", "nexthop": "10.9.0.9"}
        operations.append({"op": "insert", "table": "Logical_Router_Static_Route", "row": row, "uuid-name": f"r{number}"})
    members = ["set", [["named-uuid", f"r{number}"] for number in range(first, last)]]
    where, mutations = [["name", "==", "lr1"]], [["static_routes", "insert", members]]
    world.zones["az1"].transact([*operations, {"op": "mutate", "table": "Logical_Router", "where": where, "mutations": mutations}])
    begun = time.monotonic()
    while len(world.zones["az2"].dump("nb")["Logical_Router_Static_Route"]) < last:
        assert time.monotonic() - begun < TIME_LIMIT_S, "the routes do not arrive"


def measure(name: str, command: str | None, routes: int) -> None:
    """One run."""
    with reference("az1", "az2", joined_by=command) as world:
        build(world)
        pids = [int((zone.folder / "ic.pid").read_text()) for zone in world.zones.values()]
        marks = [[cpu_s(pid) for pid in pids]]
        for first in range(0, routes, IN_ONE):
            add(world, first, min(first + IN_ONE, routes))
        time.sleep(REST_S)
        marks.append([cpu_s(pid) for pid in pids])
        for number in range(routes, routes + MORE):
            add(world, number, number + 1)
        time.sleep(REST_S)
        marks.append([cpu_s(pid) for pid in pids])
        memory = [memory_mb(pid) for pid in pids]
    many, more = ([after - before for before, after in zip(*pair)] for pair in pairwise(marks))
    print(f"{name}: {routes} routes: offering {many[0]:.2f} s, learning {many[1]:.2f} s; {memory[0]} and {memory[1]} MB")
    print(f"{name}: one more, mean of {MORE}: offering {1000 * more[0] / MORE:.1f} ms, learning {1000 * more[1] / MORE:.1f} ms")


if __name__ == "__main__":
    if not is_there():
        sys.exit("PYOVN_REFERENCE does not name a folder of the reference's programs and schemas")
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else ROUTES
    measure("reference", None, wanted)
    measure("ours", str(OURS), wanted)
