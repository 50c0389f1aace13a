"""OpenFlow controllers of a bridge and what it does without one (ovs-vsctl(8), "OpenFlow Controller Connectivity")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.vsctl.topology import bridge_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Controller commands")

METHODS = ("tcp:", "ssl:", "unix:", "ptcp:", "pssl:", "punix:")


def home_of(vs: Rows, name: str) -> Row:
    """The Bridge row of a bridge; a fake one has its parent's."""
    return bridge_of(vs, name).row


def real(vs: Rows, name: str) -> Row:
    """The Bridge row of a bridge that is not fake: only such a one can be changed."""
    found = bridge_of(vs, name)
    if found.port is not None:
        raise CommandError(f"{name} is a fake bridge")
    return found.row


@family.command
def get_controller(vs: Rows, bridge: str) -> str:
    """Whom BRIDGE takes orders from."""
    targets = [row["target"] for row in vs.rows("Controller", home_of(vs, bridge)["controller"], "target")]
    return "".join(f"{target}\n" for target in sorted(set(targets)))


def drop(vs: Rows, row: Row) -> None:
    """Remove a bridge's controllers."""
    for controller in vs.rows("Controller", row["controller"]):
        controller.delete()
    row["controller"] = []


@family.command
def del_controller(vs: Rows, bridge: str) -> None:
    """Let BRIDGE take orders from nobody."""
    drop(vs, real(vs, bridge))


@family.with_usage("BRIDGE TARGET...", minimum=1)
def set_controller(vs: Rows, bridge: str, *targets: str, inactivity_probe: str | None = None) -> None:
    """Let BRIDGE take orders from these and nobody else."""
    row = real(vs, bridge)
    drop(vs, row)
    vs.warnings += [("vsctl", f'target type "{word}" is possibly erroneous') for word in targets if not word.startswith(METHODS)]
    made = [vs.new("Controller", target=word) for word in targets]
    for controller in made:
        if inactivity_probe is not None:
            controller["inactivity_probe"] = int(inactivity_probe) if inactivity_probe.isdigit() else 0
    row["controller"] = sorted(controller.uuid for controller in made)


@family.command
def get_fail_mode(vs: Rows, bridge: str) -> str:
    """What BRIDGE does while it hears from no controller."""
    mode = home_of(vs, bridge)["fail_mode"]
    return f"{mode}\n" if mode else ""


@family.command
def del_fail_mode(vs: Rows, bridge: str) -> None:
    """Let BRIDGE do the usual thing while it hears from no controller."""
    real(vs, bridge)["fail_mode"] = None


@family.command
def set_fail_mode(vs: Rows, bridge: str, mode: str) -> None:
    """Let BRIDGE forward by itself (standalone) or wait (secure) while it hears from no controller."""
    row = real(vs, bridge)
    if mode not in ("standalone", "secure"):
        raise CommandError('fail-mode must be "standalone" or "secure"')
    row["fail_mode"] = mode
