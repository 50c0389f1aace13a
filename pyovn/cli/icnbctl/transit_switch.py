"""Switches that span zones: ts-add, ts-del, ts-list (ovn-ic-nbctl(8))."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.find import by_name_or_uuid, listed, word_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Rows

family = Family("Transit switch commands")


@family.command
def ts_add(nb: Rows, switch: str, *, may_exist: bool = False) -> None:
    """Make a switch called SWITCH in every zone."""
    if nb.first("Transit_Switch", "name", switch) is None:
        nb.new("Transit_Switch", name=switch)
    elif not may_exist:
        raise CommandError(f"{switch}: a transit switch with this name already exists")


@family.command
def ts_del(nb: Rows, switch: str, *, if_exists: bool = False) -> None:
    """Do away with SWITCH in every zone."""
    row = by_name_or_uuid(nb, "Transit_Switch", switch)
    if row is not None:
        row.delete()
    elif not if_exists:
        raise CommandError(f"{switch}: switch {word_for(switch)} not found")


@family.command
def ts_list(nb: Rows) -> str:
    """Every transit switch, with its uuid."""
    return listed(nb.all("Transit_Switch", "name"))
