"""A simulated machine's TCP (RFC 9293), as much as requests and answers need: segments in order, what is lost is sent again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from pyovn.machine import NEVER
from pyovn.packet.tcp import ACK, FIN, PSH, RST, SYN, Tcp

RETRY_S = 1.0
MOST_TRIES = 6
SEGMENT = 1400
"""The most bytes in a segment, so that it fits through a tunnel."""
WINDOW = 65535
EPHEMERAL = range(32768, 61000)
_WRAP = 0xFFFFFFFF


class Ends(NamedTuple):
    """Addresses (numbers) and ports of a connection, ours first."""

    local: int
    local_port: int
    remote: int
    remote_port: int


class State(Enum):
    """How far a connection has come."""

    SYN_SENT = auto()
    SYN_RECEIVED = auto()
    ESTABLISHED = auto()
    CLOSED = auto()
    REFUSED = auto()
    LOST = auto()
    """The peer was silent for too long."""


@dataclass(slots=True)
class Unanswered:
    """Something sent that counts in the sequence and has not been acknowledged."""

    seq: int
    flags: int
    payload: bytes = b""

    @property
    def length(self) -> int:
        """How much of the sequence it takes."""
        return len(self.payload) + bool(self.flags & (SYN | FIN))


@dataclass(slots=True)
class Connection:
    """One connection of one machine."""

    ends: Ends
    state: State
    next_seq: int = 1
    expected: int = 0
    """The peer's next sequence number."""
    received: bytearray = field(default_factory=bytearray)
    peer_done: bool = False
    """The peer has said that it will send no more."""
    done: bool = False
    """We have."""
    due: float = NEVER
    tries: int = 0
    unanswered: list[Unanswered] = field(default_factory=list)
    segments: list[Tcp] = field(default_factory=list)
    """To be sent."""
    waiting: bytes = b""
    """Data for when the connection is open."""

    def say(self, flags: int, payload: bytes, now: float) -> None:
        """Send something that has to be acknowledged."""
        sent = Unanswered(self.next_seq, flags, payload)
        self.next_seq = self.next_seq + sent.length & _WRAP
        self.unanswered.append(sent)
        self._transmit(sent)
        if self.due == NEVER:
            self.due, self.tries = now + RETRY_S, 1

    def send(self, data: bytes, now: float) -> None:
        """Send data, as soon as the connection is open."""
        if self.state is not State.ESTABLISHED:
            self.waiting += data
            return
        for start in range(0, len(data), SEGMENT):
            self.say(ACK | PSH, data[start : start + SEGMENT], now)

    def close(self, now: float) -> None:
        """Send no more."""
        if not self.done:
            self.done = True
            self.say(ACK | FIN, b"", now)

    def receive(self, segment: Tcp, now: float) -> None:
        """Take a segment of the peer."""
        if segment.flags & RST:
            self.state, self.due = State.REFUSED if self.state is State.SYN_SENT else State.CLOSED, NEVER
            return
        if segment.flags & ACK:
            self._acknowledged(segment.ack, now)
        if segment.flags & SYN:
            self._opened(segment, now)
        elif segment.seq != self.expected:
            self._acknowledge()
        elif segment.payload or segment.flags & FIN:
            self.received += segment.payload
            self.expected = self.expected + len(segment.payload) + bool(segment.flags & FIN) & _WRAP
            self.peer_done = self.peer_done or bool(segment.flags & FIN)
            self._acknowledge()
        if self.done and self.peer_done and not self.unanswered:
            self.state = State.CLOSED

    def tick(self, now: float) -> None:
        """Send again what was not acknowledged in time, or give up."""
        if now < self.due:
            return
        if self.tries == MOST_TRIES:
            self.state, self.due = State.LOST, NEVER
            return
        self.tries += 1
        self.due = now + RETRY_S * 2 ** (self.tries - 1)
        for sent in self.unanswered:
            self._transmit(sent)

    @property
    def over(self) -> bool:
        """Nothing more will come of it."""
        return self.state in (State.CLOSED, State.REFUSED, State.LOST)

    def _opened(self, segment: Tcp, now: float) -> None:
        self.expected = segment.seq + 1 & _WRAP
        if self.state is not State.SYN_RECEIVED:
            self._acknowledge()
        if self.state is State.SYN_SENT:
            self.state = State.ESTABLISHED
            self.send(self.waiting, now)

    def _acknowledged(self, ack: int, now: float) -> None:
        before = len(self.unanswered)
        while self.unanswered and (ack - self.unanswered[0].seq - self.unanswered[0].length) & 1 << 31 == 0:
            self.unanswered.pop(0)
        if self.state is State.SYN_RECEIVED and not self.unanswered:
            self.state = State.ESTABLISHED
        if len(self.unanswered) != before:
            self.due, self.tries = (now + RETRY_S, 1) if self.unanswered else (NEVER, 0)

    def _acknowledge(self) -> None:
        self.segments.append(self._segment(self.next_seq, ACK, b""))

    def _transmit(self, sent: Unanswered) -> None:
        self.segments.append(self._segment(sent.seq, sent.flags, sent.payload))

    def _segment(self, seq: int, flags: int, payload: bytes) -> Tcp:
        ends = self.ends
        return Tcp(ends.local_port, ends.remote_port, seq, self.expected if flags & ACK else 0, flags, WINDOW, payload)


Serve = Callable[[bytes], bytes | None]
"""What a server answers to all that a client has said so far; None: that is not yet a request."""


@dataclass(slots=True)
class Connections:
    """All connections of a machine, and who answers on which port."""

    servers: dict[int, Serve] = field(default_factory=dict)
    by_ends: dict[Ends, Connection] = field(default_factory=dict)
    opened: int = 0

    def open(self, local: int, remote: int, port: int, now: float) -> Connection:
        """Begin a connection."""
        ends = Ends(local, EPHEMERAL[self.opened % len(EPHEMERAL)], remote, port)
        self.opened += 1
        connection = self.by_ends[ends] = Connection(ends, State.SYN_SENT)
        connection.say(SYN, b"", now)
        return connection

    def receive(self, ends: Ends, segment: Tcp, now: float) -> Tcp | None:
        """Take a segment; an answer that belongs to no connection is returned."""
        connection = self.by_ends.get(ends)
        if connection is None:
            if segment.flags & RST:
                return None
            if segment.flags & (SYN | ACK) != SYN or ends.local_port not in self.servers:
                return _refusal(segment)
            connection = self.by_ends[ends] = Connection(ends, State.SYN_RECEIVED, expected=segment.seq + 1 & _WRAP)
            connection.say(SYN | ACK, b"", now)
            return None
        connection.receive(segment, now)
        serve = self.servers.get(ends.local_port)
        if serve is not None and not connection.done and connection.state is State.ESTABLISHED:
            answer = serve(bytes(connection.received))
            if answer is not None:
                connection.send(answer, now)
                connection.close(now)
        return None

    def tick(self, now: float) -> None:
        """Let each connection go on, and forget those that are over."""
        for ends, connection in list(self.by_ends.items()):
            connection.tick(now)
            if connection.over and not connection.segments:
                del self.by_ends[ends]

    def due(self) -> float:
        """When one of them next wants attention."""
        return min((connection.due for connection in self.by_ends.values()), default=NEVER)

    def take(self) -> list[tuple[Ends, Tcp]]:
        """The segments to send."""
        taken = [(ends, segment) for ends, connection in self.by_ends.items() for segment in connection.segments]
        for connection in self.by_ends.values():
            connection.segments.clear()
        return taken


def _refusal(segment: Tcp) -> Tcp:
    """The reset that answers a segment for nobody (RFC 9293, 3.10.7.1)."""
    if segment.flags & ACK:
        return Tcp(segment.dst, segment.src, segment.ack, 0, RST, 0)
    length = len(segment.payload) + bool(segment.flags & SYN) + bool(segment.flags & FIN)
    return Tcp(segment.dst, segment.src, 0, segment.seq + length & _WRAP, RST | ACK, 0)
