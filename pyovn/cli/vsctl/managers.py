"""OVSDB managers of a host and its TLS files (ovs-vsctl(8), "Manager Connectivity", "SSL/TLS Configuration")."""

from __future__ import annotations

from pyovn.cli.ctl.program import Family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Manager commands")

METHODS = ("tcp:", "ssl:", "unix:", "ptcp:", "pssl:", "punix:")


@family.command
def get_manager(vs: Rows) -> str:
    """print the managers"""
    managers = vs.rows("Manager", vs.singleton("Open_vSwitch")["manager_options"], "target")
    return "".join(f"{target}\n" for target in sorted(row["target"] for row in managers))


def drop(vs: Rows, row: Row) -> None:
    """Remove every manager."""
    for manager in vs.rows("Manager", row["manager_options"]):
        manager.delete()
    row["manager_options"] = []


@family.command
def del_manager(vs: Rows) -> None:
    """delete the managers"""
    drop(vs, vs.singleton("Open_vSwitch"))


@family.command
def set_manager(vs: Rows, target: str, *targets: str, inactivity_probe: str | None = None) -> None:
    """set the list of managers to TARGET..."""
    row = vs.singleton("Open_vSwitch")
    drop(vs, row)
    made = []
    for word in (target, *targets):
        if not word.startswith(METHODS):
            vs.warnings.append(("vsctl", f'target type "{word}" is possibly erroneous'))
        manager = vs.new("Manager", target=word)
        if inactivity_probe is not None:
            manager["inactivity_probe"] = int(inactivity_probe) if inactivity_probe.isdigit() else 0
        made.append(manager.uuid)
    row["manager_options"] = sorted(made)


@family.command
def get_ssl(vs: Rows) -> str:
    """print the SSL/TLS configuration"""
    row = vs.one("SSL", vs.singleton("Open_vSwitch")["ssl"], "private_key", "certificate", "ca_cert", "bootstrap_ca_cert")
    if row is None:
        return ""
    bootstrap = "true" if row["bootstrap_ca_cert"] else "false"
    return (
        f"Private key: {row['private_key']}\nCertificate: {row['certificate']}\nCA Certificate: {row['ca_cert']}\nBootstrap: {bootstrap}\n"
    )


@family.command
def del_ssl(vs: Rows) -> None:
    """delete the SSL/TLS configuration"""
    row = vs.singleton("Open_vSwitch")
    held = vs.one("SSL", row["ssl"])
    if held is not None:
        held.delete()
        row["ssl"] = None


@family.command
def set_ssl(vs: Rows, private_key: str, certificate: str, ca_cert: str, *, bootstrap: bool = False) -> None:
    """set the SSL/TLS configuration"""
    del_ssl(vs)
    made = vs.new("SSL", private_key=private_key, certificate=certificate, ca_cert=ca_cert, bootstrap_ca_cert=bootstrap)
    vs.singleton("Open_vSwitch")["ssl"] = made.uuid
