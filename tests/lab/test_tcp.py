"""TCP of the simulated machines: two ends in virtual time, on a wire that may lose segments."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyovn.lab.tcp import Connection, Connections, Ends, State
from pyovn.machine import NEVER
from pyovn.packet.tcp import ACK, RST, SYN, Tcp

CLIENT, SERVER, PORT = 1, 2, 80


def serve(said: bytes) -> bytes | None:
    """A server that says everything back once there is a full stop."""
    return said * 3 if said.endswith(b".") else None


@dataclass
class Wire:
    """A client and a server; `lost` counts down which segments do not arrive."""

    client: Connections = field(default_factory=Connections)
    server: Connections = field(default_factory=lambda: Connections({PORT: serve}))
    lost: list[bool] = field(default_factory=list)
    now: float = 0.0

    def run(self, connection: Connection, seconds: float = 300.0) -> None:
        """Let time pass until the connection is over."""
        end = self.now + seconds
        while not connection.over and self.now < end:
            if not (self._carry(self.client, self.server) | self._carry(self.server, self.client)):
                due = min(self.client.due(), self.server.due())
                if due == NEVER:
                    return
                self.now = max(self.now, due)
                self.client.tick(self.now)
                self.server.tick(self.now)

    def _carry(self, sender: Connections, receiver: Connections) -> bool:
        taken = sender.take()
        for ends, segment in taken:
            if self.lost and self.lost.pop(0):
                continue
            answer = receiver.receive(Ends(ends.remote, ends.remote_port, ends.local, ends.local_port), segment, self.now)
            if answer is not None:
                sender.receive(ends, answer, self.now)
        return bool(taken)


def ask(wire: Wire, data: bytes, port: int = PORT) -> Connection:
    """A connection on which `data` is said and the answer awaited."""
    connection = wire.client.open(CLIENT, SERVER, port, wire.now)
    connection.send(data, wire.now)
    wire.run(connection, 60)
    return connection


@pytest.mark.parametrize("size", [1, 1400, 1401, 100_000])
def test_a_request_has_its_answer(size: int) -> None:
    data = b"x" * (size - 1) + b"."
    connection = ask(Wire(), data)
    assert connection.received == data * 3 and connection.peer_done


@given(st.lists(st.booleans(), max_size=12))
def test_what_is_lost_is_sent_again(lost: list[bool]) -> None:
    connection = ask(Wire(lost=lost), b"hello.")
    assert connection.state is State.LOST or connection.received == b"hello." * 3


def test_nobody_at_the_port_refuses() -> None:
    assert ask(Wire(), b"hello.", port=81).state is State.REFUSED


def test_a_silent_peer_is_given_up() -> None:
    assert ask(Wire(lost=[True] * 100), b"hello.").state is State.LOST


def test_both_have_said_all_and_nothing_is_kept() -> None:
    wire = Wire()
    connection = ask(wire, b"hello.")
    connection.close(wire.now)
    wire.run(connection)
    for side in (wire.client, wire.server):
        side.tick(wire.now)
    assert connection.state is State.CLOSED
    assert not wire.client.by_ends and not wire.server.by_ends


@pytest.mark.parametrize("flags", [ACK, SYN | ACK, RST])
def test_a_stray_segment_opens_nothing(flags: int) -> None:
    server = Connections({PORT: serve})
    answer = server.receive(Ends(SERVER, PORT, CLIENT, 5), Tcp(5, PORT, 7, 9, flags, 100), 0.0)
    assert not server.by_ends
    assert (answer is None) is bool(flags & RST)
