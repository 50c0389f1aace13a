"""The switch's session: what it holds is made what is wanted, in bundles, each of which happens at once or not at all.

A new session begins with one bundle that replaces everything, so that a restart of this agent, or of the switch, drops no packet.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from enum import Enum

from pyovn.controller.desired import Content, Desired, content_of, take_changed, update
from pyovn.controller.rule import Place, Rule
from pyovn.controller.tables import GENEVE_CLASS, GENEVE_TYPE
from pyovn.machine import NEVER
from pyovn.openflow.action import Action, Clone, Controller, Group
from pyovn.openflow.connection import Channel
from pyovn.openflow.message import (
    ALL_GROUPS,
    ALL_TABLES,
    BarrierReply,
    BarrierRequest,
    BundleAdd,
    BundleControl,
    BundleKind,
    Error,
    FlowCommand,
    FlowMod,
    GroupCommand,
    GroupMod,
    Message,
    MeterCommand,
    MeterMod,
    PacketIn,
    PacketInFormat,
    SetConfig,
    SetPacketInFormat,
    TlvCommand,
    TlvMapping,
    TlvTableMod,
    TlvTableReply,
    TlvTableRequest,
)

log = logging.getLogger("ofctrl")

ALL_METERS = 0xFFFFFFFF
RETRY_S = 1.0
"""After the switch refused a bundle whole, the next attempt is that much later, and later still each time."""
RETRY_MAX_S = 32.0
OPTION = TlvMapping(GENEVE_CLASS, GENEVE_TYPE, 4, 0)


class Phase(Enum):
    """How far the session is."""

    DOWN = "down"
    OPTIONS = "waiting for the table of tunnel options"
    READY = "ready to be told everything"
    SYNCED = "told everything"


class Switch:
    """The machine at this end of the integration bridge's session. `group` and `meter` say what a number in a rule means."""

    def __init__(self, channel: Channel, group: Callable[[int], GroupMod], meter: Callable[[int], MeterMod]) -> None:
        self.channel = channel
        self.desired = Desired()
        self.packets: list[PacketIn] = []
        self.phase = Phase.DOWN
        self.confirmed = 0
        """The last update that the switch has carried out."""
        self.said = 0
        """How many messages the switch was sent."""
        self._group, self._meter = group, meter
        self._epoch = 0
        self._sent = 0
        self._barriers: dict[int, int] = {}
        self._places: dict[int, Place] = {}
        """By transaction id, what each message of the bundle under way is about."""
        self._refused: set[Place] = set()
        self._installed: dict[Place, Content] = {}
        self._groups: dict[int, int] = {}
        """Group numbers in the switch, and how many rules name each."""
        self._meters: dict[int, int] = {}
        self._bundle = 0
        self._retry_at = NEVER
        self._retry_s = RETRY_S

    @property
    def connected(self) -> bool:
        """A session exists and the switch has been told everything once."""
        return self.phase is Phase.SYNCED

    def want(self, gained: Iterable[Rule], lost: Iterable[Rule]) -> None:
        """Take what rules have come and gone."""
        update(self.desired, gained, lost)

    def mark(self) -> int:
        """The number of the update that has everything wanted now: done when `confirmed` has reached it."""
        return self._sent

    def say_everything_again(self) -> None:
        """Replace all that the switch holds, with what is wanted."""
        if self.phase is Phase.SYNCED:
            self.phase = Phase.READY

    def _say(self, message: Message) -> int:
        self.said += 1
        return self.channel.send(message)

    def send(self, message: Message) -> None:
        """Say something else: a packet to go out or on."""
        if self.channel.connected:
            self._say(message)

    def take_packets(self) -> list[PacketIn]:
        """Packets sent up since last asked."""
        packets, self.packets = self.packets, []
        return packets

    def due(self) -> float:
        """When a refused bundle is tried again."""
        return self._retry_at

    def listen(self, now: float) -> None:
        """Hear what the switch has said."""
        if not self.channel.connected:
            self.phase, self._epoch = Phase.DOWN, 0
        elif self.channel.epoch != self._epoch:
            self._begin()
        for xid, message in self.channel.take():
            self._hear(xid, message, now)

    def flush(self, now: float) -> None:
        """Send what has changed; or everything, where a session is new or a bundle was refused."""
        if self.phase is Phase.READY and not now < self._wait_until():
            self._replace()
        elif self.phase is Phase.SYNCED:
            places = [place for place in take_changed(self.desired) if content_of(self.desired, place) != self._installed.get(place)]
            if places:
                self._update(places)

    def _wait_until(self) -> float:
        return 0.0 if self._retry_at == NEVER else self._retry_at

    def _begin(self) -> None:
        self.phase, self._epoch = Phase.OPTIONS, self.channel.epoch
        self._barriers, self._places = {}, {}
        self._retry_at, self._retry_s = NEVER, RETRY_S
        # Without these two a management session gets no packets, or gets them without userdata.
        self._say(SetConfig(miss_send_len=0xFFFF))
        self._say(SetPacketInFormat(PacketInFormat.NXT_PACKET_IN2))
        self._say(TlvTableRequest())

    def _hear(self, xid: int, message: Message, now: float) -> None:
        if isinstance(message, PacketIn):
            self.packets.append(message)
        elif isinstance(message, TlvTableReply) and self.phase is Phase.OPTIONS:
            if OPTION not in message.mappings:
                self._say(TlvTableMod(TlvCommand.ADD, (OPTION,)))
            self.phase = Phase.READY
        elif isinstance(message, BarrierReply):
            self.confirmed = max(self.confirmed, self._barriers.pop(xid, 0))
        elif isinstance(message, Error):
            self._refuse(xid, message, now)

    def _refuse(self, xid: int, error: Error, now: float) -> None:
        """One rule that the switch does not take must not keep it from all others: it is left out, and everything is said again."""
        log.warning("the switch refused a message: type %d code %d", error.type, error.code)
        place = self._places.get(xid)
        if self.phase is not Phase.SYNCED or not self._places:
            return
        self.phase, self._places, self._barriers = Phase.READY, {}, {}
        if place is not None:
            log.warning("rule left out: table=%d,priority=%d,%s", *place)
            self._refused.add(place)
            return
        self._retry_at, self._retry_s = now + self._retry_s, min(2 * self._retry_s, RETRY_MAX_S)

    def _replace(self) -> None:
        """Everything anew: what the switch holds that is not wanted is gone, what is wanted both times never was."""
        take_changed(self.desired)
        self._installed, self._groups, self._meters = {}, {}, {}
        self._retry_at = NEVER
        self._say(MeterMod(MeterCommand.DELETE, ALL_METERS))
        clear: list[FlowMod | GroupMod] = [
            FlowMod(command=FlowCommand.DELETE, table=ALL_TABLES),
            GroupMod(GroupCommand.DELETE, ALL_GROUPS),
        ]
        self._commit(clear, list(self.desired.rules))
        self.phase = Phase.SYNCED

    def _update(self, places: list[Place]) -> None:
        self._commit([], places)

    def _commit(self, first: list[FlowMod | GroupMod], places: list[Place]) -> None:
        """One bundle that makes these places what they should be, then a barrier."""
        changes = [(place, content_of(self.desired, place) if place not in self._refused else None) for place in places]
        gained, lost = self._count(changes)
        for number in gained[1]:
            self._say(self._meter(number))
        self._bundle = self._bundle % 0x7FFFFFFF + 1
        self._places = {}
        self._say(BundleControl(self._bundle, BundleKind.OPEN_REQUEST))
        for message in (*first, *(self._group(number) for number in gained[0])):
            self._say(BundleAdd(self._bundle, message))
        for place, content in changes:
            if content != self._installed.get(place):
                self._places[self._say(BundleAdd(self._bundle, self._flow_mod(place, content)))] = place
        for number in lost[0]:
            self._say(BundleAdd(self._bundle, GroupMod(GroupCommand.DELETE, number)))
        for kind in (BundleKind.CLOSE_REQUEST, BundleKind.COMMIT_REQUEST):
            self._say(BundleControl(self._bundle, kind))
        for number in lost[1]:
            self._say(MeterMod(MeterCommand.DELETE, number))
        self._remember(changes)
        self._sent += 1
        self._barriers[self._say(BarrierRequest())] = self._sent

    def _flow_mod(self, place: Place, content: Content | None) -> FlowMod:
        if content is None:
            return FlowMod(place.match, command=FlowCommand.DELETE_STRICT, table=place.table, priority=place.priority)
        return FlowMod(place.match, content.actions, table=place.table, priority=place.priority, cookie=content.cookie)

    def _remember(self, changes: list[tuple[Place, Content | None]]) -> None:
        for place, content in changes:
            if content is None:
                self._installed.pop(place, None)
            else:
                self._installed[place] = content

    def _count(self, changes: list[tuple[Place, Content | None]]) -> tuple[tuple[list[int], list[int]], tuple[list[int], list[int]]]:
        """Groups and meters that come into use, and those that go out of it."""
        gained: tuple[list[int], list[int]] = ([], [])
        lost: tuple[list[int], list[int]] = ([], [])
        counts = (self._groups, self._meters)
        before = (set(self._groups), set(self._meters))
        for place, content in changes:
            for kind, number in _numbers(content):
                counts[kind][number] = counts[kind].get(number, 0) + 1
            for kind, number in _numbers(self._installed.get(place)):
                counts[kind][number] -= 1
        for kind in (0, 1):
            unused = [number for number, count in counts[kind].items() if not count]
            for number in unused:
                del counts[kind][number]
            lost[kind].extend(sorted(before[kind].intersection(unused)))
            gained[kind].extend(sorted(counts[kind].keys() - before[kind]))
        return gained, lost


def _numbers(content: Content | None) -> Iterator[tuple[int, int]]:
    """(0, group) and (1, meter) for each that the actions name."""
    pending: list[Action] = list(content.actions) if content else []
    while pending:
        action = pending.pop()
        if isinstance(action, Group):
            yield 0, action.group_id
        elif isinstance(action, Controller) and action.meter_id is not None:
            yield 1, action.meter_id
        elif isinstance(action, Clone):
            pending.extend(action.actions)
