"""Port bindings by hand: lsp-bind and lsp-unbind (ovn-sbctl(8), "Port Binding Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.sbctl.chassis import chassis_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Port binding commands")


def find_binding(sb: Rows, lport: str) -> Row | None:
    """The binding of this logical port, or None."""
    return sb.first("Port_Binding", "logical_port", lport)


def binding_of(sb: Rows, lport: str) -> Row:
    """The binding of this logical port."""
    return sb.named("Port_Binding", "logical_port", lport, "port")


@family.command
def lsp_bind(sb: Rows, port: str, chassis: str, *, may_exist: bool = False) -> None:
    """Say that PORT is on CHASSIS, as the chassis' agent would."""
    binding = binding_of(sb, port)
    row = chassis_of(sb, chassis)
    held = sb.one("Chassis", binding["chassis"], "name")
    if held is not None:
        if may_exist and held.uuid == row.uuid:
            return
        raise CommandError(f"lport ({port}) has already been binded to chassis ({held['name']})")
    binding["chassis"], binding["up"] = row.uuid, True


@family.command
def lsp_unbind(sb: Rows, port: str, *, if_exists: bool = False) -> None:
    """Say that PORT is on no chassis."""
    binding = find_binding(sb, port) if if_exists else binding_of(sb, port)
    if binding is not None:
        binding["chassis"], binding["up"] = None, None
