"""Streams over real sockets: what arrives, what failure is called, backlogs, long names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pyovn.runtime.loop import Loop
from pyovn.runtime.remote import Remote, RemoteError, parse_remote
from pyovn.runtime.stream import Listener, Stream, listen, open_stream


class Ear:
    """Remembers what happens on a stream."""

    def __init__(self) -> None:
        self.up = False
        self.data = b""
        self.reason: str | None = None

    def opened(self, stream: Stream) -> None:
        """It stands."""
        self.up = True

    def arrived(self, stream: Stream, data: bytes) -> None:
        """Bytes came."""
        self.data += data

    def closed(self, stream: Stream, reason: str) -> None:
        """It is gone."""
        self.reason = reason


class Hall:
    """A listener and what it accepted."""

    def __init__(self, loop: Loop, remote: str) -> None:
        self.loop = loop
        self.accepted: list[tuple[Stream, Ear]] = []
        self.listener: Listener = listen(loop, parse_remote(remote), self._accept)

    def _accept(self, stream: Stream) -> None:
        ear = Ear()
        stream.user = ear
        stream.begin()
        self.accepted.append((stream, ear))

    def connect(self, remote: str) -> tuple[Stream, Ear, Stream, Ear]:
        """Both ends of a new connection."""
        ear = Ear()
        stream = open_stream(self.loop, parse_remote(remote), remote, ear)
        assert self.loop.run(until=lambda: bool(self.accepted) and ear.up, timeout_s=5)
        return stream, ear, *self.accepted.pop()


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.close()


@pytest.fixture(params=["unix", "unix with a long name", "tcp", "tcp6", "by name"])
def ends(request: pytest.FixtureRequest, loop: Loop, tmp_path: Path) -> tuple[Stream, Ear, Stream, Ear]:
    kind = request.param
    if kind.startswith("unix"):
        folder = tmp_path / ("deep" * 20 if "long" in kind else "d") / ("deeper" * 10 if "long" in kind else "d")
        folder.mkdir(parents=True)
        return Hall(loop, f"punix:{folder}/s").connect(f"unix:{folder}/s")
    address = "[::1]" if kind == "tcp6" else "127.0.0.1"
    hall = Hall(loop, f"ptcp:0:{address}")
    return hall.connect(f"tcp:{'localhost' if kind == 'by name' else address}:{hall.listener.port}")


def test_bytes_go_both_ways_and_an_end_is_told(loop: Loop, ends: tuple[Stream, Ear, Stream, Ear]) -> None:
    near, near_ear, far, far_ear = ends
    near.send(b"hello ")
    near.send(b"there")
    near.flush()
    far.send(b"x" * 3_000_000)
    far.flush()
    assert loop.run(until=lambda: far_ear.data == b"hello there" and len(near_ear.data) == 3_000_000, timeout_s=5)
    assert far.backlog == 0
    near.close()
    assert loop.run(until=lambda: far_ear.reason is not None, timeout_s=5)
    assert near_ear.reason is None


def test_who_does_not_read_has_a_backlog(loop: Loop, ends: tuple[Stream, Ear, Stream, Ear]) -> None:
    near, near_ear, far, _ = ends
    near.want_reading(False)
    for _ in range(10):
        far.send(b"x" * 1_000_000)
        far.flush()
    loop.run(timeout_s=0.01)
    assert far.backlog > 0 and near_ear.data == b""
    near.want_reading(True)
    assert loop.run(until=lambda: len(near_ear.data) == 10_000_000, timeout_s=5)
    assert far.backlog == 0


FAILURES = [
    (Remote("unix", file="/nonexistent/socket"), "No such file or directory"),
    (Remote("punix", file="/nonexistent/socket"), "No such file or directory"),
    (Remote("ptcp", host="192.0.2.1", port=1), "Cannot assign requested address"),
    (Remote("ssl", host="127.0.0.1", port=1), "Protocol not available"),
]


@pytest.mark.parametrize(("remote", "reason"), FAILURES)
def test_a_failure_has_the_systems_words(loop: Loop, remote: Remote, reason: str) -> None:
    with pytest.raises(RemoteError) as caught:
        if remote.passive:
            listen(loop, remote, lambda stream: None)
        else:
            open_stream(loop, remote, "x", Ear())
    assert str(caught.value) == reason


def test_nobody_there(loop: Loop) -> None:
    listener = listen(loop, parse_remote("ptcp:0:127.0.0.1"), lambda stream: None)
    port = listener.port
    listener.close()
    ear = Ear()
    open_stream(loop, Remote("tcp", host="127.0.0.1", port=port), "x", ear)
    assert loop.run(until=lambda: ear.reason is not None, timeout_s=5)
    assert (ear.reason, ear.up) == ("Connection refused", False)


def test_a_unix_socket_takes_the_place_of_an_old_one_and_goes_with_its_listener(loop: Loop, tmp_path: Path) -> None:
    remote = parse_remote(f"punix:{tmp_path}/s")
    listen(loop, remote, lambda stream: None)
    second = listen(loop, remote, lambda stream: None)
    assert (tmp_path / "s").stat().st_mode & 0o777 == 0o750
    second.close()
    assert not (tmp_path / "s").exists()
