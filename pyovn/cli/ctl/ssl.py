"""The TLS files of programs that a database configures: get-ssl, del-ssl, set-ssl (ovn-nbctl(8), ovs-vsctl(8), "SSL/TLS Configuration")."""

from __future__ import annotations

from pyovn.cli.ctl.program import Family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("SSL/TLS commands")

GLOBALS = {
    "OVN_Northbound": "NB_Global",
    "OVN_Southbound": "SB_Global",
    "OVN_IC_Northbound": "IC_NB_Global",
    "OVN_IC_Southbound": "IC_SB_Global",
    "Open_vSwitch": "Open_vSwitch",
}


def global_row(db: Rows) -> Row:
    """The only row of a database that connections and TLS files hang from."""
    return db.singleton(GLOBALS[db.schema.name])


@family.command
def get_ssl(db: Rows) -> str:
    """With which key, certificate and authority connections are secured."""
    row = db.one("SSL", global_row(db)["ssl"], "private_key", "certificate", "ca_cert", "bootstrap_ca_cert")
    if row is None:
        return ""
    bootstrap = "true" if row["bootstrap_ca_cert"] else "false"
    return (
        f"Private key: {row['private_key']}\nCertificate: {row['certificate']}\nCA Certificate: {row['ca_cert']}\nBootstrap: {bootstrap}\n"
    )


@family.command
def del_ssl(db: Rows) -> None:
    """Secure connections no longer."""
    row = global_row(db)
    held = db.one("SSL", row["ssl"])
    if held is not None:
        held.delete()
        row["ssl"] = None


@family.with_usage("PRIVATE-KEY CERTIFICATE CA-CERT [SSL-PROTOS [SSL-CIPHERS [SSL-CIPHERSUITES]]]", maximum=6)
def set_ssl(db: Rows, private_key: str, certificate: str, ca_cert: str, *tls: str, bootstrap: bool = False) -> None:
    """Say with which key, certificate and authority connections are secured."""
    del_ssl(db)
    made = db.new("SSL", private_key=private_key, certificate=certificate, ca_cert=ca_cert, bootstrap_ca_cert=bootstrap)
    for column, value in zip(("ssl_protocols", "ssl_ciphers", "ssl_ciphersuites"), tls):
        made[column] = value
    global_row(db)["ssl"] = made.uuid
