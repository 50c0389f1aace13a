"""A file system that fails, or whose machine stops, at a step of one's choice, and what may be found there afterwards."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum


class Killed(BaseException):
    """The process ends here."""


class Fault(Enum):
    """What happens at the chosen step."""

    ERROR = "the step fails, half done if it is a write, and later ones work"
    KILL_BEFORE = "the process is killed before it"
    KILL_WITHIN = "the process is killed when it is half done"


@dataclass(eq=False)
class Inode:
    """The bytes of a file, and how many of them are on disk for certain."""

    data: bytearray = field(default_factory=bytearray)
    synced: int = 0


@dataclass(eq=False)
class CrashStorage:
    """Files by name; `kept` are the names that are on disk for certain. `steps` lists what was asked for."""

    files: dict[str, Inode] = field(default_factory=dict)
    kept: dict[str, Inode] = field(default_factory=dict)
    fault: Fault | None = None
    fault_at: int = -1
    steps: list[str] = field(default_factory=list)

    def step(self, what: str, half: Callable[[], None] = lambda: None) -> None:
        """Count a step; `half` does half of it."""
        self.steps.append(what)
        if len(self.steps) - 1 != self.fault_at or self.fault is None:
            return
        if self.fault is not Fault.KILL_BEFORE:
            half()
        if self.fault is Fault.ERROR:
            raise OSError(errno.EIO, "Input/output error")
        raise Killed

    def real_path(self, path: str) -> str:
        """There are no links here."""
        return path

    def lock(self, path: str) -> Callable[[], None]:
        """Whoever asks gets it."""
        return lambda: None

    def read(self, path: str) -> bytes:
        """All of a file."""
        return bytes(self.files[path].data)

    def open(self, path: str) -> CrashFile:
        """An existing file."""
        self.step("open")
        return CrashFile(self, self.files[path])

    def create(self, path: str) -> CrashFile:
        """A new file."""
        self.step("create")
        assert path not in self.files
        self.files[path] = Inode()
        return CrashFile(self, self.files[path])

    def replace(self, path: str, by: str) -> None:
        """Rename."""
        self.step("replace")
        self.files[path] = self.files.pop(by)

    def sync_folder(self, path: str) -> None:
        """Make names certain."""
        self.step("sync_folder")
        self.kept = dict(self.files)

    def remove(self, path: str) -> None:
        """Delete."""
        self.step("remove")
        self.files.pop(path, None)

    def after_kill(self) -> CrashStorage:
        """What the next process finds when only this one has ended: everything that was written."""
        return CrashStorage({path: Inode(bytearray(inode.data)) for path, inode in self.files.items()})

    def after_power_cut(self) -> Iterator[CrashStorage]:
        """What may be found when the machine has stopped: names old or new, of what was not synced nothing, half or all."""
        for names in (self.kept, self.files):
            for part in (0.0, 0.5, 1.0):
                yield CrashStorage({path: Inode(_survivor(inode, part)) for path, inode in names.items()})


def _survivor(inode: Inode, part: float) -> bytearray:
    return inode.data[: inode.synced + int((len(inode.data) - inode.synced) * part)]


@dataclass(eq=False)
class CrashFile:
    """An open file; it goes on to mean the same bytes when it is renamed."""

    storage: CrashStorage
    inode: Inode

    def append(self, data: bytes) -> None:
        """Write at the end."""
        self.storage.step("append", lambda: self.inode.data.extend(data[: len(data) // 2]))
        self.inode.data += data

    def sync(self) -> None:
        """Make the bytes certain."""
        self.storage.step("sync")
        self.inode.synced = len(self.inode.data)

    def truncate(self, length: int) -> None:
        """Cut the file."""
        self.storage.step("truncate")
        del self.inode.data[length:]
        self.inode.synced = min(self.inode.synced, length)

    def close(self) -> None:
        """Close it."""
        self.storage.step("close")
