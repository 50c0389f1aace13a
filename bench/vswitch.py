"""Packets per second through the embedded switch, in memory: cache hits and misses in a pipeline shaped like an integration bridge's."""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pyovn.openflow.action import Ct, DecTtl, Output, Resubmit, set_field
from pyovn.openflow.match import Match
from pyovn.openflow.message import FlowMod
from tests.vswitch.board import Board, make_board, udp

TABLES = range(1, 30)
NEIGHBOURS = 50
"""Rules of other ports in every table, so that a look-up has something to pass by."""

FRAMES = 40_000


def pipeline(board: Board, *, tracked: bool) -> None:
    """Table 0 sets registers by port; 29 tables ask for metadata and pass on; the last rewrites addresses and sends."""
    rules = []
    for number, way_out in ((1, 2), (2, 1)):
        start = (set_field("metadata", 1), set_field("reg14", number), set_field("reg15", way_out), Resubmit(table=1))
        rules.append(FlowMod(Match.of({"in_port": number}), start))
    for table in TABLES:
        through = Ct(zone=5, table=table + 1) if tracked and table == 8 else Resubmit(table=table + 1)
        rules.append(FlowMod(Match.of({"metadata": 1}), (through,), table=table, priority=1))
        for other in range(NEIGHBOURS):
            match = Match.of({"metadata": 1, "reg14": 100 + other, "eth_type": 0x0800, "ip_dst": 0x0B000000 + other})
            rules.append(FlowMod(match, (Resubmit(table=table + 1),), table=table, priority=50))
    if tracked:
        new = Match.of({"metadata": 1, "ct_state": (0x21, 0x21), "eth_type": 0x0800})
        rules.append(FlowMod(new, (Ct(commit=True, zone=5), Resubmit(table=10)), table=9, priority=60))
    for way_out in (1, 2):
        last = (DecTtl(), set_field("eth_src", 0x0200000000AA), set_field("eth_dst", 0x0200000000BB), Output(way_out))
        rules.append(FlowMod(Match.of({"metadata": 1, "reg15": way_out}), last, table=30))
    board.ask(*rules)


def measure(board: Board, frames: list[bytes]) -> float:
    """Frames per second of processor time, with what leaves taken every now and then as a daemon does."""
    receive, take = board.switch.receive, board.switch.take
    started = time.process_time()
    for start in range(0, len(frames), 64):
        for frame in frames[start : start + 64]:
            receive("p1", frame, 1.0)
        take()
    return len(frames) / (time.process_time() - started)


def main() -> None:
    """Print one line a figure."""
    flows = [udp(f"10.0.{n >> 8}.{n & 255}", "10.1.0.1", 1000 + n, 53, bytes(64)) for n in range(256)]
    for tracked in (False, True):
        board = make_board("p1", "p2")
        pipeline(board, tracked=tracked)
        gc.collect()
        gc.freeze()
        name = "tracked" if tracked else "plain"
        misses = measure(board, flows[:1])
        hits = measure(board, [flows[n % 256] for n in range(FRAMES)])
        first_us, tables = 1e6 / misses, len(TABLES) + 2
        print(f"vswitch {name}: {hits:,.0f} packets/s from the cache; the first packet took {first_us:,.0f} us through {tables} tables")


if __name__ == "__main__":
    main()
