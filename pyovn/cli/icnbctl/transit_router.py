"""Routers that span zones, and their ports: tr-add to trp-del (ovn-ic-nbctl(8))."""

from __future__ import annotations

from pyovn.cli.client import CommandError
from pyovn.cli.ctl.database import assign
from pyovn.cli.ctl.program import Family
from pyovn.cli.nbctl.addresses import is_mac, mac_text, parse_interface
from pyovn.cli.nbctl.find import by_name_or_uuid, listed, word_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("Transit router commands")


def router_of(nb: Rows, name: str) -> Row:
    """The transit router of this name or uuid."""
    found = by_name_or_uuid(nb, "Transit_Router", name)
    if found is None:
        raise CommandError(f"{name}: router {word_for(name)} not found")
    return found


@family.command
def tr_add(nb: Rows, router: str, *, may_exist: bool = False) -> None:
    """Make a router called ROUTER in every zone."""
    if nb.first("Transit_Router", "name", router) is None:
        nb.new("Transit_Router", name=router)
    elif not may_exist:
        raise CommandError(f"{router}: a transit router with this name already exists")


@family.command
def tr_del(nb: Rows, router: str, *, if_exists: bool = False) -> None:
    """Do away with ROUTER in every zone."""
    row = by_name_or_uuid(nb, "Transit_Router", router) if if_exists else router_of(nb, router)
    if row is not None:
        row.delete()


@family.command
def tr_list(nb: Rows) -> str:
    """Every transit router, with its uuid."""
    return listed(nb.all("Transit_Router", "name"))


@family.with_usage("ROUTER PORT MAC [NETWORK]... [COLUMN[:KEY]=VALUE]...", minimum=5)
def trp_add(nb: Rows, router: str, port: str, mac: str, *rest: str, may_exist: bool = False) -> None:
    """Give ROUTER a port with an Ethernet address on these networks."""
    row = router_of(nb, router)
    split = next((at for at, word in enumerate(rest) if "=" in word), len(rest))
    networks, settings = rest[:split], rest[split:]
    existing = by_name_or_uuid(nb, "Transit_Router_Port", port)
    if not is_mac(mac):
        raise CommandError(f"{port}: invalid mac address {mac}")
    if existing is not None:
        if not may_exist:
            raise CommandError(f"{port}: a port with this name already exists")
        check_same(existing, port, mac, networks)
        return
    for network in networks:
        if parse_interface(network) is None:
            raise CommandError(f"{port}: invalid network address: {network}")
    made = nb.new("Transit_Router_Port", name=port, mac=mac, tr_uuid=row.uuid, networks=sorted(set(networks)))
    for setting in settings:
        assign(nb, made, setting)
    row.insert("ports", [made.uuid])


def check_same(existing: Row, port: str, mac: str, networks: tuple[str, ...]) -> None:
    """Refuse a port that exists but is not what trp-add --may-exist asks for."""
    if not is_mac(existing["mac"]) or mac_text(existing["mac"]) != mac_text(mac):
        raise CommandError(f"{port}: port already exists with mac {existing['mac']}")
    wanted, held = ({parse_interface(network) for network in side} for side in (networks, existing["networks"]))
    if None in wanted:
        raise CommandError(f"{port}: Invalid networks configured")
    if None in held:
        raise CommandError(f"{port}: Existing port has invalid networks configured")
    if wanted != held:
        raise CommandError(f"{port}: port already exists with different network")


@family.command
def trp_del(nb: Rows, port: str, *, if_exists: bool = False) -> None:
    """Take PORT off its router."""
    row = by_name_or_uuid(nb, "Transit_Router_Port", port)
    if row is not None:
        router_of(nb, row["tr_uuid"]).remove("ports", [row.uuid])
        row.delete()
    elif not if_exists:
        raise CommandError(f"{port}: router port {word_for(port)} not found")
