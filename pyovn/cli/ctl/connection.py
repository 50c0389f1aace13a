"""How a database server is reached: get-connection, set-connection, get-ssl and their like (ovn-nbctl(8), ovn-sbctl(8))."""

from __future__ import annotations

from pyovn.cli.ctl.program import Family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Connection commands")

METHODS = ("tcp:", "ssl:", "unix:", "ptcp:", "pssl:", "punix:")
GLOBALS = {"OVN_Northbound": "NB_Global", "OVN_Southbound": "SB_Global"}


def global_row(db: Rows) -> Row:
    """The row that the connections hang from."""
    return db.singleton(GLOBALS[db.schema.name])


@family.command
def get_connection(db: Rows) -> str:
    """print the connections"""
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
    """delete the connections"""
    drop(db, global_row(db))


@family.command
def set_connection(db: Rows, target: str, *targets: str, inactivity_probe: str | None = None) -> None:
    """set the list of connections to TARGET..."""
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
        db.warnings.append((f"{'nb' if 'North' in db.schema.name else 'sb'}ctl", f'target type "{target}" is possibly erroneous'))
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


@family.command
def get_ssl(db: Rows) -> str:
    """print the SSL/TLS configuration"""
    row = db.one("SSL", global_row(db)["ssl"], "private_key", "certificate", "ca_cert", "bootstrap_ca_cert")
    if row is None:
        return ""
    bootstrap = "true" if row["bootstrap_ca_cert"] else "false"
    return (
        f"Private key: {row['private_key']}\nCertificate: {row['certificate']}\nCA Certificate: {row['ca_cert']}\nBootstrap: {bootstrap}\n"
    )


@family.command
def del_ssl(db: Rows) -> None:
    """delete the SSL/TLS configuration"""
    row = global_row(db)
    held = db.one("SSL", row["ssl"])
    if held is not None:
        held.delete()
        row["ssl"] = None


@family.with_usage("PRIVATE-KEY CERTIFICATE CA-CERT [SSL-PROTOS [SSL-CIPHERS [SSL-CIPHERSUITES]]]", maximum=6)
def set_ssl(db: Rows, private_key: str, certificate: str, ca_cert: str, *tls: str, bootstrap: bool = False) -> None:
    """set the SSL/TLS configuration"""
    del_ssl(db)
    made = db.new("SSL", private_key=private_key, certificate=certificate, ca_cert=ca_cert, bootstrap_ca_cert=bootstrap)
    for column, value in zip(("ssl_protocols", "ssl_ciphers", "ssl_ciphersuites"), tls):
        made[column] = value
    global_row(db)["ssl"] = made.uuid
