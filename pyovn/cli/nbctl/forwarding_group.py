"""Forwarding groups, ports that share an address (ovn-nbctl(8), "Forwarding Group Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.addresses import is_mac, parse_address
from pyovn.cli.nbctl.find import by_name_or_uuid, owner, switch_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Forwarding group commands")


@family.with_usage("SWITCH GROUP VIP VMAC PORT...", minimum=4)
def fwd_group_add(nb: Rows, group: str, switch: str, vip: str, vmac: str, *ports: str, liveness: bool = False) -> None:
    """Let one virtual address of SWITCH stand for several ports."""
    if not ports:
        raise CommandError("Usage : ovn-nbctl fwd-group-add group switch vip vmac child_ports...")
    if nb.find("Forwarding_Group", "name", group):
        raise CommandError(f"{group}: a forwarding group by this name already exists")
    row = switch_of(nb, switch)
    if parse_address(vip) is None or ":" in vip:
        raise CommandError(f"invalid ip address {vip}")
    if not is_mac(vmac):
        raise CommandError(f"invalid mac address {vmac}")
    check_ports(nb, row, ports)
    made = nb.new("Forwarding_Group", name=group, vip=vip, vmac=vmac, child_port=sorted(set(ports)))
    if liveness:
        made["liveness"] = True
    row.insert("forwarding_groups", [made.uuid])


def check_ports(nb: Rows, switch: Row, ports: tuple[str, ...]) -> None:
    """Refuse ports that are not on the switch."""
    for name in ports:
        port = by_name_or_uuid(nb, "Logical_Switch_Port", name)
        if port is None:
            raise CommandError(f"{name}: logical switch port does not exist")
        home = owner(nb, "Logical_Switch", "ports", port)
        if home is not None and home.uuid != switch.uuid:
            raise CommandError(f"{name}: port already exists but in logical switch {home['name']}")


@family.command
def fwd_group_del(nb: Rows, group: str, *, if_exists: bool = False) -> None:
    """Do away with the group called GROUP."""
    found = by_name_or_uuid(nb, "Forwarding_Group", group)
    if found is None:
        return
    for switch in nb.holding("Logical_Switch", "forwarding_groups", found.uuid):
        switch.remove("forwarding_groups", [found.uuid])
    found.delete()


@family.with_usage("[SWITCH]")
def fwd_group_list(nb: Rows, switch: str = "") -> str:
    """The groups of SWITCH, or of all switches."""
    switches = [switch_of(nb, switch)] if switch else nb.all("Logical_Switch", "name", "forwarding_groups")
    lines = []
    for row in switches:
        for group in nb.rows("Forwarding_Group", row["forwarding_groups"], "name", "vip", "vmac", "child_port"):
            ports = " ".join(group["child_port"])
            lines.append(f"{group['name'][:16]:<16}{row['name'][:14]:<14}{group['vip']:<15}{group['vmac']:<23}{ports}\n")
    heading = f"{'FWD_GROUP':<16}{'LS':<14}{'VIP':<16}{'VMAC':<22}CHILD_PORTS\n"
    return heading + "".join(lines)
