"""The commands of daemons of which one is active while others stand by: to be told to pause, and to say how things are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

from pyovn.ovsdb.store import Store
from pyovn.runtime.unixctl import Commands


class Daemon(Protocol):
    """A machine that may be paused, and works while it holds the lock."""

    paused: bool

    @property
    def is_active(self) -> bool:
        """It works."""


def offer_standby(
    commands: Commands, machine: Daemon, lock: str, want_lock: Callable[[str | None], None], stores: Mapping[str, Store]
) -> None:
    """Offer them; `want_lock` asks for the lock or (None) gives back the one held, `stores` are the databases by their short names."""

    def pause(paused: bool) -> str:
        # Who is paused leaves the lock to others.
        machine.paused = paused
        want_lock(None if paused else lock)
        return ""

    commands.register("pause", lambda _: pause(True))
    commands.register("resume", lambda _: pause(False))
    commands.register("is-paused", lambda _: "true\n" if machine.paused else "false\n")
    commands.register("status", lambda _: f"Status: {'paused' if machine.paused else 'active' if machine.is_active else 'standby'}\n")
    for name, store in stores.items():
        commands.register(f"{name}-connection-status", partial(_connection, store))


def _connection(store: Store, _words: Sequence[str]) -> str:
    return "connected\n" if store.connected else "not connected\n"
