"""How a database server is reached: get-connection, del-connection, set-connection (ovn-nbctl(8), ovn-sbctl(8))."""

from __future__ import annotations

from pyovn.cli.ctl.program import Family
from pyovn.cli.ctl.ssl import global_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Connection commands")

LOG_MODULES = {"OVN_Northbound": "nbctl", "OVN_Southbound": "sbctl", "OVN_IC_Northbound": "ic_nbctl", "OVN_IC_Southbound": "ic_sbctl"}

METHODS = ("tcp:", "ssl:", "unix:", "ptcp:", "pssl:", "punix:")


@family.command
def get_connection(db: Rows) -> str:
    """Where the server listens, and whom it calls."""
    southern = db.schema.name == "OVN_Southbound"
    rows = db.rows("Connection", global_row(db)["connections"], "target", *(("read_only", "role") if southern else ()))
    targets = [with_rights(row) if southern else row["target"] for row in rows]
    return "".join(f"{target}\n" for target in sorted(targets))


def with_rights(row: Row) -> str:
    """A southbound connection and what may be done over it."""
    return f'{"read-only" if row["read_only"] else "read-write"} role="{row["role"]}" {row["target"]}'


def drop(db: Rows, row: Row) -> None:
    """Remove every connection."""
    for connection in db.rows("Connection", row["connections"]):
        connection.delete()
    row["connections"] = []


@family.command
def del_connection(db: Rows) -> None:
    """Have the server listen nowhere but where its command line says."""
    drop(db, global_row(db))


@family.command
def set_connection(db: Rows, target: str, *targets: str, inactivity_probe: str | None = None) -> None:
    """Have the server listen at, or call, these targets and no others."""
    row = global_row(db)
    drop(db, row)
    words = [target, *targets]
    made = southbound(db, words) if db.schema.name == "OVN_Southbound" else [new_connection(db, word) for word in words]
    for connection in made:
        if inactivity_probe is not None:
            connection["inactivity_probe"] = int(inactivity_probe) if inactivity_probe.isdigit() else 0
    row["connections"] = [connection.uuid for connection in made]


def new_connection(db: Rows, target: str) -> Row:
    """A connection; a target that nothing can be reached by gets a word in the log."""
    if not target.startswith(METHODS):
        db.warnings.append((LOG_MODULES[db.schema.name], f'target type "{target}" is possibly erroneous'))
    return db.new("Connection", target=target)


def southbound(db: Rows, words: list[str]) -> list[Row]:
    """Connections with what stands before them: role=ROLE, read-only, read-write."""
    made: list[Row] = []
    role, read_only = "", False
    for word in words:
        if word in ("read-only", "read-write"):
            read_only = word == "read-only"
        elif word.startswith("role="):
            role = word.removeprefix("role=")
        else:
            connection = new_connection(db, word)
            connection["role"], connection["read_only"] = role, read_only
            made.append(connection)
    return made
