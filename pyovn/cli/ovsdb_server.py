"""`ovsdb-server`: offers the databases of its files, and those of other servers, to clients (ovsdb-server(1))."""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import replace as with_fields

from pyovn.cli.ovsdb_server_commands import Desk, register
from pyovn.ovsdb.configuration import Configuration, DatabaseConfig, excluded_tables, relay_operand
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.remotes import PLAIN, RemoteSpecError
from pyovn.runtime import tape
from pyovn.runtime.dbserver import DatabaseServer
from pyovn.runtime.memory import Memory
from pyovn.runtime.options import Option
from pyovn.runtime.program import MANY, Process, Program, ProgramError, run_program, run_until_child_ends
from pyovn.runtime.version import version_text

OPTIONS = (
    Option("remote", "required"), Option("run", "required"), Option("no-dbs"), Option("disable-file-column-diff"),
    Option("disable-file-no-data-conversion"), Option("config-file", "required"), Option("sync-from", "required"),
    Option("sync-exclude-tables", "required"), Option("active"), Option("keep-history"), *tape.OPTIONS,
)  # fmt: skip

log = logging.getLogger("ovsdb_server")


def main() -> None:
    """The program."""
    # What is changed at run time outlives a crash in a memory that the monitor has too.
    memory = Memory()
    sys.exit(run_program(with_fields(PROGRAM, setup=lambda process: setup(process, memory))))


def setup(process: Process, memory: Memory) -> None:
    """Open the databases and the remotes of the command line, or those that there were when this process's forerunner died."""
    if "run" not in process.options:
        # A detached server has no console any more when it says this.
        process.loop.post(lambda: log.info(version_text(process.name).splitlines()[0]))
    databases = DatabaseServer(process.network, remembers="keep-history" in process.options)
    process.at_exit.append(databases.close)
    file = process.options.last("config-file", "")
    # A daemon leaves the folder that it was started in.
    desk = Desk(databases, memory, os.path.abspath(file) if file else "")
    register(process.commands, desk)
    if desk.file:
        _read_file(process, desk)
    elif not desk.recall():
        _read_command_line(process, desk)
        desk.remember()
    if "run" in process.options:
        run_until_child_ends(process, process.options.last("run", "true"))


def _read_file(process: Process, desk: Desk) -> None:
    operands = (process.options.operands, process.options.all("remote"), process.options.all("sync-from"))
    if any(operands):
        raise ProgramError("--config-file is mutually exclusive with --remote, --sync-from and databases on the command line")
    if desk.reload():
        raise ProgramError("server configuration failed")


def _read_command_line(process: Process, desk: Desk) -> None:
    options = process.options
    words = options.operands
    if not words and "no-dbs" not in options:
        words = (f"{process.paths.dbdir}/conf.db",)
    desk.sync.source = options.last("sync-from", "")
    desk.sync.excluded = options.last("sync-exclude-tables", "")
    desk.sync.backup = bool(desk.sync.source) and "active" not in options
    try:
        excluded_tables(desk.sync.excluded)
        for word in words:
            desk.databases.add(*(relay_operand(word) or (word, DatabaseConfig())))
        desk.follow()
        for problem in desk.databases.configure(_with_remotes(desk.databases.configuration, options.all("remote"))):
            raise ProgramError(problem)
    except (OvsdbError, RemoteSpecError, ValueError) as error:
        raise ProgramError(str(error)) from None


def _with_remotes(configuration: Configuration, remotes: tuple[str, ...]) -> Configuration:
    return Configuration(configuration.databases, dict.fromkeys(remotes, PLAIN))


PROGRAM = Program("ovsdb-server", "Open vSwitch database server", lambda process: None, OPTIONS, "[DATABASE...]", MANY)
