"""The simulated machines of one host: each behind a network device, with a bell to wake it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyovn.lab.guest import Guest
from pyovn.lab.world import World


class Devices:
    """A host's devices with a machine behind them, by name."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.guests: dict[str, Guest] = {}
        self._bells: dict[str, Callable[[], None]] = {}

    def add(self, name: str, mac: int, send: Callable[[list[Any]], None]) -> Guest:
        """A new device, down as yet; the frames of its machine go to `send`."""
        guest = self.guests[name] = Guest(name, mac)
        self._bells[name] = self.world.join(guest, send)
        return guest

    def hear(self, name: str, frame: bytes) -> None:
        """A frame for the machine behind a device; nobody hears it if there is none."""
        guest = self.guests.get(name)
        if guest is not None:
            guest.receive("wire", frame, self.world.now)
            self.wake(name)

    def wake(self, name: str) -> None:
        """The machine has been given something to do."""
        self._bells[name]()

    def within(self, namespace: str) -> list[Guest]:
        """The machines whose devices are in a namespace."""
        return [guest for guest in self.guests.values() if guest.namespace == namespace]
