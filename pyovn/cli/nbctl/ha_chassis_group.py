"""Groups of chassis of which one at a time does the work (ovn-nbctl(8), "HA Chassis Group Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.acl import priority_of
from pyovn.cli.nbctl.find import by_name_or_uuid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("HA chassis group commands")


def group_of(nb: Rows, name: str) -> Row:
    """The group of this name or uuid."""
    found = by_name_or_uuid(nb, "HA_Chassis_Group", name)
    if found is None:
        raise CommandError(f"{name}: ha_chassis_group {'UUID' if len(name) == 36 else 'name'} not found")
    return found


def member(nb: Rows, group: Row, chassis: str) -> Row | None:
    """A group's row for a chassis, or None."""
    rows = nb.rows("HA_Chassis", group["ha_chassis"], "chassis_name")
    return next((row for row in rows if row["chassis_name"] == chassis), None)


def member_of(nb: Rows, group: Row, chassis: str, name: str) -> Row:
    """A group's row for a chassis."""
    found = member(nb, group, chassis)
    if found is None:
        raise CommandError(f"{chassis}: ha chassis not found in {name} ha chassis group")
    return found


@family.command
def ha_chassis_group_add(nb: Rows, group: str) -> None:
    """Make a group of chassis of which one leads."""
    nb.new("HA_Chassis_Group", name=group)


@family.command
def ha_chassis_group_del(nb: Rows, group: str) -> None:
    """Dissolve the group GRP."""
    group_of(nb, group).delete()


@family.command
def ha_chassis_group_list(nb: Rows, group: str = "") -> str:
    """The members of GRP, or of every group, with their priorities."""
    groups = [group_of(nb, group)] if group else nb.all("HA_Chassis_Group", "name", "ha_chassis")
    return "".join(group_text(nb, row) for row in groups)


def group_text(nb: Rows, group: Row) -> str:
    """A group and its members."""
    lines = [f"{group.uuid} ({group['name']})\n"]
    for row in nb.rows("HA_Chassis", group["ha_chassis"], "chassis_name", "priority"):
        lines.append(f"    {row.uuid} ({row['chassis_name']})\n    priority {row['priority']}\n\n")
    return "".join([*lines, "\n"])


@family.command
def ha_chassis_group_add_chassis(nb: Rows, group: str, chassis: str, priority: str) -> None:
    """Put CHASSIS into GRP; the alive member of highest PRIORITY leads."""
    row = group_of(nb, group)
    rank = priority_of(priority)
    held = member(nb, row, chassis)
    if held is None:
        held = nb.new("HA_Chassis", chassis_name=chassis)
        row.insert("ha_chassis", [held.uuid])
    held["priority"] = rank


@family.command
def ha_chassis_group_remove_chassis(nb: Rows, group: str, chassis: str) -> None:
    """Take CHASSIS out of GRP."""
    row = group_of(nb, group)
    held = member_of(nb, row, chassis, group)
    row.remove("ha_chassis", [held.uuid])
    held.delete()


@family.command
def ha_chassis_group_set_chassis_prio(nb: Rows, group: str, chassis: str, priority: str) -> None:
    """Give CHASSIS another rank in GRP."""
    row = group_of(nb, group)
    rank = priority_of(priority)
    member_of(nb, row, chassis, group)["priority"] = rank
