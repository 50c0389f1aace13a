"""Bridges, ports and interfaces of a host, with the fake bridges that stand for the VLANs of a real one."""

from __future__ import annotations

from pyovn.cli.client import CommandError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows


class Bridge:
    """A bridge, real or fake: `row` is the Bridge that holds its ports, `port` the Port that a fake one is."""

    __slots__ = ("name", "port", "row")

    def __init__(self, name: str, row: Row, port: Row | None = None) -> None:
        self.name = name
        self.row = row
        self.port = port

    @property
    def vlan(self) -> int:
        """The VLAN of a fake bridge, 0 of a real one."""
        return 0 if self.port is None else (self.port["tag"] or 0)


PORT_COLUMNS = ("name", "tag", "fake_bridge", "interfaces")


def find_bridge(vs: Rows, name: str) -> Bridge | None:
    """The bridge of this name, or None."""
    for row in vs.find("Bridge", "name", name):
        return Bridge(name, row)
    for port in (port for port in vs.find("Port", "name", name, *PORT_COLUMNS) if port["fake_bridge"]):
        for parent in vs.holding("Bridge", "ports", port.uuid, "name"):
            return Bridge(name, parent, port)
    return None


def bridge_of(vs: Rows, name: str) -> Bridge:
    """The bridge of this name."""
    found = find_bridge(vs, name)
    if found is None:
        raise CommandError(f"no bridge named {name}")
    return found


def real_bridges(vs: Rows) -> list[Bridge]:
    """Every real bridge."""
    open_vswitch = vs.singleton("Open_vSwitch")
    return [Bridge(row["name"], row) for row in vs.rows("Bridge", open_vswitch["bridges"], "name", "ports")]


def fake_bridges(vs: Rows, parent: Row) -> list[Bridge]:
    """The fake bridges on a real one."""
    ports = vs.rows("Port", parent["ports"], *PORT_COLUMNS)
    return [Bridge(port["name"], parent, port) for port in ports if port["fake_bridge"]]


def all_bridges(vs: Rows) -> list[Bridge]:
    """Every bridge, real and fake."""
    found = []
    for bridge in real_bridges(vs):
        found += [bridge, *fake_bridges(vs, bridge.row)]
    return found


def ports_of(vs: Rows, bridge: Bridge) -> list[Row]:
    """The ports of a bridge, without its local port and without those of its fake bridges."""
    ports = vs.rows("Port", bridge.row["ports"], *PORT_COLUMNS)
    if bridge.port is not None:
        return [port for port in ports if not port["fake_bridge"] and port["tag"] == bridge.vlan]
    vlans = {port["tag"] for port in ports if port["fake_bridge"]}
    return [p for p in ports if not p["fake_bridge"] and p["name"] != bridge.name and (p["tag"] is None or p["tag"] not in vlans)]


def home_of(vs: Rows, port: Row) -> Bridge | None:
    """The bridge that a port is on; the fake one if it has the port's VLAN."""
    row = next(iter(vs.holding("Bridge", "ports", port.uuid, "name")), None)
    if row is None:
        return None
    fakes = fake_bridges(vs, row) if port["tag"] is not None and not port["fake_bridge"] else []
    return next((fake for fake in fakes if fake.vlan == port["tag"]), Bridge(row["name"], row))


def find_port(vs: Rows, name: str) -> tuple[Row, Bridge] | None:
    """The port of this name and its bridge; a bridge's local port and a fake bridge are none."""
    for port in vs.find("Port", "name", name, *PORT_COLUMNS):
        home = home_of(vs, port)
        if home is not None and not port["fake_bridge"] and home.row["name"] != name:
            return port, home
    return None


def find_interface(vs: Rows, name: str) -> tuple[Row, Row, Bridge] | None:
    """The interface of this name, its port and its bridge; a bridge's local interface is none."""
    for interface in vs.find("Interface", "name", name):
        for port in vs.holding("Port", "interfaces", interface.uuid, *PORT_COLUMNS):
            home = home_of(vs, port)
            if home is not None and not port["fake_bridge"] and home.row["name"] != port["name"]:
                return interface, port, home
    return None


def check_unused(vs: Rows, name: str, attempt: str) -> None:
    """Refuse a name that something on a bridge has."""
    if find_bridge(vs, name) is not None:
        raise CommandError(f"{attempt} because a bridge named {name} already exists")
    port = find_port(vs, name)
    if port is not None:
        raise CommandError(f"{attempt} because a port named {name} already exists on bridge {port[1].name}")
    interface = find_interface(vs, name)
    if interface is not None:
        raise CommandError(f"{attempt} because an interface named {name} already exists on bridge {interface[2].name}")


def drop_port(vs: Rows, port: Row, parent: Row) -> None:
    """Remove a port with its interfaces."""
    parent.remove("ports", [port.uuid])
    for interface in vs.rows("Interface", port["interfaces"]):
        interface.delete()
    port.delete()
