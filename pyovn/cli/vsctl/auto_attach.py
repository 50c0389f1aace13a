"""Auto Attach mappings of a bridge (ovs-vsctl(8), "Auto Attach Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import leading_integer
from pyovn.cli.ctl.program import Family
from pyovn.cli.vsctl.topology import bridge_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Auto Attach commands")


def numbers(*texts: str) -> list[int]:
    """Numbers that are not negative."""
    found = []
    for text in texts:
        number = leading_integer(text)
        if number is None:
            raise CommandError(f"Invalid argument {text}")
        found.append(number)
    return found


def mappings_of(vs: Rows, bridge: str) -> Row | None:
    """The AutoAttach row of a bridge."""
    return vs.one("AutoAttach", bridge_of(vs, bridge).row["auto_attach"], "mappings")


@family.command
def add_aa_mapping(vs: Rows, bridge: str, i_sid: str, vlan: str) -> None:
    """Have BRIDGE ask its neighbours for a service by I-SID on VLAN."""
    isid, tag = numbers(i_sid, vlan)
    row = bridge_of(vs, bridge).row
    held = mappings_of(vs, bridge)
    if held is None:
        held = vs.new("AutoAttach", mappings={})
        row["auto_attach"] = held.uuid
    held.insert("mappings", {isid: tag})


@family.command
def del_aa_mapping(vs: Rows, bridge: str, i_sid: str, vlan: str) -> None:
    """Have BRIDGE ask for that service no longer."""
    isid, tag = numbers(i_sid, vlan)
    held = mappings_of(vs, bridge)
    if held is not None and held["mappings"].get(isid) == tag:
        held.remove("mappings", [isid])


@family.command
def get_aa_mapping(vs: Rows, bridge: str) -> str:
    """Which services BRIDGE asks its neighbours for."""
    held = mappings_of(vs, bridge)
    return "".join(f"{isid} {vlan}\n" for isid, vlan in sorted(held["mappings"].items())) if held is not None else ""
