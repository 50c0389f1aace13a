"""Physical switches and their ports: add-ps to del-port (vtep-ctl(8), "Physical Switch Commands", "Port Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError, Exit
from pyovn.cli.ctl.program import Family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Physical switch commands")


def find_switch(vtep: Rows, name: str) -> Row | None:
    """The physical switch of this name, or None."""
    return vtep.first("Physical_Switch", "name", name)


def switch_of(vtep: Rows, name: str) -> Row:
    """The physical switch of this name."""
    return vtep.named("Physical_Switch", "name", name, "physical switch")


def find_port(vtep: Rows, switch: str, name: str) -> Row | None:
    """The port of this name on the switch of that name, or None; the port that has its switch's name is none."""
    home = find_switch(vtep, switch)
    if home is None or name == switch:
        return None
    ports = vtep.rows("Physical_Port", home["ports"], "name")
    return next((port for port in ports if port["name"] == name), None)


def port_of(vtep: Rows, switch: str, name: str) -> Row:
    """The port of this name on the switch of that name."""
    found = find_port(vtep, switch, name)
    if found is None:
        raise CommandError(f"no port named {name}")
    return found


@family.command
def add_ps(vtep: Rows, ps: str, *, may_exist: bool = False) -> None:
    """Enter a gateway called PS."""
    if find_switch(vtep, ps) is not None:
        if may_exist:
            return
        raise CommandError(f"cannot create physical switch {ps} because it already exists")
    vtep.singleton("Global").insert("switches", [vtep.new("Physical_Switch", name=ps).uuid])


@family.command
def del_ps(vtep: Rows, ps: str, *, if_exists: bool = False) -> None:
    """Strike PS out, with its ports."""
    row = find_switch(vtep, ps) if if_exists else switch_of(vtep, ps)
    if row is None:
        return
    for port in vtep.rows("Physical_Port", row["ports"]):
        port.delete()
    vtep.singleton("Global").remove("switches", [row.uuid])
    row.delete()


@family.command
def list_ps(vtep: Rows) -> str:
    """Every gateway, a line each."""
    rows = vtep.rows("Physical_Switch", vtep.singleton("Global")["switches"], "name")
    return "".join(f"{name}\n" for name in sorted(row["name"] for row in rows))


@family.command
def ps_exists(vtep: Rows, ps: str) -> None:
    """Say by the exit status whether PS is there: 2 if not."""
    if find_switch(vtep, ps) is None:
        raise Exit(2)


@family.command
def list_ports(vtep: Rows, ps: str) -> str:
    """The ports of PS, a line each."""
    ports = vtep.rows("Physical_Port", switch_of(vtep, ps)["ports"], "name")
    return "".join(f"{name}\n" for name in sorted(port["name"] for port in ports if port["name"] != ps))


@family.command
def add_port(vtep: Rows, ps: str, port: str, *, may_exist: bool = False) -> None:
    """Enter PORT as one of PS."""
    if find_port(vtep, ps, port) is not None:
        if may_exist:
            return
        raise CommandError(f"cannot create a port named {port} on {ps} because a port with that name already exists")
    switch_of(vtep, ps).insert("ports", [vtep.new("Physical_Port", name=port).uuid])


@family.command
def del_port(vtep: Rows, ps: str, port: str, *, if_exists: bool = False) -> None:
    """Strike PORT of PS out."""
    row = find_port(vtep, ps, port) if if_exists else port_of(vtep, ps, port)
    if row is not None:
        switch_of(vtep, ps).remove("ports", [row.uuid])
        row.delete()
