"""Ports, bonds and interfaces: add-port to iface-to-br (ovs-vsctl(8), "Port Commands", "Interface Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.database import assign
from pyovn.cli.ctl.program import Family
from pyovn.cli.vsctl.topology import Bridge, bridge_of, check_unused, drop_port, find_bridge, find_interface, find_port, ports_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Port commands (several devices may be one port, a bond)")

LEAST_OF_A_BOND = 2


@family.command
def list_ports(vs: Rows, bridge: str) -> str:
    """What is plugged into BRIDGE, a line each."""
    return "".join(f"{name}\n" for name in sorted(port["name"] for port in ports_of(vs, bridge_of(vs, bridge))))


def split(words: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Names, then COLUMN=VALUE settings."""
    at = next((at for at, word in enumerate(words) if "=" in word), len(words))
    return list(words[:at]), list(words[at:])


@family.with_usage("BRIDGE NEW-PORT [COLUMN[:KEY]=VALUE]...")
def add_port(vs: Rows, bridge: str, port: str, *settings: str, may_exist: bool = False) -> None:
    """Plug the network device PORT into BRIDGE."""
    asked = " ".join(["--may-exist add-port", bridge, port, *settings])
    make_port(vs, bridge, port, ([port], list(settings)), may_exist=may_exist, asked=asked)


@family.with_usage("BRIDGE BOND IFACE... [COLUMN[:KEY]=VALUE]...", minimum=4)
def add_bond(vs: Rows, bridge: str, bond: str, *rest: str, may_exist: bool = False, fake_iface: bool = False) -> None:
    """Plug several devices into BRIDGE as one port."""
    interfaces = split(rest)[0]
    if len(interfaces) < LEAST_OF_A_BOND:
        raise CommandError(f"add-bond requires at least {LEAST_OF_A_BOND} interfaces, but only {len(interfaces)} were specified")
    asked = " ".join(["--may-exist", *(["--fake-iface"] if fake_iface else []), "add-bond", bridge, bond, *rest])
    made = make_port(vs, bridge, bond, split(rest), may_exist=may_exist, asked=asked)
    if made is not None and fake_iface:
        made["bond_fake_iface"] = True


def make_port(
    vs: Rows, bridge: str, name: str, wanted: tuple[list[str], list[str]], *, may_exist: bool, asked: str
) -> Row | None:
    """Add a port over interfaces, with settings; None if it is there already."""
    interfaces, settings = wanted
    if not name:
        raise CommandError("port name must not be empty string")
    if not all(interfaces):
        raise CommandError("interface name must not be empty string")
    if may_exist and (existing := find_port(vs, name)) is not None:
        check_same(vs, existing, bridge, (asked, name, interfaces))
        return None
    check_unused(vs, name, f"cannot create a port named {name}")
    for interface in interfaces:
        check_unused(vs, interface, f"cannot create an interface named {interface}")
    home = bridge_of(vs, bridge)
    rows = [vs.new("Interface", name=interface) for interface in interfaces]
    port = vs.new("Port", name=name, interfaces=sorted(row.uuid for row in rows))
    if home.port is not None:
        port["tag"] = home.vlan
    for setting in settings:
        assign(vs, port, setting)
    home.row.insert("ports", [port.uuid])
    return port


def check_same(vs: Rows, existing: tuple[Row, Bridge], bridge: str, wanted: tuple[str, str, list[str]]) -> None:
    """Refuse a port that exists but is not what --may-exist asks for."""
    asked, name, interfaces = wanted
    port, home = existing
    if home.name != bridge:
        raise CommandError(f'"{asked}" but {name} is actually attached to bridge {home.name}')
    names = sorted(row["name"] for row in vs.rows("Interface", port["interfaces"], "name"))
    if names != sorted(interfaces):
        raise CommandError(f'"{asked}" but {name} actually has interface(s) {", ".join(names)}')


def port_of(vs: Rows, name: str) -> tuple[Row, Bridge]:
    """The port of this name and its bridge."""
    found = find_port(vs, name)
    if found is None:
        raise CommandError(f"no port named {name}")
    return found


@family.with_usage("BOND IFACE")
def add_bond_iface(vs: Rows, bond: str, iface: str, *, may_exist: bool = False) -> None:
    """Make IFACE one of the devices of a port."""
    port, _ = port_of(vs, bond)
    known = find_interface(vs, iface)
    if may_exist and known is not None:
        if known[1].uuid != port.uuid:
            raise CommandError(f'"--may-exist add-bond-iface {bond} {iface}" but {iface} is actually attached to port {known[1]["name"]}')
        return
    check_unused(vs, iface, f"cannot create an interface named {iface}")
    row = vs.new("Interface", name=iface)
    port.insert("interfaces", [row.uuid])


@family.with_usage("[BOND] IFACE", minimum=1, maximum=2)
def del_bond_iface(vs: Rows, *names: str, if_exists: bool = False) -> None:
    """Make IFACE none of the devices of a port any more."""
    iface = names[-1]
    found = find_interface(vs, iface)
    if found is None:
        if if_exists:
            return
        raise CommandError(f"no interface named {iface}")
    bond = port_of(vs, names[0])[0] if len(names) == 2 else None
    row, port, _ = found
    if bond is not None and bond.uuid != port.uuid:
        raise CommandError(f"port {names[0]} does not have an interface {iface}")
    if len(port["interfaces"]) == 1:
        raise CommandError(f"cannot delete last interface from port {port['name']}")
    port.remove("interfaces", [row.uuid])
    row.delete()


@family.with_usage("[BRIDGE] PORT|IFACE", minimum=1, maximum=2)
def del_port(vs: Rows, *names: str, if_exists: bool = False, with_iface: bool = False) -> None:
    """Unplug PORT, from BRIDGE if that is given."""
    target = names[-1]
    found = find_port(vs, target)
    if found is None and with_iface and (interface := find_interface(vs, target)) is not None:
        found = interface[1], interface[2]
    if found is None:
        if if_exists:
            return
        if find_bridge(vs, target) is not None:
            raise CommandError(
                f"cannot delete port {target} because it is the local port for bridge {target} "
                "(deleting this port requires deleting the entire bridge)"
            )
        raise CommandError(f"no port{' or interface' if with_iface else ''} named {target}")
    port, home = found
    if len(names) == 2:
        check_home(vs, names[0], target, home)
    drop_port(vs, port, home.row)


def check_home(vs: Rows, bridge: str, port: str, home: Bridge) -> None:
    """Refuse to delete a port from a bridge that it is not on."""
    named = bridge_of(vs, bridge)
    if named.name == home.name:
        return
    if home.row["name"] == named.name:
        raise CommandError(f"bridge {bridge} does not have a port {port} (although its child bridge {home.name} does)")
    raise CommandError(f"bridge {bridge} does not have a port {port}")


@family.command
def port_to_br(vs: Rows, port: str) -> str:
    """Into which bridge PORT is plugged."""
    return f"{port_of(vs, port)[1].name}\n"


@family.command
def list_ifaces(vs: Rows, bridge: str) -> str:
    """The devices of the ports of BRIDGE, a line each."""
    uuids = [uuid for port in ports_of(vs, bridge_of(vs, bridge)) for uuid in port["interfaces"]]
    return "".join(f"{name}\n" for name in sorted(row["name"] for row in vs.rows("Interface", uuids, "name")))


@family.command
def iface_to_br(vs: Rows, iface: str) -> str:
    """Into which bridge the device IFACE is plugged."""
    found = find_interface(vs, iface)
    if found is None:
        raise CommandError(f"no interface named {iface}")
    return f"{found[2].name}\n"
