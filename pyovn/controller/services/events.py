"""Controller events (ovn-sb(5), Controller_Event): what happened in the network that its owner wants to hear of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pyovn.controller.chassis import chassis_ref
from pyovn.controller.services.request import Request
from pyovn.logical.actions.services import EVENT_OPTIONS, EVENTS
from pyovn.ovsdb.operation import Insert, Operation
from pyovn.query import Engine
from pyovn.schemas import sb

LIMIT = 1000
"""So many different events may wait to be written."""
_NAMES = {number: name for name, number in EVENT_OPTIONS.items()}


class Event(NamedTuple):
    """What happened, and to whom."""

    type: str
    info: tuple[tuple[str, str], ...]


def read(payload: bytes) -> Event | None:
    """The event in a request's payload: its number, then number, length and text of each setting; None if it cannot be read."""
    kind = int.from_bytes(payload[:4], "big")
    if len(payload) < 4 or kind >= len(EVENTS):
        return None
    info, at = [], 4
    while at < len(payload):
        number, length = int.from_bytes(payload[at : at + 2], "big"), int.from_bytes(payload[at + 2 : at + 4], "big")
        data = payload[at + 4 : at + 4 + length]
        if number not in _NAMES or len(data) != length:
            return None
        info.append((_NAMES[number], data.decode(errors="replace")))
        at += 4 + length
    return Event(EVENTS[kind], tuple(sorted(info)))


@dataclass(slots=True, eq=False)
class Events:
    """What happened and has not been written."""

    db: Engine
    waiting: dict[Event, None] = field(default_factory=dict)
    written: int = 0

    def hear(self, request: Request) -> bool:
        """Take an event; False for what is none."""
        event = read(request.payload)
        if event is None or len(self.waiting) >= LIMIT:
            return False
        self.waiting[event] = None
        return True

    def operations(self) -> Iterator[Operation]:
        """A row for what is new; what stands there is known to its reader, who deletes what was dealt with."""
        waiting, self.waiting = self.waiting, {}
        ours = chassis_ref(self.db)
        if not waiting or ours is None:
            return
        rows = (self.db.get(sb.ControllerEvent, ref) for ref in self.db.find(sb.ControllerEvent, "chassis", ours))
        known = {Event(row.event_type, tuple(sorted(row.event_info.items()))) for row in rows if row is not None}
        for event in waiting:
            if event not in known:
                self.written += 1
                columns = {"event_type": event.type, "event_info": dict(event.info), "chassis": ours, "seq_num": self.written}
                yield Insert(sb.ControllerEvent, columns)
