"""What a logical switch port refers to: its DHCP options and its mirrors (ovn-nbctl(8))."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.dhcp import options_of
from pyovn.cli.nbctl.find import by_name_or_uuid, port_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Logical switch port commands")


def set_options(nb: Rows, port: str, uuid: str | None, column: str) -> None:
    """Refer to DHCP options of the right IP version, or to none."""
    row = port_of(nb, port)
    if uuid is None:
        row[column] = None
        return
    options = options_of(nb, uuid)
    is_six = ":" in options["cidr"]
    if is_six != (column == "dhcpv6_options"):
        version = "IPv6" if column == "dhcpv6_options" else "IPv4"
        raise CommandError(f"DHCP options cidr '{options['cidr']}' is not {version}")
    row[column] = options.uuid


def get_options(nb: Rows, port: str, column: str) -> str:
    """The DHCP options of a port, with their network."""
    options = nb.one("DHCP_Options", port_of(nb, port)[column], "cidr")
    return f"{options.uuid} ({options['cidr']})\n" if options is not None else ""


@family.with_usage("PORT [DHCP_OPT_UUID]")
def lsp_set_dhcpv4_options(nb: Rows, port: str, uuid: str | None = None) -> None:
    """Answer DHCP of PORT by this set of options, or not at all."""
    set_options(nb, port, uuid, "dhcpv4_options")


@family.command
def lsp_get_dhcpv4_options(nb: Rows, port: str) -> str:
    """By which set of options DHCP of PORT is answered."""
    return get_options(nb, port, "dhcpv4_options")


@family.with_usage("PORT [DHCP_OPT_UUID]")
def lsp_set_dhcpv6_options(nb: Rows, port: str, uuid: str | None = None) -> None:
    """Answer DHCPv6 of PORT by this set of options, or not at all."""
    set_options(nb, port, uuid, "dhcpv6_options")


@family.command
def lsp_get_dhcpv6_options(nb: Rows, port: str) -> str:
    """By which set of options DHCPv6 of PORT is answered."""
    return get_options(nb, port, "dhcpv6_options")


def mirror_of(nb: Rows, name: str) -> Row:
    """The mirror of this name or uuid."""
    found = by_name_or_uuid(nb, "Mirror", name)
    if found is None:
        raise CommandError(f"{name}: mirror {'UUID' if len(name) == 36 else 'name'} not found")
    return found


@family.command
def lsp_attach_mirror(nb: Rows, port: str, mirror: str, *, may_exist: bool = False) -> None:
    """Let MIRROR copy packets of PORT."""
    row, wanted = port_of(nb, port), mirror_of(nb, mirror)
    if wanted.uuid in row["mirror_rules"]:
        if may_exist:
            return
        raise CommandError(f"mirror {mirror} is already attached to the logical port {port}.")
    row.insert("mirror_rules", [wanted.uuid])


@family.command
def lsp_detach_mirror(nb: Rows, port: str, mirror: str) -> None:
    """Let MIRROR copy packets of PORT no longer."""
    row, wanted = port_of(nb, port), mirror_of(nb, mirror)
    if wanted.uuid not in row["mirror_rules"]:
        nb.warnings.append(("ovsdb_idl", "Trying to delete a key that doesn't exist in the set."))
    row.remove("mirror_rules", [wanted.uuid])
