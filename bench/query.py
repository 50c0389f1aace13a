"""The query engine's figures: build 25,000 rows × 10 generators, change one row; the same with twice the rows.

    python bench/query.py
"""

from __future__ import annotations

import gc
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from pyovn.query import Engine, each

ROWS = 25_000
GENERATORS = 10
CHANGES = 200


@dataclass(frozen=True, slots=True)
class Port:
    """A row such as a compiler reads."""

    uuid: str
    name: str


class Change(NamedTuple):
    """What the engine is fed."""

    table: type[Any]
    uuid: str
    old: Port | None
    new: Port | None


class Flow(NamedTuple):
    """What a generator yields."""

    priority: int
    match: str
    actions: str


def generator(number: int) -> Callable[[Engine, str], Iterator[Flow]]:
    """A generator of one flow a port, as most of a compiler's are."""

    def flows(db: Engine, port: str) -> Iterator[Flow]:
        row = db.get(Port, port)
        assert row is not None
        yield Flow(number, f'outport == "{row.name}"', "next;")

    return flows


FLOWS = each(*((Port, generator(number)) for number in range(GENERATORS)))


def measure(size: int) -> tuple[float, float, float]:
    """Seconds to build; the median and the worst milliseconds from a changed row to the differences."""
    rows = [Port(f"{number:036x}", f"port{number}") for number in range(size)]
    start = time.perf_counter()
    db = Engine()
    db.feed(Change(Port, row.uuid, None, row) for row in rows)
    assert len(db.take(FLOWS).gained) == size * GENERATORS
    built = time.perf_counter() - start
    spent = []
    for number in range(CHANGES):
        old = rows[number * size // CHANGES]
        start = time.perf_counter()
        db.feed([Change(Port, old.uuid, old, replace(old, name="renamed" + old.name))])
        gained, lost = db.take(FLOWS)
        spent.append(1e3 * (time.perf_counter() - start))
        assert len(gained) == len(lost) == GENERATORS
    return built, statistics.median(spent), max(spent)


def main() -> None:
    """Print a line for each size."""
    gc.disable()
    for size in (ROWS, 2 * ROWS):
        built, median, worst = measure(size)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{size} rows x {GENERATORS} generators: built in {built:.2f} s, changed {median:.3f} ms (worst {worst:.3f}), peak {peak} MB")
        gc.collect()


if __name__ == "__main__":
    main()
