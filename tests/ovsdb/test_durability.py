"""Nothing acknowledged is lost: files cut and damaged anywhere, every call of the file system failing, the process killed anywhere.

`PYOVN_DURABILITY=N` makes the histories N times as long.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from pyovn.ovsdb.database import Database
from pyovn.ovsdb.database_file import DatabaseFile, World, create_file, load, open_file
from pyovn.ovsdb.errors import OvsdbError
from tests.ovsdb.crash_storage import CrashStorage, Fault, Inode, Killed
from tests.ovsdb.memory_storage import MemoryStorage
from tests.ovsdb.sample import TABLES, counting_uuids, run, sample_schema

new_uuid = counting_uuids()
"""One source for all: what was read from a file is never drawn again."""

LENGTH = int(os.environ.get("PYOVN_DURABILITY", "1"))


def new_world(storage: CrashStorage | MemoryStorage) -> World:
    """A world with that disk."""
    return World(storage, new_uuid, lambda: 1_700_000_000_000, lambda schema: TABLES)


def names(database: Database) -> set[str]:
    """What the histories below are about: houses by name."""
    return {row.name for row in database.tables["House"].rows.values()}  # type: ignore[attr-defined]


def build(file: DatabaseFile, name: str, *, durable: bool) -> bool:
    """Commit a house, and whether that was acknowledged."""
    row = {"name": name, "options": ["map", [["a", name]]]}
    results = run(file.database, {"op": "insert", "table": "House", "row": row}, {"op": "commit", "durable": durable})
    return len(results) == 2 and all("error" not in result for result in results)


# Damage


def recorded() -> tuple[bytes, list[int]]:
    """A file of some commits, and where its records begin."""
    storage = MemoryStorage()
    world = new_world(storage)
    create_file(world, "db", sample_schema())
    file = open_file(world, "db")
    starts = [0]
    for number in range(3 * LENGTH):
        starts.append(file.log.end)
        assert build(file, f"h{number}", durable=True)
    return bytes(storage.files["db"]), [*starts, file.log.end]


def opened(data: bytes) -> tuple[DatabaseFile | None, OvsdbError | None, MemoryStorage]:
    """Open a file of these bytes."""
    storage = MemoryStorage()
    storage.files["db"] = bytearray(data)
    try:
        return open_file(new_world(storage), "db"), None, storage
    except OvsdbError as error:
        return None, error, storage


def test_a_file_cut_anywhere_serves_all_that_is_whole_and_goes_on_behind_it() -> None:
    data, starts = recorded()
    for cut in range(len(data) + 1):
        file, error, storage = opened(data[:cut])
        if cut < starts[1]:
            assert file is None and error is not None and storage.files["db"] == data[:cut], cut
            continue
        whole = sum(start <= cut for start in starts) - 2
        assert file is not None and names(file.database) == {f"h{number}" for number in range(whole)}, cut
        assert storage.files["db"] == data[:cut]
        assert build(file, "more", durable=True)
        file.close()
        database, contents = load(new_world(storage), "db")
        assert contents.warning is None and names(database) == {f"h{number}" for number in range(whole)} | {"more"}, cut


def test_a_bit_flipped_anywhere_is_refused_and_the_file_left_alone() -> None:
    data, _ = recorded()
    for position in range(len(data)):
        for bit in range(8):
            damaged = bytearray(data)
            damaged[position] ^= 1 << bit
            file, error, storage = opened(bytes(damaged))
            assert file is None and error is not None, (position, bit)
            assert "offset" in str(error) or position < len(b"OVSDB JSON "), error
            assert storage.files["db"] == damaged


# Faults


@dataclass
class History:
    """What was asked for and what was acknowledged of it, by name; `sure` is what has to survive the machine."""

    asked: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    sure: set[str] = field(default_factory=set)

    def build(self, file: DatabaseFile, *, durable: bool) -> None:
        """One more commit."""
        name = f"h{len(self.asked)}"
        self.asked.append(name)
        if build(file, name, durable=durable):
            self.acknowledged.add(name)
            if durable:
                self.sure |= self.acknowledged


def live(storage: CrashStorage, history: History) -> None:
    """Commits before, during and after a compaction; errors are met as a server meets them."""
    try:
        file = open_file(new_world(storage), "db")
    except OvsdbError:
        file = open_file(new_world(storage), "db")
    for number in range(3 * LENGTH):
        history.build(file, durable=number % 2 == 1)
    try:
        for number, _ in enumerate(file.compaction("small")):
            if number % 2:
                history.build(file, durable=number % 4 == 1)
    except OvsdbError:
        pass
    else:
        history.sure |= history.acknowledged
    for number in range(3 * LENGTH):
        history.build(file, durable=number % 2 == 0)


def fresh() -> CrashStorage:
    """A disk with an empty database that is certainly there."""
    storage = CrashStorage()
    create_file(new_world(storage), "db", sample_schema())
    return CrashStorage(dict(storage.kept), dict(storage.kept))


def faults(fault: Fault) -> Iterator[tuple[CrashStorage, History]]:
    """A life for each step of the file system that it takes, with that fault there."""
    storage, history = fresh(), History()
    live(storage, history)
    assert history.acknowledged == set(history.asked)
    assert {"open", "append", "sync", "create", "replace", "sync_folder", "close"} <= set(storage.steps)
    for step in range(len(storage.steps)):
        storage, history = fresh(), History()
        storage.fault, storage.fault_at = fault, step
        try:
            live(storage, history)
        except Killed:
            assert fault is not Fault.ERROR
        yield storage, history


def survivors(storage: CrashStorage) -> set[str]:
    """What a new process finds; it can also go on from there."""
    found = names(load(new_world(storage), "db")[0])
    file = open_file(new_world(storage), "db")
    assert build(file, "more", durable=True)
    file.compact("again")
    assert names(load(new_world(storage), "db")[0]) == found | {"more"}
    return found


def test_every_call_of_the_file_system_may_fail_once() -> None:
    for storage, history in faults(Fault.ERROR):
        found = survivors(storage.after_kill())
        # A commit whose sync failed was refused, and may be there nevertheless.
        refused = set(history.asked) - history.acknowledged
        assert history.acknowledged <= found <= history.acknowledged | refused, storage.steps[storage.fault_at]
        for disk in storage.after_power_cut():
            assert history.sure <= survivors(disk), (storage.fault_at, storage.steps[storage.fault_at])


@pytest.mark.parametrize("fault", [Fault.KILL_BEFORE, Fault.KILL_WITHIN])
def test_the_process_may_be_killed_anywhere(fault: Fault) -> None:
    for storage, history in faults(fault):
        where = (storage.fault_at, storage.steps[storage.fault_at])
        found = survivors(storage.after_kill())
        assert history.acknowledged <= found <= set(history.asked), where
        for disk in storage.after_power_cut():
            assert history.sure <= survivors(disk) <= set(history.asked), where


def test_what_survives_is_a_beginning_of_what_happened() -> None:
    for storage, history in faults(Fault.KILL_WITHIN):
        for disk in storage.after_power_cut():
            found = survivors(disk)
            assert found == set(history.asked[: len(found)])


def test_a_compaction_that_is_given_up_leaves_the_file_in_use() -> None:
    storage, history = fresh(), History()
    file = open_file(new_world(storage), "db")
    history.build(file, durable=True)
    steps = file.compaction("small")
    next(steps)
    with pytest.raises(OvsdbError, match="is being compacted"):
        next(file.compaction("twice"))
    steps.close()  # type: ignore[attr-defined]
    history.build(file, durable=True)
    assert survivors(storage.after_kill()) == history.acknowledged


def steps_of(act: Callable[[CrashStorage], object]) -> list[str]:
    """The steps that something takes."""
    storage = CrashStorage({"db": Inode(bytearray(b"x"))})
    act(storage)
    return storage.steps


def test_a_new_file_is_there_for_certain() -> None:
    assert steps_of(lambda storage: create_file(new_world(storage), "new", sample_schema())) == [
        "create", "append", "sync", "close", "sync_folder",
    ]  # fmt: skip
