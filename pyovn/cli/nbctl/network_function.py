"""Network functions, services that traffic is led through, and their groups (ovn-nbctl(8), "Network Function Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import is_uuid, leading_integer
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.find import by_name_or_uuid, listed, port_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Network function group commands")


def function_of(nb: Rows, name: str) -> Row:
    """The network function of this name or uuid."""
    found = by_name_or_uuid(nb, "Network_Function", name)
    if found is None:
        raise CommandError(f"{name}: network function {'UUID' if is_uuid(name) else 'name'} not found")
    return found


def group_of(nb: Rows, name: str) -> Row:
    """The group of this name or uuid."""
    found = by_name_or_uuid(nb, "Network_Function_Group", name)
    if found is None:
        raise CommandError(f"{name}: network function group {'UUID' if is_uuid(name) else 'name'} not found")
    return found


def ident_of(text: str, what: str) -> int:
    """The number of a function or group."""
    number = leading_integer(text)
    if number is None or not 0 < number <= 255:
        raise CommandError(f"{what} id must be between 1 and 255")
    return number


@family.with_usage("NETWORK-FUNCTION-GROUP ID MODE [NETWORK-FUNCTION]...")
def nfg_add(nb: Rows, group: str, ident: str, mode: str, *functions: str, may_exist: bool = False) -> None:
    """Make a group of network functions that stand in for each other."""
    held = by_name_or_uuid(nb, "Network_Function_Group", group)
    if held is not None and not may_exist:
        raise CommandError(f"{group}: a network-function-group with this name already exists")
    number = ident_of(ident, "network-function-group")
    if mode != "inline":
        raise CommandError(f"Unsupported mode provided for network-function-group:{group}, supported values: inline")
    members = sorted({function_of(nb, name).uuid for name in functions})
    if held is not None:
        held["id"], held["mode"], held["network_function"] = number, mode, members
        return
    nb.new("Network_Function_Group", name=group, id=number, mode=mode, network_function=members)


@family.with_usage("NETWORK-FUNCTION-GROUP")
def nfg_del(nb: Rows, group: str, *, if_exists: bool = False) -> None:
    """Dissolve a group of network functions."""
    row = by_name_or_uuid(nb, "Network_Function_Group", group) if if_exists else group_of(nb, group)
    if row is not None:
        row.delete()


@family.with_usage("[NETWORK-FUNCTION-GROUP]")
def nfg_list(nb: Rows, group: str = "") -> str:
    """Every group of network functions, with its members."""
    # The name of a group is accepted and, as users of the reference know it, of no account.
    return listed(nb.all("Network_Function_Group", "name"))


@family.with_usage("NETWORK-FUNCTION-GROUP NETWORK-FUNCTION")
def nfg_add_nf(nb: Rows, group: str, function: str, *, may_exist: bool = False) -> None:
    """Put a network function into a group."""
    row, member = group_of(nb, group), function_of(nb, function)
    if member.uuid in row["network_function"]:
        if may_exist:
            return
        raise CommandError(f"network-function {function} is already added to network-function-group {group}")
    row.insert("network_function", [member.uuid])


@family.with_usage("NETWORK-FUNCTION-GROUP NETWORK-FUNCTION")
def nfg_del_nf(nb: Rows, group: str, function: str, *, if_exists: bool = False) -> None:
    """Take a network function out of a group."""
    row = by_name_or_uuid(nb, "Network_Function_Group", group) if if_exists else group_of(nb, group)
    member = by_name_or_uuid(nb, "Network_Function", function) if if_exists else function_of(nb, function)
    if row is None or member is None:
        return
    if member.uuid not in row["network_function"]:
        if if_exists:
            return
        raise CommandError(f"network-function {function} is not part of any group")
    row.remove("network_function", [member.uuid])


@family.with_usage("NETWORK-FUNCTION ID PORT-IN PORT-OUT")
def nf_add(nb: Rows, function: str, ident: str, port_in: str, port_out: str, *, may_exist: bool = False) -> None:
    """Say that a machine between two ports inspects packets."""
    inport, outport = port_of(nb, port_in), port_of(nb, port_out)
    number = ident_of(ident, "network-function")
    held = by_name_or_uuid(nb, "Network_Function", function)
    if held is not None:
        if not may_exist:
            raise CommandError(f"{function}: same name network-function already exists")
        held["id"], held["inport"], held["outport"] = number, inport.uuid, outport.uuid
        return
    nb.new("Network_Function", name=function, id=number, inport=inport.uuid, outport=outport.uuid)


@family.with_usage("NETWORK-FUNCTION")
def nf_del(nb: Rows, function: str, *, if_exists: bool = False) -> None:
    """Do away with a network function."""
    row = by_name_or_uuid(nb, "Network_Function", function) if if_exists else function_of(nb, function)
    if row is not None:
        row.delete()


@family.command
def nf_list(nb: Rows) -> str:
    """Every network function, with its two ports."""
    lines = []
    for row in sorted(nb.all("Network_Function", "name", "id", "inport", "outport"), key=lambda row: str(row["name"])):
        ports = [nb.one("Logical_Switch_Port", row[column], "name") for column in ("inport", "outport")]
        inport, outport = (port["name"] if port is not None else "" for port in ports)
        lines.append(f"{row.uuid} ({row['name']}) id:{row['id']} in:{inport} out:{outport}\n")
    return "".join(lines)
