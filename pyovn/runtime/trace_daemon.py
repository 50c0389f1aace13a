"""`ovn-trace --detach`: a daemon that answers `trace` on its control socket (ovn-trace(8), "Daemon Mode").

Rule: each trace has a thread and connections of its own, and reads the database as it is then.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from io import StringIO
from typing import TYPE_CHECKING

from pyovn.cli.client import CommandError, ServerError, Unreachable
from pyovn.cli.main import connect
from pyovn.cli.trace import NAME, OPTIONS, Line, answer, make_request, parse
from pyovn.runtime.options import COMMON, DAEMON, LOGGING, TLS, Option
from pyovn.runtime.program import Process, Program, run_program
from pyovn.runtime.unixctl import MANY, Later
from pyovn.runtime.unixctl import CommandError as Refused

if TYPE_CHECKING:
    from typing import Literal

    from pyovn.trace.request import Request

TAKES: Mapping[bool | None, Literal["no", "required", "optional"]] = {True: "required", False: "no", None: "optional"}
PRINTED = {"detailed", "summary", "minimal", "all"}
"""The options that a trace has of its own."""


def serve(line: Line, argv: list[str], env: Mapping[str, str]) -> int:
    """Be the daemon that a command line asks for; its exit status."""
    known = {option.name for option in (*COMMON, *DAEMON, *LOGGING, *TLS)}
    own = tuple(Option(name, TAKES[takes]) for name, takes in OPTIONS.items() if name not in known)

    def setup(process: Process) -> None:
        process.commands.register(
            "trace", lambda words: begin(process, line, words), usage="[OPTIONS] [DATAPATH] MICROFLOW", least=1, most=MANY
        )

    return run_program(Program(NAME, "explains what becomes of packets", setup, own), argv, env)


def begin(process: Process, line: Line, words: list[str]) -> Later:
    """Trace beside the loop."""
    later = Later()
    try:
        asked = parse(words)
        if not asked.flags.keys() <= PRINTED:
            raise Refused("unknown option")
        request = make_request(line, asked)
    except CommandError as error:
        raise Refused(str(error).removesuffix(" (use --help for help)")) from None
    threading.Thread(target=_work, args=(process, line, request, later), daemon=True).start()
    return later


def _work(process: Process, line: Line, request: Request, later: Later) -> None:
    problem = ""
    try:
        later.text = answer(request, line, process.env, err=StringIO(), connect=connect)
    except Unreachable as error:
        problem = f"{error.remote}: database connection failed ({error})"
    except ServerError as error:
        problem = f"transaction error: {error.error}"
    process.loop.post(lambda: later.finish(problem))
