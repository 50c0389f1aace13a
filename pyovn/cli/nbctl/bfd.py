"""BFD sessions that routes and policies ask for with --bfd."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import is_uuid
from pyovn.cli.nbctl.addresses import parse_address, parse_interface

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows


def output_port(nb: Rows, router: Row, nexthop: str) -> str:
    """The router's port that a next hop is behind."""
    address = parse_address(nexthop)
    for port in nb.rows("Logical_Router_Port", router["ports"], "name", "networks"):
        interfaces = (parse_interface(network) for network in port["networks"])
        if any(interface is not None and address in interface.network for interface in interfaces):
            return str(port["name"])
    raise CommandError(f"out lrp not found for {nexthop} nexthop")


def drop_unused(nb: Rows, routes: list[Row]) -> None:
    """Remove the sessions of routes that go, unless others have them too."""
    going = {route.uuid for route in routes}
    for uuid in sorted({route["bfd"] for route in routes if route["bfd"]}):
        users = nb.find("Logical_Router_Static_Route", "bfd", uuid) + nb.holding("Logical_Router_Policy", "bfd_sessions", uuid)
        row = nb.row("BFD", uuid)
        if row is not None and all(user.uuid in going for user in users):
            row.delete()


def session_of(nb: Rows, router: Row, nexthop: str, port: str, given: str | bool) -> Row:
    """The session of --bfd=UUID, or the one with the next hop, made if there is none."""
    if isinstance(given, str):
        if not is_uuid(given):
            raise CommandError("no entry found in the BFD table")
        found = nb.row("BFD", given.lower())
        if found is None:
            raise CommandError(f"{given}: BFD UUID not found")
        return found
    name = port or output_port(nb, router, nexthop)
    for row in nb.find("BFD", "logical_port", name, "dst_ip"):
        if row["dst_ip"] == nexthop:
            return row
    return nb.new("BFD", logical_port=name, dst_ip=nexthop)
