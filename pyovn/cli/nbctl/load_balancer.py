"""Load balancers and where they are used: lb-add to ls-lb-list (ovn-nbctl(8), "Load Balancer Commands")."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.atom import is_uuid
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.addresses import is_version_4, normal_address
from pyovn.cli.nbctl.find import by_name_or_uuid, router_of, switch_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pyovn.cli.ctl.rows import Row, Rows

family = Family("LB commands")

PROTOCOLS = ("tcp", "udp", "sctp")
COLUMNS = ("name", "protocol", "vips")


def endpoint(text: str) -> tuple[str, int] | None:
    """An address with a port (0 if none is given), or None."""
    if normal_address(text) is not None:
        return text, 0
    host, colon, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        return None
    if not colon or normal_address(host) is None or not (port.isdigit() or not port) or int(port or 0) > 65535:
        return None
    return host, int(port or 0)


def endpoint_text(found: tuple[str, int]) -> str:
    """An address with its port as the database holds it."""
    address = normal_address(found[0]) or found[0]
    if not found[1]:
        return address
    return f"{address}:{found[1]}" if is_version_4(address) else f"[{address}]:{found[1]}"


def vip_of(text: str) -> tuple[str, int]:
    """The address that clients use."""
    found = endpoint(text)
    if found is None:
        raise CommandError(f"{text}: should be an IP address (or an IP address and a port number with : as a separator).")
    return found


def fault(word: str, vip: str, has_port: bool, is_four: bool) -> list[str]:
    """What is wrong with a backend of a VIP of this IP version, with a port or without; at most one thing."""
    found = endpoint(word)
    if found is not None and is_version_4(found[0]) != is_four:
        return [f"{word}: IP address family is different from VIP {vip}"]
    if found is not None and bool(found[1]) == has_port:
        return []
    return [f"{word}: should be an IP address" + (" and a port number with : as a separator" if has_port else "")]


def backends_of(text: str, vip: tuple[str, int]) -> str:
    """The addresses behind it, without empty ones; all that is wrong is said at once."""
    words = [word for word in text.split(",") if word]
    wrong = [text for word in words for text in fault(word, vip[0], bool(vip[1]), is_version_4(vip[0]))]
    if wrong:
        raise CommandError(", ".join(wrong) + ".")
    return ",".join(words)


def find_balancer(nb: Rows, name: str) -> Row | None:
    """The load balancer of this name or uuid, or None."""
    return by_name_or_uuid(nb, "Load_Balancer", name, "load balancers")


def balancer_of(nb: Rows, name: str) -> Row:
    """The load balancer of this name or uuid."""
    found = find_balancer(nb, name)
    if found is None:
        raise CommandError(f"{name}: load balancer {'UUID' if is_uuid(name) else 'name'} not found")
    return found


@family.with_usage("LB VIP[:PORT] IP[:PORT]... [PROTOCOL] [ADDRESS_FAMILY]", minimum=3, maximum=5)
def lb_add(
    nb: Rows, lb: str, vip: str, ips: str, *protocol_and_family: str, may_exist: bool = False, add_duplicate: bool = False,
    reject: bool = False, event: bool = False, add_route: bool = False, template: bool = False,
) -> None:  # fmt: skip
    """Spread what comes to VIP over IPS, by a balancer that is there or a new one."""
    if reject and event:
        raise CommandError("--reject and --event can't specified at the same time")
    protocol = protocol_and_family[0] if protocol_and_family else None
    if protocol is not None and protocol not in PROTOCOLS:
        raise CommandError(f'{protocol}: protocol must be one of "tcp", "udp",  or "sctp".')
    version = protocol_and_family[1] if len(protocol_and_family) > 1 else "ipv4"
    backends = template_backends(vip, ips, version) if template else plain_backends(vip, ips, protocol)
    has_port = template or bool(vip_of(vip)[1])
    vip = vip if template else endpoint_text(vip_of(vip))
    known = find_balancer(nb, lb) if not add_duplicate else None
    if known is not None:
        if vip in known["vips"] and not may_exist:
            raise CommandError(f"{lb}: a load balancer with this vip ({vip}) already exists")
        known.insert("vips", {vip: backends})
        if protocol is not None:
            known["protocol"] = protocol
        return
    columns: dict[str, Any] = {"name": lb, "vips": {vip: backends}}
    if has_port:
        columns["protocol"] = protocol or "tcp"
    options = {"reject": reject, "event": event, "add_route": add_route, "template": template}
    columns["options"] = {name: "true" for name, wanted in sorted(options.items()) if wanted}
    if template:
        columns["options"]["address-family"] = version
    nb.new("Load_Balancer", **columns)


def plain_backends(vip: str, ips: str, protocol: str | None) -> str:
    """The backends of a load balancer that is no template."""
    address = vip_of(vip)
    backends = backends_of(ips, address)
    if protocol is not None and not address[1]:
        raise CommandError("Protocol is unnecessary when no port of vip is given.")
    return backends


def template_backends(vip: str, ips: str, family: str) -> str:
    """The backends of a template: each a variable, with a variable or a number for its port, or an address like any."""
    atoms = [atom for atom in vip.split(":") if atom]
    if len(atoms) not in (1, 2):
        raise CommandError(f"{vip}: should be a template of the form: '^vip_variable[:^port_variable|:port]'.")
    words = [word for word in ips.split(",") if word]
    wrong = []
    for word in words:
        if not word.startswith("^"):
            wrong += fault(word, atoms[0], len(atoms) == 2, family != "ipv6")
        elif len([atom for atom in word.split(":") if atom]) not in (1, 2):
            name = word.partition(":")[0]
            wrong.append(f"{name}: should be a template of the form: '^backendip_variable1[:^port_variable1|:port]'")
    if wrong:
        raise CommandError(f"invalid backend: template ({', '.join(wrong)}.)")
    return ",".join(words)


@family.command
def lb_del(nb: Rows, lb: str, vip: str = "", *, if_exists: bool = False) -> None:
    """Do away with balancer LB, or with one virtual address of it."""
    row = find_balancer(nb, lb)
    if row is None:
        return
    if not vip:
        row.delete()
        return
    if vip not in row["vips"]:
        if if_exists:
            return
        raise CommandError(f"vip {vip} is not part of the load balancer.")
    row.remove("vips", [vip])
    if not row["vips"]:
        row.delete()


def listing(rows: list[Row]) -> str:
    """Load balancers as a table, by name."""
    if not rows:
        return ""
    width = max((len(vip) for row in rows for vip in row["vips"]), default=0) + 4
    lines = [f"{'UUID':<40}{'LB':<20}{'PROTO':<11}{'VIP':<{width}}IPs\n"]
    for row in sorted(rows, key=lambda row: str(row["name"])):
        for at, (vip, ips) in enumerate(sorted(row["vips"].items())):
            front = f"{row.uuid}    {row['name'][:16]:<20}" if at == 0 else " " * 60
            found = endpoint(vip)
            proto = "" if found is not None and not found[1] else (row["protocol"] or "tcp")
            lines.append(f"{front}{proto[:7]:<11}{vip:<{width}}{ips}\n")
    return "".join(lines)


def used_by(nb: Rows, holder: Row) -> list[Row]:
    """The load balancers of a switch or router, its own and those of its groups."""
    uuids = list(holder["load_balancer"])
    for group in nb.rows("Load_Balancer_Group", holder["load_balancer_group"], "load_balancer"):
        uuids += group["load_balancer"]
    return nb.rows("Load_Balancer", dict.fromkeys(uuids), *COLUMNS)


@family.command
def lb_list(nb: Rows, lb: str = "") -> str:
    """Virtual addresses and backends of LB, or of all balancers."""
    rows = nb.all("Load_Balancer", *COLUMNS)
    return listing([row for row in rows if not lb or lb in (row["name"], row.uuid)])


def attach(nb: Rows, holder: Row, lb: str, may_exist: bool) -> None:
    """Use a load balancer on a switch or router."""
    row = balancer_of(nb, lb)
    if row.uuid in holder["load_balancer"]:
        if may_exist:
            return
        raise CommandError(f"{row.uuid} : a load balancer with this UUID already exists")
    holder.insert("load_balancer", [row.uuid])


def detach(nb: Rows, holder: Row, lb: str, what: str, if_exists: bool) -> None:
    """Use a load balancer, or all, no longer."""
    if not lb:
        holder["load_balancer"] = []
        return
    row = balancer_of(nb, lb)
    if row.uuid in holder["load_balancer"]:
        holder.remove("load_balancer", [row.uuid])
    elif not if_exists:
        raise CommandError(f"load balancer {lb} is not part of any logical {what}.")


@family.command
def lr_lb_add(nb: Rows, router: str, lb: str, *, may_exist: bool = False) -> None:
    """Have ROUTER balance what LB is for."""
    attach(nb, router_of(nb, router), lb, may_exist)


@family.command
def lr_lb_del(nb: Rows, router: str, lb: str = "", *, if_exists: bool = False) -> None:
    """Have ROUTER balance it no longer; without LB, balance nothing."""
    detach(nb, router_of(nb, router), lb, "router", if_exists)


@family.command
def lr_lb_list(nb: Rows, router: str) -> str:
    """The balancers that ROUTER uses."""
    return listing(used_by(nb, router_of(nb, router)))


@family.command
def ls_lb_add(nb: Rows, switch: str, lb: str, *, may_exist: bool = False) -> None:
    """Have SWITCH balance what LB is for."""
    attach(nb, switch_of(nb, switch), lb, may_exist)


@family.command
def ls_lb_del(nb: Rows, switch: str, lb: str = "", *, if_exists: bool = False) -> None:
    """Have SWITCH balance it no longer; without LB, balance nothing."""
    detach(nb, switch_of(nb, switch), lb, "switch", if_exists)


@family.command
def ls_lb_list(nb: Rows, switch: str) -> str:
    """The balancers that SWITCH uses."""
    return listing(used_by(nb, switch_of(nb, switch)))
