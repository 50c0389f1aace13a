"""Logical switches: ls-add, ls-del, ls-list (ovn-nbctl(8))."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.find import find_switch, listed, switch_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Rows

family = Family("Logical switch commands")


@family.command
def ls_add(nb: Rows, switch: str = "", *, may_exist: bool = False, add_duplicate: bool = False) -> None:
    """Make a switch, called SWITCH if that is given."""
    if may_exist and add_duplicate:
        raise CommandError("--may-exist and --add-duplicate may not be used together")
    if not switch:
        if may_exist:
            raise CommandError("--may-exist requires specifying a name")
        if add_duplicate:
            raise CommandError("--add-duplicate requires specifying a name")
        nb.new("Logical_Switch")
        return
    if not add_duplicate and nb.find("Logical_Switch", "name", switch):
        if may_exist:
            return
        raise CommandError(f"{switch}: a switch with this name already exists")
    nb.new("Logical_Switch", name=switch)


@family.command
def ls_del(nb: Rows, switch: str, *, if_exists: bool = False) -> None:
    """Do away with SWITCH and what belongs to it."""
    row = find_switch(nb, switch) if if_exists else switch_of(nb, switch)
    if row is not None:
        row.delete()


@family.command
def ls_list(nb: Rows) -> str:
    """Every switch, with its uuid."""
    return listed(nb.all("Logical_Switch", "name"))
