"""`ovsdb-server`: offers the databases of its files to clients (ovsdb-server(1))."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable

from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.remotes import RemoteSpecError
from pyovn.runtime.dbserver import DatabaseServer
from pyovn.runtime.options import Option
from pyovn.runtime.program import MANY, Process, Program, ProgramError, run_program, run_until_child_ends
from pyovn.runtime.unixctl import CommandError, Later
from pyovn.runtime.version import version_text

OPTIONS = (Option("remote", "required"), Option("run", "required"), Option("no-dbs"), Option("disable-file-column-diff"))


def main() -> None:
    """The program."""
    sys.exit(run_program(PROGRAM))


def setup(process: Process) -> None:
    """Open the databases and the remotes of the command line."""
    if "run" not in process.options:
        logging.getLogger("ovsdb_server").info(version_text(process.name).splitlines()[0])
    files = process.options.operands
    if not files and "no-dbs" not in process.options:
        files = (f"{process.paths.dbdir}/conf.db",)
    databases = DatabaseServer(process.network)
    process.at_exit.append(databases.close)
    try:
        for file in files:
            databases.add_file(file)
        for remote in process.options.all("remote"):
            databases.add_remote(remote)
    except (OvsdbError, RemoteSpecError) as error:
        raise ProgramError(str(error)) from None
    register(process, databases)
    if "run" in process.options:
        run_until_child_ends(process, process.options.last("run", "true"))


def register(process: Process, databases: DatabaseServer) -> None:
    """Offer the run-time management commands."""
    offer = process.commands.register
    offer("ovsdb-server/add-remote", lambda words: _add_remote(databases, words[0]), usage="REMOTE", least=1, most=1)
    offer("ovsdb-server/remove-remote", lambda words: _remove_remote(databases, words[0]), usage="REMOTE", least=1, most=1)
    offer("ovsdb-server/list-remotes", lambda words: _lines(databases.specs))
    offer("ovsdb-server/add-db", lambda words: _add_db(databases, words[0]), usage="DB", least=1, most=1)
    offer("ovsdb-server/remove-db", lambda words: _remove_db(databases, words[0]), usage="DB", least=1, most=1)
    offer("ovsdb-server/list-dbs", lambda words: _lines(databases.databases()))
    offer("ovsdb-server/compact", lambda words: _compact(databases, words), usage="", most=1)
    offer("ovsdb-server/reconnect", lambda words: _reconnect(databases))
    offer("ovsdb-server/sync-status", lambda words: "state: active\n")
    offer("ovsdb-server/get-active-ovsdb-server", lambda words: "")
    offer("ovsdb-server/get-db-storage-status", lambda words: _status(databases, words[0]), usage="DB", least=1, most=1)
    offer("ovsdb-server/memory-trim-on-compaction", lambda words: "", usage="on|off", least=1, most=MANY)
    offer("memory/show", lambda words: _memory(databases))


def _add_remote(databases: DatabaseServer, remote: str) -> str:
    try:
        databases.add_remote(remote)
    except RemoteSpecError as error:
        raise CommandError(str(error)) from None
    return ""


def _remove_remote(databases: DatabaseServer, remote: str) -> str:
    if not databases.remove_remote(remote):
        raise CommandError("no such remote")
    return ""


def _add_db(databases: DatabaseServer, path: str) -> str:
    try:
        databases.add_file(path)
    except OvsdbError as error:
        raise CommandError(str(error)) from None
    return ""


def _remove_db(databases: DatabaseServer, name: str) -> str:
    if name not in databases.files:
        raise CommandError("Failed to find the database.")
    databases.remove_file(name)
    return ""


def _compact(databases: DatabaseServer, words: list[str]) -> Later:
    if words and words[0].startswith("_"):
        raise CommandError("cannot compact built-in databases")
    if words and words[0] not in databases.files:
        raise CommandError("no database by that name")
    later, left, problems = Later(), list(words or databases.files), list[str]()

    def one_done(problem: str) -> None:
        left.pop()
        problems.extend(filter(None, [problem]))
        if not left:
            later.finish("\n".join(problems))

    for name in tuple(left):
        databases.compact(name, one_done)
    if not left:
        later.finish()
    return later


def _reconnect(databases: DatabaseServer) -> str:
    databases.reconnect()
    return ""


def _status(databases: DatabaseServer, name: str) -> str:
    if name not in databases.files:
        raise CommandError("Failed to find the database.")
    return "status: ok\n"


def _memory(databases: DatabaseServer) -> str:
    sessions = databases.server.sessions.values()
    rows = sum(len(data.rows) for database in databases.databases().values() for data in database.tables.values())
    return f"monitors:{sum(len(session.watches) for session in sessions)} rows:{rows} sessions:{len(sessions)}\n"


def _lines(words: Iterable[str]) -> str:
    return "".join(f"{word}\n" for word in sorted(words))


PROGRAM = Program("ovsdb-server", "Open vSwitch database server", setup, OPTIONS, "[DATABASE...]", MANY)
