"""Who may reach a host's database server: get-manager, del-manager, set-manager (ovs-vsctl(8), vtep-ctl(8), "Manager Connectivity")."""

from __future__ import annotations

from pyovn.cli.ctl.connection import METHODS
from pyovn.cli.ctl.program import Family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Manager commands")

PLACES = {"Open_vSwitch": ("Open_vSwitch", "manager_options", "vsctl"), "hardware_vtep": ("Global", "managers", "vtep_ctl")}
"""The database → the table whose only row has the managers, its column, what the log calls the program."""


def place(db: Rows) -> tuple[Row, str, str]:
    """The row that has the managers, its column, and what the log calls the program."""
    table, column, module = PLACES[db.schema.name]
    return db.singleton(table), column, module


@family.command
def get_manager(db: Rows) -> str:
    """Who manages the database from outside."""
    row, column, _ = place(db)
    targets = {manager["target"] for manager in db.rows("Manager", row[column], "target")}
    return "".join(f"{target}\n" for target in sorted(targets))


@family.command
def del_manager(db: Rows) -> None:
    """Let nobody manage the database from outside."""
    row, column, _ = place(db)
    for manager in db.rows("Manager", row[column]):
        manager.delete()
    row[column] = []


@family.command
def set_manager(db: Rows, target: str, *targets: str, inactivity_probe: str | None = None) -> None:
    """Let these manage the database from outside, and nobody else."""
    del_manager(db)
    row, column, module = place(db)
    made = []
    for word in (target, *targets):
        if not word.startswith(METHODS):
            db.warnings.append((module, f'target type "{word}" is possibly erroneous'))
        manager = db.new("Manager", target=word)
        if inactivity_probe is not None:
            manager["inactivity_probe"] = int(inactivity_probe) if inactivity_probe.isdigit() else 0
        made.append(manager.uuid)
    row[column] = sorted(made)
