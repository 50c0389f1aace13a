"""A physical network segment: what one end sends, every other end hears, a little later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from zlib import crc32

from pyovn.lab.world import World

LATENCY_S = 0.000_05

Hear = Callable[[bytes], None]


@dataclass(slots=True)
class Lan:
    """The ends by (host, device), each with who hears there."""

    world: World
    ends: dict[tuple[str, str], Hear] = field(default_factory=dict)

    def plug(self, end: tuple[str, str], hear: Hear) -> Hear:
        """Connect an end; what it sends goes into the function that is returned."""
        self.ends[end] = hear
        return lambda frame: self._send(end, frame)

    def unplug(self, end: tuple[str, str]) -> None:
        """Disconnect an end; harmless if it is not connected."""
        self.ends.pop(end, None)

    def _send(self, sender: tuple[str, str], frame: bytes) -> None:
        for end in self.ends:
            if end != sender:
                self.world.after(LATENCY_S, lambda end=end: self._deliver(end, frame))  # type: ignore[misc]

    def _deliver(self, end: tuple[str, str], frame: bytes) -> None:
        hear = self.ends.get(end)
        if hear is not None:
            hear(frame)


def physical_mac(host: str, device: str) -> int:
    """The address of a host's physical device: locally administered, and the same in every run."""
    return 0x0200_0000_0000 | crc32(f"{host} {device}".encode())
