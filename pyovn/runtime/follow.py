"""`ovsdb-client` as a process that stays: what the server says is heard, and commands of `ovs-appctl -t ovsdb-client` carried out."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from typing import Any

from pyovn.runtime.blocking import BlockingClient, ConnectError
from pyovn.runtime.link import Network
from pyovn.runtime.loop import Loop
from pyovn.runtime.paths import ovs_paths
from pyovn.runtime.remote import RemoteError
from pyovn.runtime.unixctl import Commands, serve_commands, socket_file

Heard = Callable[[str, Any], None]
Ask = Callable[[list[str]], str]


class Killed(Exception):
    """A signal has ended it; `args[0]` is its number."""


def die_of(number: int) -> None:
    """End as whom the signal ended."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def follow(client: BlockingClient, program: str, heard: Heard, asked: Mapping[str, tuple[Ask, int]]) -> None:
    """Tell `heard` of every notification until the server hangs up (`ConnectError`) or a signal or `exit` ends it.

    `asked` has more commands, and how many words each takes; one that brings notifications has them heard at once.
    """
    loop, commands, ends = Loop(), Commands(), list[ConnectError]()

    def listen() -> None:
        try:
            for method, params in client.take():
                heard(method, params)
        except ConnectError as error:
            ends.append(error)
            loop.stop()

    def carry_out(ask: Ask) -> Ask:
        def run(words: list[str]) -> str:
            said = ask(words)
            listen()
            return said

        return run

    def leave(words: list[str]) -> str:
        loop.stop()
        return ""

    commands.register("exit", leave)
    for name, (ask, words) in asked.items():
        commands.register(name, carry_out(ask), least=words, most=words)
    close = _offer(loop, commands, program)
    try:
        listen()
        loop.catch_signals()
        loop.watch_read(client.fileno(), listen)
        loop.run(until=lambda: bool(ends))
    finally:
        close()
    if ends:
        raise ends[0]
    if loop.stopped_by is not None:
        raise Killed(loop.stopped_by)


def _offer(loop: Loop, commands: Commands, program: str) -> Callable[[], None]:
    """Offer the commands on a control socket, where there is a folder for it; answers how to remove it."""
    rundir = ovs_paths(os.environ).rundir
    try:
        service, listener = serve_commands(Network(loop, rundir), commands, socket_file(rundir, program, ""))
    except RemoteError:
        return lambda: None
    loop.add(service)
    return listener.close
