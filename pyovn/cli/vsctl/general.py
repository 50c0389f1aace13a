"""init, show and emer-reset (ovs-vsctl(8), "Open vSwitch Commands")."""

from __future__ import annotations

from pyovn.cli.ctl.program import Family
from pyovn.cli.ctl.show import Shown, tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Rows

family = Family("Open vSwitch commands")

TABLES = {
    "Open_vSwitch": Shown("", ("manager_options", "bridges", "ovs_version")),
    "Bridge": Shown("name", ("controller", "fail_mode", "datapath_type", "ports")),
    "Port": Shown("name", ("tag", "trunks", "interfaces")),
    "Interface": Shown("name", ("type", "options", "error")),
    "Controller": Shown("target", ("is_connected",)),
    "Manager": Shown("target", ("is_connected",)),
}

RESET = {
    "Open_vSwitch": ("manager_options", "ssl"),
    "Bridge": ("netflow", "sflow", "mirrors", "controller", "fail_mode", "flood_vlans", "ipfix"),
    "Port": ("other_config",),
    "Interface": ("ingress_policing_rate", "ingress_policing_burst"),
}
"""What emer-reset sets back to its default."""

KEPT = ("hwaddr",)
"""Keys of a bridge's other_config that emer-reset keeps."""


@family.command
def init(vs: Rows) -> None:
    """Make the one row that every host's database has, unless it is there."""
    vs.singleton("Open_vSwitch")


@family.command
def show(vs: Rows, *, filter_: str | None = None) -> str:
    """The host's bridges in short, with their ports."""
    vs.singleton("Open_vSwitch")
    return tree(vs, "Open_vSwitch", TABLES, filter_)


@family.command
def emer_reset(vs: Rows) -> None:
    """Undo what was configured of bridges and ports, but keep them."""
    from pyovn.cli.ctl.datum import default

    vs.singleton("Open_vSwitch")
    for table, columns in RESET.items():
        for row in vs.all(table, *columns):
            for name in columns:
                row[name] = default(row.table.column(name))
    for row in vs.all("Bridge", "other_config"):
        row["other_config"] = {key: value for key, value in row["other_config"].items() if key in KEPT}
    for table in ("Mirror", "NetFlow", "sFlow", "Controller", "Manager", "SSL"):
        for row in vs.all(table):
            row.delete()
