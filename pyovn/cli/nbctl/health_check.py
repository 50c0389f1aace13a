"""Health checks of logical switch ports (ovn-nbctl(8), "Logical Switch Port Health Check Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import is_uuid
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.addresses import parse_address, static_addresses
from pyovn.cli.nbctl.find import is_integer, port_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Logical Switch Port Health Check")

TABLE = "Logical_Switch_Port_Health_Check"
PROTOCOLS = ("icmp", "tcp", "udp")


def address_of(text: str) -> str:
    """An IP address."""
    found = parse_address(text)
    if found is None:
        raise CommandError(f"{text}: Not a valid IPv4 or IPv6 address.")
    return str(found)


def target_of(text: str) -> str:
    """The address that is checked."""
    found = parse_address(text)
    if found is None:
        raise CommandError(f"Not a valid IPv4 or IPv6 address {text}.")
    return str(found)


@family.with_usage("PORT PROTOCOL SRC_IP [DST_PORT] ADDRESS", minimum=4, maximum=5)
def lsp_hc_add(nb: Rows, port: str, protocol: str, src_ip: str, *rest: str) -> None:
    """Watch whether the machine behind PORT answers."""
    row = port_of(nb, port)
    if row["type"]:
        raise CommandError(f"{port}: Health check monitoring supported only for port with vif type.")
    source = address_of(src_ip)
    if protocol not in PROTOCOLS:
        raise CommandError(f"{protocol}: Type must be icmp, tcp, or udp.")
    words = list(rest)
    number = destination_port(protocol, words)
    addresses = [target_of(word) for word in words]
    check_address(nb, row, port, (protocol, source, number, addresses[0] if addresses else ""))
    made = nb.new(TABLE, protocol=protocol, src_ip=source, address=addresses[0] if addresses else "")
    if number is not None:
        made["port"] = number
    row.insert("health_checks", [made.uuid])


def destination_port(protocol: str, words: list[str]) -> int | None:
    """Take the port to try off the front of the arguments; none for ICMP."""
    if protocol == "icmp":
        return None
    if not words:
        raise CommandError(f"Destination port required for {protocol} health check.")
    text = words.pop(0)
    if not is_integer(text) or not 0 <= int(text) <= 65535:
        raise CommandError(f"{text}: port must in range 0...65535")
    return int(text)


def check_address(nb: Rows, row: Row, port: str, wanted: tuple[str, str, int | None, str]) -> None:
    """Refuse an address that the port does not have, and a check that it has already."""
    address = wanted[-1]
    if address not in {ip for element in row["addresses"] for ip in static_addresses(element)}:
        raise CommandError(f"Address {address} not configured on port {port}.")
    for check in nb.rows(TABLE, row["health_checks"], "protocol", "src_ip", "port", "address"):
        if (check["protocol"], check["src_ip"], check["port"] or None, check["address"]) == wanted:
            raise CommandError(f"Health check with address {address} already exists on port {port}.")


@family.with_usage("PORT [HC_UUID]")
def lsp_hc_del(nb: Rows, port: str, *uuids: str) -> None:
    """Watch the machine behind PORT no longer: by none of its checks, or not by this one."""
    row = port_of(nb, port)
    if not uuids:
        row["health_checks"] = []
        return
    uuid = uuids[0]
    if not is_uuid(uuid):
        raise CommandError(f"{uuid}: Invalid UUID format.")
    if uuid.lower() not in row["health_checks"]:
        raise CommandError(f"{uuid}: Logical Switch Port Health Check not found.")
    row.remove("health_checks", [uuid.lower()])


@family.command
def lsp_hc_list(nb: Rows, port: str) -> str:
    """How the machine behind PORT is watched, and how it is."""
    row = port_of(nb, port)
    checks = nb.rows(TABLE, row["health_checks"], "protocol", "src_ip", "port", "address", "options")
    ordered = sorted(checks, key=lambda check: (check["src_ip"], check["protocol"], check["port"] or 0))
    return f"Logical Switch Port {port}:\n" + "\n".join(check_text(check) for check in ordered) if ordered else ""


OPTIONS = (("interval", "Interval"), ("timeout", "Timeout"), ("success_count", "Success count"), ("failure_count", "Failure count"))


def check_text(check: Row) -> str:
    """One health check."""
    facts = [("Protocol", check["protocol"]), ("Source IP", check["src_ip"])]
    if check["protocol"] != "icmp":
        facts.append(("Port", check["port"]))
    facts.append(("Address", check["address"]))
    facts += [(title, check["options"][name]) for name, title in OPTIONS if name in check["options"]]
    return "".join(f"  {title:<14}:  {value}\n" for title, value in facts)
