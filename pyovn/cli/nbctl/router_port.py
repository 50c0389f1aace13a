"""Logical router ports: lrp-add to lrp-get-redirect-type (ovn-nbctl(8), "Logical Router Port Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.database import assign
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.addresses import is_mac, mac_text, parse_interface
from pyovn.cli.nbctl.find import by_name_or_uuid, is_integer, owner, pairs, router_of, router_port_of
from pyovn.cli.nbctl.port import enabled_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Logical router port commands")


def networks_of(networks: list[str]) -> list[str]:
    """The networks in one form, to compare them."""
    found = []
    for network in networks:
        interface = parse_interface(network)
        if interface is None:
            raise CommandError(f"{network}: invalid network address: {network}")
        found.append(str(interface))
    return sorted(found)


@family.with_usage("ROUTER PORT MAC [NETWORK]... [COLUMN[:KEY]=VALUE]...")
def lrp_add(nb: Rows, router: str, port: str, mac: str, *rest: str, may_exist: bool = False) -> None:
    """Give ROUTER a port with an Ethernet address on these networks."""
    row = router_of(nb, router)
    split = next((at for at, word in enumerate(rest) if "=" in word), len(rest))
    networks, settings = list(rest[:split]), rest[split:]
    if not is_mac(mac):
        raise CommandError(f"{port}: invalid mac address {mac}")
    existing = by_name_or_uuid(nb, "Logical_Router_Port", port)
    if existing is not None:
        if not may_exist:
            raise CommandError(f"{port}: a port with this name already exists")
        check_same(nb, row, existing, port, (mac, networks, settings))
        return
    for network in networks:
        if parse_interface(network) is None:
            raise CommandError(f"{port}: invalid network address: {network}")
    made = nb.new("Logical_Router_Port", name=port, mac=mac, networks=sorted(set(networks)))
    for setting in settings:
        assign(nb, made, setting)
    row.insert("ports", [made.uuid])


def check_same(nb: Rows, router: Row, existing: Row, port: str, wanted: tuple[str, list[str], tuple[str, ...]]) -> None:
    """Refuse a port that exists but is not what lrp-add --may-exist asks for."""
    mac, networks, settings = wanted
    home = owner(nb, "Logical_Router", "ports", existing)
    if home is not None and home.uuid != router.uuid:
        raise CommandError(f"{port}: port already exists but in router {home['name'] or home.uuid}")
    if mac_text(existing["mac"]) != mac_text(mac):
        raise CommandError(f"{port}: port already exists with mac {existing['mac']}")
    if networks_of(existing["networks"]) != networks_of(networks):
        raise CommandError(f"{port}: port already exists with different network")
    peer = next((word.partition("=")[2] for word in settings if word.startswith("peer=")), None)
    if (existing["peer"] or None) != peer:
        raise CommandError(f"{port}: port already exists with mismatching peer")


@family.command
def lrp_del(nb: Rows, port: str, *, if_exists: bool = False) -> None:
    """Take PORT off its router."""
    row = by_name_or_uuid(nb, "Logical_Router_Port", port) if if_exists else router_port_of(nb, port)
    if row is None:
        return
    home = owner(nb, "Logical_Router", "ports", row)
    if home is None:
        raise CommandError(f"port {port} is not part of any logical router")
    home.remove("ports", [row.uuid])
    row.delete()


@family.command
def lrp_list(nb: Rows, router: str) -> str:
    """The ports of ROUTER, with their uuids."""
    ports = nb.rows("Logical_Router_Port", router_of(nb, router)["ports"], "name")
    return "".join(f"{row.uuid} ({row['name']})\n" for row in sorted(ports, key=lambda row: str(row["name"])))


@family.command
def lrp_set_gateway_chassis(nb: Rows, port: str, chassis: str, priority: str = "0", *, may_exist: bool = False) -> None:
    """Let CHASSIS be the gateway of PORT while nobody of higher priority is alive."""
    row = router_port_of(nb, port)
    if not is_integer(priority) or not 0 <= int(priority) <= 32767:
        raise CommandError(f"{priority}: priority must in range 0...32767")
    for held in nb.rows("Gateway_Chassis", row["gateway_chassis"], "chassis_name", "priority"):
        if held["chassis_name"] == chassis:
            held["priority"] = int(priority)
            return
    name = f"{row['name']}-{chassis}"
    made = nb.new("Gateway_Chassis", name=name, chassis_name=chassis, priority=int(priority))
    row.insert("gateway_chassis", [made.uuid])


@family.command
def lrp_del_gateway_chassis(nb: Rows, port: str, chassis: str) -> None:
    """Let CHASSIS be a gateway of PORT no longer."""
    row = router_port_of(nb, port)
    for held in nb.rows("Gateway_Chassis", row["gateway_chassis"], "chassis_name"):
        if held["chassis_name"] == chassis:
            row.remove("gateway_chassis", [held.uuid])
            held.delete()
            return
    raise CommandError(f"chassis {chassis} is not added to logical port {port}")


@family.command
def lrp_get_gateway_chassis(nb: Rows, port: str) -> str:
    """Who may be the gateway of PORT, the first choice first."""
    held = nb.rows("Gateway_Chassis", router_port_of(nb, port)["gateway_chassis"], "name", "priority")
    ordered = sorted(held, key=lambda row: (-row["priority"], row["name"]))
    return "".join(f"{row['name']} {row['priority']:5}\n" for row in ordered)


@family.with_usage("PORT KEY=VALUE [KEY=VALUE]...", minimum=1)
def lrp_set_options(nb: Rows, port: str, *settings: str) -> None:
    """Replace the options of PORT by these."""
    router_port_of(nb, port)["options"] = pairs(settings)


@family.command
def lrp_set_enabled(nb: Rows, port: str, state: str) -> None:
    """Open PORT to traffic, or close it."""
    row = router_port_of(nb, port)
    row["enabled"] = enabled_of(state)


@family.command
def lrp_get_enabled(nb: Rows, port: str) -> str:
    """Whether PORT is open to traffic."""
    return "disabled\n" if router_port_of(nb, port)["enabled"] is False else "enabled\n"


@family.with_usage("PORT TYPE")
def lrp_set_redirect_type(nb: Rows, port: str, kind: str) -> None:
    """Say how packets reach the gateway of PORT: through a tunnel (overlay) or over the physical network (bridged)."""
    row = router_port_of(nb, port)
    if kind not in ("overlay", "bridged"):
        raise CommandError(f"Invalid redirect type: {kind}")
    row.insert("options", {"redirect-type": kind})


@family.command
def lrp_get_redirect_type(nb: Rows, port: str) -> str:
    """How packets reach the gateway of PORT."""
    return f"{router_port_of(nb, port)['options'].get('redirect-type', 'overlay')}\n"
