"""After each of many random transactions the southbound is what a compiler that starts anew makes of the same northbound."""

from __future__ import annotations

import os
from random import Random

import pytest

from pyovn.northd.northd import Northd
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.operation import Insert, Named, Update, by_uuid
from pyovn.schemas import nb, sb
from tests.northd.differential import dump_of
from tests.northd.random_rows import RandomRows
from tests.northd.stores import Pair

TRANSACTIONS = int(os.environ.get("PYOVN_TRANSACTIONS", "120"))
"""How many transactions are made in all; `make nightly` would ask for 100,000."""

IN_ONE = 120
"""How many a network goes through before another one is begun."""

CLAIMED = 0.1
"""How often a chassis takes or leaves a port meanwhile."""


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


def differs(pair: Pair) -> str:
    """What a compiler that knows nothing but the databases would write."""
    before = dump_of(pair.sb_database), dump_of(pair.nb_database)
    anew = Northd(Local(pair.nb_database), Local(pair.sb_database))
    anew.tick(0.0)
    if not anew.transactions:
        return ""
    told = []
    for old, new in zip(before, (dump_of(pair.sb_database), dump_of(pair.nb_database))):
        for table in new:
            was, now = old[table], new[table]
            told += [f"{table} {uuid}: {was.get(uuid)} -> {now.get(uuid)}" for uuid in was | now if was.get(uuid) != now.get(uuid)]
    return "\n".join(told) or "only something that changes nothing"


@pytest.mark.parametrize("seed", range(max(1, TRANSACTIONS // IN_ONE)))
def test_each_transaction_leaves_what_a_new_start_would_make(seed: int) -> None:
    pair = started()
    rows = RandomRows(seed, pair.nb_database)
    for _ in range(IN_ONE):
        transaction = rows.next()
        if rows.random.random() < CLAIMED:
            claim(pair, rows.random)
        pair.northd.tick(0.0)
        found = differs(pair)
        assert not found, f"{transaction}\n{found}"
