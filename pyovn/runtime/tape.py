"""What a process heard, kept in a file as it came, and heard again from there without sockets (`--record`, `--replay`).

Rule: a program asks the same questions in the same order when it is given the same answers at the same times. So a tape is one
sequence of entries; every one is written where something from outside enters, and read at the same place. Times are entries too,
which is why probes and time limits play as well. Random numbers go by the seed that the tape begins with; files are not on it: a database
has to be as it was. The format is our own, a line of JSON for each entry, followed by the bytes that it is about.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from pyovn.runtime.options import Option, Options

FORMAT = "pyovn tape 1"
FILE = "tape"


class TapeError(Exception):
    """A tape cannot be written or read, or is of a program that did something else; the text is what the user sees."""


OPTIONS = (Option("record", "optional"), Option("replay", "optional"))
"""What programs take that can be recorded; the folder is the current one if none is named."""


class Heard(Protocol):
    """A stream as a tape plays it: told what had happened on it."""

    def now_open(self, certified_name: str) -> None:
        """The connection stood."""

    def hear(self, data: bytes) -> None:
        """Bytes came in."""

    def fail(self, reason: str) -> None:
        """The connection was gone."""


class Recorder:
    """Writes a tape; `now` is the time of the latest event, which is what the program is told whenever it asks."""

    def __init__(self, folder: str) -> None:
        try:
            self._file = open(f"{folder}/{FILE}", "wb", buffering=1 << 16)  # noqa: SIM115 (kept open for as long as the process lives)
        except OSError as error:
            raise TapeError(f"{error.filename}: {error.strerror}") from None
        self.seed = int.from_bytes(os.urandom(8))
        self.now = time.monotonic()
        self._streams = self._listeners = 0
        self.write(FORMAT, self.seed, self.now)

    def stamp(self) -> float:
        """The time of what comes now."""
        self.now = time.monotonic()
        return self.now

    def turn(self) -> float:
        """All that came is written: the time at which the tasks have their turns."""
        self.write("turn", self.stamp())
        self.flush()
        return self.now

    def flush(self) -> None:
        """What was written is there even if the process dies now."""
        self._file.flush()

    def number(self) -> int:
        """The number of a new stream."""
        self._streams += 1
        return self._streams

    def write(self, kind: str, *words: object, data: bytes = b"") -> None:
        """Add an entry."""
        self._file.write(json.dumps([kind, len(data), *words]).encode() + b"\n" + data)

    @contextlib.contextmanager
    def asking(self, kind: str, errors: type[Exception]) -> Iterator[None]:
        """Keep whether what is tried within failed, and how."""
        try:
            yield
        except errors as error:
            self.write(kind, str(error))
            raise
        self.write(kind, "")

    def listening(self, port: int) -> int:
        """The number of a new listener, on this port."""
        self._listeners += 1
        self.write("port", port)
        return self._listeners - 1

    def close(self) -> None:
        """All is written."""
        self._file.close()


class Player:
    """Reads a tape; `now` is the time of the entry read last."""

    def __init__(self, folder: str) -> None:
        try:
            self._file = open(f"{folder}/{FILE}", "rb")  # noqa: SIM115 (kept open for as long as the process lives)
        except OSError as error:
            raise TapeError(f"{error.filename}: {error.strerror}") from None
        begin = self._read()
        if begin is None or begin[0] != FORMAT:
            raise TapeError(f"{folder}/{FILE}: not a recording of this release")
        self.seed, self.now = begin[2:]
        self._next = self._read()
        self._streams: dict[int, Heard] = {}
        self._listeners: list[Callable[[str], object]] = []

    def add(self, stream: Heard) -> int:
        """Play what follows for this new stream; its number."""
        number = len(self._streams) + 1
        self._streams[number] = stream
        return number

    def listening(self, accept: Callable[[str], object]) -> int:
        """Play connections that came to this new listener, whose `accept` is given their names; its port."""
        self._listeners.append(accept)
        return int(self._take("port")[0])

    def asked(self, kind: str, error: type[Exception]) -> None:
        """What was answered at once: raises if that was an error."""
        problem = self._take(kind)[0]
        if problem:
            raise error(problem)

    def entry(self) -> list[Any] | None:
        """The next entry: its kind, its bytes, its words; None at the end."""
        entry, self._next = self._next, None if self._next is None else self._read()
        return entry

    def happened(self, kind: str, number: int) -> list[Any] | None:
        """The words of the next entry if it is of this kind and stream, asked at the place where such an entry is written."""
        if self._next is None or self._next[0] != kind or self._next[2] != number:
            return None
        return self._take(kind)

    def play_until_turn(self) -> bool:
        """Play what came until the tasks had their turns; False at the end of the tape."""
        while self._next is not None:
            kind, data, *words = self._next
            if kind == "turn":
                self.now = words[0]
                self._next = self._read()
                return True
            self._next = self._read()
            if kind != "wait":
                self._play(kind, data, *words)
        return False

    def _play(self, kind: str, data: bytes, number: int, *words: Any) -> None:
        self.now = words[0]
        if kind == "accepted":
            self._listeners[number](words[1])
        elif kind == "opened":
            self._streams[number].now_open(words[1])
        elif kind == "data":
            self._streams[number].hear(data)
        elif kind == "closed":
            self._streams[number].fail(words[1])
        else:
            raise TapeError(f"{kind} of {number} was recorded, but the program does something else now")

    def close(self) -> None:
        """All that is wanted was read."""
        self._file.close()

    def _take(self, kind: str) -> list[Any]:
        if self._next is None or self._next[0] != kind:
            raise TapeError(f"{self._next and self._next[0]} was recorded, but the program asks for {kind}")
        _, _, *words = self._next
        self._next = self._read()
        return words

    def _read(self) -> list[Any] | None:
        """The next entry, its bytes in the place of their number; None at the end, which may be where the process was killed."""
        line = self._file.readline()
        if not line.endswith(b"\n"):
            return None
        try:
            kind, length, *words = json.loads(line)
        except ValueError:
            raise TapeError("the recording is damaged") from None
        data = self._file.read(length)
        return [kind, data, *words] if len(data) == length else None


def tape_of(options: Options) -> Recorder | Player | None:
    """The tape that a command line asks for."""
    if "record" in options and "replay" in options:
        raise TapeError("--record and --replay exclude each other")
    if "record" in options:
        return Recorder(options.last("record", "."))
    return Player(options.last("replay", ".")) if "replay" in options else None
