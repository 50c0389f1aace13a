"""A compiler that dies in the middle of its work: another one takes over within a second, and touches nothing that was right."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyovn.runtime.blocking import BlockingClient, connect
from tests.cli.test_northd import place, rows_of, start, tell

__all__ = ["place"]

pytestmark = pytest.mark.slow

SWITCHES, PORTS = 20, 10
"""How large the network is, and by how much it grows at each turn."""

KILLED_AFTER = (1, 7, 14, SWITCHES)
"""How many of the switches of a turn are asked for when the compiler dies, which is at work on them."""

ENOUGH_S = 5.0
"""How long a takeover may take on a machine that has other things to do; alone it takes less than one second."""

TABLES = ("Datapath_Binding", "Port_Binding", "Logical_Flow", "Multicast_Group", "Address_Set")


def transact(client: BlockingClient, database: str, *operations: dict[str, Any]) -> Any:
    """The results of a transaction that must succeed."""
    results: Any = client.call("transact", [database, *operations])
    assert not any("error" in result for result in results), results
    return results


def grow(client: BlockingClient, turn: int, numbers: range = range(SWITCHES)) -> None:
    """Ask for more switches with ports."""
    for number in numbers:
        names = [f"s{turn}-{number}-{port}" for port in range(PORTS)]
        ports: list[dict[str, Any]] = [
            {"op": "insert", "table": "Logical_Switch_Port", "row": {"name": name}, "uuid-name": f"p{at}"} for at, name in enumerate(names)
        ]
        held = ["set", [["named-uuid", f"p{at}"] for at in range(PORTS)]]
        switch = {"op": "insert", "table": "Logical_Switch", "row": {"name": f"s{turn}-{number}", "ports": held}}
        transact(client, "OVN_Northbound", *ports, switch)


def settle(client: BlockingClient) -> None:
    """Wait until the southbound has what the northbound asks for."""
    count = {"op": "mutate", "table": "NB_Global", "where": [], "mutations": [["nb_cfg", "+=", 1]]}
    read = {"op": "select", "table": "NB_Global", "where": [], "columns": ["nb_cfg"]}
    number = rows_of(transact(client, "OVN_Northbound", count, read))[0]["nb_cfg"]
    rows = {"columns": ["sb_cfg"], "until": "==", "rows": [{"sb_cfg": number}]}
    transact(client, "OVN_Northbound", {"op": "wait", "table": "NB_Global", "where": [], "timeout": 20000, **rows})


def versions(client: BlockingClient) -> dict[str, str]:
    """Every row of the compiler's tables, with the version that changes whenever the row is written."""
    found: dict[str, str] = {}
    for table in TABLES:
        select = {"op": "select", "table": table, "where": [], "columns": ["_uuid", "_version"]}
        found |= {row["_uuid"][1]: row["_version"][1] for row in rows_of(transact(client, "OVN_Southbound", select))}
    return found


def compilers(place: Any) -> Iterator[str]:
    """Compilers, each started on standby of the one before."""
    for number in range(100):
        start(place, f"n{number}")
        yield f"n{number}"


def test_one_takes_over_from_another_and_rewrites_nothing(place: Any) -> None:
    client = connect(f"unix:{place.folder}/db.sock")
    transact(client, "OVN_Northbound", {"op": "insert", "table": "NB_Global", "row": {}})
    names = compilers(place)
    active = next(names)
    grow(client, 0)
    settle(client)
    for turn, killed_after in enumerate(KILLED_AFTER, start=1):
        standby = next(names)
        assert tell(place, standby, "status") == "Status: standby\n"
        before = versions(client)
        grow(client, turn, range(killed_after))
        os.kill(int(Path(place.folder, f"{active}.pid").read_text()), signal.SIGKILL)
        place.started.remove(f"{place.folder}/{active}.ctl")
        killed_s = time.monotonic()
        grow(client, turn, range(killed_after, SWITCHES))
        settle(client)
        assert time.monotonic() - killed_s < ENOUGH_S
        after = versions(client)
        rewritten = [uuid for uuid, version in before.items() if after.get(uuid) != version]
        # Flows of all switches share one group of datapaths, which grows: those rows refer to it, and stay as they are.
        assert not rewritten, f"{len(rewritten)} of {len(before)} rows"
        assert tell(place, standby, "status") == "Status: active\n"
        active = standby
