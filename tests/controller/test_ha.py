"""Who leads, and who keeps BFD sessions with whom."""

from __future__ import annotations

import pytest

from pyovn.controller.ha import SESSIONS, bfd_operations, leads
from pyovn.query import Engine
from pyovn.schemas import sb
from tests.controller.rows import OURS, chassis, feed, host, tunnel, uuid

GROUP = uuid(0xF0)


def group(db: Engine, ours: int, theirs: int | None, watchers: tuple[str, ...] = ()) -> None:
    """A group of us and hv2 with these priorities."""
    feed_member(db, 0xF1, OURS, ours)
    members = [uuid(0xF1)]
    if theirs is not None:
        feed_member(db, 0xF2, uuid(0x10), theirs)
        members.append(uuid(0xF2))
    feed(db, sb.HAChassisGroup, GROUP, name="g", ha_chassis=tuple(members), ref_chassis=watchers)


def feed_member(db: Engine, number: int, ref: str, priority: int) -> None:
    """A member of the group."""
    feed(db, sb.HAChassis, uuid(number), chassis=ref, priority=priority)


def peers(state: str, third: str) -> Engine:
    """hv1 with tunnels to hv2 and hv3, whose BFD sessions are in these states."""
    db = host()
    for number, name, ip, each in ((0x10, "hv2", "192.0.2.2", state), (0x20, "hv3", "192.0.2.3", third)):
        chassis(db, number, name, ip)
        tunnel(db, number + 0x100, name, ip, number, state=each)
    return db


@pytest.mark.parametrize(
    ("ours", "theirs", "second", "third", "led"),
    [
        (10, None, "down", "down", True),
        (20, 10, "up", "up", True),
        (10, 20, "up", "up", False),
        (10, 20, "down", "up", True),
        (20, 10, "down", "up", True),
        (20, 10, "down", "down", False),
    ],
    ids=["alone", "first", "second", "second, first is dead", "first, second is dead", "cut off"],
)
def test_who_leads(ours: int, theirs: int | None, second: str, third: str, led: bool) -> None:
    db = peers(second, third)
    group(db, ours, theirs, (uuid(0x20),))
    assert leads(db, GROUP) is led


def test_members_watch_each_other_and_those_who_send_to_them() -> None:
    db = peers("down", "down")
    group(db, 20, 10, (uuid(0x20),))
    assert SESSIONS(db, uuid(0x10)) == (GROUP,)
    assert SESSIONS(db, uuid(0x20)) == (GROUP,)
    assert len(bfd_operations(db)) == 2


def test_a_lone_gateway_needs_no_sessions() -> None:
    db = peers("down", "down")
    group(db, 20, None, (uuid(0x20),))
    assert bfd_operations(db) == []
