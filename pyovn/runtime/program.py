"""A daemon from its command line to its end: options, log, pid file, control socket, loop.

A program of `pyovn.cli` declares a `Program` whose `setup` builds machines and adds them to the `Process` it is given;
`run_program` does the rest.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from pyovn.machine import Machine
from pyovn.ovsdb.replica import Replica
from pyovn.runtime import daemon as daemons
from pyovn.runtime import logging as vlog
from pyovn.runtime.coverage import offer_coverage
from pyovn.runtime.link import Link, Network, listen_on, remotes_of
from pyovn.runtime.loop import Drive, Loop
from pyovn.runtime.options import COMMON, DAEMON, LOGGING, TLS, Option, OptionError, Options, parse_options
from pyovn.runtime.paths import Paths, in_folder, ovs_paths, paths_of
from pyovn.runtime.remote import OVSDB_PORT, RemoteError
from pyovn.runtime.storage import seed_uuids
from pyovn.runtime.stream import Listener, Stream
from pyovn.runtime.tape import TapeError, tape_of
from pyovn.runtime.tls import Tls, settings_from
from pyovn.runtime.unixctl import Commands, serve_commands, socket_file
from pyovn.runtime.version import version_text
from pyovn.runtime.vlog_commands import offer_log_commands

MANY = 1000
"""As many operands or arguments as one likes."""

COUNTS = {0: "zero non-option arguments", 1: "one non-option argument", MANY: f"{MANY} non-option arguments"}


class ProgramError(Exception):
    """The program cannot go on; the text goes to stderr after the program's name, and the status is 1."""


@dataclass(frozen=True, slots=True)
class Program:
    """What makes one daemon different from another."""

    name: str
    summary: str
    """One sentence for `--help`."""
    setup: Callable[[Process], None]
    options: tuple[Option, ...] = ()
    """Beside those that every daemon has."""
    operands: str = ""
    """As `--help` shows them, for example `[DATABASE...]`."""
    most_operands: int = 0
    ready_after_setup: bool = True
    """Whether the parent of a detached daemon may leave when `setup` returns; otherwise something calls `process.ready()` later."""


@dataclass(slots=True)
class Process:
    """One running daemon, as its `setup` sees it."""

    name: str
    options: Options
    env: Mapping[str, str]
    paths: Paths
    loop: Loop
    network: Network
    log: vlog.Log
    commands: Commands = field(default_factory=Commands)
    daemon: daemons.Daemon = field(default_factory=daemons.Daemon)
    status: int = 0
    at_exit: list[Callable[[], None]] = field(default_factory=list)

    def drive(self, machine: Machine, carry: Callable[[Any], None]) -> None:
        """Tick `machine` when it is due and hand each of its effects to `carry`."""
        self.loop.add(Drive(machine, carry))

    def link(self, machine: Machine, carry: Callable[[Any], None] | None = None) -> Link:
        """Drive a machine that keeps one stream by itself (`Open`, `Close`, bytes): a replica, an OpenFlow channel."""
        link = Link(self.network, machine, carry)
        self.loop.add(link)
        return link

    def replica(self, schema: ModuleType, remotes: str, **how: Any) -> Replica:
        """A live copy of the database at `remotes` (comma-separated), driven; `how` as `Replica` takes it."""
        replica = Replica(schema, remotes_of(remotes), **how)
        self.link(replica)
        return replica

    def listen(self, remote: str, new_machine: Callable[[], Machine]) -> Listener:
        """Listen on `remote` (`punix:FILE`, `ptcp:PORT[:IP]`) and drive a new machine for every connection, or raise `RemoteError`."""

        def accept(stream: Stream) -> None:
            link = Link(self.network, new_machine())
            link.on_end = lambda: self.loop.remove(link)
            self.loop.add(link)
            link.serve(stream)

        listener = listen_on(self.network, remote, accept)
        self.at_exit.append(listener.close)
        return listener

    def ready(self) -> None:
        """Let the parent of a detached daemon leave; harmless when done before."""
        if self.daemon.startup_fd >= 0:
            daemons.complete(self.daemon)
            vlog.close_console(self.log)

    def exit(self, status: int = 0) -> None:
        """End the program after this round, with `status`."""
        self.status = status
        self.loop.stop()

    def leave(self, words: list[str]) -> str:
        """The command `exit`."""
        self.exit()
        return ""


def run_program(program: Program, arguments: Sequence[str] | None = None, env: Mapping[str, str] | None = None) -> int:
    """Be `program` until it is told to stop; the exit status."""
    env = os.environ if env is None else env
    known = (*COMMON, *DAEMON, *LOGGING, *TLS, *program.options)
    try:
        options = parse_options(sys.argv[1:] if arguments is None else arguments, known)
    except OptionError as error:
        return _refuse(program.name, str(error))
    if "help" in options:
        sys.stdout.write(help_text(program, env))
        return 0
    if "version" in options:
        sys.stdout.write(version_text(program.name))
        return 0
    if len(options.operands) > program.most_operands:
        return _refuse(program.name, f"at most {COUNTS[program.most_operands]} accepted; use --help for usage")
    try:
        return _run(program, options, env)
    except (ProgramError, TapeError, daemons.DaemonError) as error:
        return _refuse(program.name, str(error))


def run_until_child_ends(process: Process, command: str) -> None:
    """Run a shell command, and end with it: with its status if it exited, 1 otherwise."""
    if process.loop.player is not None:
        # The tape ends where the process did.
        return
    child = subprocess.Popen(["/bin/sh", "-c", command])

    def wait() -> None:
        status = child.wait()
        process.loop.post(lambda: process.exit(0 if status == 0 else 1))

    threading.Thread(target=wait, daemon=True).start()


def help_text(program: Program, env: Mapping[str, str]) -> str:
    """What `--help` prints."""
    lines = [f"{program.name}: {program.summary}", f"usage: {program.name} [OPTIONS] {program.operands}".rstrip(), ""]
    groups = {"Options": program.options, "Daemon options": DAEMON, "Logging options": LOGGING, "TLS options": TLS, "Other options": COMMON}
    for title, group in groups.items():
        if group:
            lines += [f"{title}:", *(f"  {_shown(option)}" for option in group), ""]
    paths = paths_of(program.name, env)
    lines.append(f"Run folder {paths.rundir}, databases {paths.dbdir}, logs {paths.logdir}.")
    return "\n".join(lines) + "\n"


def _run(program: Program, options: Options, env: Mapping[str, str]) -> int:
    log = vlog.start_log(program.name)
    paths = paths_of(program.name, env)
    configure_log(log, options, paths)
    daemon = daemon_of(program.name, options, paths)
    daemons.start(daemon)
    tape = tape_of(options)
    if tape is not None:
        seed_uuids(tape.seed)
    loop = Loop(tape)
    loop.catch_signals()
    network = Network(loop, ovs_paths(env).rundir, Tls(settings_from(options)), OVSDB_PORT)
    process = Process(program.name, options, env, paths, loop, network, log, daemon=daemon)
    try:
        _serve_commands(process)
        program.setup(process)
        if program.ready_after_setup:
            process.ready()
        gc.freeze()
        loop.run()
    except ProgramError:
        raise
    except RemoteError as error:
        raise ProgramError(str(error)) from None
    except TapeError:
        raise
    except Exception:
        # A detached daemon has no stderr: the log is where a bug of ours can be read.
        logging.getLogger("main").exception("ended by a bug of its own")
        raise
    finally:
        for clean in reversed(process.at_exit):
            clean()
        if tape is not None:
            tape.close()
        daemons.finish(daemon)
    if loop.stopped_by is not None:
        signal.signal(loop.stopped_by, signal.SIG_DFL)
        os.kill(os.getpid(), loop.stopped_by)
    return process.status


def configure_log(log: vlog.Log, options: Options, paths: Paths) -> None:
    """Log as the options say; `ProgramError` for levels that there are not."""
    try:
        vlog.set_all_levels(log, options.all("verbose"))
    except vlog.VlogError as error:
        raise ProgramError(str(error)) from None
    try:
        if "log-file" in options:
            vlog.open_log_file(log, options.last("log-file", f"{paths.logdir}/{log.program}.log"))
    except OSError as error:
        logging.getLogger("vlog").warning("failed to open %s for logging: %s", error.filename, error.strerror)
    vlog.open_syslog(log, options.last("syslog-method", "libc"), options.last("syslog-target", ""))


def daemon_of(name: str, options: Options, paths: Paths) -> daemons.Daemon:
    """How the options want the process to be one."""
    pidfile = ""
    if "pidfile" in options:
        pidfile = in_folder(paths.rundir, options.last("pidfile", f"{name}.pid"))
    return daemons.Daemon(
        detach="detach" in options,
        chdir="no-chdir" not in options,
        monitor="monitor" in options,
        pidfile=pidfile,
        overwrite_pidfile="overwrite-pidfile" in options,
        user=options.last("user", ""),
    )


def _serve_commands(process: Process) -> None:
    """Offer the commands that every daemon has; `setup` registers more."""
    register = process.commands.register
    register("list-commands", lambda _: process.commands.listing())
    register("version", lambda _: version_text(process.name).rstrip("\n"))
    register("exit", process.leave)
    register("set-options", lambda _: "", most=2, usage="[--format text|json]")
    offer_log_commands(process.commands, process.log)
    register("memory/show", lambda _: "")
    offer_coverage(process.commands, process.loop)
    file = socket_file(process.paths.rundir, process.name, process.options.last("unixctl", ""))
    if file:
        try:
            service, listener = serve_commands(process.network, process.commands, file)
        except RemoteError as error:
            raise ProgramError(f"{file}: could not initialize control socket ({error})") from None
        process.loop.add(service)
        process.at_exit.append(listener.close)


def _shown(option: Option) -> str:
    argument = {"no": "", "required": f"={option.name.upper()}", "optional": f"[={option.name.upper()}]"}[option.argument]
    short = f"-{option.short}, " if option.short else ""
    return f"{short}--{option.name}{argument}"


def _refuse(name: str, text: str) -> int:
    sys.stderr.write(f"{name}: {text}\n")
    return 1
