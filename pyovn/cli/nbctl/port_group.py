"""Port groups: pg-add, pg-set-ports, pg-del, pg-get-ports (ovn-nbctl(8), "Port Group Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import is_uuid
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.find import by_name_or_uuid, port_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Port group commands")


def group_of(nb: Rows, name: str) -> Row:
    """The port group of this name or uuid."""
    found = by_name_or_uuid(nb, "Port_Group", name)
    if found is None:
        raise CommandError(f"{name}: port group {'UUID' if is_uuid(name) else 'name'} not found")
    return found


def ports_of(nb: Rows, names: tuple[str, ...]) -> list[str]:
    """The uuids of ports."""
    return sorted({port_of(nb, name).uuid for name in names})


@family.with_usage("PG [PORT]...")
def pg_add(nb: Rows, group: str, *ports: str) -> None:
    """Make a group that matches can name, of these ports."""
    nb.new("Port_Group", name=group, ports=ports_of(nb, ports))


@family.with_usage("PG PORT...", minimum=2)
def pg_set_ports(nb: Rows, group: str, *ports: str) -> None:
    """Replace the ports of PG by these."""
    row = group_of(nb, group)
    row["ports"] = ports_of(nb, ports)


@family.with_usage("PG")
def pg_del(nb: Rows, group: str) -> None:
    """Dissolve the group PG."""
    group_of(nb, group).delete()


@family.with_usage("PG")
def pg_get_ports(nb: Rows, group: str) -> str:
    """Which ports PG has."""
    ports = nb.rows("Logical_Switch_Port", group_of(nb, group)["ports"], "name")
    return " ".join(sorted(str(row["name"]) for row in ports)) + "\n" if ports else ""
