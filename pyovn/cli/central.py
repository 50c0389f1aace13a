"""`ovn-central`: northbound and southbound databases and the compiler between them in one process, so that nothing is serialised.

Clients cannot tell it from two `ovsdb-server` and an `ovn-northd`: the sockets, files and control commands are theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyovn import schemas
from pyovn.cli import northd, ovsdb_server_commands
from pyovn.northd.northd import LOCK, Northd
from pyovn.ovsdb.declare import schema_of
from pyovn.ovsdb.errors import OvsdbError
from pyovn.ovsdb.local import Local
from pyovn.ovsdb.remotes import RemoteSpecError
from pyovn.runtime import tape
from pyovn.runtime.dbserver import DatabaseServer
from pyovn.runtime.loop import wall_s
from pyovn.runtime.memory import Memory
from pyovn.runtime.options import Option
from pyovn.runtime.program import Process, Program, ProgramError, run_program
from pyovn.schemas import nb, sb

OPTIONS = (
    Option("db-nb-file", "required"), Option("db-sb-file", "required"), Option("remote", "required"), Option("dry-run"), *tape.OPTIONS,
)  # fmt: skip

REMOTES = (
    "punix:{rundir}/ovnnb_db.sock",
    "punix:{rundir}/ovnsb_db.sock",
    "db:OVN_Northbound,NB_Global,connections",
    "db:OVN_Southbound,SB_Global,connections",
)
"""Where clients look for the databases; each remote offers both."""


def setup(process: Process) -> None:
    """Open both files, offer them, and compile."""
    # Who comes back need not be told again of hundreds of thousands of flows.
    databases = DatabaseServer(process.network, schemas.classes_for, remembers=True)
    process.at_exit.append(databases.close)
    # The compiler is made for these schemas.
    databases.server.convert = None
    dbdir, rundir = process.paths.dbdir, process.paths.rundir
    try:
        northbound = databases.add_file_of(process.options.last("db-nb-file", f"{dbdir}/ovnnb_db.db"), schema_of(nb))
        southbound = databases.add_file_of(process.options.last("db-sb-file", f"{dbdir}/ovnsb_db.db"), schema_of(sb))
        for remote in (*REMOTES, *process.options.all("remote")):
            remote = remote.format(rundir=rundir)
            databases.add_remote(remote)
            _must_listen(databases, remote)
    except (OvsdbError, RemoteSpecError) as error:
        raise ProgramError(str(error)) from None
    locks = databases.server.locks
    sb_store = Local(southbound, locks, LOCK)
    machine = Northd(Local(northbound, locks), sb_store, wall_s() - process.loop.now())
    machine.paused = "dry-run" in process.options

    def want_lock(lock: str | None) -> None:
        if lock is None:
            databases.server.tell_owner(LOCK, locks.release(LOCK, sb_store))
        elif locks.owner(lock) is not sb_store:
            locks.request(lock, sb_store)

    northd.drive(process, machine, want_lock)
    ovsdb_server_commands.register(process.commands, ovsdb_server_commands.Desk(databases, Memory()))


def _must_listen(databases: DatabaseServer, remote: str) -> None:
    """What clients are to connect to must be there before anybody is told that the databases are."""
    endpoint = databases.endpoints.open.get(remote)
    if endpoint is not None and endpoint.error:
        raise ProgramError(f"{remote}: {endpoint.error}")


PROGRAM = Program("ovn-central", "the northbound and southbound databases and the compiler in one process", setup, OPTIONS)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the daemon; its exit status."""
    return run_program(PROGRAM, argv)
