"""init and show: the shared southbound database at a glance (ovn-ic-sbctl(8))."""

from __future__ import annotations

from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.find import by_name_or_uuid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("General commands")


@family.command
def init(sb: Rows) -> None:
    """Make the one row that every such database has."""
    sb.singleton("IC_SB_Global")


@family.with_usage("[AZ]")
def show(sb: Rows, zone: str = "") -> str:
    """The zones, or one of them, with their gateways and the ports that are reached there."""
    if zone:
        found = by_name_or_uuid(sb, "Availability_Zone", zone)
        return zone_text(sb, found) if found is not None else ""
    return "".join(zone_text(sb, row) for row in by(sb.all("Availability_Zone", "name"), "name"))


def by(rows: list[Row], column: str) -> list[Row]:
    """Rows in the order of a column."""
    return sorted(rows, key=lambda row: str(row[column]))


def zone_text(sb: Rows, zone: Row) -> str:
    """A zone and its gateways."""
    gateways = sb.find("Gateway", "availability_zone", zone.uuid, "name", "hostname", "encaps")
    ports = sb.find("Port_Binding", "availability_zone", zone.uuid, "logical_port", "gateway", "transit_switch", "address")
    lines = [f"availability-zone {zone['name']}\n"]
    for gateway in by(gateways, "name"):
        lines += gateway_lines(sb, gateway)
        for port in by([row for row in ports if row["gateway"] == gateway["name"]], "logical_port"):
            lines += port_lines(port)
    return "".join(lines)


def gateway_lines(sb: Rows, gateway: Row) -> list[str]:
    """A gateway and where its tunnels end."""
    lines = [f"    gateway {gateway['name']}\n"]
    if gateway["hostname"]:
        lines.append(f"        hostname: {gateway['hostname']}\n")
    for encap in sb.rows("Encap", gateway["encaps"], "type", "ip"):
        lines += [f"        type: {encap['type']}\n", f"            ip: {encap['ip']}\n"]
    return lines


def port_lines(port: Row) -> list[str]:
    """A port."""
    return [
        f"        port {port['logical_port']}\n",
        f"            transit switch: {port['transit_switch']}\n",
        f'            address: ["{port["address"]}"]\n',
    ]
