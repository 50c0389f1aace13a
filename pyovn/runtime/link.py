"""Machines on byte streams: their `Open`, `Close` and `bytes` carried out, what happens on the stream told back to them.

A slow peer stops being read once `BACKLOG_LIMIT` bytes wait for it, and its machine is told with `Slow`, so that it sends no more than
it must; when the peer has caught up reading goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pyovn.machine import Close, Closed, Machine, Open, Opened, Reading, Slow
from pyovn.runtime.loop import Loop
from pyovn.runtime.paths import in_folder
from pyovn.runtime.remote import OVSDB_PORT, Remote, RemoteError, parse_remote
from pyovn.runtime.stream import Listener, Stream, listen, open_stream
from pyovn.runtime.tls import Tls


@dataclass(frozen=True, slots=True)
class Network:
    """How this process reaches others: its loop, the folder of relative socket names, its TLS identity, the default port."""

    loop: Loop
    rundir: str
    tls: Tls = field(default_factory=Tls)
    default_port: int = OVSDB_PORT


class Link:
    """A task that gives a machine the one stream it asks for with `Open`; effects that are no stream's go to `carry`.

    A machine that does not open by itself is given an accepted `stream` instead; `on_end` hears when that is over.
    """

    def __init__(self, network: Network, machine: Machine, carry: Callable[[Any], None] | None = None) -> None:
        self.machine = machine
        self.stream: Stream | None = None
        self.on_end: Callable[[], None] | None = None
        self._network = network
        self._carry = carry
        self._slow = False
        self._news = False

    def serve(self, stream: Stream) -> None:
        """Use an accepted stream."""
        self.stream = stream
        stream.user = self
        stream.begin()

    def close(self) -> None:
        """Hang up, and give the machine no more turns."""
        self._network.loop.remove(self)
        self._hang_up()

    def turn(self, now: float) -> bool:
        """See `Task`. What came since the last turn is news to nobody: the others have their turns in this round too."""
        self._news = False
        if self.machine.due() <= now:
            self.machine.tick(now)
        self._watch_backlog(now)
        effects = self.machine.take()
        for effect in effects:
            self._carry_out(effect, now)
        if effects and self.stream is not None:
            self.stream.flush()
        return self._news

    def due(self) -> float:
        """See `Task`."""
        return self.machine.due()

    def opened(self, stream: Stream) -> None:
        """See `StreamUser`."""
        self._tell(Opened(stream.name, stream.certified_name))

    def arrived(self, stream: Stream, data: bytes) -> None:
        """See `StreamUser`."""
        self._tell(data)

    def closed(self, stream: Stream, reason: str) -> None:
        """See `StreamUser`."""
        self.stream = None
        self._slow = False
        self._tell(Closed(reason))
        self._end()

    def _tell(self, what: object) -> None:
        self.machine.receive(None, what, self._network.loop.now())
        self._news = True

    def _watch_backlog(self, now: float) -> None:
        if self.stream is not None and self._slow != (slow := self.stream.is_slow(was_slow=self._slow)):
            self._slow = slow
            self.stream.want_reading(not slow)
            self.machine.receive(None, Slow(slow), now)

    def _carry_out(self, effect: Any, now: float) -> None:
        if isinstance(effect, (bytes, bytearray)):
            if self.stream is not None:
                self.stream.send(bytes(effect))
        elif isinstance(effect, Open):
            self._hang_up()
            try:
                self.stream = dial(self._network, effect.remote, self)
            except RemoteError as error:
                self.machine.receive(None, Closed(str(error)), now)
                self._news = True
        elif isinstance(effect, Close):
            self._hang_up()
            self._end()
        else:
            assert self._carry is not None, f"{effect!r} is for nobody"
            self._carry(effect)

    def _hang_up(self) -> None:
        if self.stream is not None:
            self.stream.close()
            self.stream = None
        self._slow = False

    def _end(self) -> None:
        if self.on_end is not None:
            self.on_end()


class Sessions(Protocol):
    """A machine with many streams: `port` is a session's number, and its effects are `(port, bytes | Close | Reading)`."""

    def receive(self, port: Any, data: Any, now: float) -> None:
        """See `Machine`."""

    def tick(self, now: float) -> None:
        """See `Machine`."""

    def due(self) -> float:
        """See `Machine`."""

    def take(self) -> list[tuple[int, Any]]:
        """See `Machine`."""


class Service:
    """A task that gives a machine of many sessions its streams; sessions are numbered from 1 in the order in which they came."""

    def __init__(self, network: Network, machine: Sessions) -> None:
        self.machine = machine
        self._network = network
        self._streams: dict[int, Stream] = {}
        self._numbers: dict[Stream, int] = {}
        self._slow: set[int] = set()
        self._held: set[int] = set()
        """Sessions of which the machine wants nothing more for now."""
        self._watched: set[int] = set()
        self._count = 0
        self._news = False
        self.on_closed: Callable[[int], None] | None = None
        """Called with the number of a session whose stream its peer, or trouble, has ended."""

    def accept(self, stream: Stream) -> int:
        """Serve a new stream as a session; its number."""
        stream.user = self
        number = self._enter(stream)
        stream.begin()
        return number

    def connect(self, remote: str) -> int:
        """Serve a stream that we open ourselves; the session's number, `RemoteError` if it fails at once."""
        return self._enter(dial(self._network, remote, self))

    def _enter(self, stream: Stream) -> int:
        self._count += 1
        self._streams[self._count] = stream
        self._numbers[stream] = self._count
        return self._count

    def drop(self, number: int, reason: str = "") -> None:
        """End a session, telling the machine."""
        self._close(number)
        self.machine.receive(number, Closed(reason), self._network.loop.now())

    def _close(self, number: int) -> None:
        stream = self._streams.pop(number, None)
        if stream is not None:
            del self._numbers[stream]
            self._forget(number)
            stream.close()

    def _forget(self, number: int) -> None:
        for numbers in (self._slow, self._held, self._watched):
            numbers.discard(number)

    def turn(self, now: float) -> bool:
        """See `Task`, and `Link.turn` for what is news."""
        self._news = False
        if self.machine.due() <= now:
            self.machine.tick(now)
        touched = set()
        for number, effect in self.machine.take():
            if isinstance(effect, Close):
                self._close(number)
                self._tell_closed(number)
            elif (stream := self._streams.get(number)) is None:
                continue
            elif isinstance(effect, Reading):
                (self._held.discard if effect.wanted else self._held.add)(number)
                self._choose_reading(number, stream)
            else:
                stream.send(effect)
                touched.add(number)
        for number in touched:
            if (stream := self._streams.get(number)) is not None:
                # Watched first: the flush may find the peer gone, and then nothing of the stream is kept.
                self._watched.add(number)
                stream.flush()
        self._watch_backlogs(now)
        news, self._news = self._news, False
        return news

    def due(self) -> float:
        """See `Task`."""
        return self.machine.due()

    def opened(self, stream: Stream) -> None:
        """See `StreamUser`."""
        self._tell(stream, Opened(stream.name, stream.certified_name))

    def arrived(self, stream: Stream, data: bytes) -> None:
        """See `StreamUser`."""
        self._tell(stream, data)

    def closed(self, stream: Stream, reason: str) -> None:
        """See `StreamUser`."""
        number = self._numbers.pop(stream)
        del self._streams[number]
        self._forget(number)
        self._news = True
        self.machine.receive(number, Closed(reason), self._network.loop.now())
        self._tell_closed(number)

    def _tell_closed(self, number: int) -> None:
        if self.on_closed is not None:
            self.on_closed(number)

    def _tell(self, stream: Stream, what: object) -> None:
        self.machine.receive(self._numbers[stream], what, self._network.loop.now())
        self._news = True

    def _choose_reading(self, number: int, stream: Stream) -> None:
        stream.want_reading(number not in self._slow and number not in self._held)

    def _watch_backlogs(self, now: float) -> None:
        """Only streams that were sent to, or wait, can have changed."""
        for number in tuple(self._watched):
            stream = self._streams[number]
            slow = stream.is_slow(was_slow=number in self._slow)
            if slow != (number in self._slow):
                (self._slow.add if slow else self._slow.discard)(number)
                self._choose_reading(number, stream)
                self.machine.receive(number, Slow(slow), now)
                self._news = True
            if not stream.backlog:
                self._watched.discard(number)


def dial(network: Network, remote: str, user: Link | Service) -> Stream:
    """Begin to connect to an active `remote`; `RemoteError` if that fails at once."""
    parsed = _locate(network, parse_remote(remote, default_port=network.default_port))
    if parsed.passive:
        raise RemoteError("Operation not supported")
    return open_stream(network.loop, parsed, remote, user, tls=network.tls)


def listen_on(network: Network, remote: str, accept: Callable[[Stream], object]) -> Listener:
    """Listen on a passive `remote`; `RemoteError` if that cannot be."""
    parsed = _locate(network, parse_remote(remote, default_port=network.default_port))
    return listen(network.loop, parsed, accept, tls=network.tls)


def _locate(network: Network, remote: Remote) -> Remote:
    return Remote(remote.scheme, file=in_folder(network.rundir, remote.file)) if remote.file else remote


def remotes_of(text: str) -> Sequence[str]:
    """The connection methods of a comma-separated list."""
    return tuple(part for part in text.split(",") if part)
