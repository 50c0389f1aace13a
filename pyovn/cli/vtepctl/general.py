"""show: the VTEP at a glance (vtep-ctl(8))."""

from __future__ import annotations

from pyovn.cli.ctl.program import Family
from pyovn.cli.ctl.show import Shown, tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Rows

family = Family("VTEP commands")

TABLES = {
    "Global": Shown("", ("managers", "switches")),
    "Manager": Shown("target", ("is_connected",)),
    "Physical_Switch": Shown("name", ("management_ips", "tunnel_ips", "ports")),
    "Physical_Port": Shown("name", ("vlan_bindings",)),
    "Logical_Switch": Shown("name", ()),
}


@family.command
def show(vtep: Rows, *, filter_: str | None = None) -> str:
    """The physical switches in short, with their ports."""
    return tree(vtep, "Global", TABLES, filter_)
