"""What a ctl program does as a process: its arguments, its streams, a socket to its database, and a quick end."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from pyovn.cli.client import Client, Target
    from pyovn.cli.ctl.program import Program


LONGEST_COMPLETION_S = 3


def connect(target: Target) -> Client:
    """A client on a socket."""
    from pyovn.runtime.ctl_client import connect_to

    return connect_to(target)


def main(program: Program, argv: list[str] | None) -> NoReturn:
    """Run the program as this process."""
    from pyovn.cli.ctl.session import run

    # What a command makes lives as long as it does: looking for garbage would only cost time.
    gc.disable()
    words = sys.argv[1:] if argv is None else argv
    if words[:1] == ["--complete"]:
        end(complete(program, words[1:]))
    if concerns(program, words, os.environ):
        from pyovn.cli.ctl import daemon

        status = daemon.run(program, words, os.environ, out=sys.stdout, err=sys.stderr)
        if status is not None:
            end(status)
    status = run(program, words, os.environ, out=sys.stdout, err=sys.stderr, connect=connect)
    end(status)


def complete(program: Program, words: list[str]) -> int:
    """Tell bash what can follow on a line, unless that takes too long; the exit status."""
    from pyovn.cli.ctl.complete import run
    from pyovn.runtime.blocking import end_after

    end_after(LONGEST_COMPLETION_S)
    return run(program, words, os.environ, out=sys.stdout, connect=connect)


def concerns(program: Program, argv: list[str], env: Mapping[str, str]) -> bool:
    """Whether a command line may be one for a daemon, by a look that costs nothing."""
    if not program.daemon_variable:
        return False
    return bool(env.get(program.daemon_variable)) or any(word.startswith(("-u", "--u", "--det")) for word in argv)


def end(status: int) -> NoReturn:
    """Write out what is left and leave without tidying up, which would cost time."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        status = status or 1
    os._exit(status)
