"""BFD sessions: two ends on a wire that may fail, in virtual time."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from pyovn.machine import NEVER
from pyovn.packet.bfd import ADMIN_DOWN, DOWN, FINAL, INIT, POLL, UP, Bfd, build, parse
from pyovn.packet.bfd_session import CONCATENATED, EXPIRED, NO_DIAGNOSTIC, SIGNALED, Session, Terms


@dataclass
class Wire:
    """Two sessions and what passes between them; `cut` holds the ends whose packets are lost."""

    ends: tuple[Session, Session] = field(default_factory=lambda: (Session(0xA1), Session(0xB2)))
    now: float = 0.0
    cut: set[int] = field(default_factory=set)
    passed: list[tuple[float, int, Bfd]] = field(default_factory=list)

    def run(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        while (due := min(session.due() for session in self.ends)) <= end:
            self.now = max(self.now, due)
            for number, session in enumerate(self.ends):
                session.tick(self.now)
                self._deliver(number, session)
        self.now = end

    def _deliver(self, number: int, session: Session) -> None:
        for packet in session.take():
            self.passed.append((self.now, number, packet))
            if number not in self.cut:
                other = self.ends[1 - number]
                other.receive(parse(build(packet)), self.now)
                self._deliver(1 - number, other)

    @property
    def states(self) -> tuple[int, int]:
        """Of both ends."""
        return self.ends[0].state, self.ends[1].state


def test_both_ends_come_up_and_confirm_the_faster_pace() -> None:
    wire = Wire()
    wire.run(4)
    assert wire.states == (UP, UP)
    assert {packet.flags for _, _, packet in wire.passed} == {0, POLL, FINAL}
    assert all(end.remote.min_tx_us == 100_000 and end.diagnostic == NO_DIAGNOSTIC for end in wire.ends)


def test_the_pace_is_what_the_receiver_can_take_less_a_quarter_at_most() -> None:
    wire = Wire((Session(1), Session(2, Terms(min_rx_us=300_000))))
    wire.run(10)
    wire.passed.clear()
    wire.run(20)
    times = [at for at, number, packet in wire.passed if number == 0]
    gaps = [after - before for before, after in pairwise(times)]
    assert min(gaps) >= 0.225 - 1e-9 and max(gaps) <= 0.3 + 1e-9 and len(set(gaps)) > 3


@pytest.mark.parametrize("multiplier", [1, 3, 5])
def test_a_silent_peer_is_given_up_after_so_many_intervals(multiplier: int) -> None:
    wire = Wire((Session(1), Session(2, Terms(multiplier=multiplier))))
    wire.run(5)
    wire.cut = {0, 1}
    heard = max(at for at, number, _ in wire.passed if number == 1)
    while wire.ends[0].state == UP:
        wire.run(0.01)
    assert wire.now - heard == pytest.approx(multiplier * 1.0, abs=0.02)
    assert (wire.ends[0].diagnostic, wire.ends[0].remote.state) == (EXPIRED, DOWN)


def test_what_is_lost_one_way_only_is_told_to_the_other_end() -> None:
    wire = Wire()
    wire.run(5)
    wire.cut = {1}
    wire.run(5)
    assert wire.ends[0].diagnostic == EXPIRED and wire.ends[1].diagnostic == SIGNALED
    assert UP not in wire.states
    wire.cut = set()
    wire.run(3)
    assert wire.states == (UP, UP)


def test_a_restarted_peer_is_noticed_at_once() -> None:
    wire, seen = Wire(), []
    wire.run(5)
    wire.ends = (wire.ends[0], Session(0xB2))
    wire.ends[0].on_change = lambda: seen.append(wire.ends[0].state)
    wire.run(0.01)
    assert seen[0] == DOWN
    wire.run(3)
    assert wire.states == (UP, UP)


def test_a_path_that_is_down_behind_the_peer_is_no_way_to_send() -> None:
    wire = Wire()
    wire.run(5)
    wire.ends[1].offer(Terms(diagnostic=CONCATENATED), wire.now)
    wire.run(2)
    assert wire.states == (UP, UP)
    assert not wire.ends[0].forwarding and wire.ends[1].forwarding


def test_a_peer_that_wants_no_packets_gets_none() -> None:
    session = Session(1)
    session.receive(Bfd(ADMIN_DOWN, 3, 2, 1, 1, 0), 0.0)
    session.expires_at = NEVER
    assert session.due() == NEVER


IGNORED = [
    Bfd(UP, 3, 9, 4711, 1, 1),  # for another session
    Bfd(UP, 3, 9, 0, 1, 1),  # for nobody, though up
    Bfd(INIT, 3, 9, 0, 1, 1),
]


@pytest.mark.parametrize("packet", IGNORED)
def test_what_is_not_for_this_session_changes_nothing(packet: Bfd) -> None:
    session = Session(1)
    session.receive(packet, 0.0)
    assert session.state == DOWN and session.remote.my_discriminator == 0


def test_changes_are_told_once_each() -> None:
    wire, told = Wire(), []
    wire.ends[0].on_change = lambda: told.append(wire.states[0])
    wire.run(10)
    assert told[-1] == UP and len(told) <= 5
    told.clear()
    wire.run(60)
    assert not told
