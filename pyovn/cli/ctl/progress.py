"""Waiting for those who have to follow a change: --wait of ovn-nbctl, and ovs-vsctl without --no-wait.

A change counts up a number; the others copy it when they have done what it stands for.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.client import Client

TIMES = (
    ("nb_cfg_timestamp", "ovn-northd delay before processing:\t"),
    ("sb_cfg_timestamp", "ovn-northd completion:\t\t\t"),
    ("hv_cfg_timestamp", "ovn-controller(s) completion:\t\t"),
)
"""When somebody had followed (NB_Global), and how --print-wait-time calls it."""


class Progress:
    """The number, and the columns that reach it when the others have followed."""

    __slots__ = ("counter", "database", "done", "table")

    def __init__(self, database: str, table: str, counter: str, done: tuple[str, ...]) -> None:
        self.database = database
        self.table = table
        self.counter = counter
        self.done = done

    def increment(self) -> list[Any]:
        """The operations that count up and read the new number."""
        return [
            {"op": "mutate", "table": self.table, "where": [], "mutations": [[self.counter, "+=", 1]]},
            {"op": "select", "table": self.table, "where": [], "columns": [self.counter]},
        ]

    def follow(self, client: Client, goal: int) -> None:
        """Wait until the others have reached the number."""
        client.call("monitor", [self.database, "progress", {self.table: {"columns": list(self.done)}}])
        while True:
            rows = self._read(client, self.done)
            if not rows or all(rows[0][column] >= goal for column in self.done):
                return
            client.wait(None)

    def spent(self, client: Client, goal: int, started_ms: int) -> str:
        """How long each took to follow (--print-wait-time)."""
        times = TIMES[: len(self.done) + 1]
        rows = self._read(client, tuple(column for column, _ in times))
        lines = [f"\t{title}{row[column] - started_ms}ms\n" for row in rows for column, title in times]
        return "".join([f"Time spent on processing {self.counter} {goal}:\n", *lines])

    def _read(self, client: Client, columns: tuple[str, ...]) -> list[Any]:
        read = {"op": "select", "table": self.table, "where": [], "columns": list(columns)}
        rows: list[Any] = client.call("transact", [self.database, read])[0]["rows"]
        return rows


def progress_of(database: str, wait: str) -> Progress | None:
    """What --wait (or its absence) asks to follow, if anything."""
    if database == "OVN_Northbound" and wait in ("sb", "hv"):
        return Progress(database, "NB_Global", "nb_cfg", ("sb_cfg",) if wait == "sb" else ("sb_cfg", "hv_cfg"))
    if database == "OVN_IC_Northbound" and wait == "sb":
        return Progress(database, "IC_NB_Global", "nb_ic_cfg", ("sb_ic_cfg",))
    if database == "Open_vSwitch" and wait != "none":
        return Progress(database, "Open_vSwitch", "next_cfg", ("cur_cfg",))
    return None
