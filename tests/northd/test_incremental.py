"""After each of many random transactions the southbound is what a compiler that starts anew makes of the same northbound."""

from __future__ import annotations

import os
from random import Random

import pytest

from pyovn.ovsdb.operation import Delete, Insert, Named, Update, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.random_rows import RandomRows
from tests.northd.stores import Pair, differs

TRANSACTIONS = int(os.environ.get("PYOVN_TRANSACTIONS", "120"))
"""How many transactions are made in all; `make nightly` would ask for 100,000."""

IN_ONE = 120
"""How many a network goes through before another one is begun."""

CLAIMED = 0.1
"""How often a chassis takes or leaves a port meanwhile."""

TAKING_PART, LEARNED = 0.15, 0.1
"""How often a router, a port of one or a switch changes what it tells others outside, and how often a chassis learns or forgets a route."""

KINDS = ("connected", "connected-as-host", "static", "nat", "lb", "ip")


def started() -> Pair:
    """Databases with three chassis, and a compiler."""
    pair = Pair()
    pair.load([nb.NBGlobal("00000000-0000-4000-8000-00000000000a")])
    for number in range(3):
        encap = Insert(sb.Encap, {"type": "geneve", "ip": f"192.0.2.{number}", "chassis_name": f"hv{number}"}, f"e{number}")
        pair.hear(encap, Insert(sb.Chassis, {"name": f"hv{number}", "hostname": f"hv{number}", "encaps": (Named(f"e{number}"),)}))
    return pair


def claim(pair: Pair, random: Random) -> None:
    """A chassis takes a port, or gives it back."""
    bindings, chassis = pair.southbound(sb.PortBinding), pair.southbound(sb.Chassis)
    if bindings:
        owner = random.choice([None, *(row.uuid for row in chassis)])
        pair.hear(Update(sb.PortBinding, by_uuid(random.choice(bindings).uuid), {"chassis": owner, "up": owner is not None}))


def take_part(pair: Pair, random: Random) -> None:
    """A router, a port of one or a switch tells others outside something else."""
    said = {"dynamic-routing-redistribute": ",".join(kind for kind in KINDS if random.random() < 0.5)}
    on = {"dynamic-routing": random.choice(["true", "true", "false"]), "dynamic-routing-vni": random.choice(["7", "7", "none"])}
    table, column = random.choice([(nb.LogicalRouter, "options"), (nb.LogicalRouterPort, "options"), (nb.LogicalSwitch, "other_config")])
    rows = pair.northbound(table)
    if rows:
        row = random.choice(rows)
        pair.nb.transact([Update(table, by_uuid(row.uuid), {column: {**getattr(row, column), **said, **on}})])


def learn(pair: Pair, random: Random) -> None:
    """A chassis learns a route at a router's port, or forgets one."""
    known = pair.southbound(sb.LearnedRoute)
    if known and random.random() < 0.3:
        pair.sb.transact([Delete(sb.LearnedRoute, by_uuid(random.choice(known).uuid))])
    ports = {row.name for row in pair.northbound(nb.LogicalRouterPort)}
    bindings = [row for row in pair.southbound(sb.PortBinding) if row.logical_port in ports]
    if bindings:
        at = random.choice(bindings)
        prefix, hop = random.choice(["0.0.0.0/0", "172.16.0.0/24", "10.0.1.0/24"]), f"10.0.{random.randrange(4)}.{random.randrange(1, 30)}"
        columns = {"datapath": at.datapath, "logical_port": at.uuid, "ip_prefix": prefix, "nexthop": hop}
        pair.sb.transact([Insert(sb.LearnedRoute, columns)])


@pytest.mark.parametrize("seed", range(max(1, TRANSACTIONS // IN_ONE)))
def test_each_transaction_leaves_what_a_new_start_would_make(seed: int) -> None:
    pair = started()
    rows = RandomRows(seed, pair.nb_database)
    for _ in range(IN_ONE):
        transaction = rows.next()
        if rows.random.random() < CLAIMED:
            claim(pair, rows.random)
        if rows.random.random() < TAKING_PART:
            take_part(pair, rows.random)
        if rows.random.random() < LEARNED:
            learn(pair, rows.random)
        pair.northd.tick(0.0)
        found = differs(pair)
        assert not found, f"{transaction}\n{found}"
