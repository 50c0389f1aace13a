"""A file system in memory that can be told to fail (`pyovn.ovsdb.log.Storage`)."""

from __future__ import annotations

from collections.abc import Callable


class MemoryFile:
    """A file of a `MemoryStorage`, open for appending; it goes on to mean the same bytes when it is renamed."""

    def __init__(self, storage: MemoryStorage, path: str, data: bytearray) -> None:
        self.storage = storage
        self.path = path
        self.data = data

    def append(self, data: bytes) -> None:
        """Write, or write a beginning and fail."""
        if self.storage.fail_append is not None:
            kept, error = self.storage.fail_append
            self.data += data[:kept]
            raise error
        self.data += data

    def sync(self) -> None:
        """Remember how much is safe."""
        if self.storage.fail_sync is not None:
            raise self.storage.fail_sync
        self.storage.synced[self.path] = len(self.data)

    def truncate(self, length: int) -> None:
        """Cut the file."""
        if self.storage.fail_truncate is not None:
            raise self.storage.fail_truncate
        del self.data[length:]

    def close(self) -> None:
        """Count it."""
        self.storage.closed += 1


class MemoryStorage:
    """Files by path; `fail_…` says what goes wrong."""

    def __init__(self) -> None:
        self.files: dict[str, bytearray] = {}
        self.locked: set[str] = set()
        self.synced: dict[str, int] = {}
        self.closed = 0
        self.fail_append: tuple[int, OSError] | None = None
        self.fail_sync: OSError | None = None
        self.fail_truncate: OSError | None = None
        self.fail_replace: OSError | None = None

    def real_path(self, path: str) -> str:
        """There are no links here."""
        return path

    def lock(self, path: str) -> Callable[[], None]:
        """One lock a path."""
        if path in self.locked:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        self.locked.add(path)
        return lambda: self.locked.discard(path)

    def read(self, path: str) -> bytes:
        """All of a file."""
        return bytes(self._existing(path))

    def open(self, path: str) -> MemoryFile:
        """An existing file."""
        self.synced.setdefault(path, 0)
        return MemoryFile(self, path, self._existing(path))

    def create(self, path: str) -> MemoryFile:
        """A new file."""
        if path in self.files:
            raise FileExistsError(17, "File exists")
        self.files[path] = bytearray()
        return self.open(path)

    def replace(self, path: str, by: str) -> None:
        """Rename."""
        if self.fail_replace is not None:
            raise self.fail_replace
        self.files[path] = self.files.pop(by)

    def sync_folder(self, path: str) -> None:
        """Names outlive everything here."""

    def remove(self, path: str) -> None:
        """Delete."""
        self.files.pop(path, None)

    def _existing(self, path: str) -> bytearray:
        if path not in self.files:
            raise FileNotFoundError(2, "No such file or directory")
        return self.files[path]
