"""A connection's life: when it is tried, probed, given up."""

from __future__ import annotations

import pytest

from pyovn.machine import NEVER
from pyovn.ovsdb.reconnect import Action, Reconnect


def attempts(life: Reconnect, count: int) -> list[tuple[float, str]]:
    """When and where the first attempts are made if each fails at once."""
    made: list[tuple[float, str]] = []
    while len(made) < count:
        now = life.due()
        assert life.run(now) is Action.CONNECT
        made.append((now, life.remote))
        life.closed(now)
    return made


BACKOFFS = [
    (["a"], [(0, "a"), (1, "a"), (3, "a"), (7, "a"), (15, "a"), (23, "a")]),
    (["a", "b"], [(0, "a"), (0, "b"), (1, "a"), (1, "b"), (3, "a"), (3, "b")]),
]


@pytest.mark.parametrize(("remotes", "made"), BACKOFFS)
def test_failures_are_spaced_ever_wider(remotes: list[str], made: list[tuple[float, str]]) -> None:
    assert attempts(Reconnect(remotes), len(made)) == made


def test_an_attempt_that_leads_nowhere_is_given_up() -> None:
    life = Reconnect(["a"])
    life.run(0)
    assert life.run(0.9) is None
    assert life.run(1.0) is Action.DISCONNECT


@pytest.mark.parametrize(("held_s", "pause_s"), [(0.5, 1.0), (100.0, 0.0)])
def test_a_connection_that_held_is_tried_again_at_once(held_s: float, pause_s: float) -> None:
    life = Reconnect(["a"], probe_interval_s=0)
    life.run(0)
    life.opened(0)
    life.closed(held_s)
    assert life.due() == held_s + pause_s


def test_silence_is_probed_and_then_ended() -> None:
    life = Reconnect(["a"], probe_interval_s=5)
    life.run(0)
    life.opened(0)
    life.activity(2)
    assert (life.run(6.9), life.run(7)) == (None, Action.PROBE)
    life.activity(8)
    assert (life.run(12.9), life.run(13), life.run(17.9), life.run(18)) == (None, Action.PROBE, None, Action.DISCONNECT)


def test_without_probes_silence_proves_nothing() -> None:
    life = Reconnect(["a"], probe_interval_s=0)
    life.run(0)
    life.opened(0)
    assert life.due() == NEVER


def test_a_server_that_is_not_the_one_is_skipped() -> None:
    life = Reconnect(["a", "b"])
    life.run(0)
    life.opened(0)
    life.skip(0)
    assert (life.due(), life.run(0), life.remote) == (0, Action.CONNECT, "b")
    life.opened(0)
    life.skip(0)
    assert life.due() >= 1


SETTINGS = [
    ("tcp:127.0.0.1:1", "", 5.0), ("unix:s", "", 0.0), ("unix:s", "x", 0.0), ("tcp:127.0.0.1:1", "-1", 5.0),
    ("unix:s", "7000", 7.0), ("tcp:127.0.0.1:1", "0", 0.0), ("tcp:127.0.0.1:1", "5", 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("remote", "setting", "interval_s"), SETTINGS)
def test_an_option_says_how_long_silence_is_borne(remote: str, setting: str, interval_s: float) -> None:
    life = Reconnect([remote])
    life.probe_every(setting)
    assert life.probe_interval_s == interval_s
