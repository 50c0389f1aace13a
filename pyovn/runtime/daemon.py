"""Becoming a daemon: fork, session, pid file, monitor, and a parent that leaves only when its child serves.

Rule: the parent's exit status tells the truth. It is 0 once the child called `complete`, and the child's own status if it ended before.
"""

from __future__ import annotations

import contextlib
import faulthandler
import fcntl
import grp
import logging
import os
import pwd
import signal
import struct
import time
from dataclasses import dataclass

RESTARTING_SIGNALS = {signal.SIGABRT, signal.SIGALRM, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGPIPE, signal.SIGSEGV}
RESTARTING_SIGNALS |= {signal.SIGXCPU, signal.SIGXFSZ}
SHORTEST_LIFE_S = 10.0
"""How far apart the starts of a program that crashes are at least, after the first."""
_FLOCK = "hhqqi"

log = logging.getLogger("daemon_unix(monitor)")
trace_log = logging.getLogger("backtrace(monitor)")


class DaemonError(Exception):
    """The program cannot become a daemon; the text goes to stderr after the program's name."""


@dataclass(slots=True)
class Daemon:
    """How to detach, and what has been done of it."""

    detach: bool = False
    chdir: bool = True
    monitor: bool = False
    pidfile: str = ""
    overwrite_pidfile: bool = False
    user: str = ""
    keeps_streams: bool = False
    startup_fd: int = -1
    pidfile_fd: int = -1


def start(daemon: Daemon) -> None:
    """Fork as asked and take the pid file; returns only in the process that is to serve, which then calls `complete`."""
    if daemon.pidfile and not daemon.overwrite_pidfile:
        _check_free(daemon.pidfile)
    if daemon.detach:
        daemon.startup_fd = _fork_and_wait()
        os.setsid()
    if daemon.monitor:
        _fork_monitored(daemon)
    if daemon.pidfile:
        daemon.pidfile_fd = make_pidfile(daemon.pidfile)
    if daemon.user:
        become(daemon.user)


def complete(daemon: Daemon) -> None:
    """Tell the parent that this process serves, and let go of the terminal; harmless when done before."""
    if daemon.startup_fd >= 0:
        os.write(daemon.startup_fd, b"\0")
        os.close(daemon.startup_fd)
        daemon.startup_fd = -1
        if daemon.detach:
            _close_standard_streams((0,) if daemon.keeps_streams else (0, 1, 2))
            if daemon.chdir:
                os.chdir("/")


def finish(daemon: Daemon) -> None:
    """Remove the pid file."""
    if daemon.pidfile_fd >= 0:
        with contextlib.suppress(OSError):
            os.unlink(daemon.pidfile)
        os.close(daemon.pidfile_fd)
        daemon.pidfile_fd = -1


def make_pidfile(name: str) -> int:
    """Write this process's number to `name` and lock it until the descriptor returned is closed."""
    temporary = f"{name}.tmp{os.getpid()}"
    try:
        fd = os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_RDWR | os.O_CLOEXEC, 0o644)
        fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.write(fd, f"{os.getpid()}\n".encode())
        os.rename(temporary, name)
    except OSError as error:
        raise DaemonError(f"{name}.tmp: create failed ({error.strerror})") from None
    return fd


def read_pidfile(name: str) -> int:
    """The process that holds the pid file `name`; `DaemonError` with the reason if there is none."""
    try:
        with open(name) as file:
            text = file.read()
            if _holder(file.fileno()) == 0:
                raise DaemonError("No such process")
    except OSError as error:
        raise DaemonError(error.strerror or str(error)) from None
    if not text.strip().isdigit():
        raise DaemonError("Invalid argument")
    return int(text)


def become(user: str) -> None:
    """Give up root for `USER[:GROUP]`."""
    name, _, group = user.partition(":")
    try:
        entry = pwd.getpwnam(name) if name else pwd.getpwuid(os.getuid())
        gid = grp.getgrnam(group).gr_gid if group else entry.pw_gid
        os.setgroups([gid])
        os.setgid(gid)
        os.setuid(entry.pw_uid)
    except KeyError:
        raise DaemonError(f"user {user} not found, aborting.") from None
    except OSError as error:
        raise DaemonError(f"user {user}: {error.strerror}, aborting.") from None


def _check_free(name: str) -> None:
    try:
        with open(name) as file:
            holder = _holder(file.fileno())
    except OSError:
        return
    if holder:
        raise DaemonError(f"{name}: already running as pid {holder}, aborting")


def _holder(fd: int) -> int:
    """The process that has the file locked, 0 if none has."""
    query = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    kind, _, _, _, pid = struct.unpack(_FLOCK, fcntl.fcntl(fd, fcntl.F_GETLK, query))
    return 0 if kind == fcntl.F_UNLCK else int(pid)


def _fork_and_wait() -> int:
    """Fork; the child gets the pipe to report on, the parent waits for the report and ends."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        return writing
    os.close(writing)
    os._exit(0 if os.read(reading, 1) else _status_of(pid))


def _status_of(pid: int) -> int:
    _, status = os.waitpid(pid, 0)
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) and os.WEXITSTATUS(status) else 1


def _fork_monitored(daemon: Daemon) -> None:
    """Stay behind as a monitor that starts the program anew when a signal of its own making kills it, and tells what it did then."""
    trace = os.memfd_create("backtrace")
    crashes, started = 0, -SHORTEST_LIFE_S
    while True:
        pid = os.fork()
        if pid == 0:
            faulthandler.enable(trace)
            return
        if daemon.startup_fd >= 0:
            os.close(daemon.startup_fd)
            daemon.startup_fd = -1
            _close_standard_streams()
        _, status = os.waitpid(pid, 0)
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        died = f"pid {pid} died, " + (f"killed ({signal.strsignal(number)})" if number else f"exit status {os.WEXITSTATUS(status)}")
        if number not in RESTARTING_SIGNALS:
            log.info("%s, exiting", died)
            os._exit(1 if number else os.WEXITSTATUS(status))
        crashes += 1
        _tell_trace(trace, number)
        log.error("%d crashes: %s, restarting", crashes, died)
        # One that cannot live must not be all that the machine does.
        time.sleep(max(0.0, started + SHORTEST_LIFE_S - time.monotonic()))
        started = time.monotonic()


def _tell_trace(trace: int, number: int) -> None:
    """Log where the program was when the signal came, if it could say so, and forget it."""
    text = os.pread(trace, os.fstat(trace).st_size, 0).decode(errors="replace").strip()
    os.ftruncate(trace, 0)
    if text:
        trace_log.warning("%s detected, backtrace:\n%s", signal.Signals(number).name, text)


def _close_standard_streams(streams: tuple[int, ...] = (0, 1, 2)) -> None:
    null = os.open("/dev/null", os.O_RDWR)
    for fd in streams:
        os.dup2(null, fd)
    os.close(null)
