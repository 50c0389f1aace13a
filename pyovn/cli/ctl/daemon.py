"""Daemon mode of a ctl program: becoming the daemon, and asking one to run a command line (ovn-nbctl(8), "Daemon Mode")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl import grammar
from pyovn.cli.ctl.session import Session
from pyovn.cli.packages import reach_packages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyovn.cli.client import Writer
    from pyovn.cli.ctl.program import Program


def run(program: Program, argv: list[str], env: Mapping[str, str], *, out: Writer, err: Writer) -> int | None:
    """Be the daemon, or have one run the command line; the exit status. None: it is for this process to run."""
    words = env.get(program.options_variable, "").split() + argv
    session = Session(program, argv, env, err)
    try:
        session.options, rest = grammar.parse_globals(program, words)
        if session.options.action:
            return None
        if "detach" in session.options.daemon:
            return detach(session, words, rest)
        socket = session.options.daemon.get("unixctl") or env.get(program.daemon_variable, "")
        if not socket:
            return None
        if refused := stays_here(session):
            from pyovn.cli.ctl.session import warn

            warn(session, "ovn_dbctl", f"not using {program.name} daemon because of {refused} option")
            return None
        grammar.limit_by_environment(session.options, env)
        out.write(ask(program, socket, words, session.options.timeout_s))
    except CommandError as error:
        err.write(f"{program.name}: {error}\n")
        return 1
    return 0


def detach(session: Session, words: list[str], rest: list[str]) -> int:
    """Become the daemon."""
    if rest:
        raise CommandError("non-option arguments not supported with --detach (use --help for help)")
    reach_packages()
    from pyovn.runtime.ctl_daemon import serve

    return serve(session, words)


def stays_here(session: Session) -> str:
    """The option by which a command line cannot be given to a daemon, or empty."""
    options = session.options
    if options.database is not None:
        return "db"
    return next(iter(options.tls), "")


def ask(program: Program, socket: str, words: list[str], timeout_s: int) -> str:
    """What the daemon at `socket` prints for a command line."""
    from pyovn.runtime.blocking import CallError, ConnectError, connect
    from pyovn.runtime.ctl_client import limit

    if timeout_s:
        limit(timeout_s)
    try:
        client = connect(f"unix:{socket}")
    except ConnectError as error:
        raise CommandError(
            f"{socket}: could not connect to {program.name} daemon ({error}); unset {program.daemon_variable} to avoid using daemon"
        ) from None
    try:
        return str(client.call("run", without_socket(words)))
    except CallError as error:
        raise CommandError(str(error.error).rstrip("\n")) from None
    except ConnectError as error:
        raise CommandError(f"{socket}: transaction error ({error})") from None


def without_socket(words: list[str]) -> list[str]:
    """A command line without its -u SOCKET."""
    left: list[str] = []
    at = 0
    while at < len(words):
        if not words[at].startswith("-") or words[at] == "--":
            return left + words[at:]
        if words[at] in ("-u", "--unixctl"):
            at += 2
        else:
            if not words[at].startswith(("-u", "--unixctl=")):
                left.append(words[at])
            at += 1
    return left
