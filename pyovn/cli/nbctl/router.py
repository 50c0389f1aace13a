"""Logical routers: lr-add, lr-del, lr-list (ovn-nbctl(8))."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.find import find_router, listed, router_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Rows

family = Family("Logical router commands")


@family.command
def lr_add(nb: Rows, router: str = "", *, may_exist: bool = False, add_duplicate: bool = False) -> None:
    """Make a router, called ROUTER if that is given."""
    if may_exist and add_duplicate:
        raise CommandError("--may-exist and --add-duplicate may not be used together")
    if not router:
        if may_exist:
            raise CommandError("--may-exist requires specifying a name")
        if add_duplicate:
            raise CommandError("--add-duplicate requires specifying a name")
        nb.new("Logical_Router")
        return
    if not add_duplicate and nb.find("Logical_Router", "name", router):
        if may_exist:
            return
        raise CommandError(f"{router}: a router with this name already exists")
    nb.new("Logical_Router", name=router)


@family.command
def lr_del(nb: Rows, router: str, *, if_exists: bool = False) -> None:
    """Do away with ROUTER and what belongs to it."""
    row = find_router(nb, router) if if_exists else router_of(nb, router)
    if row is not None:
        row.delete()


@family.command
def lr_list(nb: Rows) -> str:
    """Every router, with its uuid."""
    return listed(nb.all("Logical_Router", "name"))
