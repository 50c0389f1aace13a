"""Unix socket names of any length: the kernel takes some hundred bytes, folders may be deeper."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable

LONGEST_NAME = 107


def connect_unix(sock: socket.socket, file: str) -> None:
    """Connect to the socket called `file`."""
    _through_folder(file, sock.connect)


def bind_unix(sock: socket.socket, file: str) -> None:
    """Bind to `file`, in place of whatever socket has that name, for the owner and the group."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(file)
    _through_folder(file, sock.bind)
    os.chmod(file, 0o750)


def _through_folder(file: str, call: Callable[[str], None]) -> None:
    """Call with a name short enough: the file seen through its open folder."""
    if len(os.fsencode(file)) <= LONGEST_NAME:
        call(file)
        return
    folder = os.open(os.path.dirname(file) or ".", os.O_PATH | os.O_DIRECTORY)
    try:
        call(f"/proc/self/fd/{folder}/{os.path.basename(file)}")
    finally:
        os.close(folder)
