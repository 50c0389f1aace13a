"""Our southbound rows are the reference's, to the letter: live where it is at hand, else against fingerprints of its rows."""

from __future__ import annotations

import os
import sys
from collections import Counter

import pytest

from pyovn.northd.northd import Northd
from pyovn.ovsdb.local import Local
from pyovn.schemas import nb, sb
from tests.northd.differential import (
    Step,
    differences,
    dump_of,
    essential_differences,
    fingerprints,
    followed,
    foreign,
    new_database,
    our_outcome,
    put,
    recorded,
    reference_history,
)
from tests.northd.leeway import ON_TAKING_OVER, inexcusable
from tests.northd.networks import NETWORKS, commands
from tests.northd.random_dynamic import random_dynamic_commands
from tests.northd.random_functions import random_function_commands
from tests.northd.random_network import random_commands
from tests.northd.random_routers import random_router_commands
from tests.northd.random_rows import random_history
from tests.northd.random_switches import random_switch_commands
from tests.northd.reference import Central, Dump, central, is_there, program
from tests.northd.rows import NB_TABLES, SB_TABLES, fingerprint, normal, row_from_json

SEEDS = int(os.environ.get("PYOVN_SEEDS", "4"))
"""How many random northbounds are compared."""

IN_ONE = 40
"""How many transactions make one."""

needs_reference = pytest.mark.skipif(not is_there(), reason="PYOVN_REFERENCE names no folder with the reference's programs and schemas")


@pytest.mark.parametrize("name", NETWORKS)
def test_rows_have_the_recorded_fingerprints(name: str) -> None:
    steps, expected = recorded(name)
    rows = our_outcome(steps)
    missing = Counter(expected) - Counter(fingerprints(rows))
    wrong = [row for row in rows if fingerprint(row) not in expected]
    assert not wrong and not missing, f"{sum(missing.values())} rows are missing"


@needs_reference
@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_rows_are_the_references(name: str) -> None:
    history = reference_history(commands(name))
    assert not differences(history.rows, our_outcome(history.steps))


@needs_reference
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 105))
def test_rows_of_random_networks_are_the_references(seed: int) -> None:
    history = reference_history(random_commands(seed))
    assert not differences(history.rows, our_outcome(history.steps))


@needs_reference
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1004))
def test_rows_of_random_switches_are_the_references(seed: int) -> None:
    assert not essential_differences(reference_history(random_switch_commands(seed, 60)))


@needs_reference
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 104))
def test_rows_of_random_network_functions_are_the_references(seed: int) -> None:
    history = reference_history(random_function_commands(seed))
    assert not differences(history.rows, our_outcome(history.steps))


@needs_reference
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 105))
def test_rows_of_random_routers_are_the_references(seed: int) -> None:
    history = reference_history(random_router_commands(seed))
    assert not differences(history.rows, our_outcome(history.steps))


@needs_reference
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 104))
def test_rows_of_random_dynamic_routers_are_the_references(seed: int) -> None:
    assert not essential_differences(reference_history(random_dynamic_commands(seed)))


@needs_reference
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_rows_of_random_transactions_are_the_references(seed: int) -> None:
    assert not essential_differences(reference_history(random_history(seed, IN_ONE, new_database(nb))))


@needs_reference
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_compilers_that_take_over_from_each_other_write_nothing(seed: int) -> None:
    ours = (sys.executable, "-c", "import sys; from pyovn.cli.northd import main; sys.exit(main())")
    with central() as node:
        node.settle()
        for command in random_history(seed, IN_ONE, new_database(nb)):
            node.obey(command)
        node.settle()
        node.recompute()
        for next_one in (ours, (str(program("ovn-northd")),)):
            before = written(node)
            node.end_northd()
            node.start_northd(*next_one)
            node.settle()
            assert not rewritten(before, written(node), node.dump("nb"))


def rewritten(before: Dump, after: Dump, northbound: Dump) -> list[str]:
    """The southbound's rows that have changed, and should not."""
    tables = [(before[table], after[table]) for table in after]
    changed = {uuid for old, new in tables for uuid in {*old, *new} if old.get(uuid) != new.get(uuid)}
    gone, come = ([f"{sign} {line}" for line in normal(dump, changed)] for sign, dump in (("-", before), ("+", after)))
    return inexcusable(gone + come, followed([Step(northbound, foreign(after))]).past, ON_TAKING_OVER)


def written(node: Central) -> Dump:
    """The southbound's rows, without the count of the northbound's state that waiting for it bumps."""
    rows = node.dump("sb")
    for row in rows["SB_Global"].values():
        del row["nb_cfg"]
    return rows


@needs_reference
@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "gateway router", "nat at a gateway port", "kinds of ports", "dynamic", "comings and goings", "balanced routers", "acls of groups",
        "health checks", "mirrors", "relayed", "shaped", "templates", "without a wire", "announced routes", "vpn",
    ],
)
def test_taking_over_from_the_reference_writes_nothing(name: str) -> None:
    with central() as node:
        for command in commands(name):
            node.shell(command)
        node.recompute()
        dumps = node.dump("nb"), node.dump("sb")
    databases = new_database(nb), new_database(sb)
    for database, dump, tables in zip(databases, dumps, (NB_TABLES, SB_TABLES)):
        put(database, {table: [row_from_json(tables[table], *row) for row in rows.items()] for table, rows in dump.items()})
    before = [dump_of(database) for database in databases]
    northd = Northd(Local(databases[0]), Local(databases[1]))
    northd.tick(0.0)
    assert northd.transactions == 0
    assert [dump_of(database) for database in databases] == before
