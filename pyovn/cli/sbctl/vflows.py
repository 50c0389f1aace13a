"""What `lflow-list --vflows` adds to the flows: port bindings, multicast groups, MAC bindings and load balancers of a datapath."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows


def ident(sb: Rows, row: Row, datapath: Row | None, with_uuid: bool) -> str:
    """The uuid in front of a line, and the datapath where rows of several are listed."""
    front = f"uuid=0x{row.uuid[:8]}, " if with_uuid else ""
    home = sb.one("Datapath_Binding", row["datapath"], "external_ids") if datapath is None else None
    if home is None:
        return front
    ids = home["external_ids"]
    return front + "datapath=" + " aka ".join(f'"{ids[key]}"' for key in ("name", "name2") if key in ids) + ", "


def rows_of(sb: Rows, table: str, datapath: Row | None, *columns: str) -> list[Row]:
    """The rows of a table that belong to a datapath, or all."""
    if datapath is None:
        return sb.all(table, "datapath", *columns)
    return sb.find(table, "datapath", datapath.uuid, *columns)


def sections(sb: Rows, datapath: Row | None, with_uuid: bool) -> str:
    """The sections that have lines."""
    pieces = []
    for heading, lines in (
        ("Port Bindings", port_bindings(sb, datapath, with_uuid)),
        ("MC Groups", multicast_groups(sb, datapath, with_uuid)),
        ("MAC Bindings", mac_bindings(sb, datapath, with_uuid)),
    ):
        if lines:
            pieces.append(f"\n{heading}:\n" + "".join(f"  {line}\n" for line in lines))
    return "".join(pieces)


def port_bindings(sb: Rows, datapath: Row | None, with_uuid: bool) -> list[str]:
    """logical_port, tunnel_key and, if it is bound, the chassis."""
    lines = []
    for row in rows_of(sb, "Port_Binding", datapath, "logical_port", "tunnel_key", "chassis"):
        chassis = sb.one("Chassis", row["chassis"], "name")
        bound = f", chassis-name={chassis['name']}, chassis-uuid={chassis.uuid}" if chassis is not None else ""
        lines.append(f"{ident(sb, row, datapath, with_uuid)}logical_port={row['logical_port']}, tunnel_key={row['tunnel_key']:<5}{bound}")
    return lines


def multicast_groups(sb: Rows, datapath: Row | None, with_uuid: bool) -> list[str]:
    """name, tunnel_key and ports."""
    lines = []
    for row in rows_of(sb, "Multicast_Group", datapath, "name", "tunnel_key", "ports"):
        ports = ", ".join(port["logical_port"] for port in sb.rows("Port_Binding", row["ports"], "logical_port"))
        lines.append(f"{ident(sb, row, datapath, with_uuid)}name={row['name']}, tunnel_key={row['tunnel_key']:<5}, ports=({ports})")
    return lines


def mac_bindings(sb: Rows, datapath: Row | None, with_uuid: bool) -> list[str]:
    """logical_port, ip and mac."""
    rows = rows_of(sb, "MAC_Binding", datapath, "logical_port", "ip", "mac")
    return [f"{ident(sb, row, datapath, with_uuid)}logical_port={row['logical_port']}, ip={row['ip']}, mac={row['mac']}" for row in rows]
