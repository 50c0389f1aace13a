"""DHCP options: the rows that say what a guest is told (ovn-nbctl(8), "DHCP Options Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import is_uuid
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.find import map_text, pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("DHCP Options commands")


def options_of(nb: Rows, uuid: str) -> Row:
    """The DHCP options of this uuid."""
    row = nb.row("DHCP_Options", uuid.lower()) if is_uuid(uuid) else None
    if row is None:
        raise CommandError(f"{uuid}: dhcp options UUID not found")
    return row


@family.with_usage("CIDR [EXTERNAL_IDS]")
def dhcp_options_create(nb: Rows, cidr: str, *external_ids: str) -> None:
    """Make a set of DHCP options for the machines of the network CIDR."""
    from pyovn.cli.nbctl.addresses import parse_interface

    network = parse_interface(cidr)
    if network is None:
        raise CommandError(f"Invalid cidr format '{cidr}'")
    nb.new("DHCP_Options", cidr=cidr, external_ids=pairs(external_ids))


@family.with_usage("DHCP_OPT_UUID")
def dhcp_options_del(nb: Rows, uuid: str) -> None:
    """Do away with a set of DHCP options."""
    options_of(nb, uuid).delete()


@family.command
def dhcp_options_list(nb: Rows) -> str:
    """Every set of DHCP options, with its network."""
    rows = sorted(nb.all("DHCP_Options", "cidr"), key=lambda row: str(row["cidr"]))
    return "".join(f"{row.uuid}\n" for row in rows)


@family.with_usage("DHCP_OPT_UUID KEY=VALUE [KEY=VALUE]...", minimum=1)
def dhcp_options_set_options(nb: Rows, uuid: str, *settings: str) -> None:
    """Replace the options of a set by these."""
    options_of(nb, uuid)["options"] = pairs(settings)


@family.with_usage("DHCP_OPT_UUID")
def dhcp_options_get_options(nb: Rows, uuid: str) -> str:
    """The options of a set, a line each."""
    return map_text(options_of(nb, uuid)["options"])
