"""A BFD session in asynchronous mode (RFC 5880, 6.8) as a machine: control packets in, control packets out, times in seconds.

Whoever owns it frames the packets. Nothing is drawn at random: the jitter that the RFC asks for follows from the discriminator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from pyovn.machine import NEVER
from pyovn.packet.bfd import ADMIN_DOWN, DOWN, FINAL, INIT, POLL, UP, Bfd

NO_DIAGNOSTIC, EXPIRED, _, SIGNALED, _, PATH_DOWN, CONCATENATED, _, REVERSE_CONCATENATED = range(9)
DIAGNOSTICS = (
    "No Diagnostic", "Control Detection Time Expired", "Echo Function Failed", "Neighbor Signaled Session Down",
    "Forwarding Plane Reset", "Path Down", "Concatenated Path Down", "Administratively Down", "Reverse Concatenated Path Down",
)  # fmt: skip
"""By number (RFC 5880, 4.1)."""

STATES = ("admin_down", "down", "init", "up")
PATH_IS_DOWN = (PATH_DOWN, CONCATENATED, REVERSE_CONCATENATED)
"""What a peer says that is alive and yet not to be sent to."""

SLOW_US = 1_000_000
"""A session that is not up sends no faster than this (6.8.3)."""

_NEXT_STATE = {
    (DOWN, DOWN): INIT, (DOWN, INIT): UP,
    (INIT, INIT): UP, (INIT, UP): UP,
    (UP, DOWN): DOWN, (UP, ADMIN_DOWN): DOWN, (INIT, ADMIN_DOWN): DOWN,
}  # fmt: skip
"""What a session becomes by its own state and its peer's (6.2); where nothing is said it stays."""


class Terms(NamedTuple):
    """What this end offers: the shortest intervals to send and to receive at, how many may be missed, and what it says of its path."""

    min_tx_us: int = 100_000
    min_rx_us: int = 1_000_000
    multiplier: int = 3
    diagnostic: int = NO_DIAGNOSTIC
    """Said while the session is up."""


UNHEARD = Bfd(DOWN, 0, 0, 0, 0, 1)
"""What is assumed of a peer that has said nothing: it can take anything."""

DEFAULT_TERMS = Terms()


@dataclass(slots=True, eq=False)
class Session:
    """One end of a session."""

    discriminator: int
    terms: Terms = DEFAULT_TERMS
    state: int = DOWN
    diagnostic: int = NO_DIAGNOSTIC
    remote: Bfd = UNHEARD
    """The peer's last packet."""
    on_change: Callable[[], None] = lambda: None
    """Called when a state or a diagnostic, ours or the peer's, is another."""
    next_at: float = 0.0
    sent_at: float = 0.0
    sent_flags: int = 0
    expires_at: float = NEVER
    _polling: bool = False
    _sent: int = 0
    _packets: list[Bfd] = field(default_factory=list)

    def receive(self, packet: Bfd, now: float) -> None:
        """Take a control packet of the peer (6.8.6); what is for another session is ignored."""
        if packet.your_discriminator not in (0, self.discriminator):
            return
        if not packet.your_discriminator and packet.state not in (DOWN, ADMIN_DOWN):
            return
        before = (self.remote.state, self.remote.diagnostic)
        self.remote = packet
        if packet.flags & FINAL:
            self._polling = False
        self.expires_at = now + self.detection_s
        self._become(_NEXT_STATE.get((self.state, packet.state), self.state), SIGNALED, now)
        if packet.flags & POLL:
            self._send(FINAL, now)
        elif self.next_at > now + self.interval_s:
            self.next_at = now + self.interval_s
        if (packet.state, packet.diagnostic) != before:
            self.on_change()

    def tick(self, now: float) -> None:
        """Send when it is time, and give up a peer that was silent for too long (6.8.4)."""
        if now >= self.expires_at:
            self.expires_at = NEVER
            self.remote = UNHEARD
            self._become(DOWN, EXPIRED, now)
            self.on_change()
        if now >= self.next_at and self.remote.min_rx_us:
            self._send(POLL if self._polling else 0, now)

    def due(self) -> float:
        """The next packet, or the end of patience; a peer that wants no packets gets none."""
        if self._packets:
            return 0.0
        return min(self.next_at if self.remote.min_rx_us else NEVER, self.expires_at)

    def take(self) -> list[Bfd]:
        """The packets to send."""
        packets, self._packets = self._packets, []
        return packets

    def offer(self, terms: Terms, now: float) -> None:
        """Offer other terms; while the session is up the peer is asked to confirm them (6.8.3)."""
        if terms == self.terms:
            return
        self.terms = terms
        if self.state == UP:
            self.diagnostic = terms.diagnostic
            self._polling = True
            self.next_at = now

    @property
    def forwarding(self) -> bool:
        """Is the peer there, and able to take packets?"""
        return self.state == UP and self.remote.diagnostic not in PATH_IS_DOWN

    @property
    def min_tx_us(self) -> int:
        """How often this end would send now."""
        return self.terms.min_tx_us if self.state == UP else max(self.terms.min_tx_us, SLOW_US)

    @property
    def interval_s(self) -> float:
        """From one packet to the next, before jitter."""
        return max(self.min_tx_us, self.remote.min_rx_us) / 1e6

    @property
    def detection_s(self) -> float:
        """How long the peer may be silent."""
        return self.remote.multiplier * max(self.terms.min_rx_us, self.remote.min_tx_us) / 1e6

    def _become(self, state: int, diagnostic: int, now: float) -> None:
        if state == self.state:
            return
        if state == UP:
            # From now on it may be sent faster, which the peer has to know first.
            self.diagnostic, self._polling = self.terms.diagnostic, True
        elif state == DOWN:
            self.diagnostic, self._polling = diagnostic, False
        self.state = state
        self.next_at = min(self.next_at, now)
        self.on_change()

    def _send(self, flags: int, now: float) -> None:
        terms, remote = self.terms, self.remote
        packet = Bfd(
            self.state, terms.multiplier, self.discriminator, remote.my_discriminator, self.min_tx_us, terms.min_rx_us,
            flags=flags, diagnostic=self.diagnostic,
        )  # fmt: skip
        self._packets.append(packet)
        self.sent_at, self.sent_flags, self._sent = now, flags, self._sent + 1
        self.next_at = now + self.interval_s * self._jitter()

    def _jitter(self) -> float:
        """From 0.75 to 1, and to 0.9 where one lost packet is the end (6.8.7)."""
        spread = (self.discriminator * 2654435761 + self._sent * 40503 >> 4) % 1000 / 1000
        return 0.75 + spread * (0.15 if self.terms.multiplier == 1 else 0.25)
