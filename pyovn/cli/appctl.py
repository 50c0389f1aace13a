"""`ovs-appctl` and `ovn-appctl`: have a running daemon do a command, and print what it says (ovs-appctl(8))."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn

from pyovn.cli.main import end

if TYPE_CHECKING:
    from pyovn.runtime.options import Option

USAGE = """\
{name}: ask {what} daemon something, or have it do something
usage: {name} [TARGET] COMMAND [ARG...]
Targets:
  -t, --target=TARGET  a daemon's name, pid file or control socket
Common commands:
  list-commands      every command of the daemon
  version            which release the daemon is
  vlog/list          what is logged, by module and destination
  vlog/set [SPEC]    log more or less: a module, a destination (syslog, console, file), a level
  vlog/reopen        open the log file anew, after a rename
Other options:
  -T, --timeout=SECS give up after so many seconds
  -f, --format=FMT   'text' (default) or 'json'
  --pretty           with --format=json: indented
  -h, --help         show this
  -V, --version      show which release this is
"""


class AppctlError(Exception):
    """The command was not done; the text goes to stderr after the program's name. `status` is the exit status."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


def main() -> NoReturn:
    """`ovs-appctl`."""
    end(run("ovs-appctl", sys.argv[1:], os.environ))


def main_ovn() -> NoReturn:
    """`ovn-appctl`."""
    end(run("ovn-appctl", sys.argv[1:], os.environ))


def run(name: str, arguments: Sequence[str], env: Mapping[str, str]) -> int:
    """The whole program; its exit status."""
    try:
        return _run(name, arguments, env)
    except AppctlError as error:
        sys.stderr.write(f"{name}: {error}\n")
        return error.status


def _run(name: str, arguments: Sequence[str], env: Mapping[str, str]) -> int:
    from pyovn.runtime.options import OptionError, parse_options

    if arguments[:1] == ["--complete"]:
        from pyovn.cli.appctl_complete import complete

        sys.stdout.write(complete(name, arguments[1:], env))
        return 0
    try:
        options = parse_options(arguments, known_options(), stop_at_operand=True)
    except OptionError as error:
        raise AppctlError(str(error)) from None
    if "help" in options:
        sys.stdout.write(USAGE.format(name=name, what="OVN" if name == "ovn-appctl" else "Open vSwitch"))
        return 0
    if "option" in options:
        from pyovn.runtime.options import listing

        sys.stdout.write(listing(known_options()))
        return 0
    if "version" in options:
        from pyovn.runtime.version import version_text

        sys.stdout.write(version_text(name))
        return 0
    output = options.last("format", "text")
    if output not in ("text", "json"):
        raise AppctlError(f"value {output} on -f or --format is invalid")
    if "pretty" in options and output != "json":
        raise AppctlError("--pretty is supported with --format json only")
    _limit_time(options.last("timeout", ""), env)
    if not options.operands:
        raise AppctlError("at least one non-option argument is required (use --help for help)")
    target = options.last("target", default_target(name))
    answer = ask(socket_of(name, target, env), target, output, options.operands)
    sys.stdout.write(_shown(answer, pretty="pretty" in options))
    return 0


def known_options() -> tuple[Option, ...]:
    """The options of both programs."""
    from pyovn.runtime.options import COMMON, LOGGING, Option

    return (
        Option("target", "required", short="t"),
        Option("execute", short="e"),
        Option("format", "required", short="f"),
        *COMMON[:1],
        Option("option", short="o"),
        Option("pretty"),
        *COMMON[1:],
        Option("timeout", "required", short="T"),
        *LOGGING,
    )


def _limit_time(given: str, env: Mapping[str, str]) -> None:
    """Be ended by SIGALRM after the seconds given, or those of OVS_CTL_TIMEOUT."""
    seconds = given or env.get("OVS_CTL_TIMEOUT", "")
    if not seconds:
        return
    if not seconds.isdigit() or int(seconds) == 0:
        raise AppctlError(f"value {seconds} on -T or --timeout is invalid")
    from pyovn.runtime.blocking import end_after

    end_after(int(seconds))


def default_target(name: str) -> str:
    """The daemon that is meant without --target."""
    return "ovn-controller" if name == "ovn-appctl" else "ovs-vswitchd"


def socket_of(name: str, target: str, env: Mapping[str, str]) -> str:
    """The control socket of a daemon named by its pid file's name, or the socket itself."""
    if target.startswith("/"):
        return target
    from pyovn.runtime.daemon import DaemonError, read_pidfile
    from pyovn.runtime.paths import ovn_paths, ovs_paths

    rundir = (ovn_paths(env) if name == "ovn-appctl" else ovs_paths(env)).rundir
    pidfile = f"{rundir}/{target}.pid"
    try:
        return f"{rundir}/{target}.{read_pidfile(pidfile)}.ctl"
    except DaemonError as error:
        raise AppctlError(f'cannot read pidfile "{pidfile}" ({error})') from None


def ask(socket: str, target: str, output: str, words: Sequence[str]) -> object:
    """What the daemon behind a control socket says to a command, as text or (`output`) in JSON."""
    from pyovn.runtime.blocking import CallError, ConnectError, connect

    try:
        client = connect(f"unix:{socket}")
    except ConnectError as error:
        raise AppctlError(f'cannot connect to "{socket}" ({error})') from None
    try:
        if output == "json":
            client.call("set-options", ["--format", "json"])
        return client.call(words[0], list(words[1:]))
    except ConnectError as error:
        raise AppctlError(f"{target}: transaction error ({error})") from None
    except CallError as error:
        sys.stderr.write(_shown(error.error, pretty=False))
        raise AppctlError(f"{target}: server returned an error", 2) from None


def _shown(answer: object, *, pretty: bool) -> str:
    if not isinstance(answer, str):
        import json

        answer = json.dumps(answer, indent=2 if pretty else None, separators=None if pretty else (",", ":"))
    return answer if not answer or answer.endswith("\n") else answer + "\n"
