"""Static MAC bindings of router ports (ovn-nbctl(8), "Static MAC Binding Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.addresses import is_mac, normal_address
from pyovn.cli.nbctl.find import router_port_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("MAC_Binding commands")


def address_of(text: str) -> str:
    """An IP address in its shortest form."""
    found = normal_address(text)
    if found is None:
        raise CommandError(f"{text}: Not a valid IPv4 or IPv6 address.")
    return found


def find_binding(nb: Rows, port: str, ip: str) -> Row | None:
    """The binding of an address on a port, or None."""
    return next((row for row in nb.find("Static_MAC_Binding", "logical_port", port, "ip") if row["ip"] == ip), None)


@family.with_usage("LOGICAL_PORT IP MAC")
def static_mac_binding_add(nb: Rows, port: str, ip: str, mac: str, *, may_exist: bool = False) -> None:
    """Tell a router's port the Ethernet address of an IP address, so that it never asks."""
    name = router_port_of(nb, port)["name"]
    address = address_of(ip)
    if not is_mac(mac):
        raise CommandError(f"invalid mac address {mac}.")
    held = find_binding(nb, name, address)
    if held is not None:
        if not may_exist:
            raise CommandError(f"{port}, {address}: a Static_MAC_Binding with this logical_port and ip already exists")
        held["mac"] = mac
        return
    nb.new("Static_MAC_Binding", logical_port=name, ip=address, mac=mac)


@family.with_usage("LOGICAL_PORT IP")
def static_mac_binding_del(nb: Rows, port: str, ip: str, *, if_exists: bool = False) -> None:
    """Let a router's port ask for an IP address again."""
    name = router_port_of(nb, port)["name"]
    address = address_of(ip)
    held = find_binding(nb, name, address)
    if held is not None:
        held.delete()
    elif not if_exists:
        raise CommandError(f"no matching Static_MAC_Binding with port {port} and ip {address}")


@family.command
def static_mac_binding_list(nb: Rows) -> str:
    """What routers' ports were told of neighbours."""
    rows = sorted(nb.all("Static_MAC_Binding", "logical_port", "ip", "mac"), key=lambda row: (row["logical_port"], row["ip"]))
    if not rows:
        return ""
    lines = [f"{'LOGICAL_PORT':<25}{'IP':<25}MAC\n"]
    return "".join([*lines, *(f"{row['logical_port']:<25}{row['ip']:<25}{row['mac']}\n" for row in rows)])
