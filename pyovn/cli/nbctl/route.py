"""Static routes of a router: lr-route-add, lr-route-del, lr-route-list (ovn-nbctl(8), "Logical Router Static Route Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.addresses import is_version_4, normal_address, normal_prefix, parse_interface
from pyovn.cli.nbctl.bfd import drop_unused, session_of
from pyovn.cli.nbctl.find import by_name_or_uuid, router_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Route commands")

TABLE = "Logical_Router_Static_Route"
COLUMNS = ("ip_prefix", "nexthop", "policy", "output_port", "route_table", "options", "external_ids", "bfd")
DISCARD = "discard"


def prefix_of(text: str) -> str:
    """A prefix in its normal form, always with a length unless it is a single address."""
    found = normal_prefix(text)
    if found is None:
        raise CommandError(f"bad prefix argument: {text}")
    return found


def policy_of(text: str | None) -> str | None:
    """dst-ip or src-ip."""
    if text not in (None, "src-ip", "dst-ip"):
        raise CommandError(f"bad policy: {text}")
    return text


def nexthop_of(nb: Rows, text: str, port: str) -> tuple[str, str]:
    """The next hop and the output port; a port alone may stand for both."""
    if text == DISCARD:
        return text, port
    address = normal_address(text)
    if address is not None:
        return address, port
    if not port and by_name_or_uuid(nb, "Logical_Router_Port", text) is not None:
        return "", text
    raise CommandError(f"bad nexthop argument: {text}")


def check_discard(port: str, ecmp: bool, bfd: str | bool) -> None:
    """Refuse what makes no sense for a route that discards."""
    if ecmp:
        raise CommandError("ecmp is not valid for discard routes.")
    if bfd is not False:
        raise CommandError("bfd dst_ip cannot be discard.")
    if port:
        raise CommandError("outport is not valid for discard routes.")


@family.with_usage("ROUTER PREFIX NEXTHOP [PORT]")
def lr_route_add(
    nb: Rows, router: str, prefix: str, nexthop: str, port: str = "", *, may_exist: bool = False, ecmp: bool = False,
    ecmp_symmetric_reply: bool = False, policy: str | None = None, route_table: str | None = None,
    bfd: str | bool = False,
) -> None:  # fmt: skip
    """Have ROUTER send packets for PREFIX to NEXTHOP, or discard them."""
    row = router_of(nb, router)
    way = policy_of(policy) or "dst-ip"
    where = prefix_of(prefix)
    hop, outport = nexthop_of(nb, nexthop, port)
    several = ecmp or ecmp_symmetric_reply
    if hop == DISCARD:
        check_discard(outport, several, bfd)
    if outport and by_name_or_uuid(nb, "Logical_Router_Port", outport) is None:
        raise CommandError(f"{outport}: port name not found")
    columns: dict[str, Any] = {"ip_prefix": where, "nexthop": hop}
    if outport:
        columns["output_port"] = outport
    if policy is not None:
        columns["policy"] = way
    if route_table is not None:
        columns["route_table"] = route_table
    if ecmp_symmetric_reply:
        columns["options"] = {"ecmp_symmetric_reply": "true"}
    if bfd is not False:
        if bfd is True and not outport:
            raise CommandError("insert entry in the BFD table failed")
        columns["bfd"] = session_of(nb, row, hop, outport, bfd).uuid
    existing = same_routes(nb, row, where, (way, route_table or ""))
    if not settle(existing, columns, way, several=several, may_exist=may_exist):
        row.insert("static_routes", [nb.new(TABLE, **columns).uuid])


def same_routes(nb: Rows, router: Row, prefix: str, wanted: tuple[str, str]) -> list[Row]:
    """The routes of a router for this prefix, policy and table."""
    routes = nb.rows(TABLE, router["static_routes"], *COLUMNS)
    return [
        route
        for route in routes
        if normal_prefix(route["ip_prefix"]) == prefix and (route["policy"] or "dst-ip", route["route_table"]) == wanted
    ]


def settle(existing: list[Row], columns: dict[str, Any], way: str, *, several: bool, may_exist: bool) -> bool:
    """Whether the route need not be added, because an existing one was brought up to date."""
    if several:
        if any(route["nexthop"] == DISCARD for route in existing):
            raise CommandError("discard nexthop for the same ECMP route exists.")
        wanted = columns["nexthop"], columns.get("output_port")
        if not any((route["nexthop"], route["output_port"]) == wanted for route in existing):
            return False
        if not may_exist:
            raise CommandError("duplicate nexthop for the same ECMP route")
        return True
    if not existing:
        return False
    if not may_exist:
        raise CommandError(
            f"duplicate prefix: {columns['ip_prefix']} (policy: {way}). Use option --ecmp to allow this for ECMP routing."
        )
    for column in ("ip_prefix", "nexthop", "output_port", "policy", "bfd"):
        if column in columns or column == "output_port":
            existing[0][column] = columns.get(column)
    return True


@family.with_usage("ROUTER [PREFIX [NEXTHOP [PORT]]]")
def lr_route_del(
    nb: Rows, router: str, prefix: str = "", nexthop: str = "", port: str = "", *, if_exists: bool = False, policy: str | None = None,
    route_table: str | None = None,
) -> None:  # fmt: skip
    """Take routes away: all, or those that all of this fits."""
    row = router_of(nb, router)
    if not prefix and policy is None and route_table is None:
        drop_unused(nb, nb.rows(TABLE, row["static_routes"], "bfd"))
        row["static_routes"] = []
        return
    tests: list[Callable[[Row], bool]] = []
    way = policy_of(policy)
    if way is not None:
        tests.append(lambda route: (route["policy"] or "dst-ip") == way)
    where = prefix_of(prefix) if prefix else None
    if where is not None:
        tests.append(lambda route: normal_prefix(route["ip_prefix"]) == where)
    hop = nexthop_of(nb, nexthop, port)[0] if nexthop else None
    if hop is not None:
        tests.append(lambda route: (normal_address(route["nexthop"]) or route["nexthop"]) == hop)
    if port:
        tests.append(lambda route: route["output_port"] == port)
    tests.append(lambda route: route["route_table"] == (route_table or ""))
    doomed = [route for route in nb.rows(TABLE, row["static_routes"], *COLUMNS) if all(test(route) for test in tests)]
    if doomed:
        drop_unused(nb, doomed)
        row.remove("static_routes", [route.uuid for route in doomed])
    elif not if_exists:
        raise CommandError(
            f"no matching route: policy '{way or 'any'}', prefix '{where or '(null)'}', nexthop '{hop or 'any'}', "
            f"output_port '{port or 'any'}'."
        )


@family.command
def lr_route_list(nb: Rows, router: str, *, route_table: str | None = None) -> str:
    """The routes of ROUTER, the IPv4 ones first."""
    routes = nb.rows(TABLE, router_of(nb, router)["static_routes"], *COLUMNS)
    if route_table is not None:
        routes = [route for route in routes if route["route_table"] == route_table]
    sections = []
    for version, heading in ((True, "IPv4 Routes"), (False, "IPv6 Routes")):
        chosen = sorted((route for route in routes if is_version_4(route["ip_prefix"]) is version), key=order)
        if chosen:
            sections.append(f"{heading}\n{tables_text(chosen)}")
    return "\n".join(sections)


def order(route: Row) -> tuple[Any, ...]:
    """Table by table, the longest prefix first, destinations before sources, then by prefix and next hop."""
    interface = parse_interface(route["ip_prefix"])
    network = interface.network if interface is not None else None
    length = network.prefixlen if network is not None else 0
    start = int(network.network_address) if network is not None else 0
    return route["route_table"], -length, (route["policy"] or "dst-ip") != "dst-ip", start, route["nexthop"], route["output_port"] or ""


def key(route: Row) -> tuple[str, str, str]:
    """What routes of one ECMP group share."""
    return route["route_table"], normal_prefix(route["ip_prefix"]) or "", route["policy"] or "dst-ip"


def tables_text(routes: list[Row]) -> str:
    """Sorted routes under the names of their tables."""
    counts: dict[tuple[str, str, str], int] = {}
    for route in routes:
        counts[key(route)] = counts.get(key(route), 0) + 1
    sections: dict[str, list[str]] = {}
    for route in routes:
        sections.setdefault(route["route_table"], []).append(route_line(route, counts[key(route)] > 1))
    return "\n".join(f"Route Table {table or '<main>'}:\n" + "".join(lines) for table, lines in sections.items())


def route_line(route: Row, is_ecmp: bool) -> str:
    """One route."""
    hop = normal_address(route["nexthop"]) or route["nexthop"]
    words = [route["policy"] or "dst-ip"]
    if route["output_port"]:
        words.append(route["output_port"])
    if "ic-learned-route" in route["external_ids"]:
        words.append("(learned)")
    if is_ecmp:
        words.append("ecmp")
    if route["options"].get("ecmp_symmetric_reply") == "true":
        words.append("ecmp-symmetric-reply")
    if route["bfd"]:
        words.append("bfd")
    return f"{normal_prefix(route['ip_prefix']) or route['ip_prefix']:>25} {hop:>25} {' '.join(words)}\n"
