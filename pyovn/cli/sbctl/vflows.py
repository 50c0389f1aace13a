"""What `lflow-list --vflows` adds: port and MAC bindings, multicast groups and load balancers of a datapath, and all chassis."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows
    from pyovn.cli.sbctl.rules import Rules

    Line = tuple[Row, str]
    """A row and what is said of it."""


def datapath_text(datapath: Row) -> str:
    """datapath="NAME" aka "OTHER", before a row of several datapaths."""
    ids = datapath["external_ids"]
    return "datapath=" + " aka ".join(f'"{ids[key]}"' for key in ("name", "name2") if key in ids) + ", "


def home_text(sb: Rows, row: Row, datapath: Row | None) -> str:
    """The datapath of a row, where rows of several are listed."""
    home = sb.one("Datapath_Binding", row["datapath"], "external_ids") if datapath is None else None
    return datapath_text(home) if home is not None else ""


def rows_of(sb: Rows, table: str, datapath: Row | None, *columns: str) -> list[Row]:
    """The rows of a table that belong to a datapath, or all."""
    if datapath is None:
        return sb.all(table, "datapath", *columns)
    return sb.find(table, "datapath", datapath.uuid, *columns)


def sections(sb: Rows, datapath: Row | None, rules: Rules, with_uuid: bool) -> str:
    """The sections that have rows, each with its rules."""
    pieces = []
    for heading, lines in (
        ("Port Bindings", port_bindings(sb, datapath)),
        ("MAC Bindings", mac_bindings(sb, datapath)),
        ("MC Groups", multicast_groups(sb, datapath)),
        ("Chassis", [(row, f"name={row['name']}\n") for row in sb.all("Chassis", "name")]),
        ("Load Balancers", load_balancers(sb, datapath)),
    ):
        if lines:
            pieces.append(f"\n{heading}:\n")
        pieces += [f"  {f'uuid=0x{row.uuid[:8]}, ' if with_uuid else ''}{text}{rules.of(row)}" for row, text in lines]
    return "".join(pieces)


def port_bindings(sb: Rows, datapath: Row | None) -> list[Line]:
    """logical_port and tunnel_key."""
    rows = rows_of(sb, "Port_Binding", datapath, "logical_port", "tunnel_key")
    return [(row, f"{home_text(sb, row, datapath)}logical_port={row['logical_port']}, tunnel_key={row['tunnel_key']:<5}\n") for row in rows]


def mac_bindings(sb: Rows, datapath: Row | None) -> list[Line]:
    """logical_port, ip and mac."""
    rows = rows_of(sb, "MAC_Binding", datapath, "logical_port", "ip", "mac")
    return [
        (row, f"{home_text(sb, row, datapath)}logical_port={row['logical_port']}, ip={row['ip']}, mac={row['mac']}\n") for row in rows
    ]


def multicast_groups(sb: Rows, datapath: Row | None) -> list[Line]:
    """name, tunnel_key and ports."""
    lines = []
    for row in rows_of(sb, "Multicast_Group", datapath, "name", "tunnel_key", "ports"):
        ports = ", ".join(port["logical_port"] for port in sb.rows("Port_Binding", row["ports"], "logical_port"))
        lines.append((row, f"{home_text(sb, row, datapath)}name={row['name']}, tunnel_key={row['tunnel_key']:<5}, ports=({ports})\n"))
    return lines


GROUPS = ("datapath_group", "ls_datapath_group")
"""The columns of a load balancer that refer to groups of datapaths."""


def load_balancers(sb: Rows, datapath: Row | None) -> list[Line]:
    """name, protocol and VIPs of the load balancers of a datapath, or of all."""
    lines = []
    for row in sb.all("Load_Balancer", "name", "protocol", "vips", "datapaths", *GROUPS):
        homes = list(row["datapaths"])
        for group in sb.rows("Logical_DP_Group", [row[column] for column in GROUPS if row[column]], "datapaths"):
            homes += group["datapaths"]
        if datapath is not None and datapath.uuid not in homes:
            continue
        named = sb.rows("Datapath_Binding", homes, "external_ids") if datapath is None else []
        head = f'name="{row["name"]}", protocol="{row["protocol"] or "(null)"}", ' + "".join(map(datapath_text, named))
        vips = "".join(f"    {vip} = {backends}\n" for vip, backends in sorted(row["vips"].items()))
        lines.append((row, f"{head}\n  vips:\n{vips}\n"))
    return lines
