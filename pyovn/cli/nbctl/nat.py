"""Network address translation on a router: lr-nat-add to lr-nat-update-ext-ip (ovn-nbctl(8), "NAT Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.addresses import is_mac, is_version_4, normal_address, normal_prefix, parse_address, parse_interface
from pyovn.cli.nbctl.find import by_name_or_uuid, is_integer, port_of, router_of, router_port_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.ctl.rows import Row, Rows

family = Family("NAT commands")

TYPES = ("dnat", "snat", "dnat_and_snat")
COLUMNS = (
    "type", "external_ip", "logical_ip", "gateway_port", "match", "external_port_range", "external_mac", "logical_port", "options",
)  # fmt: skip
HEADINGS = ("TYPE", "GATEWAY_PORT", "MATCH", "EXTERNAL_IP", "EXTERNAL_PORT", "LOGICAL_IP", "EXTERNAL_MAC", "LOGICAL_PORT")
WIDTHS = ((17, 13), (22, 18), (22, 18), (19, 15), (17, 13), (20, 16), (21, 17), (0, 1 << 30))
"""Of each column: how wide it is, and how much of a value is shown."""

LAST_PORT = 65535


def type_of(text: str) -> str:
    """A kind of translation."""
    if text not in TYPES:
        raise CommandError(f'{text}: type must be one of "dnat", "snat" and "dnat_and_snat".')
    return text


def external_of(text: str) -> str:
    """An outside address."""
    found = normal_address(text)
    if found is None:
        raise CommandError(f"{text}: Not a valid IPv4 or IPv6 address.")
    return found


def logical_of(kind: str, text: str, external: str) -> str:
    """An inside address; for snat it may be a network."""
    version = "IPv4" if is_version_4(external) else "IPv6"
    found = normal_prefix(text) if kind == "snat" else normal_address(text)
    if found is None or is_version_4(found) != is_version_4(external):
        raise CommandError(
            f"{text}: should be an {version} address or network." if kind == "snat" else f"{text}: Not a valid {version} address."
        )
    return found


def check_range(text: str) -> str:
    """PORT or LOW-HIGH."""
    parts = text.split("-")
    numbers = [int(part) for part in parts if part.isdigit()]
    if len(parts) > 2 or len(numbers) != len(parts) or not all(0 < number <= LAST_PORT for number in numbers):
        raise CommandError(f"invalid port range {text}.")
    if len(numbers) == 2 and numbers[0] >= numbers[1]:
        raise CommandError(f"invalid port range {text}.")
    return text


def split_rest(words: tuple[str, ...], portrange: bool) -> tuple[str | None, str | None, str | None]:
    """[LOGICAL_PORT EXTERNAL_MAC] [EXTERNAL_PORT_RANGE]."""
    if not portrange:
        if len(words) == 1:
            raise CommandError("lr-nat-add with logical_port must also specify external_mac.")
        if len(words) > 2:
            raise CommandError("lr-nat-add with logical_port, external_mac and external_port_range must also specify --portrange.")
        return (words[0], words[1], None) if words else (None, None, None)
    if len(words) == 2:
        raise CommandError("lr-nat-add with logical_port must also specify external_mac.")
    if len(words) == 1:
        return None, None, words[0]
    return (words[0], words[1], words[2]) if words else (None, None, None)


@family.with_usage("ROUTER TYPE EXTERNAL_IP LOGICAL_IP [LOGICAL_PORT EXTERNAL_MAC] [EXTERNAL_PORT_RANGE]", minimum=4, maximum=7)
def lr_nat_add(
    nb: Rows, router: str, kind: str, external_ip: str, logical_ip: str, *rest: str, may_exist: bool = False, stateless: bool = False,
    portrange: bool = False, add_route: bool = False, gateway_port: str | None = None, priority: str | None = None,
    match: str | None = None,
) -> None:  # fmt: skip
    """Have ROUTER translate between an outside and an inside address."""
    row = router_of(nb, router)
    columns: dict[str, Any] = {"type": type_of(kind), "external_ip": external_of(external_ip)}
    columns["logical_ip"] = logical_of(kind, logical_ip, columns["external_ip"])
    lport, mac, ports = split_rest(rest, portrange)
    columns |= distributed_columns(nb, kind, lport, mac)
    if ports is not None:
        columns["external_port_range"] = check_range(ports)
    if stateless and kind != "dnat_and_snat":
        raise CommandError("stateless is not applicable to dnat or snat types")
    if add_route and kind == "snat":
        raise CommandError("routes cannot be added for snat types.")
    options = {"add_route": "true"} if add_route else {}
    columns["options"] = {**options, "stateless": "true"} if stateless else options
    if priority is not None and match is None:
        raise CommandError("priority can be set only with --match option.")
    if match is not None:
        columns["match"] = match
    if priority is not None:
        columns["priority"] = priority_of(priority)
    port = gateway_of(nb, row, router, gateway_port, columns["external_ip"])
    if port is not None:
        columns["gateway_port"] = port
    if not settle(nb, row, columns, may_exist=may_exist):
        row.insert("nat", [nb.new("NAT", **columns).uuid])


def priority_of(text: str) -> int:
    """A priority."""
    if not is_integer(text) or not 0 <= int(text) <= 32767:
        raise CommandError(f"{text}: priority must in range 0...32767")
    return int(text)


def distributed_columns(nb: Rows, kind: str, lport: str | None, mac: str | None) -> dict[str, str]:
    """What makes a translation happen where its port is."""
    if lport is None or mac is None:
        return {}
    if kind != "dnat_and_snat":
        raise CommandError('logical_port and external_mac are only valid when type is "dnat_and_snat".')
    port_of(nb, lport)
    if not is_mac(mac):
        raise CommandError(f"invalid mac address {mac}.")
    return {"logical_port": lport, "external_mac": mac}


def gateway_of(nb: Rows, router: Row, name: str, given: str | None, external: str) -> str | None:
    """The distributed gateway port that a translation belongs to, if one has to be named."""
    if given is not None:
        port = router_port_of(nb, given)
        if port.uuid not in router["ports"]:
            raise CommandError(f"{given} is not a router port of logical router: {name}.")
        if not port["gateway_chassis"] and not port["ha_chassis_group"]:
            raise CommandError(f"{given} is not a distributed gateway router port.")
        return port.uuid
    ports = nb.rows("Logical_Router_Port", router["ports"], "gateway_chassis", "ha_chassis_group", "networks")
    gateways = [port for port in ports if port["gateway_chassis"] or port["ha_chassis_group"]]
    if len(gateways) < 2:
        return None
    address = parse_address(external)
    for port in gateways:
        interfaces = (parse_interface(network) for network in port["networks"])
        if any(interface is not None and address in interface.network for interface in interfaces):
            return None
    raise CommandError(
        f"logical router: {name} has multiple distributed gateway ports and gateway_port can not be determined "
        "from external IP of NAT rule."
    )


def settle(nb: Rows, router: Row, columns: dict[str, Any], *, may_exist: bool) -> bool:
    """Whether the translation need not be added, because the same one was brought up to date."""
    own, other = ("logical_ip", "external_ip") if columns["type"] == "snat" else ("external_ip", "logical_ip")
    for nat in nb.rows("NAT", router["nat"], *COLUMNS):
        ips = {name: normal_prefix(nat[name]) or nat[name] for name in (own, other)}
        same_kind = nat["type"] == columns["type"] and ips[own] == columns[own]
        same_match = nat["match"] == columns.get("match", "")
        same_port = nat["gateway_port"] == columns.get("gateway_port")
        if same_kind and ips[other] == columns[other] and (same_port or own == "logical_ip") and (may_exist or same_match):
            return bring_up_to_date(nat, columns, may_exist)
        if same_kind and same_port and ips[other] != columns[other] and same_match:
            extra = f' and match "{columns["match"]}"' if columns.get("match") else ""
            raise CommandError(f"a NAT with this type ({columns['type']}), {own} ({columns[own]}){extra} already exists")
        if ips["external_ip"] == columns["external_ip"] and differs_in_state(nat, columns):
            if may_exist:
                return True
            raise CommandError(
                f"{columns['external_ip']}, {columns['logical_ip']}: External ip cannot be shared across stateless and stateful NATs"
            )
    return False


def differs_in_state(nat: Row, columns: dict[str, Any]) -> bool:
    """Whether one of two translations keeps state and the other does not."""
    if "dnat_and_snat" not in (nat["type"], columns["type"]):
        return False
    return bool((nat["options"].get("stateless") == "true") != (columns["options"].get("stateless") == "true"))


def bring_up_to_date(nat: Row, columns: dict[str, Any], may_exist: bool) -> bool:
    """Set what --may-exist may change."""
    if not may_exist:
        raise CommandError(f"{columns['external_ip']}, {columns['logical_ip']}: a NAT with this external_ip and logical_ip already exists")
    nat["external_mac"], nat["logical_port"] = columns.get("external_mac"), columns.get("logical_port")
    nat["options"] = columns["options"]
    for name in ("match", "priority", "external_port_range"):
        if name in columns:
            nat[name] = columns[name]
    return True


@family.with_usage("ROUTER [TYPE [IP] [GATEWAY_PORT]]")
def lr_nat_del(
    nb: Rows, router: str, kind: str = "", ip: str = "", gateway_port: str = "", *, if_exists: bool = False, match: str | None = None
) -> None:
    """Have ROUTER translate less: nothing, nothing of a type, or not this address."""
    row = router_of(nb, router)
    if not kind:
        row["nat"] = []
        return
    type_of(kind)
    address = normal_prefix(ip) if ip else None
    if ip and address is None:
        if gateway_port or "." in ip or ":" in ip:
            raise CommandError(f"{ip}: Invalid IP address or CIDR")
        ip, gateway_port = "", ip
    port = router_port_of(nb, gateway_port) if gateway_port else None
    column = "logical_ip" if kind == "snat" else "external_ip"
    doomed = []
    for nat in nb.rows("NAT", row["nat"], *COLUMNS):
        if nat["type"] != kind or (address is not None and (normal_prefix(nat[column]) or nat[column]) != address):
            continue
        if port is not None and nat["gateway_port"] != port.uuid:
            continue
        if address is None or nat["match"] == (match or ""):
            doomed.append(nat.uuid)
    if doomed:
        row.remove("nat", doomed)
    elif ip and not if_exists and (gateway_port or match):
        fact = [f"{column} ({address})"]
        fact += [f"gateway_port ({gateway_port})"] if gateway_port else []
        fact += [f"match ({match})"] if match else []
        raise CommandError(f"no matching NAT with the type ({kind}), " + " and ".join(fact))


@family.command
def lr_nat_list(nb: Rows, router: str) -> str:
    """What ROUTER translates."""
    nats = nb.rows("NAT", router_of(nb, router)["nat"], *COLUMNS)
    if not nats:
        return ""
    lines = []
    for nat in nats:
        port = nb.one("Logical_Router_Port", nat["gateway_port"], "name")
        values = [nat["type"], port["name"] if port is not None else "", nat["match"], nat["external_ip"], nat["external_port_range"]]
        lines.append([*values, nat["logical_ip"], nat["external_mac"] or "", nat["logical_port"] or ""])
    lines.sort(key=lambda values: values[:4] + values[5:6])
    return "".join(line_text(list(values)) for values in (HEADINGS, *lines))


def line_text(values: list[str]) -> str:
    """One line of the table."""
    return "".join(f"{value[:shown]:<{width}}" for value, (width, shown) in zip(values, WIDTHS)).rstrip() + "\n"


@family.with_usage("ROUTER TYPE IP ADDRESS_SET")
def lr_nat_update_ext_ip(nb: Rows, router: str, kind: str, ip: str, address_set: str, *, is_exempted: bool = False) -> None:
    """Say to which outside addresses a translation applies, or does not."""
    row = router_of(nb, router)
    type_of(kind)
    found = by_name_or_uuid(nb, "Address_Set", address_set, "Address Sets")
    if found is None:
        raise CommandError(f"{address_set}: Address Set name not found")
    address = normal_prefix(ip)
    if address is None:
        raise CommandError(f"{ip}: Invalid IP address or CIDR")
    column = "logical_ip" if kind == "snat" else "external_ip"
    for nat in nb.rows("NAT", row["nat"], *COLUMNS):
        if nat["type"] == kind and (normal_prefix(nat[column]) or nat[column]) == address:
            nat["exempted_ext_ips" if is_exempted else "allowed_ext_ips"] = found.uuid
            return
    raise CommandError(f"{router}: Could not locate nat rule for: {ip}.")
