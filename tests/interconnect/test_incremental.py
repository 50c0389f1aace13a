"""After each of many random changes nobody fights, and a daemon that starts anew would do nothing; a change costs what it changes."""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest

from pyovn.ovsdb.local import Local
from pyovn.ovsdb.operation import Insert, Mutate, Mutation, Named, by_uuid
from pyovn.schemas import nb
from tests.interconnect.random_lines import START, ZONES, random_line
from tests.interconnect.test_routes import learned, start
from tests.interconnect.zones import Zones

SEEDS = int(os.environ.get("PYOVN_SEEDS", "4"))
LINES = 60
"""So many lines are played on the same zones."""


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nothing_is_left_to_do(seed: int) -> None:
    random, zones, played = Random(seed), Zones(*ZONES), list(START)
    zones.run(*START)
    for _ in range(LINES):
        played.append(random_line(random))
        zones.attempt(played[-1])
    for name, zone in zones.zones.items():
        another = zone.another(zones)
        another.tick(0.0)
        assert another.transactions == 0, f"{name} after\n" + "\n".join(played)


def add_routes(zones: Zones, first: int, count: int) -> None:
    """Give the first zone's router so many more static routes."""
    database = zones.zones["az1"].nb
    (router,) = [row for row in zones.rows("az1", nb.LogicalRouter) if row.name == "lr1"]
    numbers = range(first, first + count)
    rows = [
        Insert(nb.LogicalRouterStaticRoute, {"ip_prefix": f"10.{100 + n // 250}.{n % 250}.0/24", "nexthop": "10.9.0.9"}, f"r{n}")
        for n in numbers
    ]
    joined = Mutation("static_routes", "insert", tuple(Named(f"r{n}") for n in numbers))
    outcome = Local(database).transact([*rows, Mutate(nb.LogicalRouter, by_uuid(router.uuid), [joined])])
    assert outcome.error is None
    zones.settle()


def test_one_more_route_is_looked_at_alone() -> None:
    zones, runs = start("az1", "az2"), Counter[int]()
    for total in (50, 200):
        add_routes(zones, sum((50, 200)[: (50, 200).index(total)]), total)
        for zone in zones.zones.values():
            zone.ic.db.on_run = lambda function, arguments, total=total: runs.update([total])
        add_routes(zones, 1000 + total, 1)
        for zone in zones.zones.values():
            zone.ic.db.on_run = None
    assert len(learned(zones, "az2")) == 252
    assert runs[50] == runs[200] < 40
