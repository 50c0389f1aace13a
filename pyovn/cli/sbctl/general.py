"""init and show: the southbound database at a glance (ovn-sbctl(8))."""

from __future__ import annotations

from pyovn.cli.ctl.program import Family
from pyovn.cli.ctl.show import Shown, tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Rows

family = Family("General commands")

TABLES = {
    "Chassis": Shown("name", ("hostname", "encaps"), ("Port_Binding", "logical_port", "chassis")),
    "Encap": Shown("type", ("ip", "options")),
}


@family.command
def init(sb: Rows) -> None:
    """Make the one row that every southbound database has."""
    sb.singleton("SB_Global")


@family.command
def show(sb: Rows, *, filter_: str | None = None) -> str:
    """The chassis in short, and which ports each has."""
    return tree(sb, "Chassis", TABLES, filter_)
