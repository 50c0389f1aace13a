"""init, sync and show: the shared northbound database at a glance (ovn-ic-nbctl(8))."""

from __future__ import annotations

from pyovn.cli.ctl.program import Family
from pyovn.cli.ctl.show import Shown, tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Rows

family = Family("General commands")

TABLES = {"Transit_Switch": Shown("name", ())}


@family.command
def init(nb: Rows) -> None:
    """Make the one row that every such database has."""
    nb.singleton("IC_NB_Global")


@family.command
def sync(nb: Rows) -> None:
    """Return when every zone has followed all that was asked for until now (with --wait=sb)."""


@family.command
def show(nb: Rows, *, filter_: str | None = None) -> str:
    """The transit switches."""
    return tree(nb, "Transit_Switch", TABLES, filter_)
