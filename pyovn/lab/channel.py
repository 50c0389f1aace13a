"""The OpenFlow session between a host's agent and its switch: messages, not bytes, and a bell for whoever is spoken to."""

from __future__ import annotations

from collections.abc import Callable

from pyovn.openflow.connection import LocalChannel
from pyovn.openflow.message import Message


class RungChannel:
    """One end of a session; the bell is the other end's."""

    def __init__(self, inner: LocalChannel, bell: Callable[[], None]) -> None:
        self._inner = inner
        self._bell = bell

    @property
    def connected(self) -> bool:
        """Whether there is a session."""
        return self._inner.connected

    @property
    def epoch(self) -> int:
        """Grows with each new session."""
        return self._inner.epoch

    def send(self, message: Message, xid: int | None = None) -> int:
        """Say something and ring."""
        self._bell()
        return self._inner.send(message, xid)

    def take(self) -> list[tuple[int, Message]]:
        """What the peer said since last asked."""
        return self._inner.take()
