"""The other server that a relayed or backed-up database comes from: one connection, its changes taken over, requests passed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyovn.ovsdb.configuration import DatabaseConfig
from pyovn.ovsdb.followed import Followed
from pyovn.ovsdb.jsonrpc import Reply
from pyovn.ovsdb.replica import Replica
from pyovn.runtime.link import Link, Network, remotes_of

PROBE_INTERVAL_MS = 60_000

Then = Callable[[Reply], None]


class Source:
    """Feeds a `Followed` database; what is asked while there is no connection waits for one."""

    def __init__(self, network: Network, followed: Followed, config: DatabaseConfig, *, not_server: str = "") -> None:
        interval_ms = config.source_options.probe_interval_ms
        probe_s = (PROBE_INTERVAL_MS if interval_ms is None else interval_ms) / 1000
        self.replica = Replica(followed, remotes_of(config.source), probe_interval_s=probe_s, not_server=not_server)
        if config.source_options.max_backoff_ms is not None:
            self.replica.reconnect.max_backoff_s = config.source_options.max_backoff_ms / 1000
        self._link = Link(network, self.replica)
        self._loop = network.loop
        self._waiting: list[tuple[list[Any], Then]] = []
        network.loop.add(self._link)
        network.loop.add(self)

    def forward(self, params: list[Any], then: Then) -> None:
        """Pass on the parameters of a `transact`."""
        self._waiting.append((params, then))
        self._pass_on()

    def turn(self, now: float) -> bool:
        """See `Task`."""
        return self._pass_on()

    def due(self) -> float:
        """See `Task`."""
        return self.replica.due()

    def close(self) -> None:
        """Hang up."""
        self._loop.remove(self)
        self._link.close()
        for _, then in self._waiting:
            then(Reply(None, None, "canceled"))

    def _pass_on(self) -> bool:
        if not self.replica.connected or not self._waiting:
            return False
        waiting, self._waiting = self._waiting, []
        for params, then in waiting:
            self.replica.forward("transact", params, then)
        return True
