"""A few bytes that a process and those it forks share: what a daemon wants to know again when its monitor starts it anew."""

from __future__ import annotations

import os


class Memory:
    """Made before the process forks; nothing of it is left when the last of them has ended."""

    def __init__(self) -> None:
        self._descriptor = os.memfd_create("memory")

    def read(self) -> str:
        """What was written last, "" if nothing was."""
        return os.pread(self._descriptor, os.fstat(self._descriptor).st_size, 0).decode()

    def write(self, text: str) -> None:
        """Keep this in place of what was kept."""
        data = text.encode()
        os.pwrite(self._descriptor, data, 0)
        os.ftruncate(self._descriptor, len(data))
