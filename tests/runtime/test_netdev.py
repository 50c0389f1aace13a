"""Devices of this machine: needs the right to make them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from pyovn.runtime.loop import Loop
from pyovn.runtime.netdev import LinkWatch, NetdevError, Tap, open_packet, open_tap, read_link, set_mac, set_mtu, set_up

NAME = f"pyovn{os.getpid()}"[:15]
FRAME = bytes.fromhex("ffffffffffff02000000000108b5") + bytes(46)


def can_make_devices() -> bool:
    try:
        open_tap(NAME).close()
    except NetdevError:
        return False
    return True


pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not can_make_devices(), reason="no right to make TAP devices"),
]


@pytest.fixture
def tap() -> Iterator[Tap]:
    made = open_tap(NAME)
    yield made
    made.close()


def test_a_tap_lives_as_long_as_it_is_held() -> None:
    tap = open_tap(NAME)
    assert read_link(NAME) is not None
    with pytest.raises(NetdevError, match="Device or resource busy"):
        open_tap(NAME)
    tap.close()
    assert read_link(NAME) is None


def test_a_device_is_set_and_its_changes_noticed(tap: Tap) -> None:
    watch = LinkWatch()
    assert not watch.changed()
    set_mac(NAME, "02:00:00:00:00:07")
    set_mtu(NAME, 1400)
    set_up(NAME)
    link = read_link(NAME)
    assert link is not None and (link.mac, link.mtu, link.up) == ("02:00:00:00:00:07", 1400, True)
    assert watch.changed()
    set_up(NAME, False)
    link = read_link(NAME)
    assert link is not None and not link.up
    watch.close()


def test_frames_cross_from_the_kernel_to_us_and_back(tap: Tap) -> None:
    set_up(NAME)
    port = open_packet(NAME)
    loop = Loop()
    heard: list[bytes] = []
    loop.watch_read(tap.fileno(), lambda: heard.extend(tap.read()))
    assert port.write(FRAME)
    assert loop.run(until=lambda: FRAME in heard, timeout_s=5)
    loop.watch_read(port.fileno(), lambda: heard.extend(port.read()))
    heard.clear()
    assert tap.write(FRAME)
    assert loop.run(until=lambda: FRAME in heard, timeout_s=5)
    loop.close()
    port.close()


def test_what_is_not_there_is_refused() -> None:
    for attempt in (lambda: set_up("pyovn-none"), lambda: set_mtu("pyovn-none", 1400), lambda: open_packet("pyovn-none")):
        with pytest.raises(NetdevError, match="No such device"):
            attempt()
    with pytest.raises(NetdevError, match="Invalid argument"):
        open_tap("a-name-that-is-too-long")
