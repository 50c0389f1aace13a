"""A command line's one connection, kept on a tape or played from it; what `ovs-appctl` has the command do is not on it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pyovn.runtime.blocking import BlockingClient, ConnectError, dial
from pyovn.runtime.tape import Player, Recorder

if TYPE_CHECKING:
    from _socket import socket

    from pyovn.runtime.blocking import Secure


class Taped:
    """As much of a socket as `BlockingClient` uses: a real one whose bytes are recorded, or none at all."""

    def __init__(self, tape: Recorder | Player, sock: socket | None) -> None:
        self._tape = tape
        self._sock = sock
        self._timeout: float | None = None
        self._ready: tuple[int, int] | None = None

    def recv(self, most: int) -> bytes:
        """What came; `TimeoutError` if nothing came in time, `OSError` if the connection is lost, b"" if it was ended."""
        return self._play() if isinstance(self._tape, Player) else self._record(self._tape, most)

    def _record(self, tape: Recorder, most: int) -> bytes:
        assert self._sock is not None
        try:
            data = self._sock.recv(most)
        except TimeoutError:
            tape.write("quiet")
            raise
        except OSError as error:
            tape.write("failed", error.errno)
            tape.flush()
            raise
        tape.write("data", data=data)
        tape.flush()
        return data

    def _play(self) -> bytes:
        assert isinstance(self._tape, Player)
        kind, data, *words = self._tape.entry() or ["data", b""]
        if kind == "quiet":
            raise TimeoutError
        if kind == "failed":
            raise OSError(words[0], os.strerror(words[0]))
        return bytes(data)

    def sendall(self, data: bytes) -> None:
        """Send, unless there is nobody to send to."""
        if self._sock is not None:
            self._sock.sendall(data)

    def settimeout(self, seconds: float | None) -> None:
        """How long `recv` may wait."""
        self._timeout = seconds
        if self._sock is not None:
            self._sock.settimeout(seconds)

    def gettimeout(self) -> float | None:
        """How long `recv` may wait."""
        return self._timeout

    def fileno(self) -> int:
        """What can be read when something has come; always, from a tape."""
        if self._sock is not None:
            return self._sock.fileno()
        if self._ready is None:
            self._ready = os.pipe()
            os.write(self._ready[1], b"\0")
        return self._ready[0]

    def close(self) -> None:
        """Hang up, and end the tape."""
        if self._sock is not None:
            self._sock.close()
        self._tape.close()


def connect_taped(tape: Recorder | Player, remote: str, secure: Secure | None) -> BlockingClient:
    """As `connect`, on a tape."""
    if isinstance(tape, Player):
        tape.asked("dial", ConnectError)
        return BlockingClient(Taped(tape, None))
    with tape.asking("dial", ConnectError):
        sock = dial(remote, default_port=6640, secure=secure)
    return BlockingClient(Taped(tape, sock))
