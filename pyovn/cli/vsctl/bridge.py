"""Bridges: add-br to br-get-external-id (ovs-vsctl(8), "Bridge Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError, Exit
from pyovn.cli.ctl.atom import leading_integer
from pyovn.cli.ctl.program import Family
from pyovn.cli.vsctl.topology import (
    Bridge,
    all_bridges,
    bridge_of,
    check_unused,
    drop_port,
    fake_bridges,
    find_bridge,
    ports_of,
    real_bridges,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Rows

family = Family("Bridge commands")

FAKE_PREFIX = "fake-bridge-"
"""How a fake bridge's external ids are marked in its port."""


@family.with_usage("NEW-BRIDGE [PARENT] [NEW-VLAN]", maximum=3)
def add_br(vs: Rows, bridge: str, parent: str | None = None, *given: str, may_exist: bool = False) -> None:
    """Make a bridge, or one that stands for VLAN of PARENT."""
    if not bridge:
        raise CommandError("bridge name must not be empty string")
    if parent is not None and not given:
        raise CommandError("'add-br' command takes exactly 1 or 3 arguments")
    tag = vlan_of(given[0]) if given else 0
    existing = find_bridge(vs, bridge)
    if may_exist and existing is not None:
        check_same(existing, bridge, parent, tag)
        return
    check_unused(vs, bridge, f"cannot create a bridge named {bridge}")
    interface = vs.new("Interface", name=bridge, type="internal")
    port = vs.new("Port", name=bridge, interfaces=[interface.uuid])
    if parent is None:
        row = vs.new("Bridge", name=bridge, ports=[port.uuid])
        vs.singleton("Open_vSwitch").insert("bridges", [row.uuid])
        return
    home = find_bridge(vs, parent)
    if home is None:
        raise CommandError(f"parent bridge {parent} does not exist")
    if home.port is not None:
        raise CommandError("cannot create bridge with fake bridge as parent")
    for fake in fake_bridges(vs, home.row):
        if fake.vlan == tag:
            raise CommandError(f"bridge {parent} already has a child VLAN bridge {fake.name} on VLAN {tag}")
    port["fake_bridge"], port["tag"] = True, tag
    home.row.insert("ports", [port.uuid])


def vlan_of(text: str) -> int:
    """The VLAN of a fake bridge."""
    number = leading_integer(text) or 0
    if not 0 <= number <= 4095:
        raise CommandError("add-br: vlan must be between 0 and 4095")
    return number


def check_same(bridge: Bridge, name: str, parent: str | None, tag: int) -> None:
    """Refuse a bridge that exists but is not what add-br --may-exist asks for."""
    if parent is None:
        if bridge.port is not None:
            raise CommandError(f'"--may-exist add-br {name}" but {name} is a VLAN bridge for VLAN {bridge.vlan}')
        return
    asked = f'"--may-exist add-br {name} {parent} {tag}"'
    if bridge.port is None:
        raise CommandError(f"{asked} but {name} is not a VLAN bridge")
    if bridge.row["name"] != parent:
        raise CommandError(f"{asked} but {name} has the wrong parent {bridge.row['name']}")
    if bridge.vlan != tag:
        raise CommandError(f"{asked} but {name} is a VLAN bridge for the wrong VLAN {bridge.vlan}")


@family.command
def del_br(vs: Rows, bridge: str, *, if_exists: bool = False) -> None:
    """Do away with BRIDGE and everything on it."""
    found = find_bridge(vs, bridge) if if_exists else bridge_of(vs, bridge)
    if found is None:
        return
    if found.port is not None:
        for port in [*ports_of(vs, found), found.port]:
            drop_port(vs, port, found.row)
        return
    for port in vs.rows("Port", found.row["ports"], "interfaces"):
        drop_port(vs, port, found.row)
    vs.singleton("Open_vSwitch").remove("bridges", [found.row.uuid])
    found.row.delete()


@family.command
def list_br(vs: Rows, *, real: bool = False, fake: bool = False) -> str:
    """Every bridge, a line each."""
    bridges = real_bridges(vs) if real and not fake else all_bridges(vs)
    names = sorted(bridge.name for bridge in bridges if real or not fake or bridge.port is not None)
    return "".join(f"{name}\n" for name in names)


@family.command
def br_exists(vs: Rows, bridge: str) -> None:
    """Say by the exit status whether BRIDGE is there: 2 if not."""
    if find_bridge(vs, bridge) is None:
        raise Exit(2)


@family.command
def br_to_vlan(vs: Rows, bridge: str) -> str:
    """The VLAN for which BRIDGE stands; 0 if it stands for itself."""
    return f"{bridge_of(vs, bridge).vlan}\n"


@family.command
def br_to_parent(vs: Rows, bridge: str) -> str:
    """The bridge of which BRIDGE is a VLAN; itself if it is none."""
    return f"{bridge_of(vs, bridge).row['name']}\n"


@family.with_usage("BRIDGE KEY [VALUE]", maximum=3)
def br_set_external_id(vs: Rows, bridge: str, key: str, *value: str) -> None:
    """Note VALUE under KEY for BRIDGE, or forget what is noted there."""
    found = bridge_of(vs, bridge)
    row, name = (found.row, key) if found.port is None else (found.port, FAKE_PREFIX + key)
    if value:
        row.insert("external_ids", {name: value[0]})
    else:
        row.remove("external_ids", [name])


@family.command
def br_get_external_id(vs: Rows, bridge: str, key: str = "") -> str:
    """What is noted under KEY for BRIDGE, or all that is noted."""
    found = bridge_of(vs, bridge)
    if found.port is None:
        ids = found.row["external_ids"]
    else:
        ids = {k.removeprefix(FAKE_PREFIX): v for k, v in found.port["external_ids"].items() if k.startswith(FAKE_PREFIX)}
    if key:
        return f"{ids[key]}\n" if key in ids else ""
    return "".join(f"{name}={value}\n" for name, value in sorted(ids.items()))
