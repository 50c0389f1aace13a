"""Logical switches and routers, and the VLANs of ports that lead to them: add-ls to lr-exists (vtep-ctl(8))."""

from __future__ import annotations

from pyovn.cli.client import CommandError, Exit
from pyovn.cli.ctl.program import Family
from pyovn.cli.vtepctl.physical import port_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Logical switch and router commands")

MODES = ("service_node", "source_node")
WORDS = {"Logical_Switch": "logical switch", "Logical_Router": "logical router"}


def find(vtep: Rows, table: str, name: str) -> Row | None:
    """The row of this name, or None."""
    return vtep.first(table, "name", name)


def of_name(vtep: Rows, table: str, name: str) -> Row:
    """The row of this name."""
    return vtep.named(table, "name", name, WORDS[table])


def switch_of(vtep: Rows, name: str) -> Row:
    """The logical switch of this name."""
    return of_name(vtep, "Logical_Switch", name)


def add(vtep: Rows, table: str, name: str, may_exist: bool) -> None:
    """Make a row of this name."""
    if find(vtep, table, name) is None:
        vtep.new(table, name=name)
    elif not may_exist:
        raise CommandError(f"cannot create {WORDS[table]} {name} because it already exists")


def delete(vtep: Rows, table: str, name: str, if_exists: bool) -> None:
    """Delete the row of this name."""
    row = find(vtep, table, name) if if_exists else of_name(vtep, table, name)
    if row is not None:
        row.delete()


def listed(vtep: Rows, table: str) -> str:
    """The names of a table's rows."""
    return "".join(f"{name}\n" for name in sorted(row["name"] for row in vtep.all(table, "name")))


def must_be(vtep: Rows, table: str, name: str) -> None:
    """End with status 2 unless there is a row of this name."""
    if find(vtep, table, name) is None:
        raise Exit(2)


@family.command
def add_ls(vtep: Rows, ls: str, *, may_exist: bool = False) -> None:
    """Make a logical switch called LS."""
    add(vtep, "Logical_Switch", ls, may_exist)


@family.command
def del_ls(vtep: Rows, ls: str, *, if_exists: bool = False) -> None:
    """Do away with LS, and with what is bound to it."""
    delete(vtep, "Logical_Switch", ls, if_exists)


@family.command
def list_ls(vtep: Rows) -> str:
    """Every logical switch, a line each."""
    return listed(vtep, "Logical_Switch")


@family.command
def ls_exists(vtep: Rows, ls: str) -> None:
    """Say by the exit status whether LS is there: 2 if not."""
    must_be(vtep, "Logical_Switch", ls)


def vlan_of(text: str) -> int:
    """A VLAN: decimal, or with 0x or 0 in front another base; what is no number is 0."""
    base = 16 if text.lower().startswith("0x") else 8 if text.startswith("0") and len(text) > 1 else 10
    try:
        return int(text, base)
    except ValueError:
        return 0


@family.command
def bind_ls(vtep: Rows, ps: str, port: str, vlan: str, ls: str) -> None:
    """Let what comes tagged VLAN on PORT of PS be traffic of LS."""
    row = port_of(vtep, ps, port)
    switch = switch_of(vtep, ls)
    if vlan_of(vlan) in row["vlan_bindings"]:
        raise CommandError(f"multiple bindings for vlan {vlan}")
    row["vlan_bindings"] = row["vlan_bindings"] | {vlan_of(vlan): switch.uuid}


@family.command
def unbind_ls(vtep: Rows, ps: str, port: str, vlan: str) -> None:
    """Let what comes tagged VLAN on PORT of PS belong to no logical switch."""
    row = port_of(vtep, ps, port)
    held = row["vlan_bindings"]
    if vlan_of(vlan) not in held:
        raise CommandError(f"no binding for vlan {vlan}")
    row["vlan_bindings"] = {number: switch for number, switch in held.items() if number != vlan_of(vlan)}


@family.command
def list_bindings(vtep: Rows, ps: str, port: str) -> str:
    """To which logical switch each VLAN on PORT of PS belongs."""
    bindings = port_of(vtep, ps, port)["vlan_bindings"]
    names = {row.uuid: row["name"] for row in vtep.rows("Logical_Switch", bindings.values(), "name")}
    return "".join(f"{vlan:04} {names[uuid]}\n" for vlan, uuid in sorted(bindings.items()) if uuid in names)


@family.command
def set_replication_mode(vtep: Rows, ls: str, mode: str) -> None:
    """Say who copies broadcasts of LS: a service node, or where they come from."""
    if mode not in MODES:
        raise CommandError("Replication mode must be 'service_node' or 'source_node'")
    switch_of(vtep, ls)["replication_mode"] = mode


@family.command
def get_replication_mode(vtep: Rows, ls: str) -> str:
    """Who copies broadcasts of LS."""
    # Scripts know the word of a mode that is not set.
    return f"{switch_of(vtep, ls)['replication_mode'] or '(null)'}\n"


@family.command
def add_lr(vtep: Rows, lr: str, *, may_exist: bool = False) -> None:
    """Make a logical router called LR."""
    add(vtep, "Logical_Router", lr, may_exist)


@family.command
def del_lr(vtep: Rows, lr: str, *, if_exists: bool = False) -> None:
    """Do away with LR."""
    delete(vtep, "Logical_Router", lr, if_exists)


@family.command
def list_lr(vtep: Rows) -> str:
    """Every logical router, a line each."""
    return listed(vtep, "Logical_Router")


@family.command
def lr_exists(vtep: Rows, lr: str) -> None:
    """Say by the exit status whether LR is there: 2 if not."""
    must_be(vtep, "Logical_Router", lr)
