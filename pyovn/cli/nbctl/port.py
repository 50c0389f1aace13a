"""Logical switch ports: lsp-add to lsp-get-ls and the two shortcuts for router and localnet ports (ovn-nbctl(8))."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.find import by_name_or_uuid, is_integer, map_text, owner, pairs, port_of, switch_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Logical switch port commands")

TYPES = (
    "", "l2gateway", "localnet", "localport", "router", "vtep", "external", "virtual", "remote", "switch",
)  # fmt: skip
ENABLED = {"enabled": True, "disabled": False}


def enabled_of(state: str) -> bool:
    """The truth value of an administrative state."""
    if state.lower() not in ENABLED:
        raise CommandError(f'{state}: state must be "enabled" or "disabled"')
    return ENABLED[state.lower()]


def tag_of(text: str) -> int:
    """A VLAN tag; 0 asks for any."""
    if not is_integer(text) or not 0 <= int(text) <= 4095:
        raise CommandError(f"{text}: invalid tag (must be in range 0 to 4095)")
    return int(text)


@family.command
def lsp_add(nb: Rows, switch: str, port: str, parent: str = "", tag: str = "", *, may_exist: bool = False) -> None:
    """Give SWITCH a port, or a container's inside PARENT whose packets are told by TAG."""
    row = switch_of(nb, switch)
    if parent and not tag:
        raise CommandError("lsp-add with parent must also specify a tag")
    number = tag_of(tag) if tag else None
    existing = by_name_or_uuid(nb, "Logical_Switch_Port", port)
    if existing is None:
        made = nb.new("Logical_Switch_Port", name=port)
        if number is not None:
            made["parent_name"], made["tag_request"] = parent, number
        row.insert("ports", [made.uuid])
        return
    if not may_exist:
        raise CommandError(f"{port}: a port with this name already exists")
    check_same_port(nb, row, existing, port, (parent, number))


def check_same_port(nb: Rows, switch: Row, existing: Row, port: str, wanted: tuple[str, int | None]) -> None:
    """Refuse a port that exists but is not what lsp-add --may-exist asks for."""
    parent, tag = wanted
    home = owner(nb, "Logical_Switch", "ports", existing)
    if home is not None and home.uuid != switch.uuid:
        raise CommandError(f"{port}: port already exists but in switch {home['name'] or home.uuid}")
    if not parent:
        if existing["parent_name"]:
            raise CommandError(f"{port}: port already exists but has parent {existing['parent_name']}")
        return
    if not existing["parent_name"]:
        raise CommandError(f"{port}: port already exists but has no parent")
    if existing["parent_name"] != parent:
        raise CommandError(f"{port}: port already exists with different parent {existing['parent_name']}")
    if existing["tag_request"] is None:
        raise CommandError(f"{port}: port already exists but has no tag_request")
    if existing["tag_request"] != tag:
        raise CommandError(f"{port}: port already exists with different tag_request {existing['tag_request']}")


@family.command
def lsp_del(nb: Rows, port: str, *, if_exists: bool = False) -> None:
    """Take PORT off its switch."""
    row = by_name_or_uuid(nb, "Logical_Switch_Port", port) if if_exists else port_of(nb, port)
    if row is None:
        return
    home = owner(nb, "Logical_Switch", "ports", row)
    if home is None:
        raise CommandError(f"logical port {port} is not part of any logical switch")
    home.remove("ports", [row.uuid])
    row.delete()


@family.command
def lsp_list(nb: Rows, switch: str) -> str:
    """The ports of SWITCH, with their uuids."""
    ports = nb.rows("Logical_Switch_Port", switch_of(nb, switch)["ports"], "name")
    return "".join(f"{row.uuid} ({row['name']})\n" for row in sorted(ports, key=lambda row: str(row["name"])))


@family.command
def lsp_get_parent(nb: Rows, port: str) -> str:
    """The machine's port in which the container's PORT is nested."""
    parent = port_of(nb, port)["parent_name"]
    return f"{parent}\n" if parent else ""


@family.command
def lsp_get_tag(nb: Rows, port: str) -> str:
    """The VLAN tag by which packets of the container's PORT are told."""
    tag = port_of(nb, port)["tag"]
    return "" if tag is None else f"{tag}\n"


def check_address(address: str) -> None:
    """Refuse what is no element of `addresses`."""
    from pyovn.cli.nbctl.addresses import is_mac

    words = address.split()
    if address in ("unknown", "router") or (words and (words[0] == "dynamic" or is_mac(words[0]))):
        return
    raise CommandError(
        f"{address}: Invalid address format. See ovn-nb(5). Hint: An Ethernet address must be listed before an IP address, "
        "together as a single argument."
    )


def check_unused(nb: Rows, switch: Row, port: Row, address: str) -> None:
    """Refuse an IP address that another port of the switch has."""
    from pyovn.cli.nbctl.addresses import static_addresses

    wanted = static_addresses(address)
    if not wanted:
        return
    for other in nb.rows("Logical_Switch_Port", switch["ports"], "name", "addresses", "dynamic_addresses"):
        if other.uuid == port.uuid:
            continue
        for held in other["addresses"]:
            dynamic = held.startswith("dynamic") or held.endswith("dynamic")
            taken = wanted & static_addresses((other["dynamic_addresses"] or "") if dynamic else held)
            if taken:
                ip = min(taken)
                version = "IPv6" if ":" in ip else "IPv4"
                raise CommandError(
                    f"Error on switch {switch['name']}: duplicate {version} address '{ip}' found on logical switch port '{other['name']}'"
                )


@family.command
def lsp_set_addresses(nb: Rows, port: str, *address: str) -> None:
    """Say who lives behind PORT: Ethernet addresses, each with IP addresses if it has any."""
    row = port_of(nb, port)
    home = owner(nb, "Logical_Switch", "ports", row)
    if home is None:
        raise CommandError(f"logical port {port} is not part of any logical switch")
    for element in address:
        check_address(element)
        check_unused(nb, home, row, element)
    row["addresses"] = sorted(set(address))


@family.command
def lsp_get_addresses(nb: Rows, port: str) -> str:
    """Who lives behind PORT, a line each."""
    row = port_of(nb, port)
    shown = [addresses_of_peer(nb, row) if address == "router" else address for address in row["addresses"]]
    return "".join(f"{address}\n" for address in sorted(shown))


def addresses_of_peer(nb: Rows, row: Row) -> str:
    """The addresses of the router port that a port leads to."""
    peers = nb.find("Logical_Router_Port", "name", row["options"].get("router-port", ""), "mac", "networks")
    return " ".join([peers[0]["mac"], *peers[0]["networks"]]) if peers else "router"


@family.command
def lsp_set_port_security(nb: Rows, port: str, *addrs: str) -> None:
    """Let PORT send only as these addresses, or as anybody if there are none."""
    port_of(nb, port)["port_security"] = sorted(set(addrs))


@family.command
def lsp_get_port_security(nb: Rows, port: str) -> str:
    """As whom PORT may send, a line each."""
    return "".join(f"{address}\n" for address in sorted(port_of(nb, port)["port_security"]))


@family.command
def lsp_get_up(nb: Rows, port: str) -> str:
    """Whether a chassis has PORT: up or down."""
    return "up\n" if port_of(nb, port)["up"] else "down\n"


@family.command
def lsp_set_enabled(nb: Rows, port: str, state: str) -> None:
    """Open PORT to traffic, or close it."""
    row = port_of(nb, port)
    row["enabled"] = enabled_of(state)


@family.command
def lsp_get_enabled(nb: Rows, port: str) -> str:
    """Whether PORT is open to traffic."""
    return "disabled\n" if port_of(nb, port)["enabled"] is False else "enabled\n"


@family.with_usage("PORT TYPE [peer=PEER]", maximum=3)
def lsp_set_type(nb: Rows, port: str, kind: str, *peer: str) -> None:
    """Make PORT a machine's (the empty type) or what TYPE says."""
    for argument in peer:
        if not argument.startswith("peer="):
            raise CommandError(f"Unrecognized argument: {argument}\n")
    row = port_of(nb, port)
    if kind not in TYPES:
        raise CommandError(f"Logical switch port type '{kind}' is unrecognized. Not setting type.")
    if peer and kind != "switch":
        raise CommandError("Peer can only be set for a logical switch port with type 'switch'.")
    row["type"] = kind
    for argument in peer:
        row["peer"] = argument.removeprefix("peer=")


@family.command
def lsp_get_type(nb: Rows, port: str) -> str:
    """What kind of port PORT is; nothing for a machine's."""
    return f"{port_of(nb, port)['type']}\n"


@family.with_usage("PORT KEY=VALUE [KEY=VALUE]...")
def lsp_set_options(nb: Rows, port: str, *settings: str) -> None:
    """Replace what PORT's kind has to know by these options."""
    port_of(nb, port)["options"] = pairs(settings)


@family.command
def lsp_get_options(nb: Rows, port: str) -> str:
    """What PORT's kind has to know, a line each."""
    return map_text(port_of(nb, port)["options"])


@family.command
def lsp_get_ls(nb: Rows, port: str) -> str:
    """On which switch PORT is."""
    home = owner(nb, "Logical_Switch", "ports", port_of(nb, port))
    return f"{home.uuid} ({home['name']})\n" if home is not None else ""


def add_typed(nb: Rows, switch: Row, port: str, wanted: tuple[str, str, str], may_exist: bool) -> None:
    """Add a port of a type (type, option, value) with the address that goes with it."""
    kind, option, value = wanted
    existing = by_name_or_uuid(nb, "Logical_Switch_Port", port)
    if existing is not None:
        if not may_exist:
            raise CommandError(f"{port}: a port with this name already exists")
        check_same_typed(nb, switch, existing, port, wanted)
        return
    address = "router" if kind == "router" else "unknown"
    made = nb.new("Logical_Switch_Port", name=port, type=kind, options={option: value}, addresses=[address])
    switch.insert("ports", [made.uuid])


def check_same_typed(nb: Rows, switch: Row, existing: Row, port: str, wanted: tuple[str, str, str]) -> None:
    """Refuse a port that exists but is not the one wanted."""
    kind, option, value = wanted
    home = owner(nb, "Logical_Switch", "ports", existing)
    if home is not None and home.uuid != switch.uuid:
        raise CommandError(f"{port}: a port already exists but in switch {home['name'] or home.uuid}")
    if existing["type"] != kind:
        raise CommandError(f'{port}: a port already exists but with different type "{existing["type"]}"')
    held = existing["options"].get(option, "")
    if held != value:
        raise CommandError(f'{port}: a port already exists but with different {option} "{held}"')


@family.with_usage("LOGICAL_SWITCH PORT LRP_PEER")
def lsp_add_router_port(nb: Rows, switch: str, port: str, peer: str, *, may_exist: bool = False) -> None:
    """Make a port of SWITCH that leads to the router's port LRP_PEER."""
    add_typed(nb, switch_of(nb, switch), port, ("router", "router-port", peer), may_exist)


@family.with_usage("LOGICAL_SWITCH PORT NETWORK")
def lsp_add_localnet_port(nb: Rows, switch: str, port: str, network: str, *, may_exist: bool = False) -> None:
    """Make a port of SWITCH that leads to the physical network NETWORK."""
    add_typed(nb, switch_of(nb, switch), port, ("localnet", "network_name", network), may_exist)
