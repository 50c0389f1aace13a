"""The file system as databases use it (`pyovn.ovsdb.log.Storage`): appending, syncing, and replacing in one step.

A file is locked as the reference locks it, by a POSIX lock on `.NAME.~lock~` beside it, so either's programs respect the other's.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import random
import time
from collections.abc import Callable

from pyovn.ovsdb.database_file import FindClasses, World

MODE = 0o640
"""A database may hold secrets: its owner writes, its group reads."""

LOCK_MODE = 0o600

_FIXED_BITS = 0xF000_C000_0000_0000_0000
_VERSION_4 = 0x4000_8000_0000_0000_0000
"""The bits of a random uuid that are not random: its version and variant."""

_held: set[tuple[int, int]] = set()
"""The lock files (device, inode) that this process holds: POSIX locks do not keep a process from itself."""


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


class DiskFile:
    """An open file; see `pyovn.ovsdb.log.File`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def append(self, data: bytes) -> None:
        """Write all of it at the end."""
        written = os.write(self._descriptor, data)
        if written < len(data):
            left = memoryview(data)[written:]
            while left:
                left = left[os.write(self._descriptor, left) :]

    def sync(self) -> None:
        """Return when what was written is on disk."""
        os.fsync(self._descriptor)

    def truncate(self, length: int) -> None:
        """Cut the file to `length` bytes."""
        os.ftruncate(self._descriptor, length)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


class Disk:
    """The machine's file system; see `pyovn.ovsdb.log.Storage`."""

    def real_path(self, path: str) -> str:
        """The path of the file itself from the root, symbolic links followed."""
        return os.path.realpath(path)

    def lock(self, path: str) -> Callable[[], None]:
        """Keep other writers away from a file until what this answers is called."""
        directory, name = os.path.split(path)
        lock_path = os.path.join(directory, f".{name}.~lock~")
        # Closing any descriptor of a file gives up all of a process's locks on it, so one that is held is not opened again.
        if os.path.exists(lock_path) and _identity(os.stat(lock_path)) in _held:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, LOCK_MODE)
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise
        identity = _identity(os.fstat(descriptor))
        _held.add(identity)

        def unlock() -> None:
            _held.discard(identity)
            os.close(descriptor)

        return unlock

    def read(self, path: str) -> bytes:
        """All of a file."""
        with open(path, "rb") as file:
            return file.read()

    def open(self, path: str) -> DiskFile:
        """Open an existing file for appending."""
        return DiskFile(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC))

    def create(self, path: str) -> DiskFile:
        """Create a file that must not exist yet; a dangling symbolic link gets its target."""
        target = self.real_path(path)
        return DiskFile(os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, MODE))

    def replace(self, path: str, by: str) -> None:
        """Put the file `by` in the place of `path` in one step."""
        os.replace(by, path)

    def sync_folder(self, path: str) -> None:
        """Return when the names in the folder that `path` is in are on disk."""
        directory = os.open(os.path.dirname(path) or ".", os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def remove(self, path: str) -> None:
        """Delete a file; none is fine."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def disk_world(classes: FindClasses) -> World:
    """Databases on this machine: its files, its clock, its random numbers."""
    return World(Disk(), new_uuid, lambda: int(time.time() * 1000), classes)


def new_uuid() -> str:
    """A random uuid (RFC 4122, version 4)."""
    text = (_random_bits(128) & ~_FIXED_BITS | _VERSION_4).to_bytes(16, "big").hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def seed_uuids(seed: int) -> None:
    """Draw the same uuids as whoever gives this seed too."""
    _random.seed(seed)


_random = random.Random(os.urandom(32))
"""Begun with what the system draws; asking it for every uuid would take longer than storing the row."""
_random_bits = _random.getrandbits

# Whom a monitor starts anew must not draw again what its forerunner drew.
os.register_at_fork(after_in_child=lambda: _random.seed(os.urandom(32)))
