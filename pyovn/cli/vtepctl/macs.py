"""Where the addresses of a logical switch are, local ones and remote ones (vtep-ctl(8), "Local MAC Binding Commands" and the remote ones).

A unicast address has one locator, a multicast address a set of them, which is never changed but replaced.
"""

from __future__ import annotations

from pyovn.cli.ctl.program import Family
from pyovn.cli.vtepctl.logical import switch_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyovn.cli.ctl.rows import Row, Rows

family = Family("MAC binding commands")

USUAL_ENCAP = "vxlan_over_ipv4"


def place(rest: tuple[str, ...]) -> tuple[str, str]:
    """The encapsulation and address of [ENCAP] IP."""
    return (rest[0], rest[1]) if len(rest) == 2 else (USUAL_ENCAP, rest[0])


def find_locator(vtep: Rows, where: tuple[str, str]) -> Row | None:
    """The locator of an encapsulation and address, or None."""
    rows = vtep.find("Physical_Locator", "dst_ip", where[1], "encapsulation_type", "dst_ip")
    return next((row for row in rows if row["encapsulation_type"] == where[0]), None)


def locator_of(vtep: Rows, where: tuple[str, str]) -> Row:
    """The locator of an encapsulation and address, made if it is not there."""
    found = find_locator(vtep, where)
    return found if found is not None else vtep.new("Physical_Locator", encapsulation_type=where[0], dst_ip=where[1])


def macs_of(vtep: Rows, table: str, switch: Row, *columns: str) -> list[Row]:
    """The rows of a table that belong to a logical switch."""
    return vtep.find(table, "logical_switch", switch.uuid, "MAC", *columns)


def find_mac(vtep: Rows, table: str, switch: Row, mac: str) -> Row | None:
    """The row of an address of a logical switch, or None."""
    return next((row for row in macs_of(vtep, table, switch) if row["MAC"] == mac), None)


def add_ucast(vtep: Rows, table: str, ls: str, mac: str, rest: tuple[str, ...]) -> None:
    """Say where a unicast address is."""
    switch = switch_of(vtep, ls)
    locator = locator_of(vtep, place(rest))
    row = find_mac(vtep, table, switch, mac)
    if row is None:
        row = vtep.new(table, MAC=mac, logical_switch=switch.uuid)
    row["locator"] = locator.uuid


def del_ucast(vtep: Rows, table: str, ls: str, mac: str) -> None:
    """Forget where a unicast address is."""
    row = find_mac(vtep, table, switch_of(vtep, ls), mac)
    if row is not None:
        row.delete()


def locators_of(vtep: Rows, row: Row) -> list[str]:
    """The locators of a multicast address."""
    held = vtep.one("Physical_Locator_Set", row["locator_set"], "locators")
    return list(held["locators"]) if held is not None else []


def add_mcast(vtep: Rows, table: str, ls: str, mac: str, rest: tuple[str, ...]) -> None:
    """Add a place to those of a multicast address."""
    switch = switch_of(vtep, ls)
    row = find_mac(vtep, table, switch, mac)
    locators = {locator_of(vtep, place(rest)).uuid, *(locators_of(vtep, row) if row is not None else ())}
    made = vtep.new("Physical_Locator_Set", locators=sorted(locators))
    if row is None:
        row = vtep.new(table, MAC=mac, logical_switch=switch.uuid)
    row["locator_set"] = made.uuid


def del_mcast(vtep: Rows, table: str, ls: str, mac: str, rest: tuple[str, ...]) -> None:
    """Take a place from those of a multicast address, and the address with the last one."""
    row = find_mac(vtep, table, switch_of(vtep, ls), mac)
    locator = find_locator(vtep, place(rest))
    if row is None or locator is None:
        return
    left = [uuid for uuid in locators_of(vtep, row) if uuid != locator.uuid]
    if left:
        row["locator_set"] = vtep.new("Physical_Locator_Set", locators=left).uuid
    else:
        row.delete()


def clear(vtep: Rows, ls: str, side: str) -> None:
    """Forget every address of a side."""
    switch = switch_of(vtep, ls)
    for kind in ("Ucast", "Mcast"):
        for row in macs_of(vtep, f"{kind}_Macs_{side}", switch):
            row.delete()


def listing(vtep: Rows, ls: str, side: str) -> str:
    """The addresses of a side, and where they are."""
    switch = switch_of(vtep, ls)
    unicast = [(row["MAC"], [row["locator"]]) for row in macs_of(vtep, f"Ucast_Macs_{side}", switch, "locator")]
    multicast = [(row["MAC"], locators_of(vtep, row)) for row in macs_of(vtep, f"Mcast_Macs_{side}", switch, "locator_set")]
    pieces = []
    for kind, found in (("ucast", unicast), ("mcast", multicast)):
        lines = [f"  {mac} -> {text}\n" for mac, uuids in found for text in places(vtep, uuids)]
        pieces.append(f"{kind}-mac-{side.lower()}\n" + "".join(sorted(lines)) + "\n")
    return "".join(pieces)


def places(vtep: Rows, uuids: list[str]) -> list[str]:
    """ENCAP/IP of locators."""
    rows = vtep.rows("Physical_Locator", uuids, "encapsulation_type", "dst_ip")
    return [f"{row['encapsulation_type']}/{row['dst_ip']}" for row in rows]


@family.with_usage("LS MAC [ENCAP] IP", minimum=3, maximum=4)
def add_ucast_local(vtep: Rows, ls: str, mac: str, *rest: str) -> None:
    """Say where MAC of LS is, behind this gateway."""
    add_ucast(vtep, "Ucast_Macs_Local", ls, mac, rest)


@family.command
def del_ucast_local(vtep: Rows, ls: str, mac: str) -> None:
    """Forget where MAC of LS is, behind this gateway."""
    del_ucast(vtep, "Ucast_Macs_Local", ls, mac)


@family.with_usage("LS MAC [ENCAP] IP", minimum=3, maximum=4)
def add_mcast_local(vtep: Rows, ls: str, mac: str, *rest: str) -> None:
    """Add a place behind this gateway to those where the group MAC of LS is heard."""
    add_mcast(vtep, "Mcast_Macs_Local", ls, mac, rest)


@family.with_usage("LS MAC [ENCAP] IP", minimum=3, maximum=4)
def del_mcast_local(vtep: Rows, ls: str, mac: str, *rest: str) -> None:
    """Take a place behind this gateway from those where the group MAC of LS is heard."""
    del_mcast(vtep, "Mcast_Macs_Local", ls, mac, rest)


@family.command
def clear_local_macs(vtep: Rows, ls: str) -> None:
    """Forget all that was said of places behind this gateway."""
    clear(vtep, ls, "Local")


@family.command
def list_local_macs(vtep: Rows, ls: str) -> str:
    """What is known of places behind this gateway."""
    return listing(vtep, ls, "Local")


@family.with_usage("LS MAC [ENCAP] IP", minimum=3, maximum=4)
def add_ucast_remote(vtep: Rows, ls: str, mac: str, *rest: str) -> None:
    """Say where MAC of LS is, elsewhere."""
    add_ucast(vtep, "Ucast_Macs_Remote", ls, mac, rest)


@family.command
def del_ucast_remote(vtep: Rows, ls: str, mac: str) -> None:
    """Forget where MAC of LS is, elsewhere."""
    del_ucast(vtep, "Ucast_Macs_Remote", ls, mac)


@family.with_usage("LS MAC [ENCAP] IP", minimum=3, maximum=4)
def add_mcast_remote(vtep: Rows, ls: str, mac: str, *rest: str) -> None:
    """Add a place elsewhere to those where the group MAC of LS is heard."""
    add_mcast(vtep, "Mcast_Macs_Remote", ls, mac, rest)


@family.with_usage("LS MAC [ENCAP] IP", minimum=3, maximum=4)
def del_mcast_remote(vtep: Rows, ls: str, mac: str, *rest: str) -> None:
    """Take a place elsewhere from those where the group MAC of LS is heard."""
    del_mcast(vtep, "Mcast_Macs_Remote", ls, mac, rest)


@family.command
def clear_remote_macs(vtep: Rows, ls: str) -> None:
    """Forget all that was said of places elsewhere."""
    clear(vtep, ls, "Remote")


@family.command
def list_remote_macs(vtep: Rows, ls: str) -> str:
    """What is known of places elsewhere."""
    return listing(vtep, ls, "Remote")
