"""A ctl program that stays: `--detach` serves the command `run` on its control socket (ovn-nbctl(8), "Daemon Mode").

Rule: each command line has a thread and a connection of its own, so that one which waits holds up no other.
"""

from __future__ import annotations

import sys
import threading
import time
from io import StringIO
from typing import TYPE_CHECKING

from pyovn.cli.client import Target, TimedOut
from pyovn.cli.ctl.grammar import global_options
from pyovn.cli.ctl.session import run, target_of
from pyovn.runtime.ctl_client import connect_to
from pyovn.runtime.options import COMMON, DAEMON, LOGGING, TLS, Option
from pyovn.runtime.program import Process, run_program
from pyovn.runtime.program import Program as Service
from pyovn.runtime.unixctl import MANY, Later, socket_file

if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.client import Client
    from pyovn.cli.ctl.program import Program
    from pyovn.cli.ctl.session import Session


class Hurried:
    """A client whose waits end when the command's time is over."""

    def __init__(self, client: Client, timeout_s: int) -> None:
        self._client = client
        self._end = time.monotonic() + timeout_s
        self.call = client.call
        self.close = client.close

    def wait(self, seconds: float | None, /) -> None:
        """See `Client`."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimedOut
        self._client.wait(left if seconds is None else min(seconds, left))


def serve(session: Session, words: list[str]) -> int:
    """Become the daemon that these words ask for; its exit status."""
    target = target_of(session)
    known = {option.name for option in (*COMMON, *DAEMON, *LOGGING, *TLS)}
    arguments: dict[bool | None, Any] = {True: "required", False: "no", None: "optional"}
    own = [Option(name, arguments[takes]) for name, takes in global_options(session.program).items() if name not in known]

    def setup(process: Process) -> None:
        process.commands.register("run", lambda given: begin(process, session.program, target, given), most=MANY)
        sys.stdout.write(socket_file(process.paths.rundir, process.name, process.options.last("unixctl", "")) + "\n")
        sys.stdout.flush()

    return run_program(Service(session.program.name, session.program.title, setup, tuple(own)), words)


def begin(process: Process, program: Program, target: Target, words: list[str]) -> Later:
    """Run a command line beside the loop."""
    later = Later()

    def connect(wanted: Target) -> Client:
        client = connect_to(Target(target.remotes, target.database, leader_only=target.leader_only, tls=target.tls))
        return Hurried(client, wanted.timeout_s) if wanted.timeout_s else client

    def work() -> None:
        out, err = StringIO(), StringIO()
        status = run(program, words, {}, out=out, err=err, connect=connect)
        later.text = out.getvalue()
        said = err.getvalue().rpartition(f"{program.name}: ")[2]
        process.loop.post(lambda: later.finish("" if status == 0 else said or "error"))

    threading.Thread(target=work, daemon=True).start()
    return later
