"""The embedded switch as a machine: a database says what there is, controllers say what happens to packets, frames come and go.

`receive` takes, by port: an interface's name with a frame (bytes) or what became of the device, and None with a datagram.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from pyovn.machine import NEVER
from pyovn.openflow.channel import Channel, LocalChannel, channel_pair
from pyovn.ovsdb.store import Pending, Store
from pyovn.vswitch import agent as agents
from pyovn.vswitch import bridges, fail_open, flow_mods, liveness, mac_learning
from pyovn.vswitch.agent import Agent, Session
from pyovn.vswitch.bridges import Plant
from pyovn.vswitch.changes import touch
from pyovn.vswitch.conntrack import table as conntrack
from pyovn.vswitch.datapath import Bridge, Datapath, macs_of, settle
from pyovn.vswitch.effects import Datagram, DeviceChanged, DeviceFailed, DeviceOpened, DevicesChanged, Effect
from pyovn.vswitch.flow_mods import Removed
from pyovn.vswitch.forward import receive_datagram, receive_frame, send_own
from pyovn.vswitch.report import report
from pyovn.vswitch.wanted import wanted_bridges

COUNTERS_INTERVAL_S = 5.0
"""How often interfaces' counters are written to the database, if they changed."""


class Switch:
    """A host's switch."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.datapath = Datapath()
        self.agent = Agent(self.datapath)
        self.plant = Plant(self.datapath, self.agent)
        self._silence = fail_open.Silence()
        self.said = False
        """Something was said to a controller or to the database; whoever carries that may reset this."""
        self._pending: Pending | None = None
        self._news = True
        self._counters_at = 0.0
        self._sent: list[object] | None = None
        self._rules_at = NEVER
        self._macs_at = NEVER

    def receive(self, port: str | None, data: Any, now: float) -> None:
        """Take a frame, a datagram, or news of a device (see `effects`)."""
        if isinstance(data, (bytes, bytearray)):
            assert port is not None
            receive_frame(self.datapath, port, bytes(data), now)
        elif isinstance(data, Datagram):
            receive_datagram(self.datapath, data, now)
        else:
            self._device_news(port or "", data, now)
        if self.datapath.packet_ins:
            agents.tell_packet_ins(self.agent)

    def _device_news(self, interface: str, data: object, now: float) -> None:
        self._news = True
        if isinstance(data, DeviceOpened):
            bridges.opened(self.plant, interface, data, now)
        elif isinstance(data, DeviceFailed):
            bridges.failed(self.plant, interface, data.reason)
        elif isinstance(data, DevicesChanged):
            bridges.try_again(self.plant, now)
        elif isinstance(data, DeviceChanged):
            bridges.changed(self.plant, interface, data)
        else:
            raise AssertionError(f"{data!r} is not for a switch")

    def tick(self, now: float) -> None:
        """Follow the database, serve the sessions, end what is over."""
        if self.store.synced and self.store.take_changes():
            bridges.configure(self.plant, wanted_bridges(self.store), now)
            self._news = True
        fail_open.tick(self._silence, self.plant, now)
        self._expire(now)
        liveness.tick(self.datapath.liveness, partial(send_own, self.datapath), now)
        if agents.serve(self.agent, now):
            self._news = self.said = True
            self._plan_rules()
        if self.datapath.packet_ins:
            agents.tell_packet_ins(self.agent)
        self._report(now)

    def due(self) -> float:
        """When rules, connections, addresses, monitors, silent controllers or counters next want attention."""
        datapath = self.datapath
        return min(
            self._rules_at, self._macs_at, datapath.conntrack.sweep_at, datapath.liveness.at, self._silence.at, self._counters_at
        )

    def take(self) -> list[Effect]:
        """Frames and datagrams to send, devices and sockets to open and close."""
        effects, self.datapath.effects = self.datapath.effects, []
        return effects  # type: ignore[return-value]

    def attach(self, bridge: str, channel: Channel, *, service: bool = True, target: str = "") -> Session:
        """Let a controller talk to a bridge; `service`: it came by itself, and hears only what it asked for."""
        session = Session(channel, bridge, service, target=target)
        self.agent.sessions.append(session)
        self._news = True
        return session

    def detach(self, session: Session) -> None:
        """The session is over; its rules stay."""
        if session in self.agent.sessions:
            self.agent.sessions.remove(session)
        self._news = True

    def open_channel(self, bridge: str) -> LocalChannel:
        """A session to a bridge from within the same process, as through its management socket."""
        ours, theirs = channel_pair()
        self.attach(bridge, ours)
        return theirs

    def _plan_rules(self) -> None:
        self._rules_at = min((flow_mods.next_expiry(bridge) for bridge in self.datapath.bridges.values()), default=NEVER)

    def _expire(self, now: float) -> None:
        if now >= self._rules_at or self._timed():
            settle(self.datapath)
            gone: list[Removed] = []
            for bridge in self.datapath.bridges.values():
                gone += _expire_rules(self.datapath, bridge, now)
            agents.tell_removed(self.agent, gone, now)
            self._plan_rules()
        conntrack.tick(self.datapath.conntrack, now)
        self._macs_at = NEVER
        for bridge in self.datapath.bridges.values():
            if mac_learning.expire(bridge.macs, now):
                touch(self.datapath.changes, macs_of(bridge))
            self._macs_at = min(self._macs_at, mac_learning.next_expiry(bridge.macs))

    def _timed(self) -> bool:
        """Packets may have taught rules that end."""
        return self._rules_at == NEVER and any(bridge.timed for bridge in self.datapath.bridges.values())

    def _report(self, now: float) -> None:
        """Write back; while an answer is outstanding the database's copy is old, so nothing is compared with it."""
        counters = now >= self._counters_at
        if counters:
            self._counters_at = now + COUNTERS_INTERVAL_S
        if self._pending is not None and not self._pending.done:
            self._news = True
            return
        alive = self.datapath.liveness
        if not (self._news or alive.news or counters) or not self.store.synced:
            return
        self._news = alive.news = False
        self._pending = None
        operations = report(self.plant, self.store, counters=counters)
        if operations:
            self._pending = self.store.transact(operations)
            self.said = True


def _expire_rules(datapath: Datapath, bridge: Bridge, now: float) -> list[Removed]:
    gone = []
    for rule in list(bridge.timed):
        reason = flow_mods.expired(rule, now)
        if reason is not None:
            flow_mods.remove_rule(datapath, bridge, rule)
            gone.append(Removed(bridge, rule, reason))
    return gone
