"""init, sync and show: the northbound database at a glance (ovn-nbctl(8))."""

from __future__ import annotations

from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.find import find_router, find_switch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("General commands")

PORT_COLUMNS = ("name", "type", "addresses", "dynamic_addresses", "parent_name", "tag", "options")
ROUTER_PORT_COLUMNS = ("name", "mac", "networks", "gateway_chassis", "peer")
NAT_COLUMNS = ("external_ip", "logical_ip", "type", "gateway_port", "match", "external_port_range")


@family.command
def init(nb: Rows) -> None:
    """Make the one row that every northbound database has."""
    nb.singleton("NB_Global")


@family.command
def sync(nb: Rows) -> None:
    """Return when those named by --wait have followed all that was asked for until now."""


@family.with_usage("[SWITCH | ROUTER]")
def show(nb: Rows, name: str = "") -> str:
    """The whole network in short, or one switch or router of it."""
    if name:
        switch = find_switch(nb, name)
        router = find_router(nb, name)
        return (switch_text(nb, switch) if switch else "") + (router_text(nb, router) if router else "")
    switches = nb.all("Logical_Switch", "name", "external_ids", "ports")
    routers = nb.all("Logical_Router", "name", "external_ids", "ports", "nat")
    nb.fetch(nb.rows("Logical_Switch_Port", (uuid for row in switches for uuid in row["ports"]), *PORT_COLUMNS), PORT_COLUMNS)
    return "".join([*(switch_text(nb, row) for row in switches), *(router_text(nb, row) for row in routers)])


def heading(kind: str, row: Row, alias: str) -> str:
    """switch UUID (NAME) (aka OTHER)."""
    other = row["external_ids"].get(alias)
    return f"{kind} {row.uuid} ({row['name']})" + (f" (aka {other})" if other else "") + "\n"


def switch_text(nb: Rows, switch: Row) -> str:
    """A switch and its ports."""
    lines = [heading("switch", switch, "neutron:network_name")]
    for port in nb.rows("Logical_Switch_Port", switch["ports"], *PORT_COLUMNS, "external_ids"):
        other = port["external_ids"].get("neutron:port_name")
        lines.append(f"    port {port['name']}" + (f" (aka {other})" if other else "") + "\n")
        if port["type"]:
            lines.append(f"        type: {port['type']}\n")
        if port["parent_name"] is not None:
            lines.append(f"        parent: {port['parent_name']}\n")
        if port["tag"] is not None:
            lines.append(f"        tag: {port['tag']}\n")
        if port["addresses"] != ["router"]:
            lines.append(addresses_text(port))
        if port["options"].get("router-port"):
            lines.append(f"        router-port: {port['options']['router-port']}\n")
    return "".join(lines)


def addresses_text(port: Row) -> str:
    """The addresses of a port; a dynamic one as it was assigned."""
    addresses = [
        port["dynamic_addresses"] if port["dynamic_addresses"] and (a.startswith("dynamic") or a.endswith("dynamic")) else a
        for a in port["addresses"]
    ]
    return "        addresses: [" + ", ".join(f'"{address}"' for address in addresses) + "]\n" if addresses else ""


def router_text(nb: Rows, router: Row) -> str:
    """A router, its ports and its NAT rules."""
    lines = [heading("router", router, "neutron:router_name")]
    for port in nb.rows("Logical_Router_Port", router["ports"], *ROUTER_PORT_COLUMNS):
        lines.append(f"    port {port['name']}\n")
        if port["mac"]:
            lines.append(f'        mac: "{port["mac"]}"\n')
            lines.append(f'        ipv6-lla: "{link_local(port["mac"])}"\n')
        if port["networks"]:
            lines.append("        networks: [" + ", ".join(f'"{network}"' for network in port["networks"]) + "]\n")
        if port["gateway_chassis"]:
            chassis = nb.rows("Gateway_Chassis", port["gateway_chassis"], "chassis_name", "priority")
            names = [row["chassis_name"] for row in sorted(chassis, key=lambda row: -row["priority"])]
            lines.append(f"        gateway chassis: [{' '.join(names)}]\n")
        if port["peer"]:
            lines.append(f"        peer: {port['peer']}\n")
    for nat in nb.rows("NAT", router["nat"], *NAT_COLUMNS):
        lines += nat_lines(nat)
    return "".join(lines)


def nat_lines(nat: Row) -> list[str]:
    """A NAT rule."""
    lines = [f"    nat {nat.uuid}\n", f'        external ip: "{nat["external_ip"]}"\n']
    if nat["external_port_range"]:
        lines.append(f'        external port(s): "{nat["external_port_range"]}"\n')
    return [*lines, f'        logical ip: "{nat["logical_ip"]}"\n', f'        type: "{nat["type"]}"\n']


def link_local(mac: str) -> str:
    """The IPv6 link-local address made from an Ethernet address (RFC 4291 appendix A)."""
    from ipaddress import IPv6Address

    octets = [int(group, 16) for group in mac.split()[0].split(":")]
    octets[0] ^= 0x02
    return str(IPv6Address(bytes([0xFE, 0x80, 0, 0, 0, 0, 0, 0, *octets[:3], 0xFF, 0xFE, *octets[3:]])))
