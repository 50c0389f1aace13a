"""Chassis: chassis-add and chassis-del (ovn-sbctl(8), "Chassis Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Chassis commands")


def find_chassis(sb: Rows, name: str) -> Row | None:
    """The chassis of this name, or None."""
    return sb.first("Chassis", "name", name)


def chassis_of(sb: Rows, name: str) -> Row:
    """The chassis of this name."""
    return sb.named("Chassis", "name", name, "chassis")


@family.command
def chassis_add(sb: Rows, chassis: str, encap_type: str, encap_ip: str, *, may_exist: bool = False) -> None:
    """Enter a chassis that others reach at ENCAP-IP by a tunnel of each type."""
    if find_chassis(sb, chassis) is not None:
        if may_exist:
            return
        raise CommandError(f"cannot create a chassis named {chassis} because a chassis named {chassis} already exists")
    types = sorted({word for word in encap_type.split(",") if word})
    encaps = [sb.new("Encap", type=word, ip=encap_ip, options={"csum": "true"}, chassis_name=chassis).uuid for word in types]
    sb.new("Chassis", name=chassis, encaps=encaps)


@family.command
def chassis_del(sb: Rows, chassis: str, *, if_exists: bool = False) -> None:
    """Strike a chassis out, with its tunnels' ends."""
    row = find_chassis(sb, chassis) if if_exists else chassis_of(sb, chassis)
    if row is None:
        return
    for private in sb.find("Chassis_Private", "name", chassis):
        private.delete()
    for encap in sb.rows("Encap", row["encaps"]):
        encap.delete()
    row.delete()
