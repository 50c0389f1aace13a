"""The one place where a process waits: file descriptors, due times and signals, in one thread.

A task does what it can in `turn` and says with `due` when it next wants one; every task gets a turn after each wait, so a
change that one task makes is seen by the others before the process sleeps again.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable
from typing import Any, Protocol

from pyovn.coverage import counter
from pyovn.machine import NEVER, Machine
from pyovn.runtime.tape import Player, Recorder

WAKEUPS, ZERO_TIMEOUTS = counter("poll_wakeup"), counter("poll_zero_timeout")

LONGEST_WAIT_S = 3600.0
FATAL_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM)


class Task(Protocol):
    """Something that the loop gives turns to."""

    def turn(self, now: float) -> bool:
        """Do what can be done at `now` without waiting; True if that may give other tasks something to do."""

    def due(self) -> float:
        """When, in seconds of the loop's clock, a turn is wanted even if nothing happens."""


class Loop:
    """Waits for descriptors, due times and signals, and gives turns to tasks; from a tape that is played it waits for nothing."""

    def __init__(self, tape: Recorder | Player | None = None) -> None:
        self.recorder = tape if isinstance(tape, Recorder) else None
        self.player = tape if isinstance(tape, Player) else None
        self._tape = tape
        self.stopped_by: int | None = None
        self._running = True
        self._epoll = select.epoll()
        self._readers: dict[int, Callable[[], None]] = {}
        self._writers: dict[int, Callable[[], None]] = {}
        self._masks: dict[int, int] = {}
        self._tasks: list[Task] = []
        self._posted: list[Callable[[], None]] = []
        self._pipe = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.watch_read(self._pipe[0], self._drain_pipe)

    def now(self) -> float:
        """The clock of all machines: seconds, never going back; while a tape runs, the time of its latest entry."""
        return time.monotonic() if self._tape is None else self._tape.now

    def watch_read(self, fd: int, call: Callable[[], None] | None) -> None:
        """Call `call` whenever `fd` can be read or has failed; None: no longer."""
        _put(self._readers, fd, call)
        self._register(fd)

    def watch_write(self, fd: int, call: Callable[[], None] | None) -> None:
        """Call `call` whenever `fd` can be written or has failed; None: no longer."""
        _put(self._writers, fd, call)
        self._register(fd)

    def forget(self, fd: int) -> None:
        """Watch `fd` no longer; to be called before it is closed."""
        self.watch_read(fd, None)
        self.watch_write(fd, None)

    def add(self, task: Task) -> None:
        """Give `task` turns from now on."""
        self._tasks.append(task)

    def remove(self, task: Task) -> None:
        """Give `task` no more turns; harmless if it had none."""
        if task in self._tasks:
            self._tasks.remove(task)

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` made from the loop; may be used from another thread."""
        self._posted.append(call)
        os.write(self._pipe[1], b"\0")

    def stop(self) -> None:
        """Return from `run` after this round; one that has not begun yet returns at once."""
        self._running = False

    def run(self, until: Callable[[], bool] | None = None, timeout_s: float = NEVER) -> bool:
        """Give turns until stopped, until `until()` holds, or until the time is over; True unless the time was over."""
        if self.player is not None:
            return self._play(self.player)
        end = self.now() + timeout_s
        wait_s = 0.0
        while self._running:
            WAKEUPS.count += 1
            if not wait_s:
                ZERO_TIMEOUTS.count += 1
            self._dispatch(wait_s)
            now = self.now() if self.recorder is None else self.recorder.turn()
            busy = False
            for task in tuple(self._tasks):
                busy = task.turn(now) or busy
            if until is not None and until():
                return True
            if now >= end:
                return False
            wait_s = 0.0 if busy else self._time_to_wait(end)
        self._running = True
        return True

    def catch_signals(self) -> None:
        """Turn the signals that end a program into an orderly stop; `stopped_by` then holds the number."""
        for number in FATAL_SIGNALS:
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)

    def close(self) -> None:
        """Give back the loop's own descriptors."""
        self._epoll.close()
        for fd in self._pipe:
            os.close(fd)

    def _on_signal(self, number: int, _frame: Any) -> None:
        self.stopped_by = number
        self._running = False

    def _drain_pipe(self) -> None:
        os.read(self._pipe[0], 4096)
        self._call_posted()

    def _call_posted(self) -> None:
        posted, self._posted = self._posted, []
        for call in posted:
            call()

    def _register(self, fd: int) -> None:
        old = self._masks.get(fd, 0)
        new = (select.EPOLLIN if fd in self._readers else 0) | (select.EPOLLOUT if fd in self._writers else 0)
        if new == old:
            return
        if not old:
            self._epoll.register(fd, new)
        elif new:
            self._epoll.modify(fd, new)
        else:
            self._epoll.unregister(fd)
        _put(self._masks, fd, new or None)

    def _play(self, player: Player) -> bool:
        while self._running and player.play_until_turn():
            self._call_posted()
            for task in tuple(self._tasks):
                task.turn(player.now)
        return True

    def _dispatch(self, wait_s: float) -> None:
        if self.recorder is not None:
            self.recorder.write("wait")
        for fd, events in self._epoll.poll(wait_s):
            if self.recorder is not None:
                self.recorder.stamp()
            if events & ~select.EPOLLOUT and (read := self._readers.get(fd)) is not None:
                read()
            if events & ~select.EPOLLIN and (write := self._writers.get(fd)) is not None:
                write()

    def _time_to_wait(self, end: float) -> float:
        due = min((task.due() for task in self._tasks), default=NEVER)
        return min(max(0.0, min(due, end) - time.monotonic()), LONGEST_WAIT_S)


class Drive:
    """A task that turns a machine's handle: ticks it when due, and hands each of its effects to `carry`."""

    def __init__(self, machine: Machine, carry: Callable[[Any], None]) -> None:
        self.machine = machine
        self._carry = carry

    def turn(self, now: float) -> bool:
        """See `Task`."""
        if self.machine.due() <= now:
            self.machine.tick(now)
        effects = self.machine.take()
        for effect in effects:
            self._carry(effect)
        return bool(effects)

    def due(self) -> float:
        """See `Task`."""
        return self.machine.due()


def wall_s() -> float:
    """The time of day, in seconds since 1970; for stamps only, never for timers."""
    return time.time()


def _put(table: dict[int, Any], fd: int, value: Any) -> None:
    if value is None:
        table.pop(fd, None)
    else:
        table[fd] = value
