"""One end of an OpenFlow session as messages, and two ends within one process."""

from __future__ import annotations

from typing import Protocol

from pyovn.openflow.message import Message


class Channel(Protocol):
    """One end of an OpenFlow session after the handshake."""

    @property
    def connected(self) -> bool:
        """Whether there is a session now."""

    @property
    def epoch(self) -> int:
        """Grows with each new session."""

    def send(self, message: Message, xid: int | None = None) -> int:
        """Say something; answers the transaction id, chosen here where none is given. Without a session nothing is said."""

    def take(self) -> list[tuple[int, Message]]:
        """What the peer said since last asked, with its transaction ids."""


class LocalChannel:
    """One end of a session within one process: what one end sends, the other takes."""

    def __init__(self) -> None:
        self.connected = True
        self.epoch = 1
        self._peer: LocalChannel = self
        self._inbox: list[tuple[int, Message]] = []
        self._next_xid = 1

    def send(self, message: Message, xid: int | None = None) -> int:
        """See `Channel`."""
        if xid is None:
            xid = self._next_xid
            self._next_xid = self._next_xid % 0xFFFFFFFF + 1
        if self.connected:
            self._peer._inbox.append((xid, message))
        return xid

    def take(self) -> list[tuple[int, Message]]:
        """See `Channel`."""
        said, self._inbox = self._inbox, []
        return said

    def join(self, peer: LocalChannel) -> None:
        """Make `peer` the other end, in a new session of both."""
        for end, other in ((self, peer), (peer, self)):
            end._peer, end.connected, end._inbox = other, True, []
        self.epoch = peer.epoch = max(self.epoch, peer.epoch) + 1

    def close(self) -> None:
        """End the session for both; what was said but not taken stays to be taken."""
        self.connected = self._peer.connected = False


def channel_pair() -> tuple[LocalChannel, LocalChannel]:
    """Two ends of one session, connected."""
    one, other = LocalChannel(), LocalChannel()
    one.join(other)
    return one, other
